using Gbi.Trees.Objectives;

namespace Gbi.Trees.Growing;

/// <summary>What the value of a leaf must stay in, so that neighbours across a constrained cut keep their order.</summary>
internal readonly record struct ValueRange(float Lower, float Upper)
{
    public static ValueRange All { get; } = new(float.NegativeInfinity, float.PositiveInfinity);

    public float Clamp(float value) => Math.Clamp(value, Lower, Upper);
}

/// <summary>
/// Keeps the trees of one output monotone in some features: a cut of such a feature must order its two sides, and all that later
/// grows on a side stays on that side of the middle between both values.
/// </summary>
internal sealed class MonotoneBounds(int[] directions, ITreeObjective objective)
{
    private readonly int _sums = objective.Sums.Count;

    /// <summary>Bounds for the constraints of some options, or null where there are none.</summary>
    /// <exception cref="ArgumentException">A constrained feature is not there, or the trees have several outputs.</exception>
    public static MonotoneBounds? Of(TreeOptions options, IReadOnlyList<string> features, ITreeObjective objective)
    {
        if (options.Monotone.Count == 0)
        {
            return null;
        }

        if (objective.OutputCount != 1)
        {
            throw new ArgumentException(
                $"Monotone constraints are set for trees of {objective.OutputCount} outputs, expected one; only a single number can be "
                    + "monotone.");
        }

        int[] directions = new int[features.Count];
        foreach ((string feature, Monotonicity direction) in options.Monotone)
        {
            int at = features.ToList().IndexOf(feature);
            directions[at >= 0 ? at : throw new ArgumentException(
                $"The monotone constraint names the feature '{feature}', which is not among "
                    + $"{string.Join(", ", features)}.")] = (int)direction;
        }

        return new MonotoneBounds(directions, objective);
    }

    /// <summary>Strikes out the cuts of a feature whose sides would be in the wrong order.</summary>
    public void Exclude(int feature, ReadOnlySpan<long> left, ReadOnlySpan<long> right, ValueRange range, Span<double> reductions)
    {
        for (int cut = 0; directions[feature] != 0 && cut < reductions.Length; cut++)
        {
            float step = ValueOf(right.Slice(cut * _sums, _sums), range) - ValueOf(left.Slice(cut * _sums, _sums), range);
            reductions[cut] = step * directions[feature] < 0 ? double.NegativeInfinity : reductions[cut];
        }
    }

    /// <summary>The ranges of the two sides of a cut.</summary>
    public (ValueRange Left, ValueRange Right) Narrow(int feature, ReadOnlySpan<long> left, ReadOnlySpan<long> right, ValueRange range)
    {
        float middle = (ValueOf(left, range) + ValueOf(right, range)) / 2;
        return directions[feature] switch
        {
            > 0 => (range with { Upper = middle }, range with { Lower = middle }),
            < 0 => (range with { Lower = middle }, range with { Upper = middle }),
            _ => (range, range),
        };
    }

    private float ValueOf(ReadOnlySpan<long> sums, ValueRange range)
    {
        float value = 0;
        objective.LeafValues(sums, new Span<float>(ref value));
        return range.Clamp(value);
    }
}
