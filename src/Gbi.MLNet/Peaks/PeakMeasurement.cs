using Gbi.Diagnostics.Power;
using Gbi.Events;
using Gbi.Jobs;
using Gbi.Likelihoods.Model;
using Gbi.Numerics;
using Gbi.Ratios;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Peaks;

/// <summary>
/// The yield of a known peak without a simulation of it: the mass alone, and also the mass in categories of a score, data over
/// background generated from the sidebands, that every event has from models that did not see it.
/// </summary>
/// <remarks>
/// Generator and score decide how events are sorted and nothing else: each category's background is fitted to its own masses. A wrong
/// generator costs significance; it biases the yield only where the score depends on the mass of background events, which the null
/// test and <see cref="SidebandArea"/> look for.
/// </remarks>
public sealed class PeakMeasurement
{
    private const double KnowsMass = 0.7;

    private PeakMeasurement(PeakMeasurementOptions options, EventTable events, int[] rows) =>
        (Options, Events, Rows) = (options, events, rows);

    /// <summary>What decided the result, besides the events.</summary>
    public PeakMeasurementOptions Options { get; }

    /// <summary>The events inside the outer limits.</summary>
    public EventTable Events { get; }

    /// <summary>The row that each of them has in the data that were given, in ascending order.</summary>
    public IReadOnlyList<int> Rows { get; }

    /// <summary>The fit of the mass alone.</summary>
    public required PeakFit MassOnly { get; init; }

    /// <summary>The fit of the mass in categories of the score.</summary>
    public required PeakFit WithFeatures { get; init; }

    /// <summary>Significance with features over that of the mass alone; NaN where the latter is 0.</summary>
    public double Gain => MassOnly.Significance > 0 ? WithFeatures.Significance / MassOnly.Significance : double.NaN;

    /// <summary>
    /// Standard deviation of the yield with features over trainings of generator and score on bootstrap samples, all events fitted each
    /// time: what the yield owes to how the events happened to be sorted. NaN without replicas.
    /// </summary>
    public required double GeneratorError { get; init; }

    /// <summary>What the whole procedure finds where there is no peak; null where it was not asked for.</summary>
    public required PeakNullTest? NullTest { get; init; }

    /// <summary>
    /// Area under the curve of a classifier between the lower and the upper sideband, out of fold: 0.5 where the features do not know
    /// the mass, 1 where they fix it and must not be used.
    /// </summary>
    public required Estimate SidebandArea { get; init; }

    /// <summary>Masses and scores in bins, with the fits.</summary>
    public required PeakCurves Curves { get; init; }

    internal PeakScores Scores { get; private init; } = null!;

    /// <summary>ln of the score of each event, in their order, out of fold.</summary>
    public ReadOnlySpan<float> LogRatio => Scores.LogRatio;

    /// <summary>The category of each event: the number of borders that its score reaches.</summary>
    public ReadOnlySpan<int> CategoryOf => Scores.CategoryOf;

    /// <summary>Measures.</summary>
    /// <param name="data">Events with features and mass, unweighted.</param>
    /// <param name="options">What to do.</param>
    /// <param name="progress">Told of each step.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <exception cref="DataException">The data cannot be used; the message says why.</exception>
    /// <exception cref="FitException">A fit finds no minimum.</exception>
    public static PeakMeasurement Run(
        EventTable data, PeakMeasurementOptions options, IProgress<SearchProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(options);
        int[] rows = RowsInside(data, options);
        EventTable events = data.Select(rows);
        Seed seed = options.Seed;
        string mass = options.Schema.Mass!;
        PeakFit massOnly = PeakFit.Of(events[mass], [], options.Window, options.Fit);
        var step = new StepProgress(progress, "Learning generator and score");
        step.Report(0);
        Estimate sidebandArea = AreaOfSidebands(events, options, seed.Child("sidebands"), cancellation);
        PeakScores scores = PeakScores.Learn(events, options, seed.Child("scores"), bootstrap: false, cancellation);
        PeakFit withFeatures = FitCategories(events[mass], scores.CategoryOf, options, sidebandArea);
        step.Report(1);
        return new PeakMeasurement(options, events, rows)
        {
            MassOnly = massOnly,
            WithFeatures = withFeatures,
            Scores = scores,
            Curves = PeakCurves.Of(massOnly, withFeatures, scores, events[mass], options.Window),
            SidebandArea = sidebandArea,
            GeneratorError = SpreadOfReplicas(
                events, options, seed.Child("replicas"), new StepProgress(progress, "Learning on bootstrap samples"), cancellation),
            NullTest = options.NullToyCount == 0 ? null : PeakNullTest.Run(
                options, massOnly, withFeatures, scores.Background, seed.Child("null"),
                new StepProgress(progress, "Repeating it without a peak"), cancellation),
        };
    }

    private static PeakFit FitCategories(
        ReadOnlySpan<float> masses, int[] categoryOf, PeakMeasurementOptions options, Estimate sidebandArea)
    {
        try
        {
            return PeakFit.Of(masses, categoryOf, options.Window, options.Fit);
        }
        catch (FitException failure) when (sidebandArea.Value > KnowsMass)
        {
            throw new FitException(Text(
                $"The features separate the lower from the upper sideband (area under the curve {sidebandArea.Value:F2}, 0.5 if they are "
                    + $"independent of the mass), so that categories of their score sort by mass; leave such features out. "
                    + $"{failure.Message}"));
        }
    }

    private static int[] RowsInside(EventTable data, PeakMeasurementOptions options)
    {
        string mass = options.Schema.Mass ?? throw new ArgumentException("A peak needs a mass column; name it in the schema.");
        if (data.HasWeights)
        {
            throw new DataException(
                "The events carry weights, but the errors of this fit hold for counted events alone; leave the weights out.");
        }

        ReadOnlySpan<float> masses = data[mass];
        return [.. options.Window.Rows(masses, MassRegion.SignalRegion).Concat(options.Window.Rows(masses, MassRegion.Sideband)).Order()];
    }

    private static double SpreadOfReplicas(
        EventTable events, PeakMeasurementOptions options, Seed seed, StepProgress progress, CancellationToken cancellation)
    {
        double[] yields = new double[options.ReplicaCount];
        int finished = 0;
        EventBlocks.ForEachIndex(yields.Length, replica =>
        {
            PeakScores scores = PeakScores.Learn(events, options, seed.Child(replica), bootstrap: true, cancellation);
            yields[replica] = PeakFit.Of(events[options.Schema.Mass!], scores.CategoryOf, options.Window, options.Fit).Yield.Value;
            progress.Report((double)Interlocked.Increment(ref finished) / yields.Length);
        }, cancellation);
        return PeakNullTest.Spread(yields);
    }

    private static Estimate AreaOfSidebands(EventTable events, PeakMeasurementOptions options, Seed seed, CancellationToken cancellation)
    {
        MassWindow window = options.Window;
        int[] sideband = window.Rows(events[options.Schema.Mass!], MassRegion.Sideband);
        bool[] isUpper = [.. sideband.Select(row => events[options.Schema.Mass!][row] >= window.Centre)];
        CrossFittedRatio ratio = RatioTrainer.CrossFit(
            events.Select(sideband), isUpper, options.Schema.Features, options.Score, seed, cancellation: cancellation);
        float[] scores = ratio.OutOfFold.LogRatio.ToArray();
        float[] upper = [.. scores.Where((_, i) => isUpper[i])];
        float[] lower = [.. scores.Where((_, i) => !isUpper[i])];
        return RocCurve.AreaWithError(new(upper), new(lower));
    }
}
