using Gbi.Cli.Verbs.Searches;
using Gbi.Events;
using Gbi.Jobs;
using Gbi.Searches.Options;

namespace Gbi.Cli.Options;

/// <summary>The files that a search reads.</summary>
/// <param name="Events">Path of the data.</param>
/// <param name="Signal">Path of the signal simulation; null without one.</param>
/// <param name="Background">The background as it was asked for.</param>
internal sealed record SearchInputFiles(string Events, string? Signal, OpenedBackground Background)
{
    public string EventsName => EventFile.NameOf(Events);

    public string? SignalName => EventFile.NameOf(Signal);

    /// <summary>Reads data and simulation, that of a family with its parameters.</summary>
    public (EventTable Data, EventTable? Signal) Read(
        ResonanceSearchOptions settings, IProgress<SearchProgress>? progress, CancellationToken cancellation)
    {
        progress?.Report(new SearchProgress("Reading events", 0));
        EventSchema schema = settings.Schema;
        EventTable data = EventFile.Read(Events, schema, cancellation);
        EventSchema ofSignal = schema with { Features = [.. schema.Features, .. settings.Family?.Parameters ?? []] };
        EventTable? simulation = Signal is null ? null : EventFile.Read(Signal, SearchVerb.SchemaOf(Signal, ofSignal), cancellation);
        progress?.Report(new SearchProgress("Reading events", 1));
        return (data, simulation);
    }

    /// <summary>Says on what a network drew the background, where one did.</summary>
    public void SayProvider(Terminal terminal)
    {
        if (Background.Generator is { } generator)
        {
            terminal.Say($"Background of {Background.Name} on {NetworkOptions.Meaning(generator.Provider, generator.ProviderReason)}.");
        }
    }
}
