using Gbi.Diagnostics.Closure;
using Gbi.Events;
using Gbi.Inference.Toys;
using Gbi.Numerics;
using Gbi.Ratios;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Diagnostics.Sculpting;

/// <summary>How sculpting is tested, and what raises the alarm.</summary>
public sealed record SculptingOptions
{
    /// <summary>The classifiers; only the order of their scores matters.</summary>
    public RatioOptions Classifier
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(Classifier));
    } = RatioOptions.ForSmallDifferences with { FoldCount = 2, MemberCount = 1 };

    /// <summary>Background efficiency of the cut that is looked at. Range: (0, 1).</summary>
    public double BackgroundEfficiency
    {
        get;
        init => field = value is > 0 and < 1 ? value : throw new ArgumentOutOfRangeException(
            nameof(BackgroundEfficiency), value,
            "BackgroundEfficiency must be between 0 and 1: it is the share of the background that passes a cut.");
    } = 0.01;

    /// <summary>Fake excess after the cut, in statistical errors of the count there, that is tolerated, two errors aside. Range: above
    /// 0.</summary>
    public double MaxFakeSignificance
    {
        get;
        init => field = value > 0 ? value : throw new ArgumentOutOfRangeException(
            nameof(MaxFakeSignificance), value, "MaxFakeSignificance must be above 0: it counts standard deviations.");
    } = 2;

    /// <summary>Kolmogorov–Smirnov distance of a feature between the sidebands that is tolerated, its error aside. Range: above
    /// 0.</summary>
    public double DistanceTolerance
    {
        get;
        init => field = value > 0 ? value : throw new ArgumentOutOfRangeException(
            nameof(DistanceTolerance), value, "DistanceTolerance must be above 0: no two finite samples are equal.");
    } = 0.01;
}

/// <summary>
/// Whether features follow the mass so closely that a classifier between a signal region and its sidebands learns the mass, and a cut on it
/// sculpts a peak where there is no signal. It looks at the sidebands alone, so that a signal in the region cannot raise the alarm; only
/// what leaks out of it is seen, which a signal of many standard deviations can do.
/// </summary>
/// <remarks>
/// A classifier learns to separate the third of each sideband nearest to the region from the rest, which is what a classifier of the
/// region itself would pick up from the background; the efficiency of a cut on it, on events that it did not see, is interpolated into the
/// region (<see cref="CutSculpting"/>). A second classifier separates the lower from the upper sideband. The fake excess is a warning, not
/// a correction: where a feature has an edge that moves with the mass, a classifier of the region finds several times more (0.7 against 2.6
/// for the angle between simulated jets, sidebands of all masses).
/// </remarks>
public sealed record SculptingTest
{
    private const double Sigmas = 2;
    private const double DistanceProbability = 0.05;
    private const int FewestEvents = 1000;

    /// <summary>The signal region.</summary>
    public required MassWindow Window { get; init; }

    /// <summary>Area under the ROC curve of a classifier between upper and lower sideband, on events that it did not see.</summary>
    public required Estimate Separation { get; init; }

    /// <summary>Each feature's distance between lower and upper sideband, the largest first.</summary>
    public required IReadOnlyList<FeatureDistance> Features { get; init; }

    /// <summary>The cut on the classifier of nearness to the region.</summary>
    public required CutSculpting Cut { get; init; }

    /// <summary>Mean mass of the lower sideband.</summary>
    public required double LowerMass { get; init; }

    /// <summary>Mean mass of the upper sideband.</summary>
    public required double UpperMass { get; init; }

    /// <summary>How it was tested.</summary>
    public required SculptingOptions Options { get; init; }

    /// <summary>The feature that differs most between the sidebands.</summary>
    public FeatureDistance WorstFeature => Features[0];

    /// <summary>
    /// The alarm for sidebands that stand for the background as they are: the fake significance δ√b is at most
    /// <see cref="SculptingOptions.MaxFakeSignificance"/>, two errors aside.
    /// </summary>
    public ClosureCheck PlainSidebands => new(
        "Fake significance after a cut",
        Cut.FakeSignificance,
        Cut.FakeSignificanceError,
        double.NegativeInfinity,
        Options.MaxFakeSignificance + (Sigmas * Cut.FakeSignificanceError),
        Text(
            $"The features depend on the mass: a cut at {100 * Cut.BackgroundEfficiency:G2} % keeps {100 * Cut.FakeExcess:F0} % more "
                + $"background in the signal region than in the sidebands, which imitates a signal; leave out {WorstFeature.Feature}, "
                + $"or use a background that depends on the mass and closes in the sidebands."),
        PlainCaveat())
    { IsInconclusive = PlainCaveat() is not null };

