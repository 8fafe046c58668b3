using Gbi.Inference.Contours;
using Gbi.Inference.Fits;
using Gbi.Reports.Json.Fits;
using Gbi.Searches.Signal;

namespace Gbi.Reports.Json.Results;

/// <summary>Curves of the likelihood of a signal fraction.</summary>
internal sealed record LikelihoodDocument(
    [property: Meaning("Profile of −2 ln L along the signal fraction, to four errors from the best fit")]
    IReadOnlyList<ScanPointDocument> Scan,
    [property: Meaning("Contours of 1, 2 and 3 σ of signal fraction and background over expectation; empty where there are none")]
    IReadOnlyList<ContourDocument> Contours,
    [property: Meaning("Why there are no contours; null where there are")] string? ContourFailure,
    [property: Meaning("Pulls of the nuisance parameters")] IReadOnlyList<PullDocument> Pulls)
{
    public static LikelihoodDocument Of(LikelihoodCurves curves) => new(
        [.. curves.Scan.Select(ScanPointDocument.Of)],
        [.. curves.Contours.Select(ContourDocument.Of)],
        curves.ContourFailure,
        [.. curves.Pulls.Select(PullDocument.Of)]);
}

internal sealed record ContourDocument(
    [property: Meaning("Name of the first parameter")] string First,
    [property: Meaning("Name of the second")] string Second,
    [property: Meaning("Rise of −2 ln L on the contour")] double Rise,
    [property: Meaning("First parameter at the best fit")] double BestFirst,
    [property: Meaning("Second parameter there")] double BestSecond,
    [property: Meaning("First coordinates of the points, counter-clockwise")] IReadOnlyList<double> FirstValues,
    [property: Meaning("Second coordinates")] IReadOnlyList<double> SecondValues,
    [property: Meaning("Whether the last point is followed by the first")] bool IsClosed,
    [property: Meaning("Why points were not found, one sentence each")] IReadOnlyList<string> Failures)
{
    public static ContourDocument Of(ProfileContour contour) => new(
        contour.First,
        contour.Second,
        contour.Rise,
        contour.Best.First,
        contour.Best.Second,
        [.. contour.Points.Select(point => point.First)],
        [.. contour.Points.Select(point => point.Second)],
        contour.IsClosed,
        contour.Failures);
}

internal sealed record PullDocument(
    [property: Meaning("Name of the parameter")] string Name,
    [property: Meaning("(value − observed) / width of its constraint", Unit = "σ")] double Pull,
    [property: Meaning("Error over that width; 1 where the data add nothing, null where there is no error")] double? Constraint,
    [property: Meaning("Pull over its own standard deviation; null where remark says why")] double? Normalised,
    [property: Meaning("Why a number is missing; null where none is")] string? Remark)
{
    public static PullDocument Of(ParameterPull pull) => new(pull.Parameter, pull.Pull, pull.Constraint, pull.Normalised, pull.Remark);
}
