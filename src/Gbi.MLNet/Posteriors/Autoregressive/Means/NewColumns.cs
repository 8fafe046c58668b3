using System.Numerics.Tensors;
using Gbi.Events;

namespace Gbi.Posteriors.Autoregressive.Means;

/// <summary>Columns that are derived from others.</summary>
internal static class NewColumns
{
    // Above this correlation a column says nothing that the other one does not.
    private const double SameAbove = 0.9995;

    /// <summary>The table with one more column, unless one of its own says the same.</summary>
    public static EventTable WithNew(this EventTable table, string name, float[] values)
    {
        foreach (string other in table.ColumnNames)
        {
            if (Math.Abs(Correlation(table[other], values)) > SameAbove)
            {
                return table;
            }
        }

        return table.WithColumn(name, values);
    }

    private static double Correlation(ReadOnlySpan<float> first, ReadOnlySpan<float> second)
    {
        float count = first.Length;
        float meanOfFirst = TensorPrimitives.Sum(first) / count;
        float meanOfSecond = TensorPrimitives.Sum(second) / count;
        double products = 0;
        double squaresOfFirst = 0;
        double squaresOfSecond = 0;
        for (int row = 0; row < first.Length; row++)
        {
            double a = first[row] - meanOfFirst;
            double b = second[row] - meanOfSecond;
            products += a * b;
            squaresOfFirst += a * a;
            squaresOfSecond += b * b;
        }

        return products / Math.Sqrt(squaresOfFirst * squaresOfSecond);
    }
}
