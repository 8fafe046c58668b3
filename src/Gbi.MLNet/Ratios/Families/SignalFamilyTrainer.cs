using Gbi.Events;
using Gbi.Numerics;
using Gbi.Ratios.Parametric;
using Gbi.Trees.Binning;
using Gbi.Trees.Model;

namespace Gbi.Ratios.Families;

/// <summary>The columns that a signal family is learnt from.</summary>
/// <param name="Parameters">Names of the parameters, columns of the signal events.</param>
/// <param name="Features">Names of the features, columns of signal and background.</param>
public sealed record FamilyColumns(IReadOnlyList<string> Parameters, IReadOnlyList<string> Features);

/// <summary>Learns the ratio of a family of signals to a background.</summary>
public static class SignalFamilyTrainer
{
    /// <summary>Learns p_S(x|θ)/p_B(x), cross-fitted in folds of both samples.</summary>
    /// <param name="signal">Signal events, each with the parameters that it was simulated at as columns.</param>
    /// <param name="background">Background events.</param>
    /// <param name="columns">Parameters and features.</param>
    /// <param name="options">How to train.</param>
    /// <param name="seed">For folds, centres and bootstrap samples.</param>
    /// <param name="progress">Told the finished fraction, from 0 to 1.</param>
    /// <param name="cancellation">Stops between trees.</param>
    /// <exception cref="DataException">A column is missing, a parameter does not vary, or the weights of a sample do not sum to more than
    /// 0.</exception>
    /// <remarks>
    /// Each signal event gets a centre at a random distance from its own θ; each background event gets centre and local coordinates of a
    /// random signal event, so that the result does not depend on the density of the simulated points.
    /// </remarks>
    public static CrossFittedFamily CrossFit(
        EventTable signal,
        EventTable background,
        FamilyColumns columns,
        SignalFamilyOptions options,
        Seed seed,
        IProgress<double>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(signal);
        ArgumentNullException.ThrowIfNull(background);
        ArgumentNullException.ThrowIfNull(columns);
        ArgumentNullException.ThrowIfNull(options);
        var coordinates = FamilyCoordinates.Of(signal, columns.Parameters, options);
        var features = new FamilyFeatures([.. columns.Features], [.. options.Aligned], coordinates);
        FamilyRows rows = FamilyRows.Draw(signal, background, coordinates, options.Copies, seed.Child("places"));
        EventTable table = rows.Table(signal, background, features);
        BinnedEvents data = FeatureBins.Learn(table, features.Columns, options.Trees.MaxBins).Apply(table);
        int[] foldOf = seed.Child("folds").Folds(signal.Count + background.Count, options.FoldCount);
        var sample = new AmortisedSample(
            rows.IsSignal, rows.Local, new ParameterPolynomial(columns.Parameters, Monomial.UpToSecondOrder(columns.Parameters)));
        var folds = new TreeEnsemble[options.FoldCount][];
        int finished = 0;
        for (int fold = 0; fold < folds.Length; fold++)
        {
            folds[fold] = new TreeEnsemble[options.MemberCount];
        }

        EventBlocks.ForEachIndex(options.FoldCount * options.MemberCount, task =>
        {
            (int fold, int member) = Math.DivRem(task, options.MemberCount);
            double[] weights = rows.Weights(foldOf, fold, options.MemberCount > 1 ? seed.Child("members").Child(member) : null);
            folds[fold][member] = AmortisedTrees.Train(data, sample, weights, options.Trees, cancellation: cancellation).Trees;
            progress?.Report((double)Interlocked.Increment(ref finished) / (options.FoldCount * options.MemberCount));
        }, cancellation);
        return new CrossFittedFamily(
            new SignalFamily(coordinates, features, folds), signal, foldOf[..signal.Count], background, foldOf[signal.Count..]);
    }
}
