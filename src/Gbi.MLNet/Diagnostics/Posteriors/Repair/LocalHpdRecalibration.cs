using Gbi.Events;
using Gbi.Numerics;
using Gbi.Trees;
using Gbi.Trees.Binning;
using Gbi.Trees.Growing;
using Gbi.Trees.Model;

namespace Gbi.Diagnostics.Posteriors.Repair;

/// <summary>
/// <see cref="HpdRecalibration"/> by regions of x: one half of the held-out pairs grows a tree that predicts the rank of the truth's
/// density from the features, the other half recalibrates each leaf by itself. Coverage holds on average in every leaf, so regions widen
/// where the posterior is over-confident and nowhere else.
/// </summary>
/// <remarks>
/// Mondrian conformal prediction: Vovk, Gammerman and Shafer, Algorithmic Learning in a Random World (2005), section 4.5.
/// </remarks>
public sealed class LocalHpdRecalibration
{
    private const int LeastInLeaf = 150;
    private const int MostLeaves = 8;

    private readonly TreeEnsemble _tree;
    private readonly HpdRecalibration[] _leaves;

    private LocalHpdRecalibration(TreeEnsemble tree, HpdRecalibration[] leaves) => (_tree, _leaves) = (tree, leaves);

    /// <summary>Number of regions of x.</summary>
    public int RegionCount => _leaves.Length;

    /// <summary>The features that tell the regions apart.</summary>
    public IReadOnlyList<string> Features => _tree.Features;

    /// <summary>Learns from held-out pairs.</summary>
    /// <param name="observations">Observations of the pairs.</param>
    /// <param name="features">Their columns.</param>
    /// <param name="densityRanks">Shares of denser draws, one a pair, as in <see cref="PosteriorRanks.OfDensity"/>.</param>
    /// <param name="seed">Of the halves.</param>
    /// <exception cref="DataException">
    /// Numbers of rows disagree, or there are fewer than 600, so that no leaf could be recalibrated.
    /// </exception>
    public static LocalHpdRecalibration Of(
        EventTable observations, IReadOnlyList<string> features, IReadOnlyList<double> densityRanks, Seed seed)
    {
        ArgumentNullException.ThrowIfNull(observations);
        ArgumentNullException.ThrowIfNull(features);
        ArgumentNullException.ThrowIfNull(densityRanks);
        if (observations.Count != densityRanks.Count || observations.Count < 4 * LeastInLeaf)
        {
            throw new DataException(
                $"There are {observations.Count:N0} observations and {densityRanks.Count:N0} ranks to recalibrate locally with; give one "
                    + $"rank an observation and {4 * LeastInLeaf} or more, or recalibrate with one level for all x.");
        }

        int[] order = seed.Permutation(observations.Count);
        int[] growing = order[..(order.Length / 2)];
        int[] calibrating = order[(order.Length / 2)..];
        double[] weights = new double[growing.Length];
        Array.Fill(weights, 1);
        EventTable grown = observations.WithWeights(null).Select(growing);
        TreeEnsemble tree = ScoreTrees.Train(
            FeatureBins.Learn(grown, features).Apply(grown),
            [.. growing.Select(row => (float)densityRanks[row])],
            weights,
            new TreeOptions { TreeCount = 1, LeafCount = MostLeaves, MinLeafHessian = LeastInLeaf, LearningRate = 1 });
        var ofLeaves = new List<double>[tree.Trees.Length == 0 ? 1 : tree.Trees[0].LeafCount];
        int[] leaves = LeavesOf(tree, observations);
        for (int leaf = 0; leaf < ofLeaves.Length; leaf++)
        {
            ofLeaves[leaf] = [.. calibrating.Where(row => leaves[row] == leaf).Select(row => densityRanks[row])];
        }

        return new LocalHpdRecalibration(tree, [.. ofLeaves.Select(HpdRecalibration.Of)]);
    }

    /// <summary>The recalibration of each observation.</summary>
    public IReadOnlyList<HpdRecalibration> For(EventTable observations)
    {
        ArgumentNullException.ThrowIfNull(observations);
        return [.. LeavesOf(_tree, observations).Select(leaf => _leaves[leaf])];
    }

    private static int[] LeavesOf(TreeEnsemble tree, EventTable observations)
    {
        ReadOnlyMemory<float>[] columns = [.. tree.Features.Select(observations.Memory)];
        int[] leaves = new int[observations.Count];
        float[] values = new float[columns.Length];
        for (int row = 0; tree.Trees.Length > 0 && row < leaves.Length; row++)
        {
            for (int k = 0; k < values.Length; k++)
            {
                values[k] = columns[k].Span[row];
            }

            leaves[row] = tree.Trees[0].LeafOf(values.AsSpan());
        }

        return leaves;
    }
}
