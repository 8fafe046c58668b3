using Gbi.Inference.Belts;
using Gbi.Inference.Fits;
using Gbi.Likelihoods.Model;

namespace Gbi.Reports.Json.Fits;

/// <summary>Confidence intervals of the parameter of interest.</summary>
[DocumentKind("interval", "Confidence intervals of the parameter of interest; printed by `gbi interval --json`")]
internal sealed record IntervalDocument(
    [property: Meaning("\"profile\" or \"feldman-cousins\"")] string Method,
    [property: Meaning("Name of the parameter of interest")] string ParameterOfInterest,
    [property: Meaning("Its best value")] double MuHat,
    [property: Meaning("One interval a confidence level, in the order of --confidence")] IReadOnlyList<IntervalEndsDocument> Intervals,
    [property: Meaning("Values that were tried with toys; null for method \"profile\"")] IReadOnlyList<BeltRowDocument>? Belt)
    : ModelResultDocument
{
    /// <summary>The profile of −2 ln L.</summary>
    [Meaning("Profile of −2 ln L over the intervals; null without --report, and for method \"feldman-cousins\"")]
    public IReadOnlyList<ScanPointDocument>? Scan { get; init; }

    public const string Profile = "profile";

    public const string FeldmanCousins = "feldman-cousins";

    /// <summary>Intervals of the profile likelihood.</summary>
    public static IntervalDocument Of(FitParameter mu, double muHat, IEnumerable<ConfidenceInterval> intervals) => new(
        Profile,
        mu.Name,
        muHat,
        [.. intervals.Select(interval => new IntervalEndsDocument(
            interval.ConfidenceLevel,
            interval.Lower,
            interval.Upper,
            interval.Lower == mu.Lower ? "bound" : "crossing",
            interval.Upper == mu.Upper ? "bound" : "crossing",
            null,
            null))],
        null);

    /// <summary>Intervals from toys.</summary>
    public static IntervalDocument Of(string name, FeldmanCousinsResult result) => new(
        FeldmanCousins,
        name,
        result.MuHat,
        [.. result.Intervals.Select(interval => new IntervalEndsDocument(
            interval.ConfidenceLevel,
            interval.Lower.Value,
            interval.Upper.Value,
            NameOf(interval.Lower.Kind),
            NameOf(interval.Upper.Kind),
            interval.Lower.Error,
            interval.Upper.Error))],
        [.. result.Rows.Select(BeltRowDocument.Of)]);

    private static string NameOf(BeltEndKind kind) => kind switch
    {
        BeltEndKind.Crossing => "crossing",
        BeltEndKind.Bound => "bound",
        _ => "grid",
    };
}

internal sealed record IntervalEndsDocument(
    [property: Meaning("Confidence level")] double ConfidenceLevel,
    [property: Meaning("Lower end")] double Lower,
    [property: Meaning("Upper end")] double Upper,
    [property: Meaning("\"crossing\", \"bound\" of the parameter, or \"grid\": the end lies beyond the values tried")] string LowerIs,
    [property: Meaning("The same of the upper end")] string UpperIs,
    [property: Meaning("Error of the lower end from the number of toys; null for method \"profile\"")] double? LowerError,
    [property: Meaning("The same of the upper end")] double? UpperError);

internal sealed record BeltRowDocument(
    [property: Meaning("Value of the parameter of interest")] double Mu,
    [property: Meaning("t of the observed data at this value")] double T,
    [property: Meaning("P(t ≥ observed), a share of the toys")] double Probability,
    [property: Meaning("Its binomial error")] double ProbabilityError,
    [property: Meaning("t up to which data are accepted, one a confidence level")] IReadOnlyList<double> Critical,
    [property: Meaning("Their errors from the number of toys")] IReadOnlyList<double> CriticalError,
    [property: Meaning("Toys drawn")] int Toys,
    [property: Meaning("Toys whose fits failed; they are left out")] int Failed)
{
    public static BeltRowDocument Of(FeldmanCousinsRow row) => new(
        row.Mu,
        row.T,
        row.P,
        row.PError,
        [.. row.Critical.Select(critical => critical.Value)],
        [.. row.Critical.Select(critical => critical.Error)],
        row.ToyCount,
        row.Failures.Count);
}
