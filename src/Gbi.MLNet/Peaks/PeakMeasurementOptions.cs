using Gbi.Events;
using Gbi.Generators.Sidebands;
using Gbi.Numerics;
using Gbi.Ratios;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Peaks;

/// <summary>Everything that decides the result of a <see cref="PeakMeasurement"/>, besides its events.</summary>
public sealed record PeakMeasurementOptions
{
    /// <summary>Features and mass; the mass column is needed, and events must not be weighted. Where the mass is the only feature, it is
    /// measured alone.</summary>
    public required EventSchema Schema { get; init; }

    /// <summary>The features, without the mass.</summary>
    internal IReadOnlyList<string> Features => [.. Schema.Features.Where(feature => feature != Schema.Mass)];

    /// <summary>The region that holds most of the peak, and the sidebands with the outer limits of the fit.</summary>
    public required MassWindow Window { get; init; }

    /// <summary>What peak and background look like in the mass.</summary>
    public PeakFitOptions Fit { get; init; } = new();

    /// <summary>
    /// How the background below the peak is learnt from the sidebands: replicas of the whole measurement give its uncertainty, so that it
    /// needs no members of its own.
    /// </summary>
    public SidebandGeneratorOptions Background { get; init; } = new()
    {
        FoldCount = 5,
        MemberCount = 1,
        Trees = new() { TreeCount = 150, LeafCount = 16, MinLeafHessian = 20, L2 = 10 },
    };

    /// <summary>How the score, data over background, is learnt. It orders events, so it is not calibrated.</summary>
    public RatioOptions Score { get; init; } = RatioOptions.ForSmallDifferences;

    /// <summary>Shares of the generated background above the borders of the categories; falling, each in (0, 1).</summary>
    public IReadOnlyList<double> BackgroundEfficiencies
    {
        get;
        init =>
            field = value is { Count: > 0 } && value.All(efficiency => efficiency is > 0 and < 1)
                && value.Zip(value.Skip(1)).All(pair => pair.First > pair.Second)
            ? value
            : throw new ArgumentException(
                "Background efficiencies must fall and lie between 0 and 1; name at least one.", nameof(BackgroundEfficiencies));
    } = [0.5, 0.2, 0.05];

    /// <summary>Share of the generated background in each category.</summary>
    internal IReadOnlyList<double> BackgroundShares =>
        [.. BackgroundEfficiencies.Prepend(1).Zip(BackgroundEfficiencies.Append(0), (above, below) => above - below)];

    /// <summary>Each category in words.</summary>
    internal IReadOnlyList<string> CategoryNames => [.. BackgroundShares.Select(share => Text($"{100 * share:G3} %"))];

    /// <summary>
    /// Trainings of generator and score on bootstrap samples of the events, whose spread in the yield is the generator's error. Range: 2 or
    /// more, or 0 for none.
    /// </summary>
    public int ReplicaCount
    {
        get;
        init => field = value is 0 or >= 2 ? value : throw new ArgumentOutOfRangeException(
            nameof(ReplicaCount), value, "ReplicaCount must be 0, or 2 or more: one training has no spread.");
    } = 20;

    /// <summary>Samples without a peak on which the whole procedure is repeated as a null test. Range: 0, or 2 or more.</summary>
    public int NullToyCount
    {
        get;
        init => field = value is 0 or >= 2 ? value : throw new ArgumentOutOfRangeException(
            nameof(NullToyCount), value, "NullToyCount must be 0, or 2 or more: one sample has no spread.");
    } = 20;

    /// <summary>The origin of every random number.</summary>
    public Seed Seed { get; init; } = new(1);
}
