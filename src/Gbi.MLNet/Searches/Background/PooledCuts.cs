using Gbi.Events;

namespace Gbi.Searches.Background;

/// <summary>One cut for all events, on a score that was not learnt from the data.</summary>
/// <param name="Data">The data, scored.</param>
/// <param name="Scored">The template, scored.</param>
/// <param name="Template">The background.</param>
internal sealed class PooledCuts(WeightedScores Data, WeightedScores Scored, BackgroundTemplate Template) : ISearchCuts
{
    private readonly float[][] _members = Template.MemberLogRatios();

    /// <inheritdoc/>
    public CutShare At(double efficiency)
    {
        float threshold = Scored.UpperQuantile(efficiency);
        (double above, double squares) = Scored.Above(threshold);
        double sum = Scored.SumOfWeights;
        double share = above / sum;

        // The share above the cut is known from a finite template: its variance is that of a weighted binomial.
        double variance = ((squares * (1 - (2 * share))) + (share * share * Scored.SumOfSquaredWeights)) / (sum * sum);
        return new CutShare(
            threshold, Data.Above(threshold), share, Math.Max(0, variance),
            CutShare.VarianceOf(Array.ConvertAll(_members, ratios => ShareOf(ratios, threshold) - share)));
    }

    private double ShareOf(float[] logRatios, float threshold)
    {
        double above = 0;
        double sum = 0;
        for (int row = 0; row < logRatios.Length; row++)
        {
            double weight = Scored.Weight(row) * Math.Exp(logRatios[row]);
            above += Scored.Scores[row] >= threshold ? weight : 0;
            sum += weight;
        }

        return above / sum;
    }
}
