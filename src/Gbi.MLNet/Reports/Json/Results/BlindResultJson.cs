using System.Text.Encodings.Web;
using System.Text.Json;
using Gbi.Searches.Blind;
using Gbi.Searches.Results;

namespace Gbi.Reports.Json.Results;

/// <summary>The result of a blind search as JSON: same sidebands and simulation, same bytes, but for elapsedSeconds.</summary>
internal static class BlindResultJson
{
    // Sentences with σ and χ² stay readable; the document is not embedded in HTML.
    private static readonly BlindResultContext Context = new(
        new JsonSerializerOptions(BlindResultContext.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>The document, indented, with a line feed at its end.</summary>
    public static string Write(BlindRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return JsonSerializer.Serialize(Document(run), Context.BlindResultDocument) + "\n";
    }

    private static BlindResultDocument Document(BlindRun run)
    {
        BlindSearchResult result = run.Search.Result;
        SearchClosure closure = result.Closure;
        return new BlindResultDocument(
            IsBlind: true,
            SearchResultJson.Finite(result.EventsInSidebands),
            EstimateDocument.Of(result.ExpectedBackground),
            SearchResultJson.Of(run.Search.Spectrum),
            SearchResultJson.Of(result.Sensitivity),
            [.. result.SensitivityCurve.Select(SearchResultJson.Of)],
            result.ErrorBudget is { } budget ? SearchResultJson.Of(budget) : null,
            SearchResultJson.Finite(result.Contamination.Shape),
            SearchResultJson.Finite(result.Contamination.Effect),
            new BlindClosureDocument(
                SearchResultJson.Finite(closure.MeanRatio.Value), SearchResultJson.Finite(closure.MeanRatio.Error), closure.ClippedEvents),
            result.Statements,
            [.. result.Checks.Select(CheckDocument.Of)],
            result.Warnings,
            SearchResultJson.Settings(run.Inputs),
            run.Search.Options.Seed.Value,
            SearchRun.PackageVersion,
            Math.Round(run.Elapsed.TotalSeconds, 3));
    }
}
