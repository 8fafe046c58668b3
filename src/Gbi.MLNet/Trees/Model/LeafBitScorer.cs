using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Gbi.Trees.Model;

/// <summary>
/// Finds the leaves of sixteen events at a time without walking a tree. Each tree starts with one bit set for every leaf; the nodes
/// of all trees stand sorted by feature and border, and a node whose condition an event fails clears the bits of its left
/// side. The lowest bit left is the event's leaf, and a tree's leaf values fit into two registers. Memory is read in order and
/// no branch depends on a single event.
/// </summary>
/// <remarks>
/// Lucchese et al., QuickScorer, SIGIR 2015, and its vector form, SIGIR 2016.
/// </remarks>
internal sealed class LeafBitScorer
{
    /// <summary>Events scored together.</summary>
    public const int Lanes = 16;

    /// <summary>Most leaves of a tree: one bit each.</summary>
    public const int MaxLeaves = 32;

    private readonly Condition[][] _ofFeature;
    private readonly float[] _leafValues;
    private readonly int _trees;
    private readonly int _outputs;

    // Numbers from one leaf to the next.
    private readonly int _stride;

    private LeafBitScorer(Condition[][] ofFeature, float[] leafValues, int trees, int outputs)
    {
        _ofFeature = ofFeature;
        _leafValues = leafValues;
        _trees = trees;
        _outputs = outputs;
        _stride = StrideOf(outputs);
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

        int stride = StrideOf(outputs);
        float[] leafValues = new float[trees.Length * MaxLeaves * stride];
        for (int tree = 0; tree < trees.Length; tree++)
        {
            var ordered = new List<float>();
            Order(trees[tree], trees[tree].Nodes.Length == 0 ? ~0 : 0, tree, border, ordered, ofFeature);
            for (int at = 0; at < ordered.Count; at++)
            {
                leafValues[(((tree * MaxLeaves) + (at / outputs)) * stride) + (at % outputs)] = ordered[at];
            }
        }

        return new LeafBitScorer(
            [.. ofFeature.Select(conditions => conditions.OrderBy(node => node.Border).ToArray())], leafValues, trees.Length, outputs);
    }

    /// <summary>The leaves that are left to events which have some values in common.</summary>
    /// <param name="features">The values of these features are known.</param>
    /// <param name="values">One value a feature, NaN for missing; those of other features are not read.</param>
    public LeavesLeft Given(int[] features, ReadOnlySpan<float> values)
    {
        uint[] bits = new uint[_trees];
        Array.Fill(bits, uint.MaxValue);
        foreach (int feature in features)
        {
            float value = values[feature];
            foreach (Condition node in _ofFeature[feature])
            {
                if (float.IsNaN(value) ? node.MissingFails != 0 : value > node.Border)
                {
                    bits[node.Tree] &= node.Keep;
                }
            }
        }

        return new LeavesLeft(bits, [.. Enumerable.Range(0, _ofFeature.Length).Except(features)]);
    }

