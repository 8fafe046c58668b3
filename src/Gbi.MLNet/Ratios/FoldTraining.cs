using Gbi.Numerics;
using Gbi.Numerics.Probability;
using Gbi.Trees;
using Gbi.Trees.Binning;
using Gbi.Trees.Model;

namespace Gbi.Ratios;

/// <summary>Trains the members of every fold, and finds the number of leaves with which they lose least on held-out events.</summary>
internal sealed class FoldTraining(
    FoldedSample sample, MemberTrainer train, RatioOptions options, Seed seed, IProgress<double>? progress, CancellationToken cancellation)
{
    private int _finished;
    private int _total = options.FoldCount * options.MemberCount;

    /// <summary>The models, [folds][members].</summary>
    public TreeEnsemble[][] Run()
    {
        var folds = new TreeEnsemble[options.FoldCount][];
        for (int fold = 0; fold < folds.Length; fold++)
        {
            folds[fold] = new TreeEnsemble[options.MemberCount];
        }

        TreeOptions trees = options.Trees;
        int first = 0;
        if (options.ChoosesLeafCount && trees.EarlyStoppingRounds is not null)
        {
            // The first member of each fold is kept from the trial that won.
            trees = trees with { LeafCount = ChooseLeafCount(folds) };
            first = 1;
        }

        int left = options.MemberCount - first;
        EventBlocks.ForEachIndex(folds.Length * left, task =>
        {
            int member = first + (task % left);
            folds[task / left][member] = Member(task / left, member, trees).Trees;
        }, cancellation);
        return folds;
    }

    /// <summary>Whether a first tree over the events of one model has a cut.</summary>
    public bool CanCut() => CrossFittedRatio.HasCuts(
        [[Member(0, 0, options.Trees with { TreeCount = 1, EarlyStoppingRounds = null, RandomCuts = null }).Trees]]);

    /// <summary>
    /// Halves the number of leaves from the largest as long as the first members' held-out loss falls, and leaves the best of them in
    /// the folds.
    /// </summary>
    private int ChooseLeafCount(TreeEnsemble[][] folds)
    {
        int chosen = options.Trees.LeafCount;
        double least = double.PositiveInfinity;
        for (int leaves = chosen; leaves >= 2; leaves /= 2)
        {
            var trial = new (TreeEnsemble Trees, double Loss)[folds.Length];
            _total += leaves == chosen ? 0 : folds.Length;
            EventBlocks.ForEachIndex(
                trial.Length, fold => trial[fold] = Member(fold, 0, options.Trees with { LeafCount = leaves }), cancellation);
            double loss = trial.Sum(one => one.Loss);
            if (!(loss < least))
            {
                break;
            }

            (least, chosen) = (loss, leaves);
            for (int fold = 0; fold < folds.Length; fold++)
            {
                folds[fold][0] = trial[fold].Trees;
            }
        }

        return chosen;
    }

    private (TreeEnsemble Trees, double Loss) Member(int fold, int member, TreeOptions trees)
    {
        Seed draws = seed.Child(member);
        MemberWeights weights = sample.WeightsOf(fold, options, draws);
        weights.RequireBothSamples(sample.IsNumerator, options);
        TreeOptions scaled = options.CountsEffectiveEvents ? weights.InEffectiveEvents(trees, sample.IsNumerator) : trees;
        TreeEnsemble trained = train(
            sample.Data, weights.Training, weights.HeldOut, scaled with { Seed = draws.Child("cuts").Child(fold) });
        double loss = options.ChoosesLeafCount && member == 0 && weights.HeldOut.Length > 0 ? Loss(trained, weights.HeldOut) : double.NaN;
        progress?.Report(Math.Min(1, (double)Interlocked.Increment(ref _finished) / Volatile.Read(ref _total)));
        return (trained, loss);
    }

    /// <summary>The logistic loss of a model over the events held out from it, both samples with the same weight.</summary>
    private double Loss(TreeEnsemble model, double[] heldOut)
    {
        int[] rows = EventWeights.RowsWithWeight(heldOut);
        float[] logRatios = model.Predict(sample.Data, rows);
        Span<double> sums = stackalloc double[2];
        Span<double> losses = stackalloc double[2];
        for (int i = 0; i < rows.Length; i++)
        {
            double logRatio = options.SignalFraction is { } fraction ? LogMath.Mixture(logRatios[i], fraction) : logRatios[i];
            bool isNumerator = sample.IsNumerator[rows[i]];
            double weight = heldOut[rows[i]];
            sums[isNumerator ? 1 : 0] += weight;
            losses[isNumerator ? 1 : 0] += weight * LogMath.Softplus(isNumerator ? -logRatio : logRatio);
        }

        return (losses[0] / sums[0]) + (losses[1] / sums[1]);
    }
}
