using Gbi.Numerics;

namespace Gbi.Events;

/// <summary>A number with its standard error.</summary>
/// <param name="Value">The number.</param>
/// <param name="Error">Its standard error.</param>
public readonly record struct Estimate(double Value, double Error)
{
    /// <summary>The weighted mean Σ w x / Σ w with its error √(Σ w² (x − mean)²) / |Σ w|.</summary>
    /// <param name="values">x, one per event.</param>
    /// <param name="weight">w of an event, of any sign.</param>
    /// <param name="sumOfWeights">Σ w.</param>
    internal static Estimate OfMean(double[] values, Func<int, double> weight, double sumOfWeights)
    {
        double mean = Sum(row => weight(row) * values[row]) / sumOfWeights;
        double squares = Sum(row => Math.Pow(weight(row) * (values[row] - mean), 2));
        return new Estimate(mean, Math.Sqrt(squares) / Math.Abs(sumOfWeights));

        double Sum(Func<int, double> of) => EventBlocks.Sum(values.Length, (start, length) =>
        {
            double sum = 0;
            for (int row = start; row < start + length; row++)
            {
                sum += of(row);
            }

            return sum;
        });
    }

    /// <summary>The same of the events of a table.</summary>
    internal static Estimate OfMean(double[] values, EventTable events) => OfMean(values, events.Weight, events.SumOfWeights);
}
