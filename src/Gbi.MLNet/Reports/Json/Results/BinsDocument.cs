using Gbi.Diagnostics;

namespace Gbi.Reports.Json.Results;

/// <summary>A histogram; its edges are given with it.</summary>
internal sealed record BinsDocument(
    [property: Meaning("Content of each bin; null where it is not defined")] IReadOnlyList<double> Values,
    [property: Meaning("Standard error of each bin")] IReadOnlyList<double> Errors)
{
    public static BinsDocument Of(Histogram histogram) =>
        new(histogram.Sums, [.. Enumerable.Range(0, histogram.Count).Select(histogram.Error)]);

    public static BinsDocument? OrNull(Histogram? histogram) => histogram is null ? null : Of(histogram);
}
