using System.Numerics.Tensors;
using Gbi.Numerics;
using Gbi.Trees.Binning;
using Gbi.Trees.Model;
using Gbi.Trees.Objectives;

namespace Gbi.Trees.Growing;

/// <summary>
/// Grows one tree leaf-wise: the leaf whose split lowers the loss most is split next. Only the smaller child's histogram is
/// summed; that of the larger one is the parent's less the smaller one's. Buffers live as long as the grower.
/// </summary>
internal sealed class TreeGrower
{
    // Fewer events than this in a part are summed before another thread has woken up.
    private const int LeastEventsOfAPart = 4096;

    private readonly BinnedEvents _data;
    private readonly ITreeObjective _objective;
    private readonly TreeOptions _options;
    private readonly MonotoneBounds? _bounds;
    private readonly RandomCuts? _randomCuts;
    private readonly SplitFinder _splits;
    private readonly RowPartition _partition;
    private readonly GrowingLeaf[] _leaves;
    private readonly long[][] _partial;
    private int _trees;

    /// <summary>A grower of trees over all events of the data.</summary>
    public TreeGrower(BinnedEvents data, ITreeObjective objective, TreeOptions options)
    {
        _data = data;
        _objective = objective;
        _options = options;
        _bounds = MonotoneBounds.Of(options, data.Bins.Features, objective);
        _randomCuts = RandomCuts.Of(options);
        _splits = new SplitFinder(data, objective, _bounds, _randomCuts);
        _partition = new RowPartition(data);
        int sums = objective.Sums.Count;
        int size = data.Width * FeatureBins.CodeCount * sums;
        _partial = new long[EventBlocks.MaxThreads - 1][];
        for (int i = 0; i < _partial.Length; i++)
        {
            _partial[i] = new long[size];
        }

        _leaves = new GrowingLeaf[options.LeafCount];
        for (int i = 0; i < _leaves.Length; i++)
        {
            _leaves[i] = new GrowingLeaf(new long[size], new long[sums]);
        }
    }

    /// <summary>Events of a leaf of the last tree.</summary>
    public ReadOnlySpan<int> RowsOf(int leaf) => _partition.Rows(_leaves[leaf].Rows);

    /// <summary>Grows a tree; its leaves' events are those of <see cref="RowsOf"/>.</summary>
    public DecisionTree Grow()
    {
        PlantRoot();
        var nodes = new List<TreeNode>(_options.LeafCount - 1);
        int grown = 1;
        while (grown < _options.LeafCount && TryPickBest(grown, out int chosen))
        {
            Split(chosen, grown, nodes, isLast: grown + 1 == _options.LeafCount);
            grown++;
        }

        _trees++;
        return Finish(grown, nodes);
    }

    /// <summary>Random numbers of a leaf of this tree; the root is number 0, node n gives the leaves 2n + 1 and 2n + 2.</summary>
    private Seed DrawsOf(int leaf) => _randomCuts?.Draws(_trees, leaf) ?? default;

    private void PlantRoot()
    {
        GrowingLeaf root = _leaves[0];
        root.Place(_partition.Reset(), parent: -1, isLeft: false, ValueRange.All);
        SumUp(root);
        Array.Clear(root.Total);
        int sums = root.Total.Length;
        for (int i = 0; i < FeatureBins.CodeCount * sums; i++)
        {
            root.Total[i % sums] += root.Histogram[i];
        }

        root.Split = _splits.Find(root.Histogram, root.Total, root.Range, DrawsOf(0));
    }

    private bool TryPickBest(int grown, out int chosen)
    {
        chosen = 0;
        for (int i = 1; i < grown; i++)
        {
            chosen = _leaves[i].Split.Gain > _leaves[chosen].Split.Gain ? i : chosen;
        }

        return _leaves[chosen].Split.Gain > 0;
    }

    /// <summary>Splits a leaf: its left side stays in its place, the right one goes to a new one.</summary>
    private void Split(int chosen, int free, List<TreeNode> nodes, bool isLast)
    {
        GrowingLeaf left = _leaves[chosen];
        GrowingLeaf right = _leaves[free];
        Split split = left.Split;
        int node = nodes.Count;
        nodes.Add(NodeOf(split));
        Link(nodes, left, node);
        ShareTotal(split, left, right);
        (ValueRange ofLeft, ValueRange ofRight) = _bounds?.Narrow(split.Feature, left.Total, right.Total, left.Range)
            ?? (left.Range, left.Range);
        (RowRange rowsOfLeft, RowRange rowsOfRight) = _partition.Cut(left.Rows, split);
        right.Place(rowsOfRight, node, isLeft: false, ofRight);
        left.Place(rowsOfLeft, node, isLeft: true, ofLeft);
        if (isLast)
        {
            return;
        }

        if (left.Rows.Count <= right.Rows.Count)
        {
            left.TakeHistogramOf(right);
        }

        (GrowingLeaf smaller, GrowingLeaf larger) = left.Rows.Count <= right.Rows.Count ? (left, right) : (right, left);
        SumUp(smaller);
        TensorPrimitives.Subtract<long>(larger.Histogram, smaller.Histogram, larger.Histogram);
        EventBlocks.ForEachIndex(2, side =>
        {
            GrowingLeaf leaf = side == 0 ? smaller : larger;
            leaf.Split = _splits.Find(leaf.Histogram, leaf.Total, leaf.Range, DrawsOf((2 * node) + (leaf.IsLeft ? 1 : 2)));
        });
    }

