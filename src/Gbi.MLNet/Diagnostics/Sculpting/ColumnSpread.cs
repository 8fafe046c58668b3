using Gbi.Events;

namespace Gbi.Diagnostics.Sculpting;

/// <summary>Where the values of a column lie and how far they scatter.</summary>
/// <param name="Mean">m = Σ w v / Σ w.</param>
/// <param name="StandardDeviation">√(Σ w (v − m)² / Σ w); NaN where negative weights make the variance negative.</param>
internal sealed record ColumnSpread(double Mean, double StandardDeviation)
{
    /// <summary>The spread of values over weighted events.</summary>
    /// <param name="values">One per event.</param>
    /// <param name="events">The events, whose weights count.</param>
    /// <exception cref="ArgumentException">There is another number of values than of events.</exception>
    /// <exception cref="DataException">The weights do not sum to more than 0.</exception>
    public static ColumnSpread Of(ReadOnlySpan<float> values, EventTable events)
    {
        ArgumentNullException.ThrowIfNull(events);
        if (values.Length != events.Count)
        {
            throw new ArgumentException($"There are {values.Length} values for {events.Count} events; give one per event.", nameof(values));
        }

        double sumOfWeights = WeightSums.RequirePositive(events.SumOfWeights, "The weights");
        double mean = 0;
        for (int row = 0; row < values.Length; row++)
        {
            mean += events.Weight(row) / sumOfWeights * values[row];
        }

        double variance = 0;
        for (int row = 0; row < values.Length; row++)
        {
            variance += events.Weight(row) / sumOfWeights * (values[row] - mean) * (values[row] - mean);
        }

        return new ColumnSpread(mean, Math.Sqrt(variance));
    }
}
