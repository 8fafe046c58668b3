using Gbi.Searches.Results;

namespace Gbi.Reports.Json.Results;

/// <summary>The result of a search: same search, same bytes, but for the times.</summary>
[DocumentKind("search", "A resonance search; `result.json` of `gbi search` and `gbi demo`, printed by the former with --json")]
internal sealed record SearchDocument(
    [property: Meaning("Events given to the search")] int EventCount,
    [property: Meaning("Events in the signal region, as a sum of weights")] double EventsInRegion,
    [property: Meaning("Events in the sidebands, as a sum of weights")] double EventsInSidebands,
    [property: Meaning("Share of signal among the events of the signal region")] SignalFractionDocument SignalFraction,
    [property: Meaning("Signal fraction times events in the region", Unit = "events")] double SignalYield,
    [property: Meaning("Significance of the signal, or of the excess without a signal simulation; local with a family", Unit = "σ")]
    double Significance,
    [property: Meaning("Background in the signal region, from the mass spectrum", Unit = "events")] EstimateDocument ExpectedBackground,
    [property: Meaning("Mass spectrum fitted to the sidebands; null where the data have none")] SpectrumDocument? Spectrum,
    [property: Meaning("How background and ratio close")] SearchClosureDocument Closure,
    [property: Meaning("The excess without a cut, then after each cut on the score")] IReadOnlyList<ExcessDocument> Excess,
    [property: Meaning("Signal in the background template; null without a signal simulation")] ContaminationDocument? Contamination,
    [property: Meaning("Error of the signal fraction by source; null where it has no covariance")] ErrorBudgetDocument? ErrorBudget,
    [property: Meaning("What was expected before the comparison; null without a signal simulation")] SensitivityDocument? Sensitivity,
    [property: Meaning("Lower limit of the signal fraction from the features; null with a signal simulation")]
    LowerBoundDocument? LowerBound,
    [property: Meaning("Fit of a signal family; null without one")] FamilyDocument? Family,
    [property: Meaning("Scan, contours and pulls of the likelihood; null without one")] LikelihoodDocument? Likelihood,
    [property: Meaning("Curves and histograms; null where the checks were switched off")] CurvesDocument? Curves,
    [property: Meaning("What the numbers mean, in sentences")] IReadOnlyList<string> Statements,
    [property: Meaning("Checks of the search")] IReadOnlyList<CheckDocument> Checks,
    [property: Meaning("A message for each check that failed and each feature of one value")] IReadOnlyList<string> Warnings,
    [property: Meaning("A message for each check that was inconclusive")] IReadOnlyList<string> Inconclusive,
    [property: Meaning("Options of the run")] SearchOptionsDocument Options,
    [property: Meaning("Seed")] ulong Seed,
    [property: Meaning("Steps of the search; null in files, which do not depend on the clock")] IReadOnlyList<StepDocument>? Steps,
    [property: Meaning("Time of the whole run; null in files", Unit = "s")] double? ElapsedSeconds) : ResultDocument
{
    /// <summary>What is written to a file: without the times, which standard output alone has.</summary>
    public SearchDocument ForFile() => this with { Steps = null, ElapsedSeconds = null };

    public static SearchDocument Of(SearchRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        ResonanceSearchResult result = run.Search.Result;
        return new SearchDocument(
            result.EventCount,
            result.EventsInRegion,
            result.EventsInSidebands,
            SignalFractionDocument.Of(result.SignalFraction),
            result.SignalYield,
            result.Significance,
            EstimateDocument.Of(result.ExpectedBackground),
            SpectrumDocument.Of(run.Search.Spectrum, run.Search.Options.Window),
            SearchClosureDocument.Of(result.Closure),
            [.. result.Excess.Select(ExcessDocument.Of)],
            result.SignalInTemplate is { } found ? ContaminationDocument.Of(found) : null,
            result.ErrorBudget is { } budget ? ErrorBudgetDocument.Of(budget) : null,
            result.Sensitivity is { } expected ? SensitivityDocument.Of(expected, result.LikelihoodCurves?.Sensitivity ?? []) : null,
            result.Bound is { } bound ? LowerBoundDocument.Of(bound) : null,
            result.Family is { } family ? FamilyDocument.Of(family) : null,
            result.LikelihoodCurves is { } likelihood ? LikelihoodDocument.Of(likelihood) : null,
            result.Curves is { } curves ? CurvesDocument.Of(curves) : null,
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
