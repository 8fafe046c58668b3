using Gbi.Calibration;
using Gbi.Events;
using Gbi.Pipeline.Views;
using Microsoft.ML;
using Microsoft.ML.Data;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Pipeline.Estimators;

/// <summary>Scores of a view with their labels and weights.</summary>
internal sealed record LabelledScores(float[] Scores, bool[] IsNumerator, double[] Weights)
{
    /// <summary>Reads the columns that the options name.</summary>
    /// <exception cref="DataException">
    /// A column is missing or of another type, a value is out of its range, or the weights of a sample do not sum to more than 0.
    /// </exception>
    public static LabelledScores Read(IDataView input, CalibrateOptions options)
    {
        InputColumn scoreInput = ScoreInput(input.Schema, options);
        List<DataViewSchema.Column> columns =
        [
            input.Schema[options.ScoreColumn],
            InputColumns.Require(input.Schema, options.LabelColumn, BooleanDataViewType.Instance),
        ];
        if (options.WeightColumn is { } name)
        {
            columns.Add(InputColumns.Require(input.Schema, name, NumberDataViewType.Single));
        }

        using DataViewRowCursor cursor = input.GetRowCursor(columns);
        InputReader score = InputReaders.Open(cursor, [columns[0]], [scoreInput]);
        float[] numbers = new float[scoreInput.Width];
        ValueGetter<bool> label = cursor.GetGetter<bool>(columns[1]);
        ValueGetter<float>? weight = options.WeightColumn is null ? null : cursor.GetGetter<float>(columns[2]);
        var (scores, labels, weights) = (new List<float>(), new List<bool>(), new List<double>());
        bool isNumerator = false;
        float weightOf = 1;
        while (cursor.MoveNext())
        {
            score(numbers);
            float value = numbers[options.Slot ?? 0];
            label(ref isNumerator);
            weight?.Invoke(ref weightOf);
            Require(ScoreIsInRange(value, options.Input), options.ScoreColumn, value, ScoreText(options.Input), cursor.Position);
            Require(float.IsFinite(weightOf), options.WeightColumn, weightOf, "a finite number", cursor.Position);
            scores.Add((float)CalibrateTransformer.LogOdds(value, options.Input, options.MaxAbsLogRatio));
            labels.Add(isNumerator);
            weights.Add(weightOf);
        }

        var read = new LabelledScores([.. scores], [.. labels], [.. weights]);
        read.RequirePositiveSums(options);
        return read;
    }

    /// <summary>The column of the score.</summary>
    /// <exception cref="DataException">It is missing, of another type, or a vector without the slot.</exception>
    public static InputColumn ScoreInput(DataViewSchema schema, CalibrateOptions options)
    {
        if (options.Slot is not { } slot)
        {
            return new InputColumn(InputColumns.Require(schema, options.ScoreColumn, NumberDataViewType.Single).Name, 0);
        }

        InputColumn vector = InputColumns.RequireVector(schema, options.ScoreColumn);
        return slot < vector.Size ? vector : throw new DataException(
            $"Column '{options.ScoreColumn}' has {vector.Size} numbers, of which slot {slot} is asked for, expected 0 to "
                + $"{vector.Size - 1}; choose another Slot.");
    }

    /// <summary>Mean of exp of the calibrated log ratio over the denominator.</summary>
    /// <exception cref="DataException">Negative weights leave it at 0 or below.</exception>
    public double MeanRatio(IRatioCalibration calibration)
    {
        double ratios = 0;
        double sum = 0;
        for (int row = 0; row < Scores.Length; row++)
        {
            if (!IsNumerator[row])
            {
                ratios += Weights[row] * Math.Exp(calibration.LogRatio(Scores[row]));
                sum += Weights[row];
            }
        }

        double mean = ratios / sum;
        return mean > 0 && double.IsFinite(mean)
            ? mean
            : throw new DataException(
                Text(
                    $"The mean ratio over the denominator is {mean:G4}, expected a number above 0 to divide by; its weights are too often "
                        + $"negative."));
    }

    private static bool ScoreIsInRange(float value, CalibrateInput input) =>
        input == CalibrateInput.Probability ? value is >= 0 and <= 1 : float.IsFinite(value);

    private static string ScoreText(CalibrateInput input) => input == CalibrateInput.Probability
        ? "a probability in [0, 1], or Input = CalibrateInput.LogOdds"
        : "a finite number";

    private static void Require(bool isMet, string? column, float value, string expected, long row)
    {
        if (!isMet)
        {
            throw new DataException(Text($"Column '{column}' is {value} in row {row:N0}, expected {expected}; drop such rows before."));
        }
    }

    private void RequirePositiveSums(CalibrateOptions options)
    {
        double numerator = 0;
        double denominator = 0;
        for (int row = 0; row < Weights.Length; row++)
        {
            numerator += IsNumerator[row] ? Weights[row] : 0;
            denominator += IsNumerator[row] ? 0 : Weights[row];
        }

        if (!(numerator > 0 && denominator > 0))
        {
            throw new DataException(Text($"The weights of rows with '{options.LabelColumn}' true sum to {numerator:G4} and of those with "
                + $"false to {denominator:G4}, "
                + $"expected more than 0 for both samples; check the label and weight columns."));
        }
    }
}
