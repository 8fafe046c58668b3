using Gbi.Inference.Contours;
using Gbi.Inference.Fits;

namespace Gbi.Reports.Json.Fits;

internal sealed record ScanPointDocument(
    [property: Meaning("Value of the parameter")] double Value,
    [property: Meaning("−2 ln L above the best fit, all others profiled; null where the fit failed")] double T,
    [property: Meaning("Why the fit failed; null where it did not")] string? Failure)
{
    public static ScanPointDocument Of(ScanPoint point) => new(point.Mu, point.T, point.Failure);
}

internal sealed record ScanDocument(
    [property: Meaning("Name of the parameter")] string Parameter,
    [property: Meaning("Its best value")] double Best,
    [property: Meaning("Values with −2 ln L above the best fit")] IReadOnlyList<ScanPointDocument> Points);

internal sealed record PairContourDocument(
    [property: Meaning("Name of the first parameter")] string First,
    [property: Meaning("Name of the second parameter")] string Second,
    [property: Meaning("Probability that it contains both true values")] double ConfidenceLevel,
    [property: Meaning("Best values of both")] IReadOnlyList<double> Best,
    [property: Meaning("Values of the first parameter along the line")] IReadOnlyList<double> FirstValues,
    [property: Meaning("Values of the second parameter, point by point")] IReadOnlyList<double> SecondValues,
    [property: Meaning("Whether the line came back to its start")] bool IsClosed,
    [property: Meaning("One sentence for each point that was not found")] IReadOnlyList<string> Failures)
{
    public static PairContourDocument Of(ProfileContour contour, double confidenceLevel) => new(
        contour.First, contour.Second, confidenceLevel, [contour.Best.First, contour.Best.Second],
        [.. contour.Points.Select(point => point.First)], [.. contour.Points.Select(point => point.Second)], contour.IsClosed,
        contour.Failures);
}
