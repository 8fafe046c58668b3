using Gbi.Events;
using Gbi.Posteriors.Models;
using Gbi.Simulators;
using Gbi.Simulators.Priors;
using Gbi.Trees;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Posteriors.Autoregressive;

/// <summary>What simulations must be for a posterior to be learnt from them, and what their weights mean.</summary>
internal static class TrainingSimulations
{
    /// <summary>Fewer simulations teach nothing: half of them are held out by turns, and a leaf has five at least.</summary>
    public const int Fewest = 50;

    /// <summary>Requires rows that belong together, known features, and parameters that vary inside the prior.</summary>
    public static void Require(Prior prior, EventTable parameters, EventTable observations)
    {
        if (parameters.Count != observations.Count || parameters.Count < Fewest)
        {
            throw new DataException(
                $"There are {parameters.Count:N0} rows of parameters and {observations.Count:N0} observations; give one observation for "
                    + $"each row of parameters, and {Fewest} at least.");
        }

        if (observations.ColumnNames.Count == 0)
        {
            throw new DataException("The simulations have no features; name the columns of an observation.");
        }

        if (observations.ColumnNames.FirstOrDefault(Means.Summaries.IsLearnt) is { } taken)
        {
            throw new DataException($"Feature '{taken}' begins with '{taken[0]}', as columns that are learnt do; give it another name.");
        }

        Observations.RequireFinite(observations);
        RequireWeights(parameters);
        for (int k = 0; k < prior.Parameters.Count; k++)
        {
            string name = prior.Parameters[k];
            (double low, double high) = prior.Range(k);
            ReadOnlySpan<float> values = parameters[name];
            bool varies = false;
            for (int row = 0; row < values.Length; row++)
            {
                varies |= values[row] != values[0];
                if (!(values[row] >= low && values[row] <= high))
                {
                    throw new DataException(string.Create(
                        System.Globalization.CultureInfo.InvariantCulture,
                        $"Parameter '{name}' is {values[row]} in simulation {row:N0}, outside the prior's range from {low} to {high}; give "
                            + $"the prior that the simulations were drawn from."));
                }
            }

            if (!varies)
            {
                throw new DataException($"Parameter '{name}' has the same value in all simulations; leave it out of the prior.");
            }
        }
    }

    /// <summary>Number of simulations without weights that weighted ones are worth, (Σw)²/Σw².</summary>
    public static double EffectiveCount(EventTable parameters) => EffectiveWeights(parameters).Sum();

    /// <summary>
    /// Weights of simulations in a unit in which their sum is the number of simulations without weights that they are worth, (Σw)²/Σw²:
    /// what a term of a polynomial or a cell needs is a number of events.
    /// </summary>
    public static double[] EffectiveWeights(EventTable parameters)
    {
        double[] weights = [.. Enumerable.Range(0, parameters.Count).Select(parameters.Weight)];
        if (!weights.AsSpan().ContainsAnyExcept(weights[0]))
        {
            // Exactly those of simulations without weights, whatever their value is.
            Array.Fill(weights, 1);
            return weights;
        }

        double unit = weights.Sum() / weights.Sum(weight => weight * weight);
        return Array.ConvertAll(weights, weight => weight * unit);
    }

    /// <summary>
    /// How trees are grown on effective weights. Trees scale weights to the mean 1; where the simulations are worth fewer events than there
    /// are, a leaf and a gain need more of those units.
    /// </summary>
    public static TreeOptions TreesFor(TreeOptions options, double[] effectiveWeights)
    {
        double dilution = effectiveWeights.Length / effectiveWeights.Sum();
        return options with
        {
            MinLeafHessian = options.MinLeafHessian * dilution,
            L2 = options.L2 * dilution,
            LeastHeldOutGain = options.LeastHeldOutGain * dilution,
        };
    }

    private static void RequireWeights(EventTable parameters)
    {
        Simulations.RequireWeights(parameters, "of the simulations");
        double worth = EffectiveCount(parameters);
        if (!(worth >= Fewest))
        {
            throw new DataException(Text(
                $"The {parameters.Count:N0} simulations are worth {worth:F1} without weights, as a few have most of the weight, expected ")
                + Text($"{Fewest} or more; simulate where the prior has density."));
        }
    }
}
