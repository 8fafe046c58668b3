using Gbi.Events;
using Gbi.Trees.Binning;
using Gbi.Trees.Model;
using Gbi.Trees.Objectives;

namespace Gbi.Trees.Growing;

/// <summary>
/// Boosted trees that estimate the score of a simulator, t(x) = ∇_θ ln p(x|θ) at a reference θ: the locally optimal observables, one a
/// parameter. The simulator gives the joint score t(x,z) = ∇_θ ln p(x,z|θ) of each event; its conditional mean E[t(x,z)|x] is t(x).
/// </summary>
/// <remarks>SALLY: Brehmer, Louppe, Pavez and Cranmer, PNAS 117 (2020) 5242.</remarks>
public static class ScoreTrees
{
    /// <summary>Trains by the loss Σ w |t̂(x) − t(x,z)|²/2 on events drawn at the reference.</summary>
    /// <param name="data">The events.</param>
    /// <param name="scores">
    /// t(x,z), shape [events × parameters], row by row, finite. All parameters share the trees, so bring them to units in which their
    /// scores are of about the same size.
    /// </param>
    /// <param name="weights">One per event; 0 leaves an event out. May be negative where the sums of a leaf stay positive.</param>
    /// <param name="options">
    /// How the trees are grown. <see cref="TreeOptions.MinLeafHessian"/> is the least weight of a leaf here and
    /// <see cref="TreeOptions.L2"/> a weight of events with the target 0 that joins it, both in events of mean weight 1.
    /// </param>
    /// <param name="heldOutWeights">
    /// Weights of the events held out for early stopping, 0 for all others; used if <see cref="TreeOptions.EarlyStoppingRounds"/> is set.
    /// Empty for none.
    /// </param>
    /// <param name="cancellation">Stops between trees.</param>
    /// <returns>Trees with one output a parameter.</returns>
    /// <exception cref="DataException">The weights do not sum to more than 0, or a score is not finite.</exception>
    /// <exception cref="ArgumentException">Lengths disagree; the message holds both.</exception>
    public static TreeEnsemble Train(
        BinnedEvents data,
        ReadOnlySpan<float> scores,
        ReadOnlySpan<double> weights,
        TreeOptions options,
        ReadOnlySpan<double> heldOutWeights = default,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(options);
        Sample sample = Select(data, scores, weights);
        float[] mean = sample.Mean();
        HeldOutLoss? loss = null;
        if (options.EarlyStoppingRounds is not null && !heldOutWeights.IsEmpty)
        {
            Sample others = Select(data, scores, heldOutWeights);
            loss = new HeldOutLoss(others.Events, new SquaredObjective(others.Events, others.Scores, others.Weights, options), mean);
        }

        var objective = new SquaredObjective(sample.Events, sample.Scores, sample.Weights, options);
        return Booster.Train(sample.Events, objective, mean, options, loss, cancellation: cancellation);
    }

    private static Sample Select(BinnedEvents data, ReadOnlySpan<float> scores, ReadOnlySpan<double> weights)
    {
        if (weights.Length != data.Count || scores.IsEmpty || scores.Length % data.Count != 0)
        {
            throw new ArgumentException(
                $"There are {scores.Length} scores and {weights.Length} weights for {data.Count} events; give one weight and the same "
                    + "number of scores per event.");
        }

        int width = scores.Length / data.Count;
        int[] rows = EventWeights.RowsWithWeight(weights);
        float[] scaled = EventWeights.ScaleToMeanOne(weights, rows);
        float[] ofRows = new float[rows.Length * width];
        for (int i = 0; i < ofRows.Length; i++)
        {
            int row = rows[i / width];
            float score = scores[(row * width) + (i % width)];
            ofRows[i] = float.IsFinite(score) ? score : throw new DataException(
                $"Score {i % width} of event {row:N0} is {score}, expected a finite number; give such events the weight 0.");
        }

        return new Sample(rows.Length == data.Count ? data : data.Select(rows), ofRows, scaled);
    }

    private sealed record Sample(BinnedEvents Events, float[] Scores, float[] Weights)
    {
        public float[] Mean()
        {
            int width = Scores.Length / Weights.Length;
            double[] sums = new double[width];
            for (int i = 0; i < Scores.Length; i++)
            {
                sums[i % width] += (double)Weights[i / width] * Scores[i];
            }

            return Array.ConvertAll(sums, sum => (float)(sum / Weights.Length));
        }
    }
}
