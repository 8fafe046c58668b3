using Gbi.Events;
using Gbi.Pipeline.Views;
using Microsoft.ML;
using Microsoft.ML.Data;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Pipeline.Estimators;

/// <summary>The class balance of a training view, which a probability contains and a density ratio must not.</summary>
internal static class ClassBalance
{
    /// <summary>ln(W₁/W₀), with W₁ the sum of weights of rows whose label is true and W₀ that of the others.</summary>
    /// <param name="input">The training view.</param>
    /// <param name="labelColumn">A Boolean column, true for the numerator.</param>
    /// <param name="weightColumn">A Single column, or null where every row counts 1.</param>
    /// <exception cref="DataException">A weight is not above 0, or one of the classes has no row.</exception>
    public static double LogOdds(IDataView input, string labelColumn, string? weightColumn)
    {
        DataViewSchema.Column labels = InputColumns.Require(input.Schema, labelColumn, BooleanDataViewType.Instance);
        List<DataViewSchema.Column> columns = [labels];
        if (weightColumn is not null)
        {
            columns.Add(InputColumns.Require(input.Schema, weightColumn, NumberDataViewType.Single));
        }

        using DataViewRowCursor cursor = input.GetRowCursor(columns);
        ValueGetter<bool> label = cursor.GetGetter<bool>(labels);
        ValueGetter<float>? weight = weightColumn is null ? null : cursor.GetGetter<float>(columns[1]);
        double numerator = 0;
        double denominator = 0;
        bool isNumerator = false;
        float value = 1;
        while (cursor.MoveNext())
        {
            label(ref isNumerator);
            weight?.Invoke(ref value);
            if (!(value > 0))
            {
                throw new DataException(Text($"Column '{weightColumn}' has the weight {value} in row {cursor.Position}, expected weights "
                    + $"above 0: "
                    + $"ML.NET's trainers silently drop all other rows; use mlContext.Gbi.RatioTrees, which takes signed weights."));
            }

            numerator += isNumerator ? value : 0;
            denominator += isNumerator ? 0 : value;
        }

        if (!(numerator > 0 && denominator > 0))
        {
            throw new DataException(
                $"Column '{labelColumn}' is {(denominator > 0 ? "false" : "true")} in every row or the input is empty, expected rows "
                + "of both samples: true for the numerator and false for the denominator.");
        }

        return Math.Log(numerator / denominator);
    }
}
