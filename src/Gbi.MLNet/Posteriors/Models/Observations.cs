using Gbi.Events;

namespace Gbi.Posteriors.Models;

/// <summary>The observations that a model is asked about: its features in its order, without weights.</summary>
internal static class Observations
{
    /// <summary>Observations with these features, NaN for a missing value.</summary>
    /// <exception cref="DataException">A feature is no column or infinite.</exception>
    public static EventTable Of(EventTable observations, IReadOnlyList<string> features)
    {
        EventTable x = observations.WithColumns(features).WithWeights(null);
        RequireFinite(x);
        return x;
    }

    /// <summary>One observation.</summary>
    /// <exception cref="DataException">There is another number of rows, or a feature is no column or infinite.</exception>
    public static EventTable One(EventTable observation, IReadOnlyList<string> features) => observation.Count == 1
        ? Of(observation, features)
        : throw new DataException(
            $"There are {observation.Count:N0} rows, expected 1: the observation. For many observations, draw from the model itself.");

    /// <summary>One observation for each row of parameters, or one for all.</summary>
    /// <exception cref="DataException">The numbers of rows disagree, or a feature is no column or infinite.</exception>
    public static EventTable OfRows(EventTable observations, IReadOnlyList<string> features, EventTable parameters) =>
        observations.Count == 1 || observations.Count == parameters.Count
            ? Of(observations, features)
            : throw new DataException(
                $"There are {parameters.Count:N0} rows of parameters and {observations.Count:N0} observations; give as many, or one "
                    + "observation for all.");

    /// <summary>Requires features that are numbers or missing.</summary>
    public static void RequireFinite(EventTable observations)
    {
        foreach (string name in observations.ColumnNames)
        {
            int row = observations[name].IndexOfAny(float.PositiveInfinity, float.NegativeInfinity);
            if (row >= 0)
            {
                throw new DataException(
                    $"Feature '{name}' is infinite in row {row:N0}, expected a number; give NaN where a value is missing.");
            }
        }
    }
}
