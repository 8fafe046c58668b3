using Gbi.Diagnostics.Closure;
using Gbi.Diagnostics.Sculpting;
using Gbi.Events;
using Gbi.Generators.Sidebands;
using Gbi.Inference.Toys;
using Gbi.Numerics;
using Gbi.Searches.Anomaly;
using Gbi.Searches.Background;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Searches.Checks;

/// <summary>
/// Whether reweighted sidebands can carry the features over the signal region, seen in the sidebands alone: the generator is learnt again
/// without the third of each sideband that lies nearest to the region, and has to predict the features there. A classifier looks for what
/// it misses, as that of the search does, and a cut on it finds a fake excess.
/// </summary>
/// <param name="FakeExcess">δ: by which share more events pass the cut than predicted.</param>
/// <param name="Error">Statistical error of <paramref name="FakeExcess"/>, of both samples' counts above the cut.</param>
/// <param name="ExpectedBackground">b, the background that is expected to pass in the signal region at the same efficiency.</param>
/// <param name="Gap">The masses that the generator had to bridge, wider than the signal region.</param>
/// <param name="Reach">
/// What a failure is multiplied with for the signal region, which mostly is narrower and has more events beside it: the ratio of both
/// <see cref="QuadraticLeverage"/>, mostly below 1.
/// </param>
/// <param name="Check">Whether the fake significance in the signal region, Reach δ√b, is tolerable.</param>
internal sealed record InterpolationClosure(
    double FakeExcess, double Error, double ExpectedBackground, MassWindow Gap, double Reach, ClosureCheck Check)
{
    private const double Sigmas = 2;
    private const int MassCount = 16;

    /// <summary>Members of the generator: their mean is needed, and not their spread.</summary>
    private const int MemberCount = 2;

    private const int FewestEvents = 1000;

    /// <summary>Learns the generator without the nearest events and compares.</summary>
    /// <param name="sideband">Events of both sidebands.</param>
    /// <param name="regionBackground">Background expected in the signal region. Range: above 0.</param>
    /// <param name="background">How the generator is learnt.</param>
    /// <param name="options">The classifier, the cut and what is tolerated.</param>
    /// <param name="seed">For folds.</param>
    /// <param name="progress">Told the finished fraction, from 0 to 1.</param>
    /// <param name="cancellation">Stops between trees.</param>
    /// <exception cref="DataException">A column is missing, a sideband is too small, or the spectrum fit fails.</exception>
    public static InterpolationClosure Run(
        SidebandData sideband,
        double regionBackground,
        SidebandGeneratorOptions background,
        SculptingOptions options,
        Seed seed,
        IProgress<double>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(sideband);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(regionBackground);
        (EventTable events, string mass, IReadOnlyList<string> features, MassWindow window) = sideband;
        MassWindow gap = GapOf(events[mass], window);
        EventTable left = events.Select(gap.Rows(events[mass], MassRegion.SignalRegion));
        var kept = SidebandData.Of(events, mass, features, gap);
        var learnt = SidebandGenerator.Fit(
            kept, background with { MemberCount = MemberCount }, seed.Child("background"), PartialProgress.Of(progress, 0, 0.7),
            cancellation);
        double[] masses = QuantilesOf(left[mass]);
        var predicted = new ReweightedSidebandTemplate(learnt, learnt.At(masses)) { HalfOf = learnt.FoldOf };
        CutShare cut = new AnomalyTrainer(options.Classifier, seed.Child("classifier"))
            .Learn(left.WithColumns(features), predicted, features, PartialProgress.Of(progress, 0.7, 0.3), cancellation)
            .CutsOf(predicted)
            .At(options.BackgroundEfficiency);
        double reach = new QuadraticLeverage(events, mass).At(MassesOf(window)) / new QuadraticLeverage(kept.Events, mass).At(masses);
        return Compare(cut, left.SumOfWeights, gap, reach, cut.Share * regionBackground, options);
    }

    private static InterpolationClosure Compare(
        CutShare cut, double sum, MassWindow gap, double reach, double expected, SculptingOptions options)
    {
        double predicted = cut.Share * sum;
        double excess = (cut.Data.Sum / predicted) - 1;

        // Weighted counts have the variance of their squared weights, and no count is surer than the expected one.
        double perWeight = cut.Data.Sum > 0 ? cut.Data.Squares / cut.Data.Sum : 1;
        double error = Math.Sqrt((Math.Max(predicted, cut.Data.Sum) * perWeight) + (sum * sum * cut.TemplateVariance)) / predicted;
        double perExcess = reach * Math.Sqrt(expected);
        double halfWidth = Sigmas * error * perExcess;
        bool isInconclusive = halfWidth > options.MaxFakeSignificance;
        var check = new ClosureCheck(
            "Fake significance of the interpolated background",
            excess * perExcess,
            error * perExcess,
            double.NegativeInfinity,
            options.MaxFakeSignificance + halfWidth,
            Text(
                $"The generator does not carry the features over [{gap.Low:G6}, {gap.High:G6}): a cut at "
                    + $"{100 * options.BackgroundEfficiency:G2} % selects {100 * excess:F0} % more events than predicted there, and about "
                    + $"{100 * reach * excess:F0} % more in the signal region; leave out the feature that depends most on the mass, narrow "
                    + $"the sidebands, or add this fraction to the error of the background."),
            isInconclusive ? Text(
                $"Inconclusive: 2σ = {halfWidth:G2} of the fake significance exceeds the tolerance {options.MaxFakeSignificance:G2}; the "
                    + $"sidebands are too small.") : null)
        { IsInconclusive = isInconclusive };
        return new InterpolationClosure(excess, error, expected, gap, reach, check);
    }

    /// <summary>Masses all over the signal region.</summary>
    private static double[] MassesOf(MassWindow window) =>
        [.. Enumerable.Range(0, MassCount).Select(at => window.Low + ((at + 0.5) / MassCount * (window.High - window.Low)))];

    /// <summary>The window with the nearest third of each sideband inside.</summary>
    private static MassWindow GapOf(ReadOnlySpan<float> masses, MassWindow window)
    {
        var below = new List<float>();
        var above = new List<float>();
        foreach (float mass in masses)
        {
            switch (window.RegionOf(mass))
            {
                case MassRegion.Sideband:
                    (mass < window.Low ? below : above).Add(mass);
                    break;
                case MassRegion.SignalRegion:
                    throw new DataException(
                        $"An event of mass {mass} lies in the signal region {window}; give events of the sidebands alone.");
            }
        }

        if (Math.Min(below.Count, above.Count) < FewestEvents)
        {
            throw new DataException(
                $"There are {below.Count:N0} events below and {above.Count:N0} above the signal region {window}, expected "
                    + $"{FewestEvents:N0} or more of each; this closure needs larger sidebands.");
        }

        below.Sort();
        above.Sort();
        return new MassWindow(below[2 * below.Count / 3], above[above.Count / 3], window.OuterLow, window.OuterHigh);
    }

    private static double[] QuantilesOf(ReadOnlySpan<float> masses)
    {
        float[] sorted = masses.ToArray();
        Array.Sort(sorted);
        return [.. Enumerable.Range(0, MassCount).Select(at => (double)sorted[(int)((at + 0.5) / MassCount * sorted.Length)])];
    }
}
