using Gbi.Events;
using Gbi.Searches.Options;

namespace Gbi.Searches.Background;

/// <summary>A signal simulation, divided as a search divides its data.</summary>
/// <param name="InRegion">Its events of the signal region.</param>
/// <param name="Beside">Its events of the sidebands.</param>
internal sealed record SimulatedSignal(EventTable InRegion, EventTable Beside)
{
    /// <summary>Divides a simulation.</summary>
    /// <exception cref="DataException">It has no events in the signal region.</exception>
    public static SimulatedSignal Of(EventTable simulation, ResonanceSearchSettings settings)
    {
        EventTable inRegion = EventsIn(MassRegion.SignalRegion);
        return inRegion.Count > 0 ? new SimulatedSignal(inRegion, EventsIn(MassRegion.Sideband)) : throw new DataException(
            $"The signal sample has no events in the signal region {settings.Window}; check its mass column and unit.");

        EventTable EventsIn(MassRegion where) => simulation.Select(settings.Window.Rows(simulation[settings.MassColumn], where));
    }
}
