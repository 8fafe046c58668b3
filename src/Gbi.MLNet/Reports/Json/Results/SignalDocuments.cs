using Gbi.Events;
using Gbi.Generators.Spectra;
using Gbi.Inference.MixtureFraction;
using Gbi.Searches.Results;
using Gbi.Searches.Signal;

namespace Gbi.Reports.Json.Results;

internal sealed record SignalFractionDocument(
    [property: Meaning("Estimate; negative for a deficit")] double Value,
    [property: Meaning("68 % interval")] IntervalAtLevelDocument Interval68,
    [property: Meaning("95 % interval")] IntervalAtLevelDocument Interval95,
    [property: Meaning("\"ratio fit\", \"family fit\" or, without a signal simulation, \"excess\"")] string Method)
{
    public static SignalFractionDocument Of(SignalFraction fraction) => new(
        fraction.Value, IntervalAtLevelDocument.Of(fraction.Interval68), IntervalAtLevelDocument.Of(fraction.Interval95), fraction.Method);
}

internal sealed record SpectrumDocument(
    [property: Meaning("\"polynomial\", \"exponential\" or \"dijet\"")] string Function,
    [property: Meaning("χ² probability in the sidebands; null where it was not tested, as no degree of freedom is left")]
    double GoodnessOfFit,
    [property: Meaning("Masses of the fit")] RangeDocument MassRange,
    [property: Meaning("Coefficients of the fitted function")] IReadOnlyList<double> Parameters,
    [property: Meaning("Error of the expected background from the fit", Unit = "events")] double FitError,
    [property: Meaning("The same from the choice of the function; 0 where it was named", Unit = "events")] double ChoiceError,
    [property: Meaning("Functions that it was chosen from by AIC, itself first; empty where it was named")]
    IReadOnlyList<SpectrumCandidateDocument> Candidates)
{
    public static SpectrumDocument? Of(MassSpectrum? spectrum, MassWindow region) => spectrum is null ? null : new SpectrumDocument(
        SpectrumText.NameOf(spectrum.Options.Shape),
        spectrum.GoodnessOfFit,
        new RangeDocument(spectrum.Low, spectrum.High),
        spectrum.Parameters.ToArray(),
        spectrum.FitError(region.Low, region.High),
        spectrum.ChoiceError(region.Low, region.High),
        [.. spectrum.Candidates.Select(candidate => SpectrumCandidateDocument.Of(candidate, region))]);
}

internal sealed record SpectrumCandidateDocument(
    [property: Meaning("\"exponential\" or \"dijet\"")] string Function,
    [property: Meaning("Number of free parameters")] int ParameterCount,
    [property: Meaning("AIC less that of the chosen function")] double AicDifference,
    [property: Meaning("Akaike weight; all add up to 1")] double Weight,
    [property: Meaning("χ² probability in the sidebands; null where it was not tested")] double GoodnessOfFit,
    [property: Meaning("Background in the signal region that it expects", Unit = "events")] double Expected)
{
    public static SpectrumCandidateDocument Of(SpectrumCandidate candidate, MassWindow region) => new(
        SpectrumText.NameOf(candidate.Options.Shape), candidate.Options.ParameterCount, candidate.AicDifference, candidate.Weight,
        candidate.GoodnessOfFit, candidate.Expected(region.Low, region.High));
}

internal sealed record SearchClosureDocument(
    [property: Meaning("Mean ratio over the background before normalisation; 1 where it closes")] EstimateDocument MeanRatio,
    [property: Meaning("Area under the ROC curve between data and background, out of fold; null where it was not trained")] double Auc,
    [property: Meaning("Events whose log ratio was clipped")] int ClippedEvents)
{
    public static SearchClosureDocument Of(SearchClosure closure) =>
        new(EstimateDocument.Of(closure.MeanRatio), closure.Auc, closure.ClippedEvents);
}

internal sealed record ExcessDocument(
    [property: Meaning("Share of the background above the cut; 1 for no cut")] double BackgroundEfficiency,
    [property: Meaning("The cut on ln r; null for none")] double Threshold,
    [property: Meaning("Events above the cut, as a sum of weights")] double Observed,
    [property: Meaning("Background above the cut", Unit = "events")] EstimateDocument Expected,
    [property: Meaning("Observed less expected", Unit = "events")] double Excess,
    [property: Meaning("Its significance; 0 for a deficit", Unit = "σ")] double Significance)
{
    public static ExcessDocument Of(ExcessAfterCut cut) => new(
        cut.BackgroundEfficiency, cut.Threshold, cut.Observed, EstimateDocument.Of(cut.Expected), cut.Excess, cut.Significance);
}

