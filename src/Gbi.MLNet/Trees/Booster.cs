using Gbi.Numerics;

namespace Gbi.Trees;

/// <summary>Gradient boosting: each tree takes a Newton step down the loss that the trees before it left.</summary>
internal static class Booster
{
    /// <summary>Trains over <paramref name="rows"/> of the data; the result adds to <paramref name="baseValues"/>.</summary>
    public static TreeEnsemble Train<TSum, TEvent, TObjective>(
        BinnedEvents data, int[] rows, TObjective objective, float[] baseValues, TreeOptions options, CancellationToken cancellation)
        where TSum : unmanaged, IStatisticsSum<TSum, TEvent>
        where TEvent : unmanaged
        where TObjective : ITreeObjective<TSum, TEvent>
    {
        int width = objective.OutputCount;
        float[] outputs = new float[data.Count * width];
        for (int i = 0; i < outputs.Length; i++)
        {
            outputs[i] = baseValues[i % width];
        }

        var statistics = new TEvent[data.Count];
        var grower = new TreeGrower<TSum, TEvent, TObjective>(data, rows, objective, options);
        var trees = new DecisionTree[options.TreeCount];
        for (int tree = 0; tree < trees.Length; tree++)
        {
            cancellation.ThrowIfCancellationRequested();
            objective.BeginTree(tree);
            EventBlocks.ForEach(data.Count, (start, length) => objective.Fill(
                start, outputs.AsSpan(start * width, length * width), statistics.AsSpan(start, length)), cancellation: cancellation);
            trees[tree] = grower.Grow(statistics, out GrownLeaf[] leaves);
            AddLeafValues(grower, trees[tree], leaves, outputs);
        }

        return new TreeEnsemble(data.Bins.Features, baseValues, trees);
    }

    private static void AddLeafValues<TSum, TEvent, TObjective>(
        TreeGrower<TSum, TEvent, TObjective> grower, DecisionTree tree, GrownLeaf[] leaves, float[] outputs)
        where TSum : unmanaged, IStatisticsSum<TSum, TEvent>
        where TEvent : unmanaged
        where TObjective : ITreeObjective<TSum, TEvent>
    {
        int width = tree.OutputCount;
        EventBlocks.ForEachIndex(leaves.Length, leaf =>
        {
            ReadOnlySpan<float> values = tree.LeafValues.AsSpan(leaf * width, width);
            foreach (int row in grower.RowsOf(leaves[leaf]))
            {
                for (int k = 0; k < width; k++)
                {
                    outputs[(row * width) + k] += values[k];
                }
            }
        });
    }
}
