using Gbi.Events;
using Gbi.Numerics;
using Gbi.Posteriors.Autoregressive.Means;
using Gbi.Trees.Binning;

namespace Gbi.Posteriors.Autoregressive;

/// <summary>
/// Weights 1/P(valid|θ) of simulations that did not fail, by which they stand for those that did: with them a posterior is proportional to
/// p(θ) p(x|θ), without them to p(θ) P(valid|θ) p(x|θ).
/// </summary>
internal static class TechnicalFailures
{
    /// <summary>Where fewer simulations than this part are valid, those that are do not stand for the others.</summary>
    public const double LeastProbability = 0.1;

    /// <summary>P(valid|θ) of each simulation, by what was learnt without it; at least <see cref="LeastProbability"/>.</summary>
    /// <param name="parameters">θ of all simulations.</param>
    /// <param name="isValid">Whether each did not fail.</param>
    /// <param name="options">How trees are grown.</param>
    /// <param name="seed">Origin of the folds.</param>
    /// <param name="cancellation">Stops between trees.</param>
    public static double[] ValidProbabilities(
        EventTable parameters, Func<int, bool> isValid, TreePosteriorOptions options, Seed seed, CancellationToken cancellation)
    {
        EventTable theta = parameters.WithWeights(null);
        double[] ones = new double[theta.Count];
        Array.Fill(ones, 1);
        var set = new TrainingSet(ones, Folds.Of(theta.Count, options.FoldCount, seed), cancellation);
        float[] target = [.. Enumerable.Range(0, theta.Count).Select(row => isValid(row) ? 1f : 0f)];
        BinnedEvents binned = FeatureBins.Learn(theta, theta.ColumnNames, options.Trees.MaxBins).Apply(theta);
        (_, float[] outOfFold) = ConditionalMean.Fit(theta, binned, target, set, options.Trees);
        return Array.ConvertAll(outOfFold, probability => Math.Clamp(probability, LeastProbability, 1));
    }
}
