using Gbi.Events;

namespace Gbi.Posteriors.Models;

/// <summary>An interval of a parameter.</summary>
/// <param name="Probability">Posterior probability of the interval.</param>
/// <param name="Low">Lower end.</param>
/// <param name="High">Upper end.</param>
public readonly record struct CredibleInterval(double Probability, double Low, double High);

/// <summary>The marginal posterior of one parameter.</summary>
/// <param name="Name">Name of the parameter.</param>
/// <param name="Mean">Mean.</param>
/// <param name="StandardDeviation">Standard deviation.</param>
/// <param name="Median">Median.</param>
/// <param name="Mode">Value at the densest draw of all parameters.</param>
/// <param name="Central">Central intervals of 68.27 and 95.45 %: as much probability below as above.</param>
/// <param name="Shortest">Shortest intervals of 68.27 and 95.45 %.</param>
public sealed record ParameterSummary(
    string Name, double Mean, double StandardDeviation, double Median, double Mode, IReadOnlyList<CredibleInterval> Central,
    IReadOnlyList<CredibleInterval> Shortest);

/// <summary>Means, intervals, correlations and regions of highest density (HPD) of a posterior, from draws.</summary>
public sealed class PosteriorSummary
{
    private static readonly double[] Probabilities = [0.682689492137086, 0.954499736103642];

    private readonly WeightedValues _densities;

    private PosteriorSummary(IReadOnlyList<ParameterSummary> parameters, double[][] correlations, WeightedValues densities)
    {
        Parameters = parameters;
        Correlations = correlations;
        _densities = densities;
    }

    /// <summary>Each parameter's marginal posterior.</summary>
    public IReadOnlyList<ParameterSummary> Parameters { get; }

    /// <summary>Correlations of the parameters, shape [parameters][parameters]; NaN for a parameter without spread.</summary>
    public IReadOnlyList<IReadOnlyList<double>> Correlations { get; }

    /// <summary>
    /// ln q at the border of the region of highest density with a probability: points with a larger density belong to it.
    /// </summary>
    /// <param name="probability">Probability of the region. Range: (0, 1).</param>
    public double LogDensityOfRegion(double probability)
    {
        if (!(probability is > 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(probability), probability, "The probability of a region is between 0 and 1.");
        }

        return _densities.Quantile(1 - probability);
    }

    /// <summary>
    /// Probability of the smallest region of highest density that holds points of a density: the share of the draws that are denser. A
    /// point belongs to the region of a probability where this is below it; it is known to √(p(1 − p)/draws).
    /// </summary>
    /// <param name="logDensity">ln q of the point, as <see cref="Posterior.LogDensity"/> gives it.</param>
    public double RegionOf(double logDensity) => double.IsNaN(logDensity)
        ? throw new ArgumentException("The density of the point is no number; give ln q of a point.", nameof(logDensity))
        : _densities.ShareAbove(logDensity);

    /// <summary>Summarises draws of one observation.</summary>
    /// <exception cref="ArgumentException">There are draws of several observations, or fewer than two.</exception>
    public static PosteriorSummary Of(PosteriorDraws draws)
    {
        ArgumentNullException.ThrowIfNull(draws);
        if (draws.ObservationCount != 1 || draws.DrawCount < 2)
        {
            throw new ArgumentException(
                $"There are {draws.DrawCount} draws of {draws.ObservationCount} observations; summarise two draws or more of one.");
        }

        double[] shares = new double[draws.DrawCount];
        Array.Fill(shares, 1.0 / draws.DrawCount);
        return Of(draws.Table, [.. draws.LogDensities], shares);
    }

    /// <summary>Summarises weighted draws.</summary>
    /// <param name="points">A column a parameter; two rows or more.</param>
    /// <param name="logDensities">ln p of each.</param>
    /// <param name="shares">Weight of each, above 0; they sum to 1.</param>
    internal static PosteriorSummary Of(EventTable points, double[] logDensities, double[] shares)
    {
        int densest = Array.IndexOf(logDensities, logDensities.Max());
        ParameterSummary[] parameters = [.. points.ColumnNames.Select(name => Marginal(name, points[name], shares, densest))];
        double[][] correlations =
            [.. parameters.Select(first => parameters.Select(second => Correlation(points, shares, first, second)).ToArray())];
        return new PosteriorSummary(parameters, correlations, new WeightedValues(logDensities, shares));
    }

    private static ParameterSummary Marginal(string name, ReadOnlySpan<float> column, double[] shares, int densest)
    {
        double[] values = new double[column.Length];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = column[i];
        }

        var marginal = new WeightedValues(values, shares);
        return new ParameterSummary(
            name, marginal.Mean, Math.Sqrt(marginal.Variance), marginal.Quantile(0.5), values[densest],
            [.. Probabilities.Select(p =>
                new CredibleInterval(p, marginal.Quantile((1 - p) / 2), marginal.Quantile((1 + p) / 2)))],
            [.. Probabilities.Select(marginal.Shortest)]);
    }

    private static double Correlation(EventTable table, double[] shares, ParameterSummary first, ParameterSummary second)
    {
        ReadOnlySpan<float> a = table[first.Name];
        ReadOnlySpan<float> b = table[second.Name];
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < a.Length; i++)
        {
            sum += shares[i] * (a[i] - first.Mean) * (b[i] - second.Mean);
            squares += shares[i] * shares[i];
        }

        return sum / (1 - squares) / (first.StandardDeviation * second.StandardDeviation);
    }
}
