using System.Text.Json;
using System.Text.Json.Nodes;
using Gbi.Events.IO.Outputs;
using Gbi.Pipeline.Persistence;
using Gbi.Reports;
using Gbi.Reports.Html;
using Gbi.Reports.Json.Results;
using Gbi.Searches.Results;
using Gbi.Searches.Signal;

namespace Gbi.Cli.Verbs.Searches;

/// <summary>The four files of a search, and with a signal the three of its likelihood. A signal family stands in place of the
/// ratio.</summary>
internal static class SearchFiles
{
    public const string Scores = "scores.parquet";
    public const string Result = "result.json";
    public const string Report = "report.html";
    public const string Model = "model.zip";
    public const string Family = "family.json";

    private static readonly string[] OfLikelihood =
        [SignalLikelihoodFiles.Model, SignalLikelihoodFiles.Region, SignalLikelihoodFiles.Template];

    /// <summary>Names of all files that searches write.</summary>
    public static string[] AllNames => [Scores, Result, Report, Model, Family, .. OfLikelihood];

    /// <summary>Names of the files that a search writes.</summary>
    public static string[] Names(SearchRun run) =>
        [Scores, Result, Report, run.Search.Family is null ? Model : Family, .. run.Search.Likelihood is null ? [] : OfLikelihood];

    /// <summary>
    /// Names of the files of an earlier search in a folder, as its result tells: files of other origin may have the same names. None where
    /// there is no result of a search.
    /// </summary>
    public static string[] OfEarlierRun(string folder)
    {
        string result = Path.Combine(folder, Result);
        if (!File.Exists(result))
        {
            return [];
        }

        try
        {
            JsonObject? found = JsonNode.Parse(File.ReadAllText(result))?.AsObject();

            // 0.2.0 wrote "settings", and "isBlind" in place of a kind.
            return (found?["options"] ?? found?["settings"]) is JsonObject options && options.ContainsKey("signal")
                ? OfRun(
                    isBlind: found!["isBlind"] is not null || (string?)found["kind"] == "blindSearch",
                    hasSignal: options["signal"] is not null, hasFamily: options["family"] is not null)
                : [];
        }
        catch (Exception cause) when (cause is JsonException or InvalidOperationException)
        {
            // Not a result of ours, so that nothing beside it is known to be.
            return [];
        }
    }

    private static string[] OfRun(bool isBlind, bool hasSignal, bool hasFamily) => (isBlind, hasFamily) switch
    {
        (true, _) => [Report, Model],
        (_, true) => [Scores, Report, Family],
        _ => [Scores, Report, Model, .. hasSignal ? OfLikelihood : []],
    };

    /// <summary>Says which files a search wrote.</summary>
    public static void SayWritten(Terminal terminal, string folder, string[] files) =>
        terminal.Say($"Wrote {string.Join(", ", files[..^1])} and {files[^1]} to {folder}.");

    /// <summary>Writes them to a folder that is not complete yet.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="events">The Parquet file that holds the events of the search, in their order.</param>
    /// <param name="run">The search and its circumstances.</param>
    /// <param name="cancellation">Stops the work.</param>
    public static void Write(PendingFolder folder, string events, SearchRun run, CancellationToken cancellation)
    {
        SearchScoresFile.Write(events, folder.File(Scores), run.Search.Scores, cancellation);
        if (run.Search.Ratio is { } ratio)
        {
            RatioModelFile.Save(ratio, folder.File(Model));
        }

        if (run.Search.Family is { } family)
        {
            SignalFamilyFile.Save(family, folder.File(Family));
        }

        File.WriteAllText(folder.File(Result), SearchDocument.Of(run).ForFile().ToJson());
        File.WriteAllText(folder.File(Report), SearchReport.Write(run));
        if (run.Search.Likelihood is { } likelihood)
        {
            SignalLikelihoodFiles.Write(likelihood, folder.File, cancellation);
        }

        cancellation.ThrowIfCancellationRequested();
    }
}
