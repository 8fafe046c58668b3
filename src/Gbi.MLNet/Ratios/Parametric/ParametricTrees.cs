using Gbi.Events;
using Gbi.Numerics;
using Gbi.Trees;
using Gbi.Trees.Binning;
using Gbi.Trees.Growing;
using Gbi.Trees.Model;

namespace Gbi.Ratios.Parametric;

/// <summary>
/// Boosted parametric trees: models whose outputs are the coefficients of a log ratio that is a polynomial in parameters. They are
/// smooth in the parameters, also where no event has such values.
/// </summary>
/// <remarks>After Schöfbeck, arXiv:2406.19076.</remarks>
internal static class ParametricTrees
{
    /// <summary>
    /// Trains ln dσ(x|ν)/dσ(x|0) = Σ_A ν_A Δ_A(x) on samples at base points ν, the nominal one ν = 0 among them. Rates are part of it:
    /// weights of all samples are in the same unit.
    /// </summary>
    /// <param name="data">Events of all samples.</param>
    /// <param name="sample">
    /// Values of the parameters in the samples, the monomials ν_A, and base point and weight of each event. A weight of 0 leaves an event
    /// out; weights may be negative: a leaf is made only where the sums of every base point are positive.
    /// </param>
    /// <param name="options">How the trees are grown.</param>
    /// <param name="heldOutWeights">
    /// Weights of the events that tell when to stop, 0 for all others; used where <see cref="TreeOptions.EarlyStoppingRounds"/> is set.
    /// Empty for none.
    /// </param>
    /// <param name="progress">Told the grown share of the trees, from 0 to 1.</param>
    /// <param name="cancellation">Stops between trees.</param>
    /// <exception cref="DataException">The weights of a base point do not sum to more than 0.</exception>
    /// <exception cref="ArgumentException">Lengths disagree or an event belongs to no base point.</exception>
    public static ParametricRatio Train(
        BinnedEvents data,
        BasePointSample sample,
        ParametricRatioOptions options,
        ReadOnlySpan<double> heldOutWeights = default,
        IProgress<double>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(options);
        BasePoints basePoints = sample.BasePoints;
        (BinnedEvents events, BasePointObjective objective) = sample.Select(data, options);
        float[] baseValues = options.SeparatesInclusiveRatio
            ? sample.LogInclusiveCoefficients()
            : new float[basePoints.Monomials.Count];
        HeldOutLoss? loss = null;
        if (options.Trees.EarlyStoppingRounds is not null && !heldOutWeights.IsEmpty)
        {
            (BinnedEvents others, BasePointObjective ofOthers) = sample.WithWeights(heldOutWeights).Select(data, options);
            loss = new HeldOutLoss(others, ofOthers, baseValues);
        }

        TreeEnsemble trees = Booster.Train(events, objective, baseValues, options.Trees, loss, progress, cancellation);
        return new ParametricRatio(trees, basePoints.Parameters, basePoints.Monomials);
    }

    /// <summary>
    /// Trains ln p(x,t) / (p(x) p(t)) = Δ₀(x) + t Δ₁(x) + t² Δ₂(x), the ratio of the joint density of features and a parameter to the
    /// product of its marginals, on events that each have a parameter of their own.
    /// </summary>
    /// <param name="data">The events.</param>
    /// <param name="parameter">t of each event; of order 1 (standardise it first).</param>
    /// <param name="weights">One per event; 0 leaves it out.</param>
    /// <param name="options">How the trees are grown.</param>
    /// <param name="seed">For the pairs that make up the product of the marginals, and for random cuts.</param>
    /// <param name="heldOut">
    /// The events whose loss is followed, or null; all trees are kept, and with <see cref="TreeOptions.EarlyStoppingRounds"/> no more are
    /// grown once it has stopped to fall.
    /// </param>
    /// <param name="cancellation">Stops between trees.</param>
    /// <returns>The trees, and the held-out loss without a tree, with the first one, and so on.</returns>
    /// <exception cref="DataException">The weights do not sum to more than 0.</exception>
    public static (TreeEnsemble Trees, IReadOnlyList<double> HeldOutLosses) TrainJointOverMarginal(
        BinnedEvents data,
        float[] parameter,
        double[] weights,
        TreeOptions options,
        Seed seed,
        HeldOutEvents? heldOut = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(options);
        if (parameter.Length != data.Count || weights.Length != data.Count)
        {
            throw new ArgumentException(
                $"There are {parameter.Length} parameters and {weights.Length} weights for {data.Count} events; give one per event.");
        }

        (BinnedEvents events, JointOverMarginalObjective objective) = Select(weights, seed);
        HeldOutLoss? loss = null;
        if (heldOut is not null)
        {
            (BinnedEvents others, JointOverMarginalObjective ofOthers) = Select(heldOut.Weights, seed.Child("held out"));
            loss = new HeldOutLoss(others, ofOthers, [0, 0, 0]) { Times = heldOut.Times };
        }

        TreeEnsemble trees = Booster.Train(
            events, objective, [0, 0, 0], options with { Seed = seed.Child("cuts") }, loss, cancellation: cancellation);
        return (trees, loss?.Losses ?? []);

        (BinnedEvents Events, JointOverMarginalObjective Objective) Select(double[] ofEvents, Seed ofPairs)
        {
            int[] rows = EventWeights.RowsWithWeight(ofEvents);
            float[] scaled = EventWeights.ScaleToMeanOne(ofEvents, rows);
            float[] ofRows = Array.ConvertAll(rows, row => parameter[row]);
            BinnedEvents selected = rows.Length == data.Count ? data : data.Select(rows);
            return (selected, new JointOverMarginalObjective(selected, ofRows, scaled, options, ofPairs));
        }
    }
}
