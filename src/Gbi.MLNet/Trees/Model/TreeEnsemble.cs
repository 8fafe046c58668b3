using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Gbi.Events;
using Gbi.Numerics;
using Gbi.Trees.Binning;

namespace Gbi.Trees.Model;

/// <summary>
/// A sum of trees with one or more outputs: outputₖ(x) = baseₖ + Σ leafₖ(x). One output is a log ratio; several are the
/// coefficients of a parametric log ratio or the score in several parameters.
/// </summary>
public sealed class TreeEnsemble
{
    private const int BlockSize = 1024;

    // In shorter blocks it is not worth looking for values that all events have.
    private const int LeastInCommon = 4 * LeafBitScorer.Lanes;

    private readonly Lazy<LeafBitScorer?> _ofValues;
    private readonly Lazy<LeafBitScorer?> _ofCodes;

    internal TreeEnsemble(IReadOnlyList<string> features, float[] baseValues, DecisionTree[] trees)
    {
        _ofValues = new(() => LeafBitScorer.Of(trees, features.Count, baseValues.Length, node => node.Threshold));
        _ofCodes = new(() => LeafBitScorer.Of(trees, features.Count, baseValues.Length, node => node.Code));
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
    /// Importance of each feature: the share of its cuts in the decrease of the training loss. One number per feature, in order, that sum
    /// to 1; all 0 if there is no cut. Of two equivalent features, one may have all of the importance.
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

    /// <summary>The sum of the first trees alone.</summary>
    internal TreeEnsemble Take(int count) => count >= Trees.Length ? this : new TreeEnsemble(Features, BaseValues, Trees[..count]);

    /// <summary>
    /// The same function for fixed values of some features: cuts in them are decided once and unreachable leaves are removed, so that
    /// events are scored faster. Outputs are identical, bit for bit.
    /// </summary>
    /// <param name="known">Values of features by name, NaN for missing. Other names are ignored.</param>
    public TreeEnsemble Given(IReadOnlyDictionary<string, float> known)
    {
        ArgumentNullException.ThrowIfNull(known);
        return KnownFeatures.Given(this, known);
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
    public float[] Predict(EventTable events) => Predict<float>(events);

    /// <summary>
    /// The same with the leaves added in double precision and rounded once: the order in which they are added does not show, so that
    /// another program that adds them so gives the same number.
    /// </summary>
    /// <exception cref="DataException">A feature is not a column of the table.</exception>
    internal float[] PredictInDouble(EventTable events) => Predict<double>(events);

    private float[] Predict<TSum>(EventTable events)
        where TSum : unmanaged, INumber<TSum>
    {
        ArgumentNullException.ThrowIfNull(events);
        ReadOnlyMemory<float>[] columns = [.. Features.Select(events.Memory)];
        return Score<TSum>(events.Count, _ofValues.Value, (first, count, features, lanes) =>
        {
            foreach (int feature in features)
            {
                columns[feature].Span.Slice(first, count).CopyTo(lanes[(feature * LeafBitScorer.Lanes)..]);
            }
        }, (first, count) => CommonValues(columns, first, count), (tree, values) => tree.LeafOf(values));
    }

    /// <summary>
    /// The values that all events of a block have in common: of the same observation at several parameters, most of its features.
    /// </summary>
    private static (int[] Features, float[] Values) CommonValues(ReadOnlyMemory<float>[] columns, int first, int count)
    {
        // As bits, which are compared many at a time.
        bool IsCommon(int feature)
        {
            ReadOnlySpan<int> bits = MemoryMarshal.Cast<float, int>(columns[feature].Span.Slice(first, count));
            return bits.IndexOfAnyExcept(bits[0]) < 0;
        }

        return (
            count < LeastInCommon ? [] : [.. Enumerable.Range(0, columns.Length).Where(IsCommon)],
            [.. columns.Select(column => column.Span[first])]);
    }

    /// <summary>Outputs of the events in <paramref name="rows"/> of binned data, shape [rows × outputs].</summary>
    internal float[] Predict(BinnedEvents data, int[] rows) => Score<float>(rows.Length, _ofCodes.Value, (first, count, features, lanes) =>
    {
        for (int lane = 0; lane < count; lane++)
        {
            ReadOnlySpan<byte> codes = data.Rows.AsSpan(rows[first + lane] * data.Width, data.Width);
            foreach (int feature in features)
            {
                byte code = codes[feature];
                lanes[(feature * LeafBitScorer.Lanes) + lane] = code == FeatureBins.MissingCode ? float.NaN : code;
            }
        }
    }, (_, _) => ([], []), (tree, codes) => tree.LeafOfCodes(codes));

    /// <summary>Scores sixteen events at a time; each tree is walked where one has too many leaves for the other way.</summary>
    private float[] Score<TSum>(
        int events, LeafBitScorer? scorer, LaneLoader load, Func<int, int, (int[] Features, float[] Values)> inCommon, LeafFinder leafOf)
        where TSum : unmanaged, INumber<TSum>
    {
        float[] outputs = new float[events * OutputCount];
        EventBlocks.ForEach(events, (start, length) =>
        {
            Span<float> values = stackalloc float[LeafBitScorer.Lanes * Features.Count];
            Span<TSum> scored = stackalloc TSum[LeafBitScorer.Lanes * OutputCount];
            var bits = new Vector512<uint>[scorer is null ? 0 : Trees.Length];
            (int[] known, float[] ofKnown) = scorer is null ? ([], []) : inCommon(start, length);
            LeavesLeft? left = scorer?.Given(known, ofKnown);
            int[] features = left?.Features ?? [.. Enumerable.Range(0, Features.Count)];
            values.Clear();
            for (int row = start; row < start + length; row += LeafBitScorer.Lanes)
            {
                int count = Math.Min(LeafBitScorer.Lanes, start + length - row);
                load(row, count, features, values);
                FillBase(scored);
                if (left is not null)
                {
                    scorer!.Add(values, left, bits, scored);
                }
                else
                {
                    WalkTrees(values, count, leafOf, scored);
                }

                TensorPrimitives.ConvertTruncating<TSum, float>(scored[..(count * OutputCount)], outputs.AsSpan(row * OutputCount));
            }
        }, BlockSize);
        return outputs;
    }

    private void WalkTrees<TSum>(ReadOnlySpan<float> values, int count, LeafFinder leafOf, Span<TSum> outputs)
        where TSum : unmanaged, INumber<TSum>
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
                AddLeaf(tree, leafOf(tree, ofEvent), outputs[(lane * OutputCount)..]);
            }
        }
    }

    private void FillBase<TSum>(Span<TSum> outputs)
        where TSum : unmanaged, INumber<TSum>
    {
        for (int i = 0; i < outputs.Length; i++)
        {
            outputs[i] = TSum.CreateTruncating(BaseValues[i % BaseValues.Length]);
        }
    }

    private static void AddLeaf<TSum>(DecisionTree tree, int leaf, Span<TSum> outputs)
        where TSum : unmanaged, INumber<TSum>
    {
        for (int k = 0; k < tree.OutputCount; k++)
        {
            outputs[k] += TSum.CreateTruncating(tree.LeafValues[(leaf * tree.OutputCount) + k]);
        }
    }

    /// <summary>Writes some features of a few events as [features × lanes], NaN for missing.</summary>
    private delegate void LaneLoader(int first, int count, int[] features, Span<float> lanes);

    private delegate int LeafFinder(DecisionTree tree, ReadOnlySpan<float> values);
}
