using Gbi.Numerics;
using Gbi.Trees.Binning;

namespace Gbi.Trees.Growing;

/// <summary>Leaves a leaf few cuts of each feature to choose from, drawn at random. See <see cref="TreeOptions.RandomCuts"/>.</summary>
internal sealed class RandomCuts
{
    private readonly int _count;
    private readonly Seed _seed;

    private RandomCuts(int count, Seed seed) => (_count, _seed) = (count, seed);

    /// <summary>What the options ask for; null where every cut is tried.</summary>
    public static RandomCuts? Of(TreeOptions options) => options.RandomCuts is { } count ? new RandomCuts(count, options.Seed) : null;

    /// <summary>The draws of a leaf.</summary>
    /// <param name="tree">Number of the tree.</param>
    /// <param name="leaf">Number of the leaf among all that were ever made in the tree.</param>
    public Seed Draws(int tree, int leaf) => _seed.Child(tree).Child(leaf);

    /// <summary>Excludes the borders that were not drawn; values against missing values may always be cut.</summary>
    /// <param name="draws">Those of the leaf.</param>
    /// <param name="feature">The feature.</param>
    /// <param name="histogram">Of the feature in the leaf, shape [codes × sums].</param>
    /// <param name="sums">Numbers in a bin.</param>
    /// <param name="edges">Borders of the feature.</param>
    /// <param name="reductions">
    /// One a cut, in the order of <see cref="SplitFinder"/>: borders with missing values on the right, then, where there are any, on the
    /// left.
    /// </param>
    public void Exclude(Seed draws, int feature, ReadOnlySpan<long> histogram, int sums, int edges, Span<double> reductions)
    {
        // Borders outside of the leaf's own range would part no events.
        int first = 0;
        int last = edges - 1;
        while (first < last && IsEmpty(histogram, sums, first))
        {
            first++;
        }

        while (last > first && IsEmpty(histogram, sums, last + 1))
        {
            last--;
        }

        Span<bool> isDrawn = stackalloc bool[FeatureBins.CodeCount];
        isDrawn.Clear();
        Seed ofFeature = draws.Child(feature);
        for (int draw = 0; draw < _count && edges > 0; draw++)
        {
            isDrawn[first + ofFeature.Below(last - first + 1, draw)] = true;
        }

        int borders = Math.Min(reductions.Length, 2 * edges);
        for (int cut = 0; cut < borders; cut++)
        {
            reductions[cut] = isDrawn[cut % edges] ? reductions[cut] : double.NegativeInfinity;
        }
    }

    private static bool IsEmpty(ReadOnlySpan<long> histogram, int sums, int code) =>
        !histogram.Slice(code * sums, sums).ContainsAnyExcept(0);
}
