using System.Text.Encodings.Web;
using System.Text.Json;
using Gbi.Diagnostics.Closure;

namespace Gbi.Reports.Json;

/// <summary>A closure set as JSON: same events, model and seed, same bytes.</summary>
internal static class ClosureReportJson
{
    // Sentences with σ stay readable; the document is not embedded in HTML.
    private static readonly ClosureReportContext Context = new(
        new JsonSerializerOptions(ClosureReportContext.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>The document, indented, with a line feed at its end.</summary>
    public static string Write(ClosureReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        return JsonSerializer.Serialize(Document(report), Context.ClosureReportDocument) + "\n";
    }

    private static ClosureReportDocument Document(ClosureReport report) => new(
        report.Passed,
        report.NumeratorEvents,
        report.DenominatorEvents,
        [.. report.Checks.Select(Of)],
        new MeanRatioDocument(Finite(report.Mean.Value), Finite(report.Mean.Error)),
        new ReweightingDocument(
            Finite(report.Reweighting.Area), Finite(report.Reweighting.Error), report.Reweighting.NumeratorEvents,
            report.Reweighting.DenominatorEvents),
        Of(report.Curve),
        [.. report.Features.Select(Of)],
        report.Saturation,
        new WeightsDocument(
            Finite(report.Weights.EffectiveCount),
            Finite(report.Weights.RelativeEffectiveCount),
            Finite(report.Weights.LargestShare),
            Finite(report.Weights.ParetoShape)),
        SearchRun.PackageVersion);

    private static ClosureCheckDocument Of(ClosureCheck check) => new(
        check.Name,
        Finite(check.Value),
        check.Error is { } error ? Finite(error) : null,
        Finite(check.LowestAllowed),
        Finite(check.HighestAllowed),
        check.Passed,
        check.Remedy,
        check.Caveat);

    private static CalibrationCurveDocument Of(CalibrationCurve curve) => new(
        Finite(curve.Slope),
        Finite(curve.SlopeError),
        Finite(curve.Intercept),
        Finite(curve.ChiSquared),
        curve.DegreesOfFreedom,
        Finite(curve.GoodnessOfFit),
        curve.Points);

    private static FeatureDistanceDocument Of(FeatureDistance feature) => new(
        feature.Feature, Finite(feature.Distance), Finite(feature.EffectiveCount), Finite(feature.Probability));

    private static double? Finite(double value) => double.IsFinite(value) ? value : null;
}
