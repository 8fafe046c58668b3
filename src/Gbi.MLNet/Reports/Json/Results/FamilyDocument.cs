using Gbi.Inference.Fits;
using Gbi.Ratios.Families;
using Gbi.Searches.Family;
using Gbi.Searches.Options;

namespace Gbi.Reports.Json.Results;

/// <summary>The joint fit of a signal family in result.json. Null stands for a number that is not finite.</summary>
internal sealed record FamilyDocument(
    IReadOnlyList<FamilyParameterDocument> Parameters,
    double? Gain,
    int DegreesOfFreedom,
    double? Significance,
    bool IsCalibrated,
    bool HasGeneratorSpread,
    int SignalEventsNear,
    double? Correction,
    IReadOnlyList<FamilyMinimumDocument> Minima,
    FamilySwapDocument? LabelSwap,
    IReadOnlyList<string> Remarks,
    IReadOnlyList<string> Failures,
    IReadOnlyList<FamilyContourDocument> Contours)
{
    public static FamilyDocument Of(SignalFamilyResult found) => new(
        [.. found.Parameters.Select(Of)],
        Finite(found.Gain),
        found.DegreesOfFreedom,
        Finite(found.Significance),
        found.IsCalibrated,
        found.HasGeneratorSpread,
        found.SignalEventsNear,
        Finite(found.Correction),
        [
            .. found.Minima.Select(
                minimum => new FamilyMinimumDocument([.. minimum.Theta.Select(Finite)], Finite(minimum.Fraction), Finite(minimum.Rise)))
        ],
        found.LabelSwap is { } swap
            ? new FamilySwapDocument([.. swap.Theta.Select(Finite)], Finite(swap.Rise), swap.IsSame, swap.IsSeparated)
            : null,
        found.Remarks,
        found.Failures,
        [.. found.Contours.Select(Of)]);

    private static FamilyParameterDocument Of(FamilyParameter parameter) => new(
        parameter.Name, Finite(parameter.Value), Finite(parameter.Error), Of(parameter.Interval68), Of(parameter.Interval95),
        [Finite(parameter.Lowest), Finite(parameter.Highest)]);

    private static double?[]? Of(ConfidenceInterval? interval) => interval is { } known ? [Finite(known.Lower), Finite(known.Upper)] : null;

    private static FamilyContourDocument Of(FamilyContour contour) => new(
        contour.First, contour.Second, contour.ConfidenceLevel,
        [.. contour.Points.Select(point => Finite(point.First))], [.. contour.Points.Select(point => Finite(point.Second))]);

    private static double? Finite(double value) => double.IsFinite(value) ? value : null;
}

internal sealed record FamilyParameterDocument(
    string Name, double? Value, double? Error, IReadOnlyList<double?>? Interval68, IReadOnlyList<double?>? Interval95,
    IReadOnlyList<double?> FamilyRange);

internal sealed record FamilyMinimumDocument(IReadOnlyList<double?> Theta, double? SignalFraction, double? Rise);

internal sealed record FamilySwapDocument(IReadOnlyList<double?> Theta, double? Rise, bool IsSame, bool IsSeparated);

/// <summary>A closed line: places of its points along both numbers.</summary>
internal sealed record FamilyContourDocument(
    string First, string Second, double ConfidenceLevel, IReadOnlyList<double?> FirstValues, IReadOnlyList<double?> SecondValues);

/// <summary>How a family was learnt and fitted.</summary>
internal sealed record FamilySettingsDocument(
    IReadOnlyList<string> Parameters,
    IReadOnlyList<AlignedFeature> Aligned,
    bool IsLogarithmic,
    bool IsExchangeable,
    double Reach,
    int Copies,
    TrainingDocument Training,
    FamilyFitOptions Fit)
{
    public static FamilySettingsDocument Of(FamilySearchOptions settings) => new(
        settings.Parameters,
        settings.Training.Aligned,
        settings.Training.IsLogarithmic,
        settings.Training.IsExchangeable,
        settings.Training.Reach,
        settings.Training.Copies,
        new TrainingDocument(
            settings.Training.FoldCount, settings.Training.MemberCount, settings.Training.Trees.TreeCount,
            settings.Training.Trees.LeafCount,
            settings.Training.Trees.LearningRate),
        settings.Fit);
}
