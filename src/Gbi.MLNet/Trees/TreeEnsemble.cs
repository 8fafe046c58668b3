using Gbi.Events;
using Gbi.Numerics;

namespace Gbi.Trees;

/// <summary>
/// A sum of trees with one or more outputs: outputₖ(x) = baseₖ + Σ leafₖ(x). One output is a log ratio; three are the
/// coefficients Δ₀, Δ₁, Δ₂ of a parametric log ratio.
/// </summary>
public sealed class TreeEnsemble
{
    private const int BlockSize = 1024;

    internal TreeEnsemble(IReadOnlyList<string> features, float[] baseValues, DecisionTree[] trees)
    {
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
        int width = Features.Count;
        float[] outputs = new float[events.Count * OutputCount];
        EventBlocks.ForEach(events.Count, (start, length) =>
        {
            float[] rows = new float[length * width];
            for (int feature = 0; feature < width; feature++)
            {
                ReadOnlySpan<float> values = columns[feature].Span.Slice(start, length);
                for (int i = 0; i < length; i++)
                {
                    rows[(i * width) + feature] = values[i];
                }
            }

            PredictRows(rows, outputs.AsSpan(start * OutputCount, length * OutputCount));
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
                    int leaf = tree.LeafOf(data.Codes.AsSpan(rows[start + i] * width, width));
                    AddLeaf(tree, leaf, block[(i * OutputCount)..]);
                }
            }
        }, BlockSize);
        return outputs;
    }

    private void PredictRows(ReadOnlySpan<float> rows, Span<float> outputs)
    {
        int width = Features.Count;
        FillBase(outputs);
        foreach (DecisionTree tree in Trees)
        {
            for (int i = 0; i < outputs.Length / OutputCount; i++)
            {
                AddLeaf(tree, tree.LeafOf(rows.Slice(i * width, width)), outputs[(i * OutputCount)..]);
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
