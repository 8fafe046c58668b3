using Gbi.Numerics;
using Gbi.Trees.Binning;
using Gbi.Trees.Model;
using Gbi.Trees.Objectives;

namespace Gbi.Trees.Growing;

/// <summary>Gradient boosting: each tree takes a step down the loss that the trees before it left.</summary>
internal static class Booster
{
    /// <summary>Trains over all events of the data; the trees add to <paramref name="baseValues"/>.</summary>
    /// <param name="data">The events.</param>
    /// <param name="objective">The loss over these events.</param>
    /// <param name="baseValues">What the model gives before the first tree, one per output.</param>
    /// <param name="options">How the trees are grown.</param>
    /// <param name="heldOut">Events that tell when to stop, where <see cref="TreeOptions.EarlyStoppingRounds"/> is set; null to grow all
    /// trees.</param>
    /// <param name="progress">Told the grown share of the trees, from 0 to 1.</param>
    /// <param name="cancellation">Stops between trees.</param>
    public static TreeEnsemble Train(
        BinnedEvents data,
        ITreeObjective objective,
        float[] baseValues,
        TreeOptions options,
        HeldOutLoss? heldOut = null,
        IProgress<double>? progress = null,
        CancellationToken cancellation = default) =>
        new(
            data.Bins.Features,
            baseValues,
            TreesFrom(Repeated(baseValues, data.Count), data, objective, options, heldOut, progress, cancellation));

    /// <summary>The trees alone, which add to other outputs than base values.</summary>
    /// <param name="outputs">What the trees add to, shape [events × outputs]; changed.</param>
    /// <param name="data">The events.</param>
    /// <param name="objective">The loss over these events.</param>
    /// <param name="options">How the trees are grown.</param>
    /// <param name="heldOut">Events that tell when to stop; null to grow all trees.</param>
    /// <param name="progress">Told the grown share of the trees, from 0 to 1.</param>
    /// <param name="cancellation">Stops between trees.</param>
    public static DecisionTree[] TreesFrom(
        float[] outputs,
        BinnedEvents data,
        ITreeObjective objective,
        TreeOptions options,
        HeldOutLoss? heldOut,
        IProgress<double>? progress,
        CancellationToken cancellation)
    {
        var grower = new TreeGrower(data, objective, options);
        var trees = new List<DecisionTree>(options.TreeCount);
        while (trees.Count < options.TreeCount && heldOut?.IsExhausted(options) != true)
        {
            cancellation.ThrowIfCancellationRequested();
            objective.Update(trees.Count, outputs);
            DecisionTree tree = grower.Grow();
            trees.Add(tree);
            AddLeafValues(grower, tree, outputs);
            heldOut?.Add(tree);
            progress?.Report((double)trees.Count / options.TreeCount);
        }

        int kept = heldOut is { Times: 0 } ? heldOut.KeptCount(options) : trees.Count;
        return [.. trees.Take(kept)];
    }

    internal static float[] Repeated(float[] baseValues, int count)
    {
        float[] outputs = new float[count * baseValues.Length];
        if (Array.Exists(baseValues, value => value != 0))
        {
            for (int i = 0; i < outputs.Length; i++)
            {
                outputs[i] = baseValues[i % baseValues.Length];
            }
        }

        return outputs;
    }

    private static void AddLeafValues(TreeGrower grower, DecisionTree tree, float[] outputs)
    {
        int width = tree.OutputCount;
        EventBlocks.ForEachIndex(tree.LeafCount, leaf =>
        {
            ReadOnlySpan<float> values = tree.ValuesOf(leaf);
            ReadOnlySpan<int> rows = grower.RowsOf(leaf);
            if (width == 1)
            {
                float value = values[0];
                foreach (int row in rows)
                {
                    outputs[row] += value;
                }

                return;
            }

            foreach (int row in rows)
            {
                for (int k = 0; k < width; k++)
                {
                    outputs[(row * width) + k] += values[k];
                }
            }
        });
    }
}