    /// <summary>
    /// One sentence for a background that is interpolated in the mass, such as reweighted sidebands: which features it has to carry, and
    /// how far; null where no feature differs by more than the tolerance between the sidebands.
    /// </summary>
    public string? Interpolation
    {
        get
        {
            FeatureDistance[] moving = [.. Features.Where(feature =>
                feature.Distance > Options.DistanceTolerance + feature.CriticalDistance(DistanceProbability / Features.Count))];
            return moving.Length == 0 ? null : Text(
                $"The background generator has to interpolate {string.Join(", ", moving.Select(Named))} over "
                    + $"{Window.High - Window.Low:G3} in mass without events (mean masses of the sidebands {LowerMass:G4} and "
                    + $"{UpperMass:G4}); check that it closes in the sidebands next to the signal region.");
        }
    }

    /// <summary>Runs the test.</summary>
    /// <param name="sideband">Events of both sidebands, with the weights of the background estimate.</param>
    /// <param name="regionBackground">Background expected in the signal region. Range: above 0.</param>
    /// <param name="options">How to test.</param>
    /// <param name="seed">For the folds.</param>
    /// <param name="progress">Receives the finished fraction, from 0 to 1.</param>
    /// <param name="cancellation">Stops between trees.</param>
    /// <exception cref="DataException">A column is missing, or a sideband has too few events.</exception>
    public static SculptingTest Run(
        SidebandData sideband,
        double regionBackground,
        SculptingOptions options,
        Seed seed,
        IProgress<double>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(sideband);
        ArgumentNullException.ThrowIfNull(options);
        (EventTable events, string mass, IReadOnlyList<string> features, MassWindow window) = sideband;
        ReadOnlyMemory<float> masses = events.Memory(mass);
        (int[] lower, int[] upper) = Sides(masses.Span, window);
        var classifiers = new SidebandClassifiers(sideband, options.Classifier, cancellation);
        CutSculpting cut = classifiers.Cut(
            NearestRows(masses, window), regionBackground, options.BackgroundEfficiency, seed.Child("near"),
            PartialProgress.Of(progress, 0, 0.5));
        Estimate separation = classifiers.Separation(upper, seed.Child("upper"), PartialProgress.Of(progress, 0.5, 0.5));
        var low = ScoredEventsOf(events.Select(lower));
        var high = ScoredEventsOf(events.Select(upper));
        return new SculptingTest
        {
            Window = window,
            Separation = separation,
            Features =
                [.. features.Select(feature => FeatureDistance.Of(feature, high, low)).OrderByDescending(feature => feature.Distance)],
            Cut = cut,
            LowerMass = ColumnSpread.Of(low.Events[mass], low.Events).Mean,
            UpperMass = ColumnSpread.Of(high.Events[mass], high.Events).Mean,
            Options = options,
        };
    }

    /// <summary>Rows of the third of each sideband that lies nearest to the region, the lower one first.</summary>
    /// <exception cref="DataException">A sideband has too few events.</exception>
    internal static int[] NearestRows(ReadOnlyMemory<float> masses, MassWindow window)
    {
        (int[] lower, int[] upper) = Sides(masses.Span, window);
        return [.. Nearest(lower, masses.Span, fromBelow: true), .. Nearest(upper, masses.Span, fromBelow: false)];
    }

    private static (int[] Lower, int[] Upper) Sides(ReadOnlySpan<float> masses, MassWindow window)
    {
        int[] lower = RowsWhere(masses, value => value < window.Low);
        int[] upper = RowsWhere(masses, value => value >= window.High);
        Require(lower.Length, "below", window);
        Require(upper.Length, "above", window);
        return (lower, upper);
    }

    private string? PlainCaveat()
    {
        double halfWidth = Sigmas * Cut.FakeSignificanceError;
        return halfWidth <= Options.MaxFakeSignificance ? null : Text(
            $"Inconclusive: 2σ = {halfWidth:G2} of the fake significance exceeds the tolerance {Options.MaxFakeSignificance:G2}; the "
                + $"sidebands are too small.");
    }

    private static string Named(FeatureDistance feature) => Text($"{feature.Feature} (distance {feature.Distance:G2})");

    private static ScoredEvents ScoredEventsOf(EventTable events) => new(events, new float[events.Count]);

    /// <summary>The third of a sideband's rows that lies nearest to the region.</summary>
    private static int[] Nearest(int[] rows, ReadOnlySpan<float> masses, bool fromBelow)
    {
        float[] keys = new float[rows.Length];
        for (int i = 0; i < rows.Length; i++)
        {
            keys[i] = fromBelow ? -masses[rows[i]] : masses[rows[i]];
        }

        int[] sorted = [.. rows];
        Array.Sort(keys, sorted);
        return sorted[..(rows.Length / 3)];
    }

    private static int[] RowsWhere(ReadOnlySpan<float> masses, Func<float, bool> isIn)
    {
        var rows = new List<int>();
        for (int row = 0; row < masses.Length; row++)
        {
            if (isIn(masses[row]))
            {
                rows.Add(row);
            }
        }

        return [.. rows];
    }

    private static void Require(int count, string where, MassWindow window)
    {
        if (count < FewestEvents)
        {
            throw new DataException(
                $"There are {count:N0} events {where} the signal region {window}, expected {FewestEvents:N0} or more; a test for "
                    + $"sculpting needs larger sidebands on both sides.");
        }
    }
}
