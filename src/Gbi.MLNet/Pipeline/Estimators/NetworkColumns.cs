using Gbi.Events;
using Gbi.Pipeline.Views;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Gbi.Pipeline.Estimators;

/// <summary>Columns from which a network takes its features: one vector, or columns of the features' own names.</summary>
internal static class NetworkColumns
{
    /// <summary>The inputs of a transformer.</summary>
    /// <param name="vector">Name of the vector column; null for one column a feature.</param>
    /// <param name="features">Names of the features, in the network's order.</param>
    public static IReadOnlyList<InputColumn> Of(string? vector, IReadOnlyList<string> features) => vector is null
        ? [.. features.Select(name => new InputColumn(name, 0))]
        : [new InputColumn(vector, features.Count)];

    /// <summary>Requires the columns, of the right size and, where the vector names its slots, in the network's order.</summary>
    /// <exception cref="DataException">A column is missing or of another type or size, or the slots have other names.</exception>
    public static void Require(DataViewSchema schema, string? vector, IReadOnlyList<string> features, string network)
    {
        if (vector is null)
        {
            foreach (string name in features)
            {
                InputColumns.Require(schema, name, NumberDataViewType.Single);
            }

            return;
        }

        int size = InputColumns.RequireVector(schema, vector).Size;
        if (size != features.Count)
        {
            throw new DataException(
                $"Column '{vector}' has {size} numbers, but {network} takes {features.Count}: {string.Join(", ", features)}; join these "
                    + $"columns in this order.");
        }

        if (ViewTable.SlotNames(schema[vector], size) is { } slots && !slots.SequenceEqual(features))
        {
            throw new DataException(
                $"Column '{vector}' holds {string.Join(", ", slots)}, but {network} takes {string.Join(", ", features)}; join the columns "
                    + $"in this order.");
        }
    }

    /// <summary>The same for a shape, which has neither size nor slots.</summary>
    /// <exception cref="DataException">A column is missing or of another type.</exception>
    public static void Require(SchemaShape shape, string? vector, IReadOnlyList<string> features)
    {
        if (vector is not null)
        {
            InputColumns.RequireVector(shape, vector);
            return;
        }

        foreach (string name in features)
        {
            InputColumns.Require(shape, name, NumberDataViewType.Single);
        }
    }
}
