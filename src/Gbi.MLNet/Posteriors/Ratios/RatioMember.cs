using Gbi.Events;
using Gbi.Numerics;
using Gbi.Posteriors.Autoregressive.Means;
using Gbi.Trees;
using Gbi.Trees.Binning;
using Gbi.Trees.Growing;
using Gbi.Trees.Model;
using Gbi.Trees.Objectives;

namespace Gbi.Posteriors.Ratios;

/// <summary>Trains trees F(x, θ) ≈ ln p(θ|x)/g(θ|x) on simulations and contrast draws of g.</summary>
internal static class RatioMember
{
    // What the summed loss of the held-out simulations must fall by for trees to be kept: twice its scatter where nothing is learnt.
    private const double LeastGain = 2;

    /// <summary>Trains.</summary>
    /// <param name="features">What trees see of each simulation and, in the rows after it, of its contrast draws.</param>
    /// <param name="set">Weights of the simulations.</param>
    /// <param name="options">How it learns.</param>
    /// <param name="seed">Of what is held out.</param>
    public static TreeEnsemble Train(EventTable features, TrainingSet set, RatioPosteriorOptions options, Seed seed)
    {
        int group = options.ContrastCount + 1;
        BinnedEvents data = FeatureBins.Learn(features, features.ColumnNames, options.Trees.MaxBins).Apply(features);
        int[] folds = seed.Child("held out").Folds(set.Count, options.HeldOutOneIn);
        TreeOptions trees = options.Trees with { LeastHeldOutGain = LeastGain * group / 2 * set.Count / set.EffectiveCount };
        return options.Loss is RatioLoss.Logistic or RatioLoss.Balanced
            ? Logistic(data, set, folds, group, trees, options.Loss == RatioLoss.Balanced ? options.Balance : 0)
            : Contrastive(data, set, folds, group, trees, options.Loss == RatioLoss.Softmax ? double.PositiveInfinity : options.Gamma);
    }

    /// <summary>What trees see of simulations, each followed by its contrast draws.</summary>
    /// <param name="contrast">g at the observations.</param>
    /// <param name="parameters">θ of the simulations, a column a parameter.</param>
    /// <param name="contrastCount">Draws of each.</param>
    /// <param name="seed">Of the contrast draws.</param>
    public static EventTable Features(IContrastDensity contrast, float[][] parameters, int contrastCount, Seed seed)
    {
        int group = contrastCount + 1;
        int count = checked(parameters[0].Length * group);
        int RowOf(int draw) => (draw / contrastCount * group) + 1 + (draw % contrastCount);
        int[] ofDraws = [.. Enumerable.Range(0, parameters[0].Length * contrastCount).Select(draw => draw / contrastCount)];
        float[][] drawn = contrast.Draw(ofDraws, draw => seed.Child(RowOf(draw)));
        float[][] pairs = [.. parameters.Zip(drawn, (ofSimulations, draws) => (float[])[.. Enumerable.Range(0, count).Select(row =>
            row % group == 0 ? ofSimulations[row / group] : draws[(row / group * contrastCount) + (row % group) - 1])])];
        return contrast.Pairs(pairs, [.. Enumerable.Range(0, count).Select(row => row / group)]).Table;
    }

    private static TreeEnsemble Logistic(BinnedEvents data, TrainingSet set, int[] folds, int group, TreeOptions trees, double balance)
    {
        bool[] isSimulation = [.. Enumerable.Range(0, data.Count).Select(row => row % group == 0)];
        double[] Weights(bool heldOut) => [.. Enumerable.Range(0, data.Count).Select(row =>
            folds[row / group] == 0 == heldOut ? set.Weights[row / group] / (isSimulation[row] ? 1 : group - 1) : 0)];
        return LogisticTrees.Train(
            data, new LogisticSample(isSimulation, Weights(heldOut: false)), new LogisticSample(isSimulation, Weights(heldOut: true)),
            trees, new LossVariant(balance, null), set.Cancellation);
    }

    private static TreeEnsemble Contrastive(BinnedEvents data, TrainingSet set, int[] folds, int group, TreeOptions trees, double gamma)
    {
        (BinnedEvents training, ContrastiveObjective objective) = Part(heldOut: false);
        (BinnedEvents others, ContrastiveObjective ofOthers) = Part(heldOut: true);
        return Booster.Train(
            training, objective, [0], trees, new HeldOutLoss(others, ofOthers, [0]), progress: null, set.Cancellation);

        (BinnedEvents, ContrastiveObjective) Part(bool heldOut)
        {
            int[] groups = [.. Enumerable.Range(0, set.Count).Where(i => folds[i] == 0 == heldOut && set.Weights[i] > 0)];
            int[] rows = [.. groups.SelectMany(i => Enumerable.Range(i * group, group))];
            BinnedEvents events = data.Select(rows);
            return (events, new ContrastiveObjective(events, EventWeights.ScaleToMeanOne(set.Weights, groups), group - 1, gamma, trees));
        }
    }
}
