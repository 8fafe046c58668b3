using Gbi.Events;
using Gbi.Trees.Binning;
using Gbi.Trees.Model;
using Gbi.Trees.Objectives;

namespace Gbi.Trees.Growing;

/// <summary>Boosted trees for the logistic ratio of two samples.</summary>
public static class LogisticTrees
{
    /// <summary>
    /// Trains F(x) ≈ ln p₁(x) / p₀(x). Each sample's weights are scaled to the same sum, so that the class balance does not enter.
    /// </summary>
    /// <param name="data">Events of both samples.</param>
    /// <param name="isNumerator">True where an event belongs to p₁; one per event.</param>
    /// <param name="weights">One per event; 0 leaves an event out. May be negative where the sums of a leaf stay positive.</param>
    /// <param name="options">How the trees are grown.</param>
    /// <param name="cancellation">Stops between trees.</param>
    /// <exception cref="DataException">The weights of a sample do not sum to more than 0.</exception>
    public static TreeEnsemble Train(
        BinnedEvents data,
        ReadOnlySpan<bool> isNumerator,
        ReadOnlySpan<double> weights,
        TreeOptions options,
        CancellationToken cancellation = default) =>
        Train(data, new LogisticSample(isNumerator, weights), default, options, default, cancellation);

    /// <summary>
    /// Trains F(x) ≈ ln p₁(x) / p₀(x) on events of a simulator that gives the joint ratio r(x,z) of each event, with z its latent
    /// variables. The target of an event is the probability s = r/(1+r) in place of a label, with the loss Σ w [softplus(F) − s F]. This
    /// removes the noise of the labels: the ratio is better for the same number of events. Each sample's weights are scaled to the same
    /// sum.
    /// </summary>
    /// <param name="data">Events of both samples.</param>
    /// <param name="isNumerator">True where an event was drawn from p₁; one per event.</param>
    /// <param name="jointLogRatio">ln r(x,z) = ln p₁(x,z)/p₀(x,z), one per event; may be infinite.</param>
    /// <param name="weights">One per event; 0 leaves an event out. May be negative where the sums of a leaf stay positive.</param>
    /// <param name="options">How the trees are grown.</param>
    /// <param name="heldOutWeights">
    /// Weights of the events held out for early stopping, 0 for all others; used if <see cref="TreeOptions.EarlyStoppingRounds"/> is set.
    /// Empty for none.
    /// </param>
    /// <param name="cancellation">Stops between trees.</param>
    /// <exception cref="DataException">The weights of a sample do not sum to more than 0, or a joint ratio is NaN.</exception>
    /// <remarks>ALICE: Stoye, Brehmer, Louppe, Pavez and Cranmer, arXiv:1808.00973.</remarks>
    public static TreeEnsemble TrainSoft(
        BinnedEvents data,
        ReadOnlySpan<bool> isNumerator,
        ReadOnlySpan<float> jointLogRatio,
        ReadOnlySpan<double> weights,
        TreeOptions options,
        ReadOnlySpan<double> heldOutWeights = default,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (jointLogRatio.Length != data.Count)
        {
            throw new ArgumentException($"There are {jointLogRatio.Length} joint log ratios for {data.Count} events; give one per event.");
        }

        for (int row = 0; row < jointLogRatio.Length; row++)
        {
            if (float.IsNaN(jointLogRatio[row]))
            {
                throw new DataException($"The joint log ratio of event {row:N0} is no number; leave such events out.");
            }
        }

        LogisticSample heldOut = heldOutWeights.IsEmpty ? default : new LogisticSample(isNumerator, heldOutWeights, jointLogRatio);
        return Train(data, new LogisticSample(isNumerator, weights, jointLogRatio), heldOut, options, default, cancellation);
    }

    /// <summary>The same for a sample and, where training is to stop early, one that it does not see.</summary>
    internal static TreeEnsemble Train(
        BinnedEvents data, LogisticSample sample, LogisticSample heldOut, TreeOptions options, LossVariant variant,
        CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(options);
        (BinnedEvents events, LogisticObjective objective) = sample.Select(data, options, variant);
        HeldOutLoss? loss = null;
        if (options.EarlyStoppingRounds is not null && !heldOut.IsEmpty)
        {
            (BinnedEvents others, LogisticObjective ofOthers) = heldOut.Select(data, options, variant);
            loss = new HeldOutLoss(others, ofOthers, [0], heldOut.SelectOffsets());
        }

        float[] outputs = sample.SelectOffsets() ?? new float[events.Count];
        return new TreeEnsemble(
            data.Bins.Features, [0], Booster.TreesFrom(outputs, events, objective, options, loss, progress: null, cancellation));
    }
}
