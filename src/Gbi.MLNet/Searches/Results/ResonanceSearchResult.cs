using Gbi.Diagnostics.Closure;
using Gbi.Events;
using Gbi.Inference.Fits;
using Gbi.Inference.MixtureFraction;
using Gbi.Searches.Family;
using Gbi.Searches.Options;
using Gbi.Searches.Signal;

namespace Gbi.Searches.Results;

/// <summary>What a <see cref="ResonanceSearch"/> found.</summary>
public sealed record ResonanceSearchResult
{
    /// <summary>Events given to the search.</summary>
    public required int EventCount { get; init; }

    /// <summary>Σ w of the events in the signal region.</summary>
    public required double EventsInRegion { get; init; }

    /// <summary>Σ w of the events in the sidebands.</summary>
    public required double EventsInSidebands { get; init; }

    /// <summary>Background in the signal region, from the mass spectrum of the sidebands.</summary>
    public required Estimate ExpectedBackground { get; init; }

    /// <summary>χ² probability of the spectrum in the sidebands.</summary>
    public required double SpectrumGoodnessOfFit { get; init; }

    /// <summary>Share of signal among the events of the signal region.</summary>
    public required SignalFraction SignalFraction { get; init; }

    /// <summary>Signal fraction times events in the region.</summary>
    public double SignalYield => SignalFraction.Value * EventsInRegion;

    /// <summary>
    /// Significance of the signal, in standard deviations: of the ratio fit, of the family's
    /// (<see cref="SignalFamilyResult.Significance"/>), or of the excess where there is no signal sample; negative for a fraction below 0.
    /// </summary>
    public required double Significance { get; init; }

    /// <summary>The excess without a cut, then after each cut on the score.</summary>
    public required IReadOnlyList<ExcessAfterCut> Excess { get; init; }

    /// <summary>How well the generated background and the ratio close.</summary>
    public required SearchClosure Closure { get; init; }

    /// <summary>Signal that the background template holds, estimated from the signal sample; null without one.</summary>
    public required TemplateContamination? SignalInTemplate { get; init; }

    /// <summary>Where the error of the signal fraction comes from; null without a signal sample, or where the fit has no
    /// covariance.</summary>
    public SignalErrorBudget? ErrorBudget { get; init; }

    /// <summary>Signal fraction and parameters of a family, fitted together; null where <see cref="ResonanceSearchOptions.Family"/>
    /// is.</summary>
    public SignalFamilyResult? Family { get; init; }

    /// <summary>What was to be expected; null without a signal sample, and where <see cref="ResonanceSearchOptions.RunsChecks"/> is
    /// off.</summary>
    public SignalSensitivity? Sensitivity { get; init; }

    /// <summary>Scan, contours and pulls of the likelihood; null without one, and where <see cref="ResonanceSearchOptions.RunsChecks"/> is
    /// off.</summary>
    public LikelihoodCurves? LikelihoodCurves { get; init; }

    /// <summary>Curves and histograms; null where <see cref="ResonanceSearchOptions.RunsChecks"/> is off.</summary>
    public SearchCurves? Curves { get; init; }

    /// <summary>What the data show of a signal that nobody simulated: a lower limit of its fraction; null with a signal sample.</summary>
    public MixtureBound? Bound { get; init; }

    /// <summary>In words, what the numbers say and what they cannot say.</summary>
    public IReadOnlyList<string> Statements { get; init; } = [];

    /// <summary>
    /// The search's checks of itself, each with what passes and what to do where it fails; a value of NaN could not be found, which is
    /// inconclusive. Those that <see cref="ResonanceSearchOptions.RunsChecks"/> switches off, or that the background has no need of, are
    /// missing.
    /// </summary>
    public IReadOnlyList<ClosureCheck> Checks { get; init; } = [];

    /// <summary>A sentence for each feature that has one value in all events of data and simulation; empty where checks were left
    /// out.</summary>
    public IReadOnlyList<string> ConstantFeatures { get; init; } = [];

    /// <summary>A sentence for each interval or curve whose fits found nothing, and which is missing; NaN stands for its numbers.</summary>
    public IReadOnlyList<string> FailedFits { get; init; } = [];

    /// <summary>What the user should know before trusting the numbers: the constant features, what is missing, and one sentence or two for
    /// each check that failed.</summary>
    public IReadOnlyList<string> Warnings => [.. ConstantFeatures, .. FailedFits, .. CheckSentence.OfFailed(Checks)];

    /// <summary>Checks that say nothing, one sentence each: the samples are too small, or the check does not apply.</summary>
    public IReadOnlyList<string> Inconclusive => CheckSentence.OfInconclusive(Checks);
}

/// <summary>An estimate of the signal fraction with its intervals.</summary>
/// <param name="Value">The estimate; negative for a deficit.</param>
/// <param name="Interval68">68.27 % interval.</param>
/// <param name="Interval95">95 % interval.</param>
/// <param name="Method">
/// "ratio fit", from p_S/p_B of every event, "family fit", from that of a signal family together with its parameters, or "excess", from the
/// count over the expected background.
/// </param>
public sealed record SignalFraction(double Value, ConfidenceInterval Interval68, ConfidenceInterval Interval95, string Method)
{
    /// <summary>Standard error: half of the 68.27 % interval, unless that was extended to 0 or not found.</summary>
    public double Error { get; init; } = (Interval68.Upper - Interval68.Lower) / 2;
}

/// <summary>Observed and expected events above a cut on the out-of-fold score.</summary>
/// <param name="BackgroundEfficiency">Share of the generated background above the cut; 1 for no cut.</param>
/// <param name="Threshold">The cut on the log ratio, the mean of the classifiers' cuts for an anomaly score; −∞ for none.</param>
/// <param name="Observed">Σ w of the data above the cut.</param>
/// <param name="Expected">Background above the cut, with the errors of the spectrum, of the template's size and of the
/// generator.</param>
/// <param name="Significance">Significance of the excess over it; negative for a deficit.</param>
public sealed record ExcessAfterCut(
    double BackgroundEfficiency, double Threshold, double Observed, Estimate Expected, double Significance)
{
    /// <summary>The part of the expectation's error that the spread of the generator's members gives; 0 without a cut or
    /// members.</summary>
    public double GeneratorError { get; init; }

    /// <summary>Observed less expected.</summary>
    public double Excess => Observed - Expected.Value;
}

/// <summary>Checks of a search on itself.</summary>
/// <param name="MeanRatio">Mean of the out-of-fold ratio over the generated background before normalisation; 1 when it closes.</param>
/// <param name="Auc">
/// Out-of-fold area under the curve of a classifier between data and generated background in the signal region: 0.5 where they
/// cannot be separated; a signal or a wrong background raises it.
/// </param>
/// <param name="ClippedEvents">Events whose log ratio was clipped.</param>
public sealed record SearchClosure(Estimate MeanRatio, double Auc, int ClippedEvents);

/// <summary>Signal in the background template, as the signal simulation says.</summary>
/// <param name="Shape">k: weight of signal in the template for each signal event in the signal region.</param>
/// <param name="Effect">κ, the weight that has the same effect in the signal region, see <see cref="SignalContamination.Effect"/>.</param>
/// <param name="TemplateFraction">Estimated share of signal in the template, k S/T.</param>
/// <param name="FractionShift">By how much the signal fraction is lower where this signal is taken for background, κ μ.</param>
/// <param name="IsCorrected">Whether the signal fraction is corrected for it.</param>
public sealed record TemplateContamination(double Shape, double Effect, double TemplateFraction, double FractionShift, bool IsCorrected);
