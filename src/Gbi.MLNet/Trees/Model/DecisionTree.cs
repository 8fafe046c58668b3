using Gbi.Trees.Binning;

namespace Gbi.Trees.Model;

/// <summary>
/// An inner node. A value goes left where it is at most <paramref name="Threshold"/> (its code at most <paramref name="Code"/>).
/// A child below 0 is a leaf, with the number ~child. <paramref name="Gain"/> is by how much the cut lowered the loss.
/// </summary>
internal readonly record struct TreeNode(int Feature, float Threshold, byte Code, bool MissingLeft, int Left, int Right, float Gain);

/// <summary>A grown tree: inner nodes, root first, and leaf values [leaves × outputs].</summary>
internal sealed record DecisionTree(TreeNode[] Nodes, float[] LeafValues, int OutputCount)
{
    /// <summary>Number of leaves.</summary>
    public int LeafCount => Nodes.Length + 1;

    /// <summary>The outputs of a leaf.</summary>
    public ReadOnlySpan<float> ValuesOf(int leaf) => LeafValues.AsSpan(leaf * OutputCount, OutputCount);

    /// <summary>The leaf of an event given by its codes.</summary>
    public int LeafOf(ReadOnlySpan<byte> codes)
    {
        int at = Nodes.Length == 0 ? ~0 : 0;
        while (at >= 0)
        {
            ref readonly TreeNode node = ref Nodes[at];
            byte code = codes[node.Feature];
            bool left = code == FeatureBins.MissingCode ? node.MissingLeft : code <= node.Code;
            at = left ? node.Left : node.Right;
        }

        return ~at;
    }

    /// <summary>The leaf of an event given by its values, NaN for missing.</summary>
    public int LeafOf(ReadOnlySpan<float> values)
    {
        int at = Nodes.Length == 0 ? ~0 : 0;
        while (at >= 0)
        {
            ref readonly TreeNode node = ref Nodes[at];
            float value = values[node.Feature];
            bool left = value <= node.Threshold || (node.MissingLeft && float.IsNaN(value));
            at = left ? node.Left : node.Right;
        }

        return ~at;
    }

    /// <summary>The leaf of an event given by its codes as numbers, NaN for missing.</summary>
    public int LeafOfCodes(ReadOnlySpan<float> codes)
    {
        int at = Nodes.Length == 0 ? ~0 : 0;
        while (at >= 0)
        {
            ref readonly TreeNode node = ref Nodes[at];
            float code = codes[node.Feature];
            at = code <= node.Code || (node.MissingLeft && float.IsNaN(code)) ? node.Left : node.Right;
        }

        return ~at;
    }
}