    /// <summary>Adds the trees' outputs of sixteen events.</summary>
    /// <param name="columns">Features of the events, [features × 16], NaN for missing; those that are known are not read.</param>
    /// <param name="left">The leaves that features known of all events leave.</param>
    /// <param name="bits">Scratch, one vector a tree.</param>
    /// <param name="outputs">Shape [16 × outputs]; holds the base values before. Single or double precision.</param>
    public void Add<TSum>(ReadOnlySpan<float> columns, LeavesLeft left, Span<Vector512<uint>> bits, Span<TSum> outputs)
        where TSum : unmanaged, INumber<TSum>
    {
        FindLeaves(columns, left, bits);
        if (typeof(TSum) == typeof(double) && _outputs == 1 && Avx512CD.IsSupported)
        {
            AddLeavesFromRegisters(bits, MemoryMarshal.Cast<TSum, double>(outputs));
        }
        else if (typeof(TSum) == typeof(float) && _outputs == 1 && Avx512CD.IsSupported)
        {
            AddLeavesFromRegisters(bits, MemoryMarshal.Cast<TSum, float>(outputs));
        }
        else if (typeof(TSum) == typeof(float) && _stride == Vector256<float>.Count)
        {
            AddPaddedLeaves(bits, MemoryMarshal.Cast<TSum, float>(outputs));
        }
        else
        {
            AddLeaves(bits, outputs);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void FindLeaves(ReadOnlySpan<float> columns, LeavesLeft left, Span<Vector512<uint>> bits)
    {
        for (int tree = 0; tree < bits.Length; tree++)
        {
            bits[tree] = Vector512.Create(left.Bits[tree]);
        }

        ref Vector512<uint> firstBits = ref MemoryMarshal.GetReference(bits);
        foreach (int feature in left.Features)
        {
            Vector512<float> values = Vector512.Create(columns.Slice(feature * Lanes, Lanes));
            Vector512<uint> missing = ~Vector512.Equals(values, values).AsUInt32();
            bool complete = missing == Vector512<uint>.Zero;
            foreach (ref readonly Condition node in _ofFeature[feature].AsSpan())
            {
                Vector512<uint> fails = Vector512.GreaterThan(values, Vector512.Create(node.Border)).AsUInt32();
                if (!complete)
                {
                    fails |= missing & Vector512.Create(node.MissingFails);
                }
                else if (fails == Vector512<uint>.Zero)
                {
                    break;
                }

                // In bounds: a condition names one of the trees that `bits` was sized for.
                ref Vector512<uint> ofTree = ref Unsafe.Add(ref firstBits, node.Tree);
                ofTree &= Vector512.Create(node.Keep) | ~fails;
            }
        }
    }

    /// <summary>For one output: the sixteen events' values out of a tree's 32 in one instruction.</summary>
    private void AddLeavesFromRegisters(ReadOnlySpan<Vector512<uint>> bits, Span<float> outputs)
    {
        Vector512<float> sum = Vector512.Create<float>(outputs);
        ref float values = ref MemoryMarshal.GetArrayDataReference(_leafValues);
        for (int tree = 0; tree < _trees; tree++)
        {
            sum += LeavesFromRegisters(bits[tree], ref values, tree);
        }

        sum.CopyTo(outputs);
    }

    /// <summary>The same in double precision.</summary>
    private void AddLeavesFromRegisters(ReadOnlySpan<Vector512<uint>> bits, Span<double> outputs)
    {
        Vector512<double> lower = Vector512.Create<double>(outputs);
        Vector512<double> upper = Vector512.Create<double>(outputs[Vector512<double>.Count..]);
        ref float values = ref MemoryMarshal.GetArrayDataReference(_leafValues);
        for (int tree = 0; tree < _trees; tree++)
        {
            Vector512<float> leaves = LeavesFromRegisters(bits[tree], ref values, tree);
            lower += Vector512.WidenLower(leaves);
            upper += Vector512.WidenUpper(leaves);
        }

        lower.CopyTo(outputs);
        upper.CopyTo(outputs[Vector512<double>.Count..]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> LeavesFromRegisters(Vector512<uint> ofTree, ref float values, int tree)
    {
        Vector512<uint> lowest = ofTree & (Vector512<uint>.Zero - ofTree);
        Vector512<int> leaf = Vector512.Create(31) - Avx512CD.LeadingZeroCount(lowest).AsInt32();
        Vector512<float> lower = Vector512.LoadUnsafe(ref values, (nuint)(tree * MaxLeaves));
        Vector512<float> upper = Vector512.LoadUnsafe(ref values, (nuint)((tree * MaxLeaves) + Vector512<float>.Count));
        return Avx512F.PermuteVar16x32x2(lower, leaf, upper);
    }

    /// <summary>For two to eight outputs: all of a leaf in one addition.</summary>
    private void AddPaddedLeaves(ReadOnlySpan<Vector512<uint>> bits, Span<float> outputs)
    {
        Span<Vector256<float>> sums = stackalloc Vector256<float>[Lanes];
        Span<float> ofLanes = MemoryMarshal.Cast<Vector256<float>, float>(sums);
        sums.Clear();
        for (int lane = 0; lane < Lanes; lane++)
        {
            outputs.Slice(lane * _outputs, _outputs).CopyTo(ofLanes[(lane * Vector256<float>.Count)..]);
        }

        ReadOnlySpan<uint> bitsOfLanes = MemoryMarshal.Cast<Vector512<uint>, uint>(bits);
        ref float values = ref MemoryMarshal.GetArrayDataReference(_leafValues);
        for (int tree = 0; tree < _trees; tree++)
        {
            ReadOnlySpan<uint> ofTree = bitsOfLanes.Slice(tree * Lanes, Lanes);
            int first = tree * MaxLeaves;
            for (int lane = 0; lane < Lanes; lane++)
            {
                // In bounds: a lane's bits number the leaves of its tree.
                int leaf = BitOperations.TrailingZeroCount(ofTree[lane]);
                sums[lane] += Vector256.LoadUnsafe(ref values, (nuint)((first + leaf) * Vector256<float>.Count));
            }
        }

        for (int lane = 0; lane < Lanes; lane++)
        {
            ofLanes.Slice(lane * Vector256<float>.Count, _outputs).CopyTo(outputs[(lane * _outputs)..]);
        }
    }

    private void AddLeaves<TSum>(ReadOnlySpan<Vector512<uint>> bits, Span<TSum> outputs)
        where TSum : unmanaged, INumber<TSum>
    {
        for (int tree = 0; tree < _trees; tree++)
        {
            ReadOnlySpan<float> values = _leafValues.AsSpan(tree * MaxLeaves * _stride, MaxLeaves * _stride);
            Vector512<uint> ofTree = bits[tree];
            for (int lane = 0; lane < Lanes; lane++)
            {
                int leaf = BitOperations.TrailingZeroCount(ofTree.GetElement(lane));
                for (int k = 0; k < _outputs; k++)
                {
                    outputs[(lane * _outputs) + k] += TSum.CreateTruncating(values[(leaf * _stride) + k]);
                }
            }
        }
    }

    // Several outputs that fit into a register are padded to one.
    private static int StrideOf(int outputs) => outputs is > 1 and <= 8 ? 8 : outputs;

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

/// <summary>What known features leave of trees.</summary>
/// <param name="Bits">A bit for each leaf of a tree that is left.</param>
/// <param name="Features">The features that are not known.</param>
internal sealed record LeavesLeft(uint[] Bits, int[] Features);
