using Gbi.Numerics;
using Gbi.Searches.Options;

namespace Gbi.Searches.Coverage;

/// <summary>What a <see cref="SearchCoverage"/> repeats, and how often.</summary>
public sealed record SearchCoverageOptions
{
    /// <summary>The search that is repeated; its seed is replaced by one of each toy.</summary>
    public required ResonanceSearchOptions Search { get; init; }

    /// <summary>Toys, each a data set with a whole search of its own. Range: 1 or more.</summary>
    public required int ToyCount
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(
            nameof(ToyCount), value, "ToyCount must be 1 or more: it counts pseudo-data sets.");
    }

    /// <summary>Expected number of signal events that are added to a toy, a Poisson number in each. Range: 0 or more.</summary>
    public double InjectedSignal
    {
        get;
        init => field = value >= 0 && double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(
            nameof(InjectedSignal), value, "InjectedSignal must be finite and 0 or more: it is a mean number of events.");
    }

    /// <summary>The origin of every random number.</summary>
    public Seed Seed { get; init; } = new(1);
}
