using Gbi.Events;

namespace Gbi.Diagnostics.Posteriors;

/// <summary>
/// How well posteriors recover a parameter: their means and standard deviations beside the truth, for plots and in numbers.
/// </summary>
/// <param name="Name">The parameter.</param>
/// <param name="Truths">True values, one a pair.</param>
/// <param name="Means">Means of the draws.</param>
/// <param name="Deviations">Standard deviations of the draws.</param>
/// <remarks>Schad, Betancourt and Vasishth, arXiv:1904.12765, for contraction beside z-scores.</remarks>
public sealed record ParameterRecovery(
    string Name, IReadOnlyList<double> Truths, IReadOnlyList<double> Means, IReadOnlyList<double> Deviations)
{
    /// <summary>(mean − truth)/standard deviation, one a pair: of mean 0 and variance 1 for exact posteriors.</summary>
    public IReadOnlyList<double> ZScores { get; } =
        [.. Enumerable.Range(0, Truths.Count).Select(pair => (Means[pair] - Truths[pair]) / Deviations[pair])];

    /// <summary>
    /// 1 − (variance of the posterior)/(variance of the prior), one a pair, the latter that of the true values: 0 where the observation
    /// says nothing, 1 where it fixes the parameter, below 0 where it makes it less certain.
    /// </summary>
    public IReadOnlyList<double> Contractions { get; } = ContractionsOf(Truths, Deviations);

    /// <summary>Correlation of means and true values.</summary>
    public double Correlation { get; } = CorrelationOf(Truths, Means);

    /// <summary>Root of the mean squared distance of means and true values.</summary>
    public double RootMeanSquareError { get; } =
        Math.Sqrt(Enumerable.Range(0, Truths.Count).Average(pair => Math.Pow(Means[pair] - Truths[pair], 2)));

    /// <summary>Mean of the z-scores.</summary>
    public Estimate MeanZScore => MeanOf(ZScores);

    /// <summary>Mean of the contractions.</summary>
    public Estimate MeanContraction => MeanOf(Contractions);

    /// <summary>Root of the mean squared z-score: above 1 where posteriors are too narrow or in the wrong place.</summary>
    public double ZScoreSize => Math.Sqrt(ZScores.Average(z => z * z));

    /// <summary>Recovery of each parameter, in order.</summary>
    /// <param name="ranks">Ranks with two draws a posterior or more.</param>
    /// <exception cref="DataException">There is one draw a posterior, or one pair, which have no variance.</exception>
    public static IReadOnlyList<ParameterRecovery> Of(PosteriorRanks ranks)
    {
        ArgumentNullException.ThrowIfNull(ranks);
        if (ranks.DrawCount < 2 || ranks.PairCount < 2)
        {
            throw new DataException(
                $"There are {ranks.PairCount:N0} pairs with {ranks.DrawCount:N0} draws each; recovery takes 2 or more of both.");
        }

        return [.. ranks.Parameters.Select(
            (name, j) => new ParameterRecovery(name, ranks.Truths[j], ranks.Means[j], ranks.Deviations[j]))];
    }

    private static double[] ContractionsOf(IReadOnlyList<double> truths, IReadOnlyList<double> deviations)
    {
        double mean = truths.Average();
        double variance = truths.Sum(truth => (truth - mean) * (truth - mean)) / (truths.Count - 1);
        return [.. deviations.Select(deviation => 1 - (deviation * deviation / variance))];
    }

    private static double CorrelationOf(IReadOnlyList<double> first, IReadOnlyList<double> second)
    {
        double meanOfFirst = first.Average();
        double meanOfSecond = second.Average();
        double product = first.Zip(second, (a, b) => (a - meanOfFirst) * (b - meanOfSecond)).Sum();
        double squares = first.Sum(a => Math.Pow(a - meanOfFirst, 2)) * second.Sum(b => Math.Pow(b - meanOfSecond, 2));
        return product / Math.Sqrt(squares);
    }

    private static Estimate MeanOf(IReadOnlyList<double> values)
    {
        double mean = values.Average();
        return new Estimate(mean, Math.Sqrt(values.Sum(value => Math.Pow(value - mean, 2)) / (values.Count - 1.0) / values.Count));
    }
}
