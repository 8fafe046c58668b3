using Gbi.Numerics.Minima;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Inference.Fits;

/// <summary>A minimum and how many fits ended there.</summary>
/// <param name="Minimum">The first of these fits.</param>
/// <param name="Fits">How many fits ended there. Range: 1 or more.</param>
public sealed record Valley(BoxMinimum Minimum, int Fits);

/// <summary>The minima that fits from several starts found.</summary>
public sealed record ValleySearch
{
    /// <summary>Distinct minima, the lowest first. Two are the same where values agree and no parameter differs by a hundredth of its
    /// error.</summary>
    public required IReadOnlyList<Valley> Valleys { get; init; }

    /// <summary>Why fits failed, one sentence for each that did.</summary>
    public required IReadOnlyList<string> Failures { get; init; }

    /// <summary>By how much the lowest minimum is below the one from the initial values: 0 where that was it; NaN where that fit
    /// failed.</summary>
    public required double Gain { get; init; }

    /// <summary>How many fits ended at the lowest minimum.</summary>
    public int AtLowest => Valleys[0].Fits;

    /// <summary>How many fits ended at higher minima.</summary>
    public int AtHigher => Valleys.Skip(1).Sum(valley => valley.Fits);

    /// <summary>How many fits failed.</summary>
    public int Failed => Failures.Count;

    /// <summary>The counts in one sentence.</summary>
    public override string ToString() => Text(
        $"Of {AtLowest + AtHigher + Failed} fits {AtLowest} ended at the lowest minimum, {Valleys[0].Minimum.Value:G8}, {AtHigher} at "
            + $"{Valleys.Count - 1} others and {Failed} failed.");
}
