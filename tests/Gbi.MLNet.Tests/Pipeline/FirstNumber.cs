using Microsoft.ML;
using Microsoft.ML.Data;

namespace Gbi.Tests.Pipeline;

/// <summary>A column of numbers, or of a column of vectors the first number of each.</summary>
internal static class FirstNumber
{
    public static float[] Column(IDataView view, string column) => view.Schema[column].Type is VectorDataViewType
        ? [.. view.GetColumn<float[]>(column).Select(vector => vector[0])]
        : [.. view.GetColumn<float>(column)];

    public static ValueGetter<float> Of(DataViewRow row, DataViewSchema.Column column)
    {
        if (column.Type is not VectorDataViewType)
        {
            return row.GetGetter<float>(column);
        }

        ValueGetter<VBuffer<float>> getter = row.GetGetter<VBuffer<float>>(column);
        VBuffer<float> vector = default;
        return (ref float value) =>
        {
            getter(ref vector);
            value = vector.GetItemOrDefault(0);
        };
    }
}
