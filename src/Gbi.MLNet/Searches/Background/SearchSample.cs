using Gbi.Events;
using Gbi.Searches.Options;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Searches.Background;

/// <summary>The events of a search, divided at the borders of the signal region.</summary>
/// <param name="EventCount">Number of all events, in signal region, sidebands and beyond.</param>
/// <param name="RegionRows">Rows of the signal region, ascending.</param>
/// <param name="SidebandRows">Rows of the sidebands, ascending.</param>
/// <param name="Region">Events of the signal region.</param>
/// <param name="Sideband">Events of the sidebands.</param>
internal sealed record SearchSample(int EventCount, int[] RegionRows, int[] SidebandRows, EventTable Region, SidebandData Sideband)
{
    /// <summary>Divides events.</summary>
    /// <exception cref="DataException">The signal region holds none of them.</exception>
    public static SearchSample Of(EventTable data, ResonanceSearchOptions options)
    {
        ReadOnlySpan<float> masses = data[options.MassColumn];
        int[] region = options.Window.Rows(masses, MassRegion.SignalRegion);
        int[] sideband = options.Window.Rows(masses, MassRegion.Sideband);
        return region.Length > 0
            ? new SearchSample(data.Count, region, sideband, data.Select(region), options.SidebandOf(data.Select(sideband)))
            : throw Empty(masses, options);
    }

    private static DataException Empty(ReadOnlySpan<float> masses, ResonanceSearchOptions options)
    {
        float low = float.PositiveInfinity;
        float high = float.NegativeInfinity;
        foreach (float mass in masses)
        {
            low = Math.Min(low, mass);
            high = Math.Max(high, mass);
        }

        return new DataException(Text(
            $"The signal region {options.Window} holds none of the {masses.Length} events; '{options.MassColumn}' runs from {low:G6} to "
                + $"{high:G6}: choose a region inside it."));
    }
}

/// <summary>A signal simulation, divided as a search divides its data.</summary>
/// <param name="InRegion">Its events of the signal region.</param>
/// <param name="InSidebands">Its events of the sidebands.</param>
internal sealed record SimulatedSignal(EventTable InRegion, EventTable InSidebands)
{
    /// <summary>Divides a simulation.</summary>
    /// <exception cref="DataException">It has no events in the signal region.</exception>
    public static SimulatedSignal Of(EventTable simulation, ResonanceSearchOptions options)
    {
        EventTable inRegion = EventsIn(MassRegion.SignalRegion);
        return inRegion.Count > 0 ? new SimulatedSignal(inRegion, EventsIn(MassRegion.Sideband)) : throw new DataException(
            $"The signal sample has no events in the signal region {options.Window}; check its mass column and unit.");

        EventTable EventsIn(MassRegion where) => simulation.Select(options.Window.Rows(simulation[options.MassColumn], where));
    }
}
