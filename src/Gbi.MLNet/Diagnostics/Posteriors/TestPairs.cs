using Gbi.Events;
using Gbi.Simulators.Priors;

namespace Gbi.Diagnostics.Posteriors;

/// <summary>
/// True parameters and their observations, θ* ~ p(θ) and x ~ p(x|θ*), to test a posterior with. A pair that a training or a repair has seen
/// makes a posterior look better than it is; nobody can see that here.
/// </summary>
public sealed class TestPairs
{
    /// <summary>Pairs of equal rows.</summary>
    /// <param name="parameters">θ*; one column a parameter, finite.</param>
    /// <param name="observations">x; as many rows. A missing feature is NaN.</param>
    /// <param name="prior">p(θ), for the information gain; null, or a prior without density, for none.</param>
    /// <exception cref="DataException">
    /// There are no rows, or not as many of both, or weights; a number is not finite; or θ* has no prior density.
    /// </exception>
    public TestPairs(EventTable parameters, EventTable observations, Prior? prior = null)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(observations);
        if (parameters.Count != observations.Count || parameters.Count == 0 || parameters.ColumnNames.Count == 0)
        {
            throw new DataException(
                $"There are {parameters.Count:N0} rows of {parameters.ColumnNames.Count} parameters and {observations.Count:N0} "
                    + "observations to test a posterior with; give one observation for each row, and at least one.");
        }

        if (parameters.HasWeights || observations.HasWeights)
        {
            throw new DataException(
                "The test pairs have weights; ranks are uniform only for pairs that are drawn from the prior, unweighted.");
        }

        RequireNumbers(parameters, allowsMissing: false, "parameter");
        RequireNumbers(observations, allowsMissing: true, "feature");
        Parameters = parameters;
        Observations = observations;
        LogPrior = prior is { HasDensity: true } ? LogDensities(prior, parameters) : [];
    }

    /// <summary>θ*, one row a pair.</summary>
    public EventTable Parameters { get; }

    /// <summary>x, one row a pair.</summary>
    public EventTable Observations { get; }

    /// <summary>Number of pairs.</summary>
    public int Count => Parameters.Count;

    /// <summary>ln p(θ*), one a pair; empty without a prior that has a density.</summary>
    public IReadOnlyList<double> LogPrior { get; }

    private static void RequireNumbers(EventTable table, bool allowsMissing, string kind)
    {
        foreach (string name in table.ColumnNames)
        {
            ReadOnlySpan<float> column = table[name];
            for (int row = 0; row < column.Length; row++)
            {
                if (!float.IsFinite(column[row]) && !(allowsMissing && float.IsNaN(column[row])))
                {
                    throw new DataException(
                        $"The {kind} '{name}' of test pair {row:N0} is {column[row]}, expected a finite number; leave out failed "
                            + "simulations where the posterior leaves them out, too.");
                }
            }
        }
    }

    private static double[] LogDensities(Prior prior, EventTable parameters)
    {
        if (!prior.Parameters.SequenceEqual(parameters.ColumnNames, StringComparer.Ordinal))
        {
            throw new DataException(
                $"The prior is one of {string.Join(", ", prior.Parameters)}, the test pairs have "
                    + $"{string.Join(", ", parameters.ColumnNames)}; name the same parameters in the same order.");
        }

        double[] logDensities = prior.LogDensities(parameters);
        int outside = Array.FindIndex(logDensities, density => !double.IsFinite(density));
        return outside < 0 ? logDensities : throw new DataException(
            $"ln p of the true parameters of test pair {outside:N0} is {logDensities[outside]}; draw test pairs from the prior that is "
                + "given.");
    }
}
