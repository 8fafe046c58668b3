using System.Text.Json.Serialization;

namespace Gbi.Reports.Json.Results;

/// <summary>result.json of a blind search; the names of these properties, in camel case, are its keys. Null stands for a number that is not
/// finite.</summary>
internal sealed record BlindResultDocument(
    bool IsBlind,
    double? EventsInSidebands,
    EstimateDocument ExpectedBackground,
    SpectrumDocument? Spectrum,
    SensitivityDocument Sensitivity,
    IReadOnlyList<ExpectedSignificanceDocument?> ExpectedSignificance,
    ErrorBudgetDocument? ErrorBudget,
    double? SignalAbsorbed,
    double? SignalEffect,
    BlindClosureDocument Closure,
    IReadOnlyList<string> Statements,
    IReadOnlyList<CheckDocument> Guards,
    IReadOnlyList<string> Warnings,
    SettingsDocument Settings,
    ulong Seed,
    string PackageVersion,
    double ElapsedSeconds);

internal sealed record BlindClosureDocument(double? MeanRatio, double? Error, int ClippedEvents);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, NewLine = "\n",
    Converters = [typeof(NumberOrNull)])]
[JsonSerializable(typeof(BlindResultDocument))]
internal sealed partial class BlindResultContext : JsonSerializerContext;
