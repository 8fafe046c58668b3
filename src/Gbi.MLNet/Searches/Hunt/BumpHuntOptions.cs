using Gbi.Numerics;
using Gbi.Searches.Options;

namespace Gbi.Searches.Hunt;

/// <summary>Everything that decides the result of a <see cref="BumpHunt"/>, besides its events.</summary>
public sealed record BumpHuntOptions
{
    /// <summary>The windows.</summary>
    public required BumpScan Scan { get; init; }

    /// <summary>How each window is searched. Its window, seed and background efficiencies are replaced by those of the hunt.</summary>
    /// <exception cref="ArgumentException">It is for a signal family, which a hunt does not fit.</exception>
    public required ResonanceSearchOptions Search
    {
        get;
        init => field = value?.Family is null ? value! : throw new ArgumentException(
            "A hunt counts the excess in each window or fits one signal; leave out Family, and search the window of interest for it "
                + "afterwards.",
            nameof(Search));
    }

    /// <summary>
    /// Background efficiencies of the cuts on the score; each in (0, 1], 1 for no cut. With several, the smallest p-value p of a window's K
    /// cuts counts as 1 − (1 − p)^K, which is too large where the cuts share events, as they do.
    /// </summary>
    public IReadOnlyList<double> BackgroundEfficiencies
    {
        get;
        init => field = value is { Count: > 0 } && value.All(efficiency => efficiency is > 0 and <= 1)
            ? value
            : throw new ArgumentException(
                "Background efficiencies must be above 0 and at most 1; name at least one.", nameof(BackgroundEfficiencies));
    } = [0.01];

    /// <summary>Toys without signal that go through the whole hunt, in all shards; 0 for no global p-value. Range: 0 or more.</summary>
    public int ToyCount
    {
        get;
        init => field = value >= 0 ? value : throw new ArgumentOutOfRangeException(
            nameof(ToyCount), value, "ToyCount must be 0 or more: it counts toys.");
    }

    /// <summary>u₀, the level of q = Z² at which upcrossings of the toys are counted. Range: (0, ∞).</summary>
    public double UpcrossingLevel
    {
        get;
        init => field = value > 0 && double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(
            nameof(UpcrossingLevel), value,
            "UpcrossingLevel must be finite and above 0: few scans of toys rise through a high one, and noise alone through 0.");
    } = 1;

    /// <summary>The origin of every random number in the hunt.</summary>
    public Seed Seed { get; init; } = new(1);
}
