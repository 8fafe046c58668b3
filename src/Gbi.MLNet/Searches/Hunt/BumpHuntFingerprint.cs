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
        EventTable[] given = search.Background is GivenBackground { Events: var events } ? [events] : [];
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
        ResonanceSearchOptions search = options.Search;
        return new BumpHuntDocument(
            [scan.FirstCentre, scan.LastCentre, scan.Step, scan.HalfWidth, scan.SidebandWidth, scan.LowestMass, scan.HighestMass],
            search.Schema,
            search.Spectrum,
            NameOf(search.Background),
            (search.Background as ReweightedSidebands)?.Generator,
            search.Inference,
            search.Anomaly,
            search.Signal,
            search.LearnsAnomaly,
            options.BackgroundEfficiencies,
            options.Seed.Value);
    }

    private static string NameOf(SearchBackground background) => background is GeneratedBackground
        ? throw new DataException(
            "A hunt with a background generator from outside cannot be resumed, as it cannot be recognised; run it in memory.")
        : background.GetType().Name;
}

/// <summary>The options as JSON.</summary>
internal sealed record BumpHuntDocument(
    double[] Scan,
    EventSchema Schema,
    MassSpectrumOptions Spectrum,
    string Background,
    SidebandGeneratorOptions? Generator,
    SignalInferenceOptions Inference,
    RatioOptions Anomaly,
    RatioOptions Signal,
    bool LearnsAnomaly,
    IReadOnlyList<double> BackgroundEfficiencies,
    ulong Seed);

[JsonSourceGenerationOptions(
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(BumpHuntDocument))]
internal sealed partial class BumpHuntContext : JsonSerializerContext;
