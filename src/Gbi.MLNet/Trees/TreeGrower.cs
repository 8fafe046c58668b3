using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Gbi.Numerics;

namespace Gbi.Trees;

/// <summary>
/// Grows one tree leaf-wise: the leaf whose split lowers the loss most is split next. Only the smaller child's histograms are
/// summed; those of the larger one are the parent's less the smaller one's. Buffers live as long as the grower.
/// </summary>
internal sealed class TreeGrower<TSum, TEvent, TObjective>
    where TSum : unmanaged, IStatisticsSum<TSum, TEvent>
    where TEvent : unmanaged
    where TObjective : ITreeObjective<TSum, TEvent>
{
    private const int PartitionBlock = 32_768;

    private readonly BinnedEvents _data;
    private readonly TObjective _objective;
    private readonly TreeOptions _options;
    private readonly HistogramBuilder<TSum, TEvent> _histograms;
    private readonly SplitFinder<TSum, TEvent, TObjective> _splits;
    private readonly Stack<TSum[]> _freeHistograms = new();
    private readonly int[] _rows;
    private readonly int[] _order;
    private readonly int[] _scratch;

    /// <summary>A grower of trees over the given rows of the data.</summary>
    public TreeGrower(BinnedEvents data, int[] rows, TObjective objective, TreeOptions options)
    {
        _data = data;
        _objective = objective;
        _options = options;
        _rows = rows;
        _order = new int[rows.Length];
        _scratch = new int[rows.Length];
        _histograms = new HistogramBuilder<TSum, TEvent>(data);
        _splits = new SplitFinder<TSum, TEvent, TObjective>(data, objective);
    }

    /// <summary>Rows of the last tree's leaves, leaf after leaf.</summary>
    public ReadOnlySpan<int> RowsOf(GrownLeaf leaf) => _order.AsSpan(leaf.Start, leaf.Count);

    /// <summary>Grows a tree; <paramref name="leaves"/> says which rows ended in which of its leaves.</summary>
    public DecisionTree Grow(TEvent[] statistics, out GrownLeaf[] leaves)
    {
        _rows.CopyTo(_order, 0);
        var growing = new List<GrowingLeaf> { Root(statistics) };
        var nodes = new List<TreeNode>();
        while (growing.Count < _options.LeafCount && TryPickBest(growing, out int chosen))
        {
            (GrowingLeaf left, GrowingLeaf right) = SplitLeaf(growing[chosen], statistics, nodes.Count);
            nodes.Add(NodeOf(growing[chosen].Split));
            Link(nodes, growing[chosen], nodes.Count - 1);
            growing[chosen] = left;
            growing.Add(right);
        }

        return Finish(growing, nodes, out leaves);
    }

    private GrowingLeaf Root(TEvent[] statistics)
    {
        TSum[] histogram = Rent();
        _histograms.Build(_order, 0, _order.Length, statistics, histogram);
        TSum total = default;
        for (int code = 0; code < FeatureBins.CodeCount; code++)
        {
            total += histogram[code];
        }

        return new GrowingLeaf(0, _order.Length, histogram, total, _splits.Find(histogram, total), Parent: -1, IsLeft: false);
    }

    private static bool TryPickBest(List<GrowingLeaf> leaves, out int chosen)
    {
        chosen = 0;
        for (int i = 1; i < leaves.Count; i++)
        {
            chosen = leaves[i].Split.Gain > leaves[chosen].Split.Gain ? i : chosen;
        }

        return leaves[chosen].Split.Gain > 0;
    }

    private (GrowingLeaf Left, GrowingLeaf Right) SplitLeaf(GrowingLeaf leaf, TEvent[] statistics, int node)
    {
        int leftCount = Partition(leaf);
        int rightCount = leaf.Count - leftCount;
        bool leftIsSmaller = leftCount <= rightCount;
        TSum[] smaller = Rent();
        _histograms.Build(
            _order, leftIsSmaller ? leaf.Start : leaf.Start + leftCount, Math.Min(leftCount, rightCount), statistics, smaller);
        TSum[] larger = leaf.Histogram;
        for (int i = 0; i < larger.Length; i++)
        {
            larger[i] -= smaller[i];
        }

        return (
            Child(leaf.Start, leftCount, leftIsSmaller ? smaller : larger, leaf.Split.Left, isLeft: true),
            Child(leaf.Start + leftCount, rightCount, leftIsSmaller ? larger : smaller, leaf.Split.Right, isLeft: false));

        GrowingLeaf Child(int start, int count, TSum[] histogram, TSum total, bool isLeft) =>
            new(start, count, histogram, total, _splits.Find(histogram, total), node, isLeft);
    }

    /// <summary>Moves the rows that go left to the front, each side in its old order; returns how many they are.</summary>
    private int Partition(GrowingLeaf leaf)
    {
        int parts = EventBlocks.CountOf(leaf.Count, PartitionBlock);
        int[] lefts = new int[parts];
        EventBlocks.ForEach(leaf.Count, (start, length) =>
            lefts[start / PartitionBlock] = PartitionBlockOf(leaf.Start + start, length, leaf.Split), PartitionBlock);
        int[] leftsBefore = new int[parts];
        for (int part = 1; part < parts; part++)
        {
            leftsBefore[part] = leftsBefore[part - 1] + lefts[part - 1];
        }

        int leftCount = leftsBefore[^1] + lefts[^1];
        EventBlocks.ForEach(leaf.Count, (start, length) =>
        {
            int part = start / PartitionBlock;
            int from = leaf.Start + start;
            int rightsBefore = start - leftsBefore[part];
            _scratch.AsSpan(from, lefts[part]).CopyTo(_order.AsSpan(leaf.Start + leftsBefore[part]));
            _scratch.AsSpan(from + lefts[part], length - lefts[part]).CopyTo(_order.AsSpan(leaf.Start + leftCount + rightsBefore));
        }, PartitionBlock);
        return leftCount;
    }

    /// <summary>Sorts a stretch of rows into the scratch, those that go left first; returns how many they are.</summary>
    private int PartitionBlockOf(int start, int length, Split<TSum> split)
    {
        int width = _data.Width;
        ref byte codes = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_data.Codes), split.Feature);
        ReadOnlySpan<int> rows = _order.AsSpan(start, length);
        Span<int> sorted = _scratch.AsSpan(start, length);
        int lefts = 0;
        int last = length - 1;
        for (int i = 0; i < rows.Length; i++)
        {
            int row = rows[i];
            Prefetch.Read(ref Unsafe.Add(ref codes, (nint)rows[Math.Min(i + Prefetch.Distance, last)] * width));
            byte code = Unsafe.Add(ref codes, (nint)row * width);
            bool goesLeft = code == FeatureBins.MissingCode ? split.MissingLeft : code <= split.Code;

            // Written to both ends of what is still free, kept at one: no branch depends on the event. Rights pile up from the end.
            sorted[lefts] = row;
            sorted[last - (i - lefts)] = row;
            lefts += goesLeft ? 1 : 0;
        }

        sorted[lefts..].Reverse();
        return lefts;
    }

    private TreeNode NodeOf(Split<TSum> split)
    {
        // A code behind the last border sends every value to the left.
        ReadOnlySpan<float> edges = _data.Bins.Edges(split.Feature);
        float threshold = split.Code < edges.Length ? edges[split.Code] : float.PositiveInfinity;
        return new(split.Feature, threshold, split.Code, split.MissingLeft, 0, 0);
    }

    private static void Link(List<TreeNode> nodes, GrowingLeaf leaf, int child)
    {
        if (leaf.Parent >= 0)
        {
            TreeNode parent = nodes[leaf.Parent];
            nodes[leaf.Parent] = leaf.IsLeft ? parent with { Left = child } : parent with { Right = child };
        }
    }

    private DecisionTree Finish(List<GrowingLeaf> growing, List<TreeNode> nodes, out GrownLeaf[] leaves)
    {
        int outputs = _objective.OutputCount;
        float[] values = new float[growing.Count * outputs];
        leaves = new GrownLeaf[growing.Count];
        for (int leaf = 0; leaf < growing.Count; leaf++)
        {
            GrowingLeaf grown = growing[leaf];
            Link(nodes, grown, ~leaf);
            Span<float> value = values.AsSpan(leaf * outputs, outputs);
            _objective.LeafValues(grown.Total, value);
            foreach (ref float number in value)
            {
                number *= (float)_options.LearningRate;
            }

            leaves[leaf] = new GrownLeaf(grown.Start, grown.Count);
            _freeHistograms.Push(grown.Histogram);
        }

        return new DecisionTree([.. nodes], values, outputs);
    }

    private TSum[] Rent() => _freeHistograms.TryPop(out TSum[]? histogram) ? histogram : new TSum[_histograms.Size];

    private sealed record GrowingLeaf(int Start, int Count, TSum[] Histogram, TSum Total, Split<TSum> Split, int Parent, bool IsLeft);
}

/// <summary>A stretch of the grower's row order that ended in one leaf.</summary>
internal readonly record struct GrownLeaf(int Start, int Count);
