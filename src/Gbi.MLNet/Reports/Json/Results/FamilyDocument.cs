using Gbi.Inference.Fits;
using Gbi.Searches.Family;

namespace Gbi.Reports.Json.Results;

/// <summary>The joint fit of a signal family.</summary>
internal sealed record FamilyDocument(
    [property: Meaning("\"mu\", the signal fraction, and then the parameters of the family")]
    IReadOnlyList<FamilyParameterDocument> Parameters,
    [property: Meaning("−2 ln L without signal less that of the lowest minimum")] double Gain,
    [property: Meaning("Fitted numbers")] int DegreesOfFreedom,
    [property: Meaning("Local significance, not corrected for the range of the parameters", Unit = "σ")] double Significance,
    [property: Meaning("Global p-value from data without signal; null without them")] GlobalProbabilityDocument? Global,
    [property: Meaning("Whether values and errors are calibrated with samples")] bool IsCalibrated,
    [property: Meaning("Whether the spread of the background generator's members is in the errors")] bool HasGeneratorSpread,
    [property: Meaning("Signal events near the fitted parameters")] int SignalEventsNear,
    [property: Meaning("Factor on signal fraction, its error and contours for signal contamination; 1 for none")] double Correction,
    [property: Meaning("Minima of −2 ln L where fits from several starts ended, the lowest first")]
    IReadOnlyList<FamilyMinimumDocument> Minima,
    [property: Meaning("Fit from interchanged parameters; null where there was none")] FamilySwapDocument? LabelSwap,
    [property: Meaning("Contours of 1, 2 and 3 σ of each two numbers; empty where there are no errors")]
    IReadOnlyList<FamilyContourDocument> Contours,
    [property: Meaning("What to know before the numbers are used")] IReadOnlyList<string> Remarks,
    [property: Meaning("Why fits failed, one sentence each")] IReadOnlyList<string> Failures)
{
    public static FamilyDocument Of(SignalFamilyResult found) => new(
        [.. found.Parameters.Select(FamilyParameterDocument.Of)],
        found.Gain,
        found.DegreesOfFreedom,
        found.Significance,
        found.Global is { } global ? GlobalProbabilityDocument.Of(global) : null,
        found.IsCalibrated,
        found.HasGeneratorSpread,
        found.SignalEventsNear,
        found.Correction,
        [.. found.Minima.Select(minimum => new FamilyMinimumDocument(minimum.Theta, minimum.Fraction, minimum.Rise))],
        found.LabelSwap is { } swap ? new FamilySwapDocument(swap.Theta, swap.Rise, swap.IsSame, swap.IsSeparated) : null,
        [.. found.Contours.Select(FamilyContourDocument.Of)],
        found.Remarks,
        found.Failures);
}

internal sealed record FamilyParameterDocument(
    [property: Meaning("\"mu\" or the parameter's name")] string Name,
    [property: Meaning("Estimate")] double Value,
    [property: Meaning("Its standard error; null where there is none")] double Error,
    [property: Meaning("68.27 % interval; null where there is none")] IntervalAtLevelDocument? Interval68,
    [property: Meaning("95 % interval; null where there is none")] IntervalAtLevelDocument? Interval95,
    [property: Meaning("Values that the family knows")] RangeDocument FamilyRange)
{
    public static FamilyParameterDocument Of(FamilyParameter parameter) => new(
        parameter.Name, parameter.Value, parameter.Error, IntervalOf(parameter.Interval68), IntervalOf(parameter.Interval95),
        new RangeDocument(parameter.Lowest, parameter.Highest));

    private static IntervalAtLevelDocument? IntervalOf(ConfidenceInterval? interval) =>
        interval is { } known ? IntervalAtLevelDocument.Of(known) : null;
}

internal sealed record FamilyMinimumDocument(
    [property: Meaning("Parameters of the family there, in their order")] IReadOnlyList<double> Theta,
    [property: Meaning("Signal fraction there")] double SignalFraction,
    [property: Meaning("−2 ln L there above the lowest")] double Rise);

internal sealed record FamilySwapDocument(
    [property: Meaning("Parameters of the family where it ended")] IReadOnlyList<double> Theta,
    [property: Meaning("−2 ln L there above that of the order before; negative where it is lower")] double Rise,
    [property: Meaning("Whether both fits ended at the same point")] bool IsSame,
    [property: Meaning("Whether the data tell the orders apart by two standard deviations")] bool IsSeparated);

/// <summary>A closed line.</summary>
internal sealed record FamilyContourDocument(
    [property: Meaning("Name of the first number")] string First,
    [property: Meaning("Name of the second")] string Second,
    [property: Meaning("Probability that the closed line holds both true values")] double ConfidenceLevel,
    [property: Meaning("First coordinates of its points, counter-clockwise")] IReadOnlyList<double> FirstValues,
    [property: Meaning("Second coordinates")] IReadOnlyList<double> SecondValues)
{
    public static FamilyContourDocument Of(FamilyContour contour) => new(
        contour.First,
        contour.Second,
        contour.ConfidenceLevel,
        [.. contour.Points.Select(point => point.First)],
        [.. contour.Points.Select(point => point.Second)]);
}
