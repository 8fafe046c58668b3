using Gbi.Numerics;

namespace Gbi.Simulators.EventSets;

/// <summary>
/// The number N of events of a set: fixed, or drawn from a range with p(N) ∝ 1/N, so that each factor of two has as many sets. N says
/// nothing of the parameters.
/// </summary>
public sealed record EventSetSize
{
    /// <summary>Sets of one size.</summary>
    /// <param name="count">N. Range: 1 or more.</param>
    public EventSetSize(int count)
        : this(count, count)
    {
    }

    /// <summary>Sets of a range of sizes.</summary>
    /// <param name="least">Smallest N. Range: 1 or more.</param>
    /// <param name="most">Largest N. Range: <paramref name="least"/> or more.</param>
    public EventSetSize(int least, int most)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(least, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(most, least);
        (Least, Most) = (least, most);
    }

    /// <summary>Smallest number of events.</summary>
    public int Least { get; }

    /// <summary>Largest number of events.</summary>
    public int Most { get; }

    /// <summary>N of a set: ⌊L (M/L)^u⌋ with L the smallest number, M one more than the largest and u uniform.</summary>
    internal int Draw(Seed seed) => Least == Most
        ? Least
        : Math.Clamp((int)(Least * Math.Pow((Most + 1.0) / Least, seed.Uniform(0))), Least, Most);

    /// <summary>"100" or "50..500".</summary>
    public override string ToString() =>
        Least == Most ? InvariantText.Text($"{Least}") : InvariantText.Text($"{Least}..{Most}");
}
