using System.Text.Json.Serialization;
using Gbi.Diagnostics.Closure;

namespace Gbi.Reports.Json;

/// <summary>What `gbi diagnose --json` prints; the names of these properties, in camel case, are its keys. Null stands for a number that is
/// not finite.</summary>
internal sealed record ClosureReportDocument(
    bool Passed,
    int NumeratorEvents,
    int DenominatorEvents,
    IReadOnlyList<ClosureCheckDocument> Checks,
    MeanRatioDocument MeanRatio,
    ReweightingDocument Reweighting,
    CalibrationCurveDocument CalibrationCurve,
    IReadOnlyList<FeatureDistanceDocument> Features,
    Saturation Saturation,
    WeightsDocument Weights,
    string PackageVersion);

internal sealed record ClosureCheckDocument(
    string Name, double? Value, double? Error, double? LowestAllowed, double? HighestAllowed, bool Passed, string Remedy, string? Caveat);

internal sealed record MeanRatioDocument(double? Value, double? Error);

internal sealed record ReweightingDocument(double? Area, double? Error, int NumeratorEvents, int DenominatorEvents);

internal sealed record CalibrationCurveDocument(
    double? Slope,
    double? SlopeError,
    double? Intercept,
    double? ChiSquared,
    int DegreesOfFreedom,
    double? GoodnessOfFit,
    IReadOnlyList<CalibrationPoint> Points);

internal sealed record FeatureDistanceDocument(string Feature, double? Distance, double? EffectiveCount, double? Probability);

internal sealed record WeightsDocument(double? EffectiveCount, double? RelativeEffectiveCount, double? LargestShare, double? ParetoShape);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, NewLine = "\n")]
[JsonSerializable(typeof(ClosureReportDocument))]
internal sealed partial class ClosureReportContext : JsonSerializerContext;
