using System.Text.Encodings.Web;
using System.Text.Json;
using Gbi.Events;
using Gbi.Generators.Spectra;
using Gbi.Ratios;
using Gbi.Searches.Options;
using Gbi.Searches.Results;
using Gbi.Searches.Signal;
using Gbi.Trees;

namespace Gbi.Reports.Json.Results;

/// <summary>The result of a search as JSON: same search, same bytes, but for elapsedSeconds.</summary>
internal static class SearchResultJson
{
    // Sentences with σ and χ² stay readable; the document is not embedded in HTML.
    private static readonly SearchResultContext Context = new(
        new JsonSerializerOptions(SearchResultContext.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>The document, indented, with a line feed at its end.</summary>
    public static string Write(SearchRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return JsonSerializer.Serialize(Document(run), Context.SearchResultDocument) + "\n";
    }

    private static SearchResultDocument Document(SearchRun run)
    {
        ResonanceSearchResult result = run.Search.Result;
        return new SearchResultDocument(
            result.EventCount,
            Finite(result.EventsInRegion),
            Finite(result.EventsInSidebands),
            Of(result.SignalFraction),
            Finite(result.SignalYield),
            Finite(result.Significance),
            EstimateDocument.Of(result.ExpectedBackground),
            Of(run.Search.Spectrum),
            new ClosureDocument(
                Finite(result.Closure.MeanRatio.Value), Finite(result.Closure.MeanRatio.Error), Finite(result.Closure.Auc),
                result.Closure.ClippedEvents),
            [.. result.Excess.Select(Of)],
            result.SignalInTemplate is { } found
                ? new SignalInTemplateDocument(
                    Finite(found.Shape), Finite(found.Effect), Finite(found.TemplateFraction), Finite(found.FractionShift),
                    found.IsCorrected)
                : null,
            result.ErrorBudget is { } budget ? Of(budget) : null,
            result.Sensitivity is { } sensitivity ? Of(sensitivity) : null,
            result.Bound is { } bound
                ? new BoundDocument(Finite(bound.Lower), bound.ConfidenceLevel, Finite(bound.BackgroundShare), Finite(bound.DataShare))
                : null,
            result.Family is { } family ? FamilyDocument.Of(family) : null,
            result.Statements,
            [.. result.Checks.Select(CheckDocument.Of)],
            result.Warnings,
            Settings(run.Inputs),
            run.Search.Options.Seed.Value,
            SearchRun.PackageVersion,
            Math.Round(run.Elapsed.TotalSeconds, 3));
    }

    internal static SettingsDocument Settings(SearchInputs run)
    {
        ResonanceSearchOptions settings = run.Options;
        EventSchema schema = settings.Schema;
        MassWindow window = settings.Window;
        MassSpectrumOptions spectrum = settings.Spectrum;
        return new SettingsDocument(
            run.Events,
            run.Signal,
            schema.Mass!,
            schema.Features,
            schema.Weight,
            schema.MissingValue is { } missing ? Finite(missing) : null,
            [window.Low, window.High],
            [Finite(window.OuterLow), Finite(window.OuterHigh)],
            spectrum.Shape == SpectrumShape.Dijet ? "dijet" : "polynomial",
            spectrum.ParameterCount,
            spectrum.CollisionEnergy,
            run.BackgroundInWords,
            settings.Background switch
            {
                ReweightedSidebands { Generator: var how } => Of(how.FoldCount, how.MemberCount, how.Trees),
                ReweightedSimulation { Reweighting: var how } => Of(1, how.MemberCount, how.Trees),
                _ => null,
            },
            run.LearnsAnomaly ? Of(settings.Anomaly) : null,
            run.Signal is null || settings.Family is not null ? null : Of(settings.Signal),
            run.Signal is null || settings.Family is not null ? null : settings.Inference,
            settings.Family is { } family ? FamilySettingsDocument.Of(family) : null);
    }

    internal static SpectrumDocument? Of(MassSpectrum? spectrum) => spectrum is null ? null : new SpectrumDocument(
        Finite(spectrum.GoodnessOfFit), spectrum.Low, spectrum.High, [.. spectrum.Parameters.ToArray().Select(Finite)]);

    private static TrainingDocument Of(RatioOptions options) =>
        Of(options.FoldCount, options.MemberCount, options.Trees) with { AssumedSignalFraction = options.SignalFraction };

    private static TrainingDocument Of(int folds, int members, TreeOptions trees) =>
        new(folds, members, trees.TreeCount, trees.LeafCount, trees.LearningRate);

    private static SignalFractionDocument Of(SignalFraction fraction) => new(
        Finite(fraction.Value),
        Finite(fraction.Interval68.Lower),
        Finite(fraction.Interval68.Upper),
        Finite(fraction.Interval95.Lower),
        Finite(fraction.Interval95.Upper),
        fraction.Method);

    private static ExcessDocument Of(ExcessAfterCut cut) => new(
        Finite(cut.BackgroundEfficiency),
        Finite(cut.Threshold),
        Finite(cut.Observed),
        EstimateDocument.Of(cut.Expected),
        Finite(cut.Excess),
        Finite(cut.Significance));

    internal static ErrorBudgetDocument Of(SignalErrorBudget budget) => new(
        Finite(budget.Total), Finite(budget.Statistical), Finite(budget.Rate), Finite(budget.Template), Finite(budget.Simulation),
        Finite(budget.Generator));

    internal static SensitivityDocument Of(SignalSensitivity sensitivity) => new(
        Finite(sensitivity.Error), Finite(sensitivity.UpperLimit), [.. sensitivity.UpperLimitBand.Select(Finite)],
        Of(sensitivity.AtRootBackground)!, Of(sensitivity.AtEstimate));

    internal static ExpectedSignificanceDocument? Of(ExpectedSignificance? expected) =>
        expected is null ? null : new ExpectedSignificanceDocument(Finite(expected.Fraction), Finite(expected.Significance));

    internal static double? Finite(double value) => double.IsFinite(value) ? value : null;
}
