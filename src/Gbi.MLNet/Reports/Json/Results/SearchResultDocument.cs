using System.Text.Json.Serialization;
using Gbi.Searches.Options;

namespace Gbi.Reports.Json.Results;

/// <summary>result.json; the names of these properties, in camel case, are its keys. Null stands for a number that is not finite.</summary>
internal sealed record SearchResultDocument(
    int EventCount,
    double? EventsInRegion,
    double? EventsInSidebands,
    SignalFractionDocument SignalFraction,
    double? SignalYield,
    double? Significance,
    EstimateDocument ExpectedBackground,
    SpectrumDocument? Spectrum,
    ClosureDocument Closure,
    IReadOnlyList<ExcessDocument> Excess,
    SignalInTemplateDocument? SignalInTemplate,
    ErrorBudgetDocument? ErrorBudget,
    SensitivityDocument? Sensitivity,
    BoundDocument? LowerBound,
    FamilyDocument? Family,
    IReadOnlyList<string> Statements,
    IReadOnlyList<CheckDocument> Guards,
    IReadOnlyList<string> Warnings,
    SettingsDocument Settings,
    ulong Seed,
    string PackageVersion,
    double ElapsedSeconds);

internal sealed record SignalFractionDocument(
    double? Value, double? Lower68, double? Upper68, double? Lower95, double? Upper95, string Method);

internal sealed record SpectrumDocument(double? GoodnessOfFit, double Low, double High, IReadOnlyList<double?> Parameters);

internal sealed record ClosureDocument(double? MeanRatio, double? Error, double? Auc, int ClippedEvents);

internal sealed record ExcessDocument(
    double? BackgroundEfficiency, double? Threshold, double? Observed, EstimateDocument Expected, double? Excess, double? Significance);

internal sealed record SignalInTemplateDocument(
    double? Absorbed, double? Effect, double? TemplateFraction, double? FractionShift, bool IsCorrected);

/// <summary>Parts of the signal fraction's error; their squares add up to that of the total.</summary>
internal sealed record ErrorBudgetDocument(
    double? Total, double? Statistical, double? Rate, double? Template, double? Simulation, double? Generator);

/// <summary>What was expected: of no signal, of S = √B and of the fitted fraction; the band has the limit at −2 σ first.</summary>
internal sealed record SensitivityDocument(
    double? Error, double? UpperLimit95, IReadOnlyList<double?> UpperLimit95Band, ExpectedSignificanceDocument AtRootBackground,
    ExpectedSignificanceDocument? AtEstimate);

internal sealed record ExpectedSignificanceDocument(double? Fraction, double? Significance);

/// <summary>Lower limit of the signal fraction without a signal model.</summary>
internal sealed record BoundDocument(double? SignalFraction, double ConfidenceLevel, double? BackgroundShare, double? DataShare);

internal sealed record SettingsDocument(
    string Events,
    string? Signal,
    string Mass,
    IReadOnlyList<string> Features,
    string? Weight,
    double? Missing,
    IReadOnlyList<double> SignalRegion,
    IReadOnlyList<double?> MassRange,
    string Spectrum,
    int SpectrumParameters,
    double? CollisionEnergy,
    string Background,
    TrainingDocument? BackgroundTraining,
    TrainingDocument? Anomaly,
    TrainingDocument? SignalRatio,
    SignalInferenceOptions? Inference,
    FamilySettingsDocument? Family);

/// <summary>How one of the three models was trained.</summary>
internal sealed record TrainingDocument(int Folds, int Members, int Trees, int Leaves, double LearningRate)
{
    /// <summary>The share of signal that is assumed in the numerator; null for an ordinary ratio.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? AssumedSignalFraction { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, NewLine = "\n",
    Converters = [typeof(NumberOrNull)])]
[JsonSerializable(typeof(SearchResultDocument))]
internal sealed partial class SearchResultContext : JsonSerializerContext;
