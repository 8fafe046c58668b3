using Gbi.Events;

namespace Gbi.Ratios.Families;

/// <summary>What the trees of a family see of an event: its features, the centre of the segment, and aligned features.</summary>
internal sealed class FamilyFeatures(IReadOnlyList<string> features, IReadOnlyList<AlignedFeature> aligned, FamilyCoordinates coordinates)
{
    public IReadOnlyList<string> Features { get; } = features;

    public IReadOnlyList<AlignedFeature> Aligned { get; } = aligned;

    /// <summary>Names of the columns that the trees read.</summary>
    /// <remarks>Where one polynomial covers the family there is one centre, of which nothing can be learnt.</remarks>
    public IReadOnlyList<string> Columns => coordinates.IsWhole
        ? Features
        : [.. Features, .. coordinates.Names.Select(Centre), .. Aligned.Select(pair => pair.Name)];

    /// <summary>The columns that the trees read.</summary>
    /// <param name="events">Events with the features.</param>
    /// <param name="centres">Centre of each parameter for each event, in θ; shape [parameters][events].</param>
    /// <exception cref="DataException">A feature is not a column of the table.</exception>
    public EventTable Table(EventTable events, IReadOnlyList<float[]> centres)
    {
        EventTable table = events.WithColumns([.. Features]);
        if (coordinates.IsWhole)
        {
            return table;
        }

        for (int p = 0; p < centres.Count; p++)
        {
            table = table.WithColumn(Centre(coordinates.Names[p]), centres[p]);
        }

        foreach (AlignedFeature pair in Aligned)
        {
            table = table.WithColumn(pair.Name, Quotients(events[pair.Feature], centres[IndexOf(pair)]));
        }

        return table;
    }

    /// <summary>The columns that differ from event to event where all have one centre.</summary>
    /// <exception cref="DataException">A feature is not a column of the table.</exception>
    public EventTable Table(EventTable events, double[] centre)
    {
        EventTable table = events.WithColumns([.. Features]);
        foreach (AlignedFeature pair in coordinates.IsWhole ? [] : Aligned)
        {
            table = table.WithColumn(pair.Name, Quotients(events[pair.Feature], [(float)centre[IndexOf(pair)]]));
        }

        return table;
    }

    /// <summary>The columns that are the same for all events where all have one centre.</summary>
    public Dictionary<string, float> Known(double[] centre) => coordinates.IsWhole
        ? []
        : coordinates.Names.Select((name, p) => KeyValuePair.Create(Centre(name), (float)centre[p])).ToDictionary();

    private static string Centre(string parameter) => $"centre|{parameter}";

    private int IndexOf(AlignedFeature pair)
    {
        int at = coordinates.Names.ToList().IndexOf(pair.Parameter);
        return at >= 0 ? at : throw new ArgumentException(
            $"The feature '{pair.Feature}' is aligned to '{pair.Parameter}', which is no parameter; these are "
                + $"{string.Join(", ", coordinates.Names)}.");
    }

    private float[] Quotients(ReadOnlySpan<float> values, float[] centres)
    {
        float[] quotients = new float[values.Length];
        for (int i = 0; i < quotients.Length; i++)
        {
            // One centre for all, or one per event.
            float centre = centres[centres.Length == 1 ? 0 : i];
            quotients[i] = coordinates.IsLogarithmic ? values[i] / centre : values[i] - centre;
        }

        return quotients;
    }
}
