namespace Gbi.Trees.Model;

/// <summary>Trees of which a part is known beforehand.</summary>
internal static class KnownFeatures
{
    /// <summary>The trees with the cuts in known features made; see <see cref="TreeEnsemble.Given"/>.</summary>
    public static TreeEnsemble Given(TreeEnsemble ensemble, IReadOnlyDictionary<string, float> known)
    {
        string[] left = [.. ensemble.Features.Where(name => !known.ContainsKey(name))];
        int[] newNumbers = [.. ensemble.Features.Select(name => Array.IndexOf(left, name))];
        float[] values = [.. ensemble.Features.Select(name => known.GetValueOrDefault(name))];
        return new TreeEnsemble(left, ensemble.BaseValues, Array.ConvertAll(ensemble.Trees, tree => Cut(tree, newNumbers, values)));
    }

    /// <summary>The first output alone.</summary>
    public static TreeEnsemble FirstOutput(this TreeEnsemble ensemble) => new(
        ensemble.Features,
        ensemble.BaseValues[..1],
        Array.ConvertAll(ensemble.Trees, tree => new DecisionTree(
            tree.Nodes, [.. Enumerable.Range(0, tree.LeafCount).Select(leaf => tree.ValuesOf(leaf)[0])], 1)));

    private static DecisionTree Cut(DecisionTree tree, int[] newNumbers, float[] values)
    {
        List<TreeNode> nodes = [];
        List<float> leaves = [];
        Copy(tree.Nodes.Length == 0 ? ~0 : 0);
        return new DecisionTree([.. nodes], [.. leaves], tree.OutputCount);

        int Copy(int at)
        {
            while (at >= 0 && newNumbers[tree.Nodes[at].Feature] < 0)
            {
                at = GoesLeft(tree.Nodes[at], values[tree.Nodes[at].Feature]) ? tree.Nodes[at].Left : tree.Nodes[at].Right;
            }

            if (at < 0)
            {
                leaves.AddRange(tree.ValuesOf(~at));
                return ~((leaves.Count / tree.OutputCount) - 1);
            }

            // The index of a node comes before those of its children.
            int index = nodes.Count;
            nodes.Add(default);
            int left = Copy(tree.Nodes[at].Left);
            int right = Copy(tree.Nodes[at].Right);
            nodes[index] = tree.Nodes[at] with { Feature = newNumbers[tree.Nodes[at].Feature], Left = left, Right = right };
            return index;
        }
    }

    private static bool GoesLeft(TreeNode node, float value) => float.IsNaN(value) ? node.MissingLeft : value <= node.Threshold;
}
