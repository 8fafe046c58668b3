using Gbi.Events;

namespace Gbi.Posteriors.Rejection;

/// <summary>The Euclidean distance from an observation in units of standard deviations of reference simulations.</summary>
internal sealed class SummaryDistance
{
    private readonly string[] _names;
    private readonly double[] _centre;
    private readonly double[] _deviations;

    /// <summary>The distance from an observation; summaries that do not vary among the simulations are left out.</summary>
    /// <exception cref="DataException">A summary of the observation is missing or infinite, or none varies.</exception>
    public SummaryDistance(EventTable reference, EventTable observation)
    {
        if (observation.Count != 1)
        {
            throw new DataException($"There are {observation.Count:N0} rows, expected 1: the observation.");
        }

        (string Name, double Deviation)[] varying =
            [.. reference.ColumnNames.Select(name => (name, Deviation(reference[name]))).Where(summary => summary.Item2 > 0)];
        _names = [.. varying.Select(summary => summary.Name)];
        _deviations = [.. varying.Select(summary => summary.Deviation)];
        _centre = [.. _names.Select(name => (double)observation[name][0])];
        int missing = Array.FindIndex(_centre, value => !double.IsFinite(value));
        if (missing >= 0 || _names.Length == 0)
        {
            throw new DataException(_names.Length == 0
                ? "No feature varies among the simulations, so that none is nearer to the observation than another; check the columns."
                : $"'{_names[missing]}' of the observation is {_centre[missing]}, expected a number: distances need all features.");
        }
    }

    public int Count => _names.Length;

    /// <summary>(s − s_o)/σ of an event, one a summary.</summary>
    public double[] Differences(EventTable events, int row) =>
        [.. _names.Select((name, k) => (events[name][row] - _centre[k]) / _deviations[k])];

    /// <summary>The distance of each event; +∞ for a failed simulation.</summary>
    public double[] Of(EventTable events)
    {
        double[] distances = new double[events.Count];
        for (int k = 0; k < _names.Length; k++)
        {
            ReadOnlySpan<float> values = events[_names[k]];
            for (int row = 0; row < distances.Length; row++)
            {
                double difference = (values[row] - _centre[k]) / _deviations[k];
                distances[row] += difference * difference;
            }
        }

        return Array.ConvertAll(distances, square => double.IsFinite(square) ? Math.Sqrt(square) : double.PositiveInfinity);
    }

    private static double Deviation(ReadOnlySpan<float> values)
    {
        double[] finite = [.. values.ToArray().Where(float.IsFinite).Select(value => (double)value)];
        double mean = finite.Length == 0 ? 0 : finite.Average();
        double deviation = finite.Length < 2 ? 0 : Math.Sqrt(finite.Average(value => (value - mean) * (value - mean)));

        // Rounding of a constant is no variation.
        return deviation > 1e-7 * Math.Abs(mean) ? deviation : 0;
    }
}
