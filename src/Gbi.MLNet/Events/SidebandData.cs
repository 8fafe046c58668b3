namespace Gbi.Events;

/// <summary>Events of the sidebands with what is needed to learn from them.</summary>
/// <param name="Events">The events.</param>
/// <param name="Mass">Name of the mass column.</param>
/// <param name="Features">Names of the features.</param>
/// <param name="Window">The signal region and its sidebands.</param>
public sealed record SidebandData(EventTable Events, string Mass, IReadOnlyList<string> Features, MassWindow Window)
{
    /// <summary>The masses, one per event.</summary>
    public ReadOnlySpan<float> Masses => Events[Mass];

    /// <summary>Those of some events that lie in the sidebands.</summary>
    /// <param name="events">Events with the mass and the features.</param>
    /// <param name="mass">Name of the mass column.</param>
    /// <param name="features">Names of the features.</param>
    /// <param name="window">The signal region and its sidebands.</param>
    public static SidebandData Of(EventTable events, string mass, IReadOnlyList<string> features, MassWindow window)
    {
        ArgumentNullException.ThrowIfNull(events);
        ArgumentNullException.ThrowIfNull(window);
        return new SidebandData(events.Select(window.Rows(events[mass], MassRegion.Sideband)), mass, features, window);
    }

    /// <summary>The same with further events, of weights of any sign.</summary>
    public SidebandData With(EventTable more) => this with { Events = Events.WithColumns([.. Features, Mass]).Append(more) };
}
