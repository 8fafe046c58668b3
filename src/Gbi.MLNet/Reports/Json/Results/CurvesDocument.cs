using Gbi.Diagnostics.Power;
using Gbi.Jobs;
using Gbi.Reports.Json.Models;
using Gbi.Searches.Results;

namespace Gbi.Reports.Json.Results;

/// <summary>Curves and histograms of a search.</summary>
internal sealed record CurvesDocument(
    [property: Meaning("Mass spectrum in bins with its fit; null where the data have no sidebands")] MassSpectrumDocument? MassSpectrum,
    [property: Meaning("Score of the search")] ComparisonDocument Score,
    [property: Meaning("Anomaly score, where a signal ratio is trained too; null otherwise")] ComparisonDocument? AnomalyScore,
    [property: Meaning("Each feature")] IReadOnlyList<ComparisonDocument> Features,
    [property: Meaning("Calibration of signal over background; null without a signal simulation")] CalibrationCurveDocument? Calibration,
    [property: Meaning("What cuts on the score select; null without a signal simulation, or with too little background")]
    SelectionDocument? Selection)
{
    public static CurvesDocument Of(SearchCurves curves) => new(
        curves.MassSpectrum is { } spectrum ? MassSpectrumDocument.Of(spectrum) : null,
        ComparisonDocument.Of(curves.Score),
        curves.AnomalyScore is { } anomaly ? ComparisonDocument.Of(anomaly) : null,
        [.. curves.Features.Select(ComparisonDocument.Of)],
        curves.Calibration is { } calibration ? CalibrationCurveDocument.Of(calibration) : null,
        curves.Selection is { } selection ? SelectionDocument.Of(selection) : null);
}

internal sealed record MassSpectrumDocument(
    [property: Meaning("Borders of the bins, one more than bins")] IReadOnlyList<double> Edges,
    [property: Meaning("Data; of the sidebands alone in a blind search")] BinsDocument Data,
    [property: Meaning("Fit to the sidebands")] BinsDocument Fit,
    [property: Meaning("(data − fit) over the Poisson error of the fit; null without a fit, or in a blinded bin", Unit = "σ")]
    IReadOnlyList<double> Pulls,
    [property: Meaning("Error of the fit in the same unit", Unit = "σ")] IReadOnlyList<double> FitErrors)
{
    public static MassSpectrumDocument Of(SpectrumComparison spectrum) => new(
        spectrum.Fit.Edges, BinsDocument.Of(spectrum.Data), BinsDocument.Of(spectrum.Fit), spectrum.Pulls, spectrum.FitErrors);
}

/// <summary>Samples in the bins of one number.</summary>
internal sealed record ComparisonDocument(
    [property: Meaning("Name of the feature, or \"score\" or \"anomaly score\"")] string Name,
    [property: Meaning("Borders of the bins, one more than bins")] IReadOnlyList<double> Edges,
    [property: Meaning("Data of the signal region; null in a blind search")] BinsDocument? Data,
    [property: Meaning("Background template")] BinsDocument Background,
    [property: Meaning("Sidebands as they are, scaled to the background; null for scores and without sidebands")] BinsDocument? Sidebands,
    [property: Meaning("Signal simulation, scaled to its yield for the score of the search, else to the data; null without one")]
    BinsDocument? Signal,
    [property: Meaning("Data over background; null without data")] BinsDocument? DataRatio,
    [property: Meaning("1 with the relative errors of the background")] BinsDocument BackgroundRatio,
    [property: Meaning("Sidebands over background; null without sidebands")] BinsDocument? SidebandRatio,
    [property: Meaning("χ² of data and sidebands; null without either")] ChiSquaredDocument? DataToSidebands,
    [property: Meaning("χ² of data and background; null without data")] ChiSquaredDocument? DataToBackground)
{
    public static ComparisonDocument Of(SampleComparison compared) => new(
        compared.Name,
        compared.Background.Edges,
        BinsDocument.OrNull(compared.Data),
        BinsDocument.Of(compared.Background),
        BinsDocument.OrNull(compared.Sidebands),
        BinsDocument.OrNull(compared.Signal),
        BinsDocument.OrNull(compared.DataRatio),
        BinsDocument.Of(compared.BackgroundRatio),
        BinsDocument.OrNull(compared.SidebandRatio),
        ChiSquaredDocument.Of(compared.DataToSidebands),
        ChiSquaredDocument.Of(compared.DataToBackground));
}

internal sealed record ChiSquaredDocument(
    [property: Meaning("χ²")] double ChiSquared,
    [property: Meaning("Bins")] int Bins)
{
    public static ChiSquaredDocument? Of((double ChiSquared, int Bins)? distance) =>
        distance is { } known ? new ChiSquaredDocument(known.ChiSquared, known.Bins) : null;
}

/// <summary>What cuts on a score select.</summary>
internal sealed record SelectionDocument(
    [property: Meaning("Area under the ROC curve of signal over background")] double Auc,
    [property: Meaning("Cut of the largest improvement with the background known to 20 %")] SelectionPointDocument Best,
    [property: Meaning("Lowest cut of a background efficiency of 0.001 or less; null where no background passes one")]
    SelectionPointDocument? AtThousandth,
    [property: Meaning("Cuts of rising signal efficiency")] IReadOnlyList<SelectionPointDocument> Points)
{
    public static SelectionDocument Of(SelectionCurve curve) => new(
        curve.Area,
        SelectionPointDocument.Of(curve.Best),
        curve.AtThousandth is { } low ? SelectionPointDocument.Of(low) : null,
        [.. curve.Points.Select(SelectionPointDocument.Of)]);
}

internal sealed record SelectionPointDocument(
    [property: Meaning("Cut on ln r")] double Threshold,
    [property: Meaning("Share of the signal simulation above it")] double SignalEfficiency,
    [property: Meaning("Share of the background above it")] double BackgroundEfficiency,
    [property: Meaning("Signal efficiency over the root of background efficiency")] double Improvement,
    [property: Meaning("Whether the background above it is known to 20 %")] bool IsWellKnown)
{
    public static SelectionPointDocument Of(SelectionPoint point) =>
        new(point.Threshold, point.SignalEfficiency, point.BackgroundEfficiency, point.Improvement, point.IsWellKnown);
}

internal sealed record StepDocument(
    [property: Meaning("What was done")] string Step,
    [property: Meaning("Time that it took", Unit = "s")] double ElapsedSeconds)
{
    public static StepDocument Of(SearchStepTime time) => new(time.Step, Math.Round(time.Elapsed.TotalSeconds, 3));
}
