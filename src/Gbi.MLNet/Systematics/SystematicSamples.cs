using Gbi.Events;
using Gbi.Numerics;
using Gbi.Ratios.Parametric;

namespace Gbi.Systematics;

/// <summary>
/// Events simulated at several values of nuisance parameters, the nominal ones among them, in one table. Weights of all samples are in the
/// same unit, so that their sums are the rates.
/// </summary>
public sealed class SystematicSamples
{
    private readonly int[] _basePointOf;

    /// <summary>Samples in one table.</summary>
    /// <param name="events">Events of all samples, in any order.</param>
    /// <param name="basePoints">Values of the parameters in the samples, and the monomials to learn.</param>
    /// <param name="basePointOf">Of each event, the number of its point in <see cref="BasePoints.Points"/>.</param>
    /// <exception cref="ArgumentException">
    /// The number of entries is not that of the events, or an entry is not the number of a base point.
    /// </exception>
    public SystematicSamples(EventTable events, BasePoints basePoints, ReadOnlySpan<int> basePointOf)
    {
        ArgumentNullException.ThrowIfNull(events);
        ArgumentNullException.ThrowIfNull(basePoints);
        if (basePointOf.Length != events.Count)
        {
            throw new ArgumentException(
                $"There are {basePointOf.Length} numbers of base points for {events.Count} events; give one per event.",
                nameof(basePointOf));
        }

        foreach (int point in basePointOf)
        {
            _ = basePoints.IndexOf(point);
        }

        (Events, BasePoints, _basePointOf) = (events, basePoints, basePointOf.ToArray());
    }

    /// <summary>Events of all samples.</summary>
    public EventTable Events { get; }

    /// <summary>Values of the parameters in the samples.</summary>
    public BasePoints BasePoints { get; }

    /// <summary>Of each event, the number of its base point.</summary>
    public ReadOnlySpan<int> BasePointOf => _basePointOf;

    /// <summary>Joins one table for each base point.</summary>
    /// <param name="basePoints">The points.</param>
    /// <param name="columns">Columns to keep, which every table has.</param>
    /// <param name="samples">One table a point, in the order of <see cref="BasePoints.Points"/>.</param>
    /// <exception cref="DataException">A table lacks a column.</exception>
    /// <exception cref="ArgumentException">There is another number of tables.</exception>
    public static SystematicSamples Join(BasePoints basePoints, IReadOnlyList<string> columns, IReadOnlyList<EventTable> samples)
    {
        ArgumentNullException.ThrowIfNull(basePoints);
        ArgumentNullException.ThrowIfNull(columns);
        ArgumentNullException.ThrowIfNull(samples);
        if (samples.Count != basePoints.Points.Count)
        {
            throw new ArgumentException(
                $"There are {samples.Count} samples for {basePoints.Points.Count} base points; give one per point.", nameof(samples));
        }

        int[] basePointOf = [.. samples.SelectMany((sample, point) => Enumerable.Repeat(point, sample.Count))];
        ReadOnlyMemory<double>? weights = null;
        if (samples.Any(sample => sample.HasWeights))
        {
            weights = samples.SelectMany(sample => Enumerable.Range(0, sample.Count).Select(sample.Weight)).ToArray();
        }

        var joined = columns.Select(name => KeyValuePair.Create(name, Joined(name, samples, basePointOf.Length)));
        return new SystematicSamples(new EventTable([.. joined], basePointOf.Length, weights), basePoints, basePointOf);
    }

    /// <summary>
    /// Chooses events to hold out by their number within their own sample. In samples of the same events with different variations, an
    /// event and its variations are therefore all held out or all kept.
    /// </summary>
    /// <param name="fraction">Approximate share of each sample that is held out. Range: [0, 1).</param>
    /// <param name="seed">Of the draw.</param>
    /// <returns>One flag an event; true where it is held out.</returns>
    public bool[] HoldOut(double fraction, Seed seed)
    {
        int[] next = new int[BasePoints.Points.Count];
        return Array.ConvertAll(_basePointOf, point => seed.Uniform(next[point]++) < fraction);
    }

    /// <summary>The events of one sample for which the flag has a value.</summary>
    /// <param name="point">Number of the base point.</param>
    /// <param name="flags">One per event.</param>
    /// <param name="value">The value that chooses an event.</param>
    public EventTable Where(int point, ReadOnlySpan<bool> flags, bool value)
    {
        var rows = new List<int>();
        for (int row = 0; row < _basePointOf.Length; row++)
        {
            if (_basePointOf[row] == point && flags[row] == value)
            {
                rows.Add(row);
            }
        }

        return Events.Select([.. rows]);
    }

    private static ReadOnlyMemory<float> Joined(string name, IReadOnlyList<EventTable> samples, int count)
    {
        float[] joined = new float[count];
        int start = 0;
        foreach (EventTable sample in samples)
        {
            sample[name].CopyTo(joined.AsSpan(start));
            start += sample.Count;
        }

        return joined;
    }
}