    /// <summary>The sums of the two sides, read off the leaf's histogram.</summary>
    private static void ShareTotal(Split split, GrowingLeaf leaf, GrowingLeaf right)
    {
        int sums = leaf.Total.Length;
        leaf.Total.CopyTo(right.Total, 0);
        Array.Clear(leaf.Total);
        ReadOnlySpan<long> histogram = leaf.Histogram.AsSpan(split.Feature * FeatureBins.CodeCount * sums, FeatureBins.CodeCount * sums);
        for (int code = 0; code < FeatureBins.CodeCount; code++)
        {
            for (int k = 0; split.TakesLeft(code) && k < sums; k++)
            {
                leaf.Total[k] += histogram[(code * sums) + k];
            }
        }

        TensorPrimitives.Subtract<long>(right.Total, leaf.Total, right.Total);
    }

    /// <summary>The histogram of a leaf over its events.</summary>
    private void SumUp(GrowingLeaf leaf)
    {
        Array.Clear(leaf.Histogram);
        int parts = Math.Clamp(leaf.Rows.Count / LeastEventsOfAPart, 1, _partial.Length + 1);
        if (parts == 1)
        {
            _objective.Sums.Add(_partition.Rows(leaf.Rows), leaf.Histogram);
            return;
        }

        EventBlocks.ForEachIndex(parts, part =>
        {
            (int from, int to) = leaf.Rows.Part(part, parts);
            long[] histogram = part == 0 ? leaf.Histogram : _partial[part - 1];
            if (part > 0)
            {
                Array.Clear(histogram);
            }

            _objective.Sums.Add(_partition.Rows(leaf.Rows)[from..to], histogram);
        });
        for (int part = 1; part < parts; part++)
        {
            TensorPrimitives.Add<long>(leaf.Histogram, _partial[part - 1], leaf.Histogram);
        }
    }

    private TreeNode NodeOf(Split split)
    {
        // A code behind the last border sends every value to the left.
        ReadOnlySpan<float> edges = _data.Bins.Edges(split.Feature);
        float threshold = split.Code < edges.Length ? edges[split.Code] : float.PositiveInfinity;
        return new(split.Feature, threshold, split.Code, split.MissingLeft, 0, 0, (float)split.Gain);
    }

    private static void Link(List<TreeNode> nodes, GrowingLeaf leaf, int child)
    {
        if (leaf.Parent >= 0)
        {
            TreeNode parent = nodes[leaf.Parent];
            nodes[leaf.Parent] = leaf.IsLeft ? parent with { Left = child } : parent with { Right = child };
        }
    }

    private DecisionTree Finish(int grown, List<TreeNode> nodes)
    {
        int outputs = _objective.OutputCount;
        float[] values = new float[grown * outputs];
        for (int leaf = 0; leaf < grown; leaf++)
        {
            Link(nodes, _leaves[leaf], ~leaf);
            Span<float> value = values.AsSpan(leaf * outputs, outputs);
            _objective.LeafValues(_leaves[leaf].Total, value);
            foreach (ref float number in value)
            {
                number = _leaves[leaf].Range.Clamp(number) * (float)_options.LearningRate;
            }
        }

        return new DecisionTree([.. nodes], values, outputs);
    }

    /// <summary>A leaf of the tree that grows: a range of the partition and its sums.</summary>
    private sealed class GrowingLeaf(long[] histogram, long[] total)
    {
        public RowRange Rows { get; private set; }

        public int Parent { get; private set; }

        public bool IsLeft { get; private set; }

        public ValueRange Range { get; private set; }

        public long[] Histogram { get; private set; } = histogram;

        public long[] Total => total;

        public Split Split { get; set; }

        public void Place(RowRange rows, int parent, bool isLeft, ValueRange range) =>
            (Rows, Parent, IsLeft, Range, Split) = (rows, parent, isLeft, range, default);

        public void TakeHistogramOf(GrowingLeaf other) => (Histogram, other.Histogram) = (other.Histogram, Histogram);
    }
}
