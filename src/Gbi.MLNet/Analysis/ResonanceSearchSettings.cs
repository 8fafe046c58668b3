using Gbi.Events;
using Gbi.Generators;
using Gbi.Numerics;
using Gbi.Ratios;

namespace Gbi.Analysis;

/// <summary>Everything that decides the result of a <see cref="ResonanceSearch"/>, besides its events.</summary>
public sealed record ResonanceSearchSettings
{
    /// <summary>Features, mass and weight; the mass column is needed.</summary>
    public required EventSchema Schema { get; init; }

    /// <summary>Signal region and sidebands.</summary>
    public required MassWindow Window { get; init; }

    /// <summary>How the background is learnt from the sidebands.</summary>
    public SidebandGeneratorOptions Background { get; init; } = new();

    /// <summary>
    /// What draws background events at given masses, such as a flow that was trained on the sidebands; null to learn the background from
    /// the sidebands with trees. The mass spectrum, and with it the yield, is fitted to the sidebands either way.
    /// </summary>
    public IEventGenerator? BackgroundGenerator { get; init; }

    /// <summary>
    /// Background events that are drawn from <see cref="BackgroundGenerator"/> for each one expected in the signal region: their number
    /// limits how well the background is known. Range: (0, ∞).
    /// </summary>
    public double Oversampling
    {
        get;
        init => field = value > 0 && double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(
            nameof(Oversampling), value, "Oversampling must be finite and above 0: it counts generated events for each one expected.");
    } = 5;

    /// <summary>How the anomaly score, data over background, is learnt. It orders events, so it is not calibrated.</summary>
    public RatioOptions Anomaly { get; init; } = RatioOptions.ForSmallDifferences;

    /// <summary>How the ratio of signal over background is learnt, where a signal sample is given.</summary>
    public RatioOptions Signal { get; init; } = new();

    /// <summary>Background efficiencies of the cuts on the score; each in (0, 1).</summary>
    public IReadOnlyList<double> BackgroundEfficiencies
    {
        get;
        init => field = value is { Count: > 0 } && value.All(efficiency => efficiency is > 0 and < 1)
            ? value
            : throw new ArgumentException("Background efficiencies must lie between 0 and 1; name at least one.", nameof(BackgroundEfficiencies));
    } = [0.1, 0.01, 0.001];

    /// <summary>The origin of every random number in the search.</summary>
    public Seed Seed { get; init; } = new(1);
}
