using Gbi.Events;
using Gbi.Numerics;
using Gbi.Trees;
using Gbi.Trees.Binning;
using Gbi.Trees.Growing;
using Gbi.Trees.Model;
using Gbi.Trees.Objectives;

namespace Gbi.Ratios;

/// <summary>Two samples in one table.</summary>
/// <param name="Events">Events of both.</param>
/// <param name="IsNumerator">True where an event belongs to p₁; one per event.</param>
/// <param name="Features">Columns that the ratio may depend on.</param>
internal sealed record RatioSamples(EventTable Events, bool[] IsNumerator, IReadOnlyList<string> Features);

/// <summary>Trains one model of a ratio, F(x) ≈ ln p₁(x)/p₀(x), where both samples have the same sum of weights.</summary>
/// <param name="data">Events of both samples.</param>
/// <param name="weights">One per event; 0 leaves it out.</param>
/// <param name="heldOut">The same of the events that say when to stop; empty for none.</param>
/// <param name="trees">How the trees are grown.</param>
internal delegate TreeEnsemble MemberTrainer(BinnedEvents data, double[] weights, double[] heldOut, TreeOptions trees);

/// <summary>Learns the density ratio of two samples with boosted trees, cross-fitted in folds.</summary>
public static class RatioTrainer
{
    /// <summary>Learns p(numerator)/p(denominator).</summary>
    /// <param name="numerator">Events of p₁.</param>
    /// <param name="denominator">Events of p₀.</param>
    /// <param name="features">Columns of both tables.</param>
    /// <param name="options">How to train.</param>
    /// <param name="seed">For folds, bootstrap samples and random cuts.</param>
    /// <param name="progress">Told the finished fraction, from 0 to 1.</param>
    /// <param name="cancellation">Stops between trees.</param>
    /// <exception cref="DataException">A column is missing, or the weights of a sample do not sum to more than 0.</exception>
    public static CrossFittedRatio CrossFit(
        EventTable numerator,
        EventTable denominator,
        IReadOnlyList<string> features,
        RatioOptions options,
        Seed seed,
        IProgress<double>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(numerator);
        ArgumentNullException.ThrowIfNull(denominator);
        bool[] isNumerator = new bool[numerator.Count + denominator.Count];
        isNumerator.AsSpan(0, numerator.Count).Fill(true);
        return CrossFit(numerator.Append(denominator), isNumerator, features, options, seed, progress, cancellation);
    }

    /// <summary>The same for one table in which a flag an event says to which sample it belongs.</summary>
    /// <exception cref="DataException">A column is missing, or the weights of a sample do not sum to more than 0.</exception>
    public static CrossFittedRatio CrossFit(
        EventTable events,
        bool[] isNumerator,
        IReadOnlyList<string> features,
        RatioOptions options,
        Seed seed,
        IProgress<double>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(events);
        ArgumentNullException.ThrowIfNull(isNumerator);
        ArgumentNullException.ThrowIfNull(options);
        return CrossFit(new RatioSamples(events, isNumerator, features), options, seed, OwnTrees, progress, cancellation);

        TreeEnsemble OwnTrees(BinnedEvents data, double[] weights, double[] heldOut, TreeOptions trees) => LogisticTrees.Train(
            data,
            new LogisticSample(isNumerator, weights),
            new LogisticSample(isNumerator, heldOut),
            trees,
            new LossVariant(options.Balance, options.SignalFraction),
            cancellation);
    }

    /// <summary>The same with any learner of trees.</summary>
    internal static CrossFittedRatio CrossFit(
        RatioSamples samples,
        RatioOptions options,
        Seed seed,
        MemberTrainer train,
        IProgress<double>? progress,
        CancellationToken cancellation)
    {
        (EventTable events, bool[] isNumerator, IReadOnlyList<string> features) = samples;
        if (options.ConfidenceShift > 0 && options.MemberCount == 1)
        {
            throw new ArgumentException(
                $"ConfidenceShift is {options.ConfidenceShift} with MemberCount 1; the standard error that it multiplies needs two members "
                    + "or more.",
                nameof(options));
        }

        if (options is { SignalFraction: not null, Balance: > 0 })
        {
            throw new ArgumentException(
                $"Balance is {options.Balance} with SignalFraction {options.SignalFraction}; the balanced loss is for an ordinary ratio, "
                    + "set one of both.",
                nameof(options));
        }

        double[] weights = BalancedWeights(events, isNumerator);
        BinnedEvents data = FeatureBins.Learn(events, features, options.Trees.MaxBins).Apply(events);
        int[] foldOf = seed.Child("folds").Folds(events.Count, options.FoldCount);
        var sample = new FoldedSample(data, isNumerator, weights, foldOf);
        var training = new FoldTraining(sample, train, options, seed.Child("members"), progress, cancellation);
        TreeEnsemble[][] folds = training.Run();
        bool couldCut = CrossFittedRatio.HasCuts(folds) || training.CanCut();
        return OutOfFoldRatio.Finish(sample, folds, sample.LeftOut(options, seed.Child("members")), options, couldCut);
    }

    /// <summary>Weights of which each sample's sum to 1: the class balance is removed before anything is learnt.</summary>
    private static double[] BalancedWeights(EventTable events, bool[] isNumerator)
    {
        double numerator = 0;
        double denominator = 0;
        double[] weights = new double[events.Count];
        for (int row = 0; row < weights.Length; row++)
        {
            weights[row] = events.Weight(row);
            numerator += isNumerator[row] ? weights[row] : 0;
            denominator += isNumerator[row] ? 0 : weights[row];
        }

        if (!(numerator > 0 && denominator > 0))
        {
            throw new DataException(string.Create(System.Globalization.CultureInfo.InvariantCulture,
                $"The weights of the numerator sum to {numerator:G4} and those of the denominator to {denominator:G4}, expected more than "
                    + $"0; check the weight column or the selection."));
        }

        for (int row = 0; row < weights.Length; row++)
        {
            weights[row] /= isNumerator[row] ? numerator : denominator;
        }

        return weights;
    }
}
