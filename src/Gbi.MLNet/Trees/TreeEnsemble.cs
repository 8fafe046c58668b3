using System.Runtime.Intrinsics;
using Gbi.Events;
using Gbi.Numerics;

namespace Gbi.Trees;

/// <summary>
/// A sum of trees with one or more outputs: outputₖ(x) = baseₖ + Σ leafₖ(x). One output is a log ratio; several are the
/// coefficients of a parametric log ratio or the score in several parameters.
/// </summary>
public sealed class TreeEnsemble
{
    private const int BlockSize = 1024;

    private readonly Lazy<LeafBitScorer?> _scorer;

    internal TreeEnsemble(IReadOnlyList<string> features, float[] baseValues, DecisionTree[] trees)
    {
        _scorer = new(() => LeafBitScorer.Of(trees, features.Count, baseValues.Length));
        Features = features;
        BaseValues = baseValues;
        Trees = trees;
    }

    /// <summary>Names of the features, in the order in which an event's values are given.</summary>
    public IReadOnlyList<string> Features { get; }

    /// <summary>Outputs of one event.</summary>
    public int OutputCount => BaseValues.Length;

    /// <summary>Number of trees.</summary>
    public int TreeCount => Trees.Length;

    internal float[] BaseValues { get; }

    internal DecisionTree[] Trees { get; }

    /// <summary>
    /// By how much the cuts in each feature lowered the training loss, as a share of what all cuts did: one number a feature, in order,
    /// that sum to 1; all 0 where there is no cut. Of two features that tell the same, one may take all of it.
    /// </summary>
    public double[] Importance()
    {
        double[] gains = new double[Features.Count];
        foreach (TreeNode node in Trees.SelectMany(tree => tree.Nodes))
        {
            gains[node.Feature] += node.Gain;
        }

        double total = gains.Sum();
        return total > 0 ? Array.ConvertAll(gains, gain => gain / total) : gains;
    }

    /// <summary>Outputs of one event.</summary>
    /// <param name="values">One value a feature, NaN for missing.</param>
    /// <param name="outputs">Filled; length <see cref="OutputCount"/>.</param>
    public void Predict(ReadOnlySpan<float> values, Span<float> outputs)
    {
        BaseValues.CopyTo(outputs);
        foreach (DecisionTree tree in Trees)
        {
            AddLeaf(tree, tree.LeafOf(values), outputs);
        }
    }

    /// <summary>Outputs of all events of a table, shape [events × outputs].</summary>
    /// <exception cref="DataException">A feature is not a column of the table.</exception>
    public float[] Predict(EventTable events)
    {
        ArgumentNullException.ThrowIfNull(events);
        ReadOnlyMemory<float>[] columns = [.. Features.Select(events.Memory)];
        float[] outputs = new float[events.Count * OutputCount];
        EventBlocks.ForEach(events.Count, (start, length) =>
        {
            Span<float> values = stackalloc float[LeafBitScorer.Lanes * columns.Length];
            Span<float> scored = stackalloc float[LeafBitScorer.Lanes * OutputCount];
            var bits = new Vector256<uint>[Trees.Length];
            for (int row = start; row < start + length; row += LeafBitScorer.Lanes)
            {
                int count = Math.Min(LeafBitScorer.Lanes, start + length - row);
                bool complete = Load(columns, row, count, values);
                FillBase(scored);
                if (complete && _scorer.Value is { } scorer)
                {
                    scorer.Add(values, bits, scored);
                }
                else
                {
                    WalkTrees(values, count, scored);
                }

                scored[..(count * OutputCount)].CopyTo(outputs.AsSpan(row * OutputCount));
            }
        }, BlockSize);
        return outputs;
    }

    /// <summary>Outputs of the events in <paramref name="rows"/> of binned data, shape [rows × outputs].</summary>
    internal float[] Predict(BinnedEvents data, int[] rows)
    {
        float[] outputs = new float[rows.Length * OutputCount];
        int width = data.Width;
        EventBlocks.ForEach(rows.Length, (start, length) =>
        {
            Span<float> block = outputs.AsSpan(start * OutputCount, length * OutputCount);
            FillBase(block);
            foreach (DecisionTree tree in Trees)
            {
                for (int i = 0; i < length; i++)
                {
                    int leaf = tree.LeafOf(data.Rows.AsSpan(rows[start + i] * width, width));
                    AddLeaf(tree, leaf, block[(i * OutputCount)..]);
                }
            }
        }, BlockSize);
        return outputs;
    }

    /// <summary>Copies a few events as [features × lanes]; false where a value is missing.</summary>
    private static bool Load(ReadOnlyMemory<float>[] columns, int row, int count, Span<float> values)
    {
        bool complete = true;
        for (int feature = 0; feature < columns.Length; feature++)
        {
            Span<float> lanes = values.Slice(feature * LeafBitScorer.Lanes, LeafBitScorer.Lanes);
            columns[feature].Span.Slice(row, count).CopyTo(lanes);
            lanes[count..].Clear();
            foreach (float value in lanes)
            {
                complete &= !float.IsNaN(value);
            }
        }

        return complete;
    }

    private void WalkTrees(ReadOnlySpan<float> values, int count, Span<float> outputs)
    {
        Span<float> ofEvent = stackalloc float[Features.Count];
        for (int lane = 0; lane < count; lane++)
        {
            for (int feature = 0; feature < ofEvent.Length; feature++)
            {
                ofEvent[feature] = values[(feature * LeafBitScorer.Lanes) + lane];
            }

            foreach (DecisionTree tree in Trees)
            {
                AddLeaf(tree, tree.LeafOf(ofEvent), outputs[(lane * OutputCount)..]);
            }
        }
    }

    private void FillBase(Span<float> outputs)
    {
        for (int i = 0; i < outputs.Length; i++)
        {
            outputs[i] = BaseValues[i % BaseValues.Length];
        }
    }

    private static void AddLeaf(DecisionTree tree, int leaf, Span<float> outputs)
    {
        for (int k = 0; k < tree.OutputCount; k++)
        {
            outputs[k] += tree.LeafValues[(leaf * tree.OutputCount) + k];
        }
    }
}
