using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Gbi.Trees;

/// <summary>
/// Finds the leaves of eight events at a time without walking a tree. Each tree starts with one bit set for every leaf; the nodes
/// of all trees stand sorted by feature and border, and a node whose condition an event fails clears the bits of its left
/// side. The lowest bit left is the event's leaf. Memory is read in order and no branch depends on a single event.
/// </summary>
/// <remarks>
/// Lucchese et al., QuickScorer, SIGIR 2015, and its vector form, SIGIR 2016.
/// </remarks>
internal sealed class LeafBitScorer
{
    /// <summary>Events scored together.</summary>
    public const int Lanes = 8;

    /// <summary>Most leaves of a tree: one bit each.</summary>
    public const int MaxLeaves = 32;

    private readonly Condition[][] _ofFeature;
    private readonly float[][] _leafValues;
    private readonly int _outputs;

    private LeafBitScorer(Condition[][] ofFeature, float[][] leafValues, int outputs)
    {
        _ofFeature = ofFeature;
        _leafValues = leafValues;
        _outputs = outputs;
    }

    /// <summary>A scorer, or null where a tree has too many leaves.</summary>
    /// <param name="trees">The trees.</param>
    /// <param name="features">Number of features.</param>
    /// <param name="outputs">Numbers in a leaf.</param>
    /// <param name="border">Where a node cuts: its threshold for events given by values, its code for events given by codes.</param>
    public static LeafBitScorer? Of(DecisionTree[] trees, int features, int outputs, Func<TreeNode, float> border)
    {
        if (Array.Exists(trees, tree => tree.Nodes.Length >= MaxLeaves))
        {
            return null;
        }

        var ofFeature = new List<Condition>[features];
        for (int feature = 0; feature < features; feature++)
        {
            ofFeature[feature] = [];
        }

        float[][] leafValues = new float[trees.Length][];
        for (int tree = 0; tree < trees.Length; tree++)
        {
            var ordered = new List<float>();
            Order(trees[tree], trees[tree].Nodes.Length == 0 ? ~0 : 0, tree, border, ordered, ofFeature);
            leafValues[tree] = [.. ordered];
        }

        return new LeafBitScorer([.. ofFeature.Select(conditions => conditions.OrderBy(node => node.Border).ToArray())], leafValues, outputs);
    }

    /// <summary>Adds the trees' outputs of eight events.</summary>
    /// <param name="columns">Features of the events, [features × 8], NaN for missing.</param>
    /// <param name="bits">Scratch, one vector a tree.</param>
    /// <param name="outputs">Shape [8 × outputs]; holds the base values before.</param>
    public void Add(ReadOnlySpan<float> columns, Span<Vector256<uint>> bits, Span<float> outputs)
    {
        bits.Fill(Vector256<uint>.AllBitsSet);
        ref Vector256<uint> firstBits = ref MemoryMarshal.GetReference(bits);
        for (int feature = 0; feature < _ofFeature.Length; feature++)
        {
            Vector256<float> values = Vector256.Create(columns.Slice(feature * Lanes, Lanes));
            Vector256<uint> missing = ~Vector256.Equals(values, values).AsUInt32();
            bool complete = missing == Vector256<uint>.Zero;
            foreach (ref readonly Condition node in _ofFeature[feature].AsSpan())
            {
                Vector256<uint> fails = Vector256.GreaterThan(values, Vector256.Create(node.Border)).AsUInt32();
                if (!complete)
                {
                    fails |= missing & Vector256.Create(node.MissingFails);
                }
                else if (fails == Vector256<uint>.Zero)
                {
                    break;
                }

                // In bounds: a condition names one of the trees that `bits` was sized for.
                ref Vector256<uint> ofTree = ref Unsafe.Add(ref firstBits, node.Tree);
                ofTree &= Vector256.Create(node.Keep) | ~fails;
            }
        }

        AddLeaves(bits, outputs);
    }

    private void AddLeaves(ReadOnlySpan<Vector256<uint>> bits, Span<float> outputs)
    {
        for (int tree = 0; tree < _leafValues.Length; tree++)
        {
            ReadOnlySpan<float> values = _leafValues[tree];
            Vector256<uint> ofTree = bits[tree];
            for (int lane = 0; lane < Lanes; lane++)
            {
                int leaf = BitOperations.TrailingZeroCount(ofTree.GetElement(lane));
                for (int k = 0; k < _outputs; k++)
                {
                    outputs[(lane * _outputs) + k] += values[(leaf * _outputs) + k];
                }
            }
        }
    }

    /// <summary>Numbers the leaves from left to right and notes the nodes; returns the number of leaves below.</summary>
    private static int Order(
        DecisionTree tree, int at, int index, Func<TreeNode, float> border, List<float> leafValues, List<Condition>[] ofFeature)
    {
        if (at < 0)
        {
            leafValues.AddRange(tree.LeafValues.AsSpan(~at * tree.OutputCount, tree.OutputCount));
            return 1;
        }

        TreeNode node = tree.Nodes[at];
        int first = leafValues.Count / tree.OutputCount;
        int lefts = Order(tree, node.Left, index, border, leafValues, ofFeature);
        uint cleared = ((1u << lefts) - 1) << first;
        ofFeature[node.Feature].Add(new Condition(border(node), index, ~cleared, node.MissingLeft ? 0 : uint.MaxValue));
        return lefts + Order(tree, node.Right, index, border, leafValues, ofFeature);
    }

    /// <summary>A node: events with a value above the border keep only some of a tree's leaves.</summary>
    private readonly record struct Condition(float Border, int Tree, uint Keep, uint MissingFails);
}
