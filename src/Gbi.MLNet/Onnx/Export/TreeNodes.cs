using Gbi.Trees.Model;

namespace Gbi.Onnx.Export;

/// <summary>An ensemble of trees as a TreeEnsembleRegressor of ai.onnx.ml.</summary>
/// <remarks>
/// Thresholds and leaf values are given in double precision, which is exact for ours and makes the runtime add leaves in double
/// precision: its order of adding depends on the number of its threads and would show in single precision. Ensembles are nodes of
/// their own: the runtime keeps every output of a node once for each of its threads.
/// </remarks>
internal sealed class TreeNodes
{
    private readonly List<Node> _nodes = [];
    private readonly List<LeafValue> _leafValues = [];
    private int _trees;

    private readonly int[]? _columns;

    private TreeNodes(TreeEnsemble ensemble, int[]? columns)
    {
        _columns = columns;
        // A tree with one leaf holds the base values, so that an ensemble without trees is sound too.
        Add(new DecisionTree([], ensemble.BaseValues, ensemble.OutputCount));
        foreach (DecisionTree tree in ensemble.Trees)
        {
            Add(tree);
        }
    }

    /// <summary>Adds an ensemble to a graph.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="ensemble">The ensemble.</param>
    /// <param name="features">[events × features], double precision, NaN for missing.</param>
    /// <param name="columns">The column of each feature of the ensemble; null where they are the columns.</param>
    /// <returns>[events × outputs], single precision.</returns>
    public static string Add(OnnxGraph graph, TreeEnsemble ensemble, string features, int[]? columns = null) => graph.Add(
        "TreeEnsembleRegressor", [features], new TreeNodes(ensemble, columns).Attributes(ensemble.OutputCount),
        OnnxGraph.MachineLearning);

    private ProtoMessage[] Attributes(int targets) =>
    [
        OnnxAttribute.Integer("n_targets", targets),
        OnnxAttribute.Text("aggregate_function", "SUM"),
        OnnxAttribute.Text("post_transform", "NONE"),
        OnnxAttribute.Integers("nodes_treeids", _nodes.Select(node => (long)node.Tree)),
        OnnxAttribute.Integers("nodes_nodeids", _nodes.Select(node => (long)node.Id)),
        OnnxAttribute.Texts("nodes_modes", _nodes.Select(node => node.IsLeaf ? "LEAF" : "BRANCH_LEQ")),
        OnnxAttribute.Integers("nodes_featureids", _nodes.Select(node => (long)node.Split.Feature)),
        OnnxAttribute.Vector("nodes_values_as_tensor", [.. _nodes.Select(node => (double)node.Split.Threshold)]),
        OnnxAttribute.Integers("nodes_truenodeids", _nodes.Select(node => (long)node.Split.Left)),
        OnnxAttribute.Integers("nodes_falsenodeids", _nodes.Select(node => (long)node.Split.Right)),
        OnnxAttribute.Integers("nodes_missing_value_tracks_true", _nodes.Select(node => node.Split.MissingLeft ? 1L : 0)),
        OnnxAttribute.Integers("target_treeids", _leafValues.Select(leaf => (long)leaf.Tree)),
        OnnxAttribute.Integers("target_nodeids", _leafValues.Select(leaf => (long)leaf.Node)),
        OnnxAttribute.Integers("target_ids", _leafValues.Select(leaf => (long)leaf.Target)),
        OnnxAttribute.Vector("target_weights_as_tensor", [.. _leafValues.Select(leaf => (double)leaf.Value)]),
    ];

    /// <summary>The tree's inner nodes keep their numbers, root first; its leaves are numbered after them.</summary>
    private void Add(DecisionTree tree)
    {
        int inner = tree.Nodes.Length;
        for (int i = 0; i < inner; i++)
        {
            TreeNode node = tree.Nodes[i];
            int column = _columns?[node.Feature] ?? node.Feature;
            var split = new Split(column, node.Threshold, Child(node.Left), Child(node.Right), node.MissingLeft);
            _nodes.Add(new Node(_trees, i, false, split));
        }

        for (int leaf = 0; leaf <= inner; leaf++)
        {
            _nodes.Add(new Node(_trees, inner + leaf, true, default));
            for (int k = 0; k < tree.OutputCount; k++)
            {
                _leafValues.Add(new LeafValue(_trees, inner + leaf, k, tree.LeafValues[(leaf * tree.OutputCount) + k]));
            }
        }

        _trees++;

        int Child(int child) => child >= 0 ? child : inner + ~child;
    }

    /// <summary>A node of a tree. A leaf's split is all zeros, which the operator wants to be there.</summary>
    private readonly record struct Node(int Tree, int Id, bool IsLeaf, Split Split);

    private readonly record struct Split(int Feature, float Threshold, int Left, int Right, bool MissingLeft);

    private readonly record struct LeafValue(int Tree, int Node, int Target, float Value);
}
