using Gbi.Diagnostics.Power;
using Gbi.Events;
using Gbi.Jobs;
using Gbi.Likelihoods.Model;
using Gbi.Numerics;
using Gbi.Ratios;

namespace Gbi.Peaks;

/// <summary>The mass in categories of a score of the features: the second half of a <see cref="PeakMeasurement"/>.</summary>
public sealed class PeakFeatures
{
    private const double LeastDrift = 3;

    private PeakFeatures(PeakFit fit, PeakScores scores) => (Fit, Scores) = (fit, scores);

    /// <summary>The fit of the mass in categories of the score.</summary>
    public PeakFit Fit { get; }

    internal PeakScores Scores { get; }

    /// <summary>How much its yield depends on the functions chosen.</summary>
    public required PeakShapeError Shape { get; init; }

    /// <summary>
    /// Standard deviation of the yield over trainings of generator and score on bootstrap samples, all events fitted each time: what
    /// the yield owes to how the events happened to be sorted. NaN without replicas.
    /// </summary>
    public required double GeneratorError { get; init; }

    /// <summary>Replicas and toys that had no fit, which count nowhere.</summary>
    public required int FailedReplicas { get; init; }

    /// <summary>What the whole procedure finds where there is no peak; null where it was not asked for.</summary>
    public required PeakNullTest? NullTest { get; init; }

    /// <summary>
    /// Area under the curve of a classifier between the lower and the upper sideband, out of fold: 0.5 where the features do not know
    /// the mass, 1 where they fix it and must not be used.
    /// </summary>
    public required Estimate SidebandArea { get; init; }

    /// <summary>Masses and scores in bins, with the fits.</summary>
    public required PeakCurves Curves { get; init; }

    /// <summary>ln of the score of each event, in their order, out of fold.</summary>
    public ReadOnlySpan<float> LogRatio => Scores.LogRatio;

    /// <summary>The category of each event: the number of borders that its score reaches.</summary>
    public ReadOnlySpan<int> CategoryOf => Scores.CategoryOf;

    /// <summary>Statistical, generator and shape error of the yield, in quadrature; that of the generator where it is known.</summary>
    public double TotalError =>
        double.Hypot(double.Hypot(Fit.Yield.Error, double.IsNaN(GeneratorError) ? 0 : GeneratorError), Shape.Total);

    internal static PeakFeatures Of(
        EventTable events, PeakMeasurementOptions options, PeakFit massOnly, IProgress<SearchProgress>? progress,
        CancellationToken cancellation)
    {
        Seed seed = options.Seed;
        var step = new StepProgress(progress, "Learning generator and score");
        step.Report(0);
        Estimate sidebandArea = AreaOfSidebands(events, options, seed.Child("sidebands"), cancellation);
        PeakScores scores = PeakScores.Learn(
            events, options, IsDrifting(sidebandArea), seed.Child("scores"), bootstrap: false, cancellation);
        PeakFit fit = PeakFit.Of(events[options.Schema.Mass!], scores, options);
        step.Report(1);
        double[] replicas = Replicas(
            events, options, scores.IsReweighted, seed.Child("replicas"), new StepProgress(progress, "Learning on bootstrap samples"),
            cancellation);
        double[] fitted = [.. replicas.Where(double.IsFinite)];
        return new PeakFeatures(fit, scores)
        {
            Shape = PeakShapeError.Of(fit, cancellation),
            Curves = PeakCurves.Of(fit, scores, events[options.Schema.Mass!], options.Window),
            SidebandArea = sidebandArea,
            GeneratorError = PeakNullTest.Spread(fitted),
            FailedReplicas = replicas.Length - fitted.Length,
            NullTest = options.NullToyCount == 0 ? null : PeakNullTest.Run(
                options, massOnly, fit, scores, seed.Child("null"),
                new StepProgress(progress, "Repeating it without a peak"), cancellation),
        };
    }

    /// <summary>Whether the features change from the lower to the upper sideband by more than chance.</summary>
    private static bool IsDrifting(Estimate sidebandArea) => Math.Abs(sidebandArea.Value - 0.5) > LeastDrift * sidebandArea.Error;

    /// <summary>The yield of each replica; NaN for one without a fit.</summary>
    private static double[] Replicas(
        EventTable events, PeakMeasurementOptions options, bool isReweighted, Seed seed, StepProgress progress,
        CancellationToken cancellation)
    {
        double[] yields = new double[options.ReplicaCount];
        int finished = 0;
        EventBlocks.ForEachIndex(yields.Length, replica =>
        {
            try
            {
                PeakScores scores = PeakScores.Learn(
                    events, options, isReweighted, seed.Child(replica), bootstrap: true, cancellation);
                yields[replica] = PeakFit.Of(events[options.Schema.Mass!], scores, options).Yield.Value;
            }
            catch (Exception failure) when (failure is FitException or DataException)
            {
                yields[replica] = double.NaN;
            }

            progress.Report((double)Interlocked.Increment(ref finished) / yields.Length);
        }, cancellation);
        return yields;
    }

    private static Estimate AreaOfSidebands(EventTable events, PeakMeasurementOptions options, Seed seed, CancellationToken cancellation)
    {
        MassWindow window = options.Window;
        int[] sideband = window.Rows(events[options.Schema.Mass!], MassRegion.Sideband);
        bool[] isUpper = [.. sideband.Select(row => events[options.Schema.Mass!][row] >= window.Centre)];
        CrossFittedRatio ratio = RatioTrainer.CrossFit(
            events.Select(sideband), isUpper, options.Features, options.Score, seed, cancellation: cancellation);
        float[] scores = ratio.OutOfFold.LogRatio.ToArray();
        float[] upper = [.. scores.Where((_, i) => isUpper[i])];
        float[] lower = [.. scores.Where((_, i) => !isUpper[i])];
        return RocCurve.AreaWithError(new(upper), new(lower));
    }
}
