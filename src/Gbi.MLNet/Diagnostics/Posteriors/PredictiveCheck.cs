using Gbi.Events;

namespace Gbi.Diagnostics.Posteriors;

/// <summary>What the simulated observations of a predictive check were simulated with.</summary>
public enum PredictiveKind
{
    /// <summary>Draws of the prior: p-values are exact.</summary>
    Prior,

    /// <summary>Draws of the posterior of the observation: it is used twice, so that p-values are closer to ½ than uniform ones.</summary>
    Posterior,
}

/// <summary>A feature or statistic of an observation among those of simulations.</summary>
/// <param name="Name">The feature or statistic.</param>
/// <param name="Observed">Its observed value.</param>
/// <param name="Median">Median of the simulated values.</param>
/// <param name="ProbabilityAbove">(1 + #{simulated ≥ observed})/(1 + n).</param>
/// <param name="ProbabilityBelow">(1 + #{simulated ≤ observed})/(1 + n).</param>
/// <param name="SimulationCount">n, without simulations where the value is missing.</param>
public sealed record PredictedFeature(
    string Name, double Observed, double Median, double ProbabilityAbove, double ProbabilityBelow, int SimulationCount)
{
    /// <summary>Twice the smaller of the two, at most 1.</summary>
    public double Probability => Math.Min(1, 2 * Math.Min(ProbabilityAbove, ProbabilityBelow));
}

/// <summary>Whether an observation looks like simulations with parameters of the prior or the posterior, feature by feature.</summary>
/// <param name="Kind">What the simulations were made with.</param>
/// <param name="Features">Each feature and statistic.</param>
public sealed record PredictiveCheck(PredictiveKind Kind, IReadOnlyList<PredictedFeature> Features)
{
    /// <summary>The smallest p-value times the number of features and statistics (Bonferroni), at most 1.</summary>
    public double Probability => Math.Min(1, Features.Min(feature => feature.Probability) * Features.Count);

    /// <summary>The feature or statistic with the smallest p-value.</summary>
    public PredictedFeature Worst => Features.MinBy(feature => feature.Probability)!;

    /// <summary>Compares one observation.</summary>
    /// <param name="kind">What the simulations were made with.</param>
    /// <param name="simulated">Simulated observations.</param>
    /// <param name="observed">The observation: one row with the same columns.</param>
    /// <param name="features">
    /// Columns to compare. A missing value is left out of simulations and cannot be compared in the observation.
    /// </param>
    /// <param name="statistics">More numbers of an observation by name, from all of its values in the order of the columns.</param>
    /// <exception cref="DataException">There is not one observation, no simulation, or no value to compare.</exception>
    public static PredictiveCheck Of(
        PredictiveKind kind,
        EventTable simulated,
        EventTable observed,
        IReadOnlyList<string> features,
        IReadOnlyDictionary<string, Func<IReadOnlyList<float>, double>>? statistics = null)
    {
        ArgumentNullException.ThrowIfNull(simulated);
        ArgumentNullException.ThrowIfNull(observed);
        ArgumentNullException.ThrowIfNull(features);
        if (observed.Count != 1 || simulated.Count == 0 || features.Count == 0)
        {
            throw new DataException(
                $"There are {observed.Count:N0} observations, {simulated.Count:N0} simulations and {features.Count} features to compare; "
                    + "give one observation and at least one of the others.");
        }

        List<PredictedFeature> found = [.. features.Select(name => Compare(name, Doubles(simulated[name]), observed[name][0]))];
        if (statistics is not null)
        {
            found.AddRange(statistics.Select(statistic => Compare(
                statistic.Key,
                [.. Enumerable.Range(0, simulated.Count).Select(row => statistic.Value(Row(simulated, features, row)))],
                statistic.Value(Row(observed, features, 0)))));
        }

        return new PredictiveCheck(kind, found);
    }

    private static PredictedFeature Compare(string name, double[] simulated, double observed)
    {
        double[] known = [.. simulated.Where(value => !double.IsNaN(value)).Order()];
        if (known.Length == 0 || double.IsNaN(observed))
        {
            throw new DataException(
                $"'{name}' is {observed} in the observation and known in {known.Length:N0} of {simulated.Length:N0} simulations; leave it "
                    + "out of the comparison.");
        }

        return new PredictedFeature(
            name,
            observed,
            known[known.Length / 2],
            (1.0 + known.Count(value => value >= observed)) / (1 + known.Length),
            (1.0 + known.Count(value => value <= observed)) / (1 + known.Length),
            known.Length);
    }

    private static double[] Doubles(ReadOnlySpan<float> values) => Array.ConvertAll(values.ToArray(), value => (double)value);

    private static float[] Row(EventTable table, IReadOnlyList<string> features, int row) => [.. features.Select(name => table[name][row])];
}
