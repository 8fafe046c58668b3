using MathNet.Numerics.Random;

namespace Gbi.Numerics;

/// <summary>
/// The seed of random numbers, with named children. The same seed gives the same numbers on every machine and for every number of threads:
/// a draw depends on the seed and on the index of the event (or member, or fold) that it is drawn for, never on the order of draws.
/// </summary>
/// <param name="Value">Any 64-bit number.</param>
/// <remarks>Bits are mixed by the finaliser of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014).</remarks>
public readonly record struct Seed(ulong Value)
{
    private const ulong GoldenGamma = 0x9E3779B97F4A7C15;

    /// <summary>The seed of a named part of the work, such as "folds"; different names give independent numbers.</summary>
    public Seed Child(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        ulong hash = Value;
        foreach (char character in name)
        {
            hash = Mix(hash ^ character);
        }

        return new Seed(Mix(hash + (ulong)name.Length));
    }

    /// <summary>The seed of the part with a number, such as the third member of an ensemble.</summary>
    /// <remarks>The first addend keeps 0, which the mixing leaves as it is, from being its own child.</remarks>
    public Seed Child(long index) => new(Mix(Mix(Value + GoldenGamma) + (unchecked((ulong)index) * GoldenGamma)));

    /// <summary>64 random bits that belong to <paramref name="index"/>.</summary>
    public ulong Bits(long index) => Mix(Value + (GoldenGamma * (unchecked((ulong)index) + 1)));

    /// <summary>A uniform number in (0, 1) that belongs to <paramref name="index"/>.</summary>
    public double Uniform(long index) => ((Bits(index) >> 11) + 0.5) * (1.0 / (1UL << 53));

    /// <summary>Two independent standard normal numbers that belong to <paramref name="index"/>.</summary>
    /// <remarks>Box and Muller, Ann. Math. Stat. 29 (1958) 610.</remarks>
    public (double First, double Second) NormalPair(long index)
    {
        double radius = Math.Sqrt(-2 * Math.Log(Uniform(2 * index)));
        (double sine, double cosine) = Math.SinCos(Math.Tau * Uniform((2 * index) + 1));
        return (radius * cosine, radius * sine);
    }

    /// <summary>A whole number in [0, <paramref name="bound"/>) that belongs to <paramref name="index"/>.</summary>
    public int Below(int bound, long index) => (int)Math.BigMul(Bits(index), (ulong)bound, out _);

    /// <summary>A Poisson number of mean 1 that belongs to <paramref name="index"/>: the weight of an event in a bootstrap
    /// sample.</summary>
    public int PoissonOne(long index)
    {
        double uniform = Uniform(index);
        double term = Math.Exp(-1);
        int count = 0;
        while (uniform > term && count < 20)
        {
            uniform -= term;
            count++;
            term /= count;
        }

        return count;
    }

    /// <summary>A random fold in [0, <paramref name="foldCount"/>) for each of <paramref name="count"/> events.</summary>
    public int[] Folds(int count, int foldCount)
    {
        int[] folds = new int[count];
        for (int i = 0; i < count; i++)
        {
            folds[i] = Below(foldCount, i);
        }

        return folds;
    }

    /// <summary>A sequential generator for the library distributions of MathNet.</summary>
    public Random CreateRandom() => new Xoshiro256StarStar(unchecked((int)(Mix(Value) >> 32)));

    /// <summary>A random order of 0 … <paramref name="count"/>−1 (Fisher and Yates).</summary>
    public int[] Permutation(int count)
    {
        int[] order = new int[count];
        for (int i = 0; i < count; i++)
        {
            int j = Below(i + 1, i);
            order[i] = order[j];
            order[j] = i;
        }

        return order;
    }

    private static ulong Mix(ulong bits)
    {
        bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9;
        bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EB;
        return bits ^ (bits >> 31);
    }
}
