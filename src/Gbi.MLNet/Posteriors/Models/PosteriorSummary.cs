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

    private readonly double[] _densities;

    private PosteriorSummary(IReadOnlyList<ParameterSummary> parameters, double[][] correlations, double[] densities)
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

        return Quantile(_densities, 1 - probability);
    }

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

        int densest = 0;
        for (int draw = 1; draw < draws.DrawCount; draw++)
        {
            densest = draws.LogDensities[draw] > draws.LogDensities[densest] ? draw : densest;
        }

        ParameterSummary[] parameters = [.. draws.Table.ColumnNames.Select(name => Marginal(name, draws.Table[name], densest))];
        double[][] correlations =
            [.. parameters.Select(first => parameters.Select(second => Correlation(draws.Table, first, second)).ToArray())];
        return new PosteriorSummary(parameters, correlations, [.. draws.LogDensities.Order()]);
    }

    private static ParameterSummary Marginal(string name, ReadOnlySpan<float> values, int densest)
    {
        double[] sorted = new double[values.Length];
        double mean = 0;
        for (int i = 0; i < sorted.Length; i++)
        {
            sorted[i] = values[i];
            mean += sorted[i] / sorted.Length;
        }

        double variance = sorted.Sum(value => (value - mean) * (value - mean)) / (sorted.Length - 1);
        double mode = sorted[densest];
        Array.Sort(sorted);
        return new ParameterSummary(
            name, mean, Math.Sqrt(variance), Quantile(sorted, 0.5), mode,
            [.. Probabilities.Select(p => new CredibleInterval(p, Quantile(sorted, (1 - p) / 2), Quantile(sorted, (1 + p) / 2)))],
            [.. Probabilities.Select(p => ShortestInterval(sorted, p))]);
    }

    private static CredibleInterval ShortestInterval(double[] sorted, double probability)
    {
        int inside = Math.Clamp((int)Math.Ceiling(probability * sorted.Length), 1, sorted.Length - 1);
        int best = 0;
        for (int start = 1; start + inside < sorted.Length; start++)
        {
            best = sorted[start + inside] - sorted[start] < sorted[best + inside] - sorted[best] ? start : best;
        }

        return new CredibleInterval(probability, sorted[best], sorted[best + inside]);
    }

    private static double Correlation(EventTable table, ParameterSummary first, ParameterSummary second)
    {
        ReadOnlySpan<float> a = table[first.Name];
        ReadOnlySpan<float> b = table[second.Name];
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
        {
            sum += (a[i] - first.Mean) * (b[i] - second.Mean);
        }

        return sum / (a.Length - 1) / (first.StandardDeviation * second.StandardDeviation);
    }

    private static double Quantile(double[] sorted, double probability)
    {
        double position = probability * (sorted.Length - 1);
        int below = Math.Min((int)position, sorted.Length - 2);
        return sorted[below] + ((position - below) * (sorted[below + 1] - sorted[below]));
    }
}
