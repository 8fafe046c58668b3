using static Gbi.Numerics.InvariantText;

namespace Gbi.Inference.Toys;

/// <summary>The share of one of several processes in a set of toys.</summary>
public sealed record ToyShard
{
    /// <summary>A share.</summary>
    /// <param name="number">Which one, from 1.</param>
    /// <param name="of">How many there are.</param>
    public ToyShard(int number, int of)
    {
        (Number, Of) = number >= 1 && number <= of
            ? (number, of)
            : throw new ArgumentOutOfRangeException(
                nameof(number), number, $"There is no shard {number} of {of}; they are counted from 1.");
    }

    /// <summary>All toys.</summary>
    public static ToyShard Whole { get; } = new(1, 1);

    /// <summary>Which one, from 1.</summary>
    public int Number { get; }

    /// <summary>How many there are.</summary>
    public int Of { get; }

    /// <summary>Number of its first toy, and how many it has, of <paramref name="total"/>: shards differ by one toy at most.</summary>
    public (long First, int Count) Range(int total)
    {
        long first = (long)total * (Number - 1) / Of;
        return (first, (int)(((long)total * Number / Of) - first));
    }

    /// <inheritdoc/>
    public override string ToString() => Text($"{Number}/{Of}");
}
