using Microsoft.ML;
using Microsoft.ML.Data;

namespace Gbi.Pipeline.Views;

/// <summary>Writes the inputs of the current row.</summary>
internal delegate void InputReader(Span<float> values);

/// <summary>Opens columns of numbers and vectors of numbers as one span of values.</summary>
internal static class InputReaders
{
    /// <summary>Opens columns of a row; the action writes those of the current row, as many as their widths sum to.</summary>
    /// <param name="row">The row, whose columns are active.</param>
    /// <param name="columns">The columns.</param>
    /// <param name="inputs">The same columns' widths.</param>
    public static InputReader Open(DataViewRow row, IReadOnlyList<DataViewSchema.Column> columns, IReadOnlyList<InputColumn> inputs)
    {
        var readers = new InputReader[columns.Count];
        int start = 0;
        for (int i = 0; i < readers.Length; i++)
        {
            readers[i] = OpenOne(row, columns[i], start, inputs[i].Width);
            start += inputs[i].Width;
        }

        return values =>
        {
            foreach (InputReader reader in readers)
            {
                reader(values);
            }
        };
    }

    private static InputReader OpenOne(DataViewRow row, DataViewSchema.Column column, int start, int width)
    {
        if (column.Type is not VectorDataViewType)
        {
            ValueGetter<float> number = row.GetGetter<float>(column);
            return values => number(ref values[start]);
        }

        ValueGetter<VBuffer<float>> vector = row.GetGetter<VBuffer<float>>(column);
        VBuffer<float> buffer = default;
        return values =>
        {
            vector(ref buffer);
            buffer.CopyTo(values.Slice(start, width));
        };
    }
}
