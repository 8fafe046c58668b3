using System.Text.Json;
using System.Text.Json.Serialization;
using Gbi.Events;
using Gbi.Generators.Sidebands;
using Gbi.Generators.Spectra;
using Gbi.Jobs;
using Gbi.Ratios;
using Gbi.Searches.Options;

namespace Gbi.Searches.Hunt;

/// <summary>All options of a bump hunt that decide the numbers of its windows, as text that is equal for equal options alone.</summary>
internal static class BumpHuntFingerprint
{
    /// <summary>A hash of options and events.</summary>
    /// <param name="hunt">The hunt.</param>
    /// <param name="data">Its events; columns that are not read do not count.</param>
    /// <param name="more">What else decides, such as the toys' origin.</param>
    /// <exception cref="DataException">The background is of a generator whose content is unknown.</exception>
    public static string Of(BumpHunt hunt, EventTable data, params string[] more)
    {
        BumpHuntOptions options = hunt.Options;
        ResonanceSearchOptions search = options.Search;
        EventTable[] given = SearchFingerprint.EventsOf(search.Background);
        string[] columns = [.. search.Schema.Features, search.Schema.Mass ?? ""];
        return JobSeries.FingerprintOf(
            [.. more, JsonSerializer.Serialize(DocumentOf(options), BumpHuntContext.Default.BumpHuntDocument)],
            [
                data.WithColumns([.. columns.Where(name => name.Length > 0)]), .. given,
                .. hunt.Signal is { } signal ? (EventTable[])[signal] : []
            ]);
    }

    private static BumpHuntDocument DocumentOf(BumpHuntOptions options)
    {
        BumpScan scan = options.Scan;
        return new BumpHuntDocument(
            [scan.FirstCentre, scan.LastCentre, scan.Step, scan.HalfWidth, scan.SidebandWidth, scan.LowestMass, scan.HighestMass],
            SearchFingerprint.Of(options.Search),
            options.BackgroundEfficiencies,
            options.Seed.Value);
    }
}

/// <summary>The options as JSON.</summary>
internal sealed record BumpHuntDocument(
    double[] Scan, SearchFingerprint Search, IReadOnlyList<double> BackgroundEfficiencies, ulong Seed);

/// <summary>The options of a search that decide its numbers in any window.</summary>
internal sealed record SearchFingerprint(
    EventSchema Schema,
    MassSpectrumOptions Spectrum,
    string Background,
    SidebandGeneratorOptions? Generator,
    SimulationReweightingOptions? Reweighting,
    SignalInferenceOptions Inference,
    IReadOnlyList<RatioOptions> Ratios)
{
    /// <summary>Whether the anomaly score is learnt beside a signal's ratio.</summary>
    public bool LearnsAnomaly { get; init; }

    /// <summary>The fingerprint of options.</summary>
    /// <exception cref="DataException">The background is of a generator whose content is unknown.</exception>
    public static SearchFingerprint Of(ResonanceSearchOptions search) => new(
        search.Schema,
        search.Spectrum,
        NameOf(search.Background),
        (search.Background as ReweightedSidebands)?.Generator,
        (search.Background as ReweightedSimulation)?.Reweighting,
        search.Inference,
        [search.Anomaly, search.Signal])
    {
        LearnsAnomaly = search.LearnsAnomaly,
    };

    /// <summary>The fingerprint as text.</summary>
    public static string TextOf(ResonanceSearchOptions search) =>
        JsonSerializer.Serialize(Of(search), BumpHuntContext.Default.SearchFingerprint);

    /// <summary>Events that belong to the background's options.</summary>
    public static EventTable[] EventsOf(SearchBackground background) => background switch
    {
        GivenBackground { Events: var events } => [events],
        ReweightedSimulation { Simulation: var events } => [events],
        _ => [],
    };

    private static string NameOf(SearchBackground background) => background is GeneratedBackground
        ? throw new DataException(
            "Searches with a background generator from outside cannot be resumed, as it cannot be recognised; run them in memory.")
        : background.GetType().Name;
}

[JsonSourceGenerationOptions(
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(BumpHuntDocument))]
[JsonSerializable(typeof(SearchFingerprint))]
internal sealed partial class BumpHuntContext : JsonSerializerContext;
