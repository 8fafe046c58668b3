using Gbi.Searches.Blind;

namespace Gbi.Reports.Json.Results;

/// <summary>The result of a blind search: same sidebands and simulation, same bytes, but for the times.</summary>
[DocumentKind("blindSearch", "What a search is expected to find; `result.json` of `gbi search --blind`, printed with --json")]
internal sealed record BlindSearchDocument(
    [property: Meaning("Events in the sidebands, as a sum of weights")] double EventsInSidebands,
    [property: Meaning("Background in the signal region", Unit = "events")] EstimateDocument ExpectedBackground,
    [property: Meaning("Mass spectrum fitted to the sidebands; null where the data have none")] SpectrumDocument? Spectrum,
    [property: Meaning("Expected error, limits and significances; fractions are of the expected background")]
    SensitivityDocument Sensitivity,
    [property: Meaning("Expected error of the signal fraction by source; null where it has no covariance")]
    ErrorBudgetDocument? ErrorBudget,
    [property: Meaning("Signal contamination of the background template, from the sidebands")] BlindContaminationDocument Contamination,
    [property: Meaning("How the ratio closes")] SearchClosureDocument Closure,
    [property: Meaning("Curves and histograms without data of the signal region")] CurvesDocument Curves,
    [property: Meaning("What the numbers mean, in sentences")] IReadOnlyList<string> Statements,
    [property: Meaning("The checks that need no event of the signal region")] IReadOnlyList<CheckDocument> Checks,
    [property: Meaning("A message for each check that failed and each feature of one value")] IReadOnlyList<string> Warnings,
    [property: Meaning("A message for each check that was inconclusive")] IReadOnlyList<string> Inconclusive,
    [property: Meaning("Options of the run")] SearchOptionsDocument Options,
    [property: Meaning("Seed")] ulong Seed,
    [property: Meaning("Steps of the search; null in files, which do not depend on the clock")] IReadOnlyList<StepDocument>? Steps,
    [property: Meaning("Time of the whole run; null in files", Unit = "s")] double? ElapsedSeconds) : ResultDocument
{
    /// <summary>What is written to a file: without the times, which standard output alone has.</summary>
    public BlindSearchDocument ForFile() => this with { Steps = null, ElapsedSeconds = null };

    public static BlindSearchDocument Of(BlindRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        BlindSearchResult result = run.Search.Result;
        return new BlindSearchDocument(
            result.EventsInSidebands,
            EstimateDocument.Of(result.ExpectedBackground),
            SpectrumDocument.Of(run.Search.Spectrum, run.Search.Options.Window),
            SensitivityDocument.Of(result.Sensitivity, result.SensitivityCurve),
            result.ErrorBudget is { } budget ? ErrorBudgetDocument.Of(budget) : null,
            new BlindContaminationDocument(result.Contamination.Shape, result.Contamination.Effect),
            SearchClosureDocument.Of(result.Closure),
            CurvesDocument.Of(result.Curves),
            result.Statements,
            [.. result.Checks.Select(CheckDocument.Of)],
            result.Warnings,
            result.Inconclusive,
            SearchOptionsDocument.Of(run.Inputs),
            run.Search.Options.Seed.Value,
            [.. run.Search.StepTimes.Select(StepDocument.Of)],
            Math.Round(run.Elapsed.TotalSeconds, 3));
    }
}

internal sealed record BlindContaminationDocument(
    [property: Meaning("Weight of signal in the template for each signal event in the region")] double Shape,
    [property: Meaning("Weight of signal that would have the same effect in the region")] double Effect);