internal sealed record ContaminationDocument(
    [property: Meaning("Weight of signal in the template for each signal event in the region")] double Shape,
    [property: Meaning("Weight of signal that would have the same effect in the region")] double Effect,
    [property: Meaning("Share of signal in the template")] double TemplateFraction,
    [property: Meaning("By how much the signal fraction is lower where this signal is taken for background")] double FractionShift,
    [property: Meaning("Whether the signal fraction is corrected for it")] bool IsCorrected)
{
    public static ContaminationDocument Of(TemplateContamination found) =>
        new(found.Shape, found.Effect, found.TemplateFraction, found.FractionShift, found.IsCorrected);
}

/// <summary>Parts of the signal fraction's error; their squares add up to that of the total.</summary>
internal sealed record ErrorBudgetDocument(
    [property: Meaning("Error of the signal fraction: the root of the sum of squares")] double Total,
    [property: Meaning("From the number of observed events")] double Statistical,
    [property: Meaning("From the expected background")] double Rate,
    [property: Meaning("From the finite size of the background template")] double Template,
    [property: Meaning("From the finite size of the signal simulation")] double Simulation,
    [property: Meaning("From the spread of the background generator's members")] double Generator)
{
    public static ErrorBudgetDocument Of(SignalErrorBudget budget) =>
        new(budget.Total, budget.Statistical, budget.Rate, budget.Template, budget.Simulation, budget.Generator);
}

/// <summary>What was expected: of no signal, of S = √B and of the fitted fraction.</summary>
internal sealed record SensitivityDocument(
    [property: Meaning("Expected error of the signal fraction without a signal")] double Error,
    [property: Meaning("Confidence level of the limits")] double ConfidenceLevel,
    [property: Meaning("Median upper limit without a signal, by CLs")] double UpperLimit,
    [property: Meaning("The same where the data fluctuate by −2σ, −1σ, 0, +1σ, +2σ")] IReadOnlyList<double> UpperLimitBand,
    [property: Meaning("Median significance of S = √B")] ExpectedSignificanceDocument AtRootBackground,
    [property: Meaning("That of the fitted fraction; null where it is not above 0")] ExpectedSignificanceDocument? AtEstimate,
    [property: Meaning("That of fractions from 0 in equal steps")] IReadOnlyList<ExpectedSignificanceDocument> Curve)
{
    public static SensitivityDocument Of(SignalSensitivity sensitivity, IReadOnlyList<ExpectedSignificance> curve) => new(
        sensitivity.Error,
        Inference.Fits.ConfidenceLevel.Usual,
        sensitivity.UpperLimit,
        sensitivity.UpperLimitBand,
        ExpectedSignificanceDocument.Of(sensitivity.AtRootBackground),
        sensitivity.AtEstimate is { } fitted ? ExpectedSignificanceDocument.Of(fitted) : null,
        [.. curve.Select(ExpectedSignificanceDocument.Of)]);
}

internal sealed record ExpectedSignificanceDocument(
    [property: Meaning("Signal fraction")] double Fraction,
    [property: Meaning("Median significance", Unit = "σ")] double Significance)
{
    public static ExpectedSignificanceDocument Of(ExpectedSignificance expected) => new(expected.Fraction, expected.Significance);
}

/// <summary>Lower limit of the signal fraction without a signal model.</summary>
internal sealed record LowerBoundDocument(
    [property: Meaning("Lower limit; 0 where the features do not require any signal")] double Lower,
    [property: Meaning("Its confidence level")] double ConfidenceLevel,
    [property: Meaning("Share of the background in the region of the score that gives the limit")] double BackgroundShare,
    [property: Meaning("Share of the data there")] double DataShare)
{
    public static LowerBoundDocument Of(MixtureBound bound) =>
        new(bound.Lower, bound.ConfidenceLevel, bound.BackgroundShare, bound.DataShare);
}
