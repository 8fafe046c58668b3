using System.Text.Json;
using Gbi.Diagnostics.Posteriors;

namespace Gbi.Reports.Json.Posteriors;

/// <summary>Tests of a posterior on pairs of true parameters and observations.</summary>
internal sealed record PosteriorTestsDocument(
    [property: Meaning("Pairs of true parameters and observations")] int Pairs,
    [property: Meaning("Draws of the posterior of each pair")] int Draws,
    [property: Meaning("Number of tests among which the level is divided")] int Tests,
    [property: Meaning("Pairs with which a difference that matters is seen; with fewer, what passes is inconclusive")] int NeededPairs,
    [property: Meaning("Each parameter by itself")] IReadOnlyList<ParameterTestDocument> Parameters,
    [property: Meaning("Ranks of the truth's density among those of the draws; null where no densities are known")]
    UniformityDocument? Density,
    [property: Meaning("Coverage of regions of highest density")] IReadOnlyList<RegionCoverageDocument> Coverage,
    [property: Meaning("Ranks of the truth's distance from a point that depends on x")] UniformityDocument Distance,
    [property: Meaning("Mean of ln q(θ*|x) − ln p(θ*); null without a prior density", Unit = "nat")] EstimateDocument? InformationGain,
    [property: Meaning("Mean of −ln q(θ*|x)", Unit = "nat")] EstimateDocument? NegativeLogDensity,
    [property: Meaning("True parameters to which the posterior gives no density")] int Excluded,
    [property: Meaning("One line each")] IReadOnlyList<PosteriorVerdictDocument> Verdicts,
    [property: Meaning("Whether regions hold the truth less often than they say")] bool IsOverConfident,
    [property: Meaning("Whether nothing was found and nothing is inconclusive")] bool Passed)
{
    public static PosteriorTestsDocument Of(PosteriorReport report) => new(
        report.PairCount,
        report.DrawCount,
        report.TestCount,
        report.NeededPairs,
        [.. report.Parameters.Select(ParameterTestDocument.Of)],
        report.Density is { } density ? UniformityDocument.Of(density) : null,
        [.. report.Coverage.Select(RegionCoverageDocument.Of)],
        UniformityDocument.Of(report.Distance),
        report.InformationGain is { } gain ? EstimateDocument.Of(gain) : null,
        report.NegativeLogDensity is { } loss ? EstimateDocument.Of(loss) : null,
        report.ExcludedCount,
        [.. report.Verdicts.Select(PosteriorVerdictDocument.Of)],
        report.IsOverConfident,
        report.Passed);
}

internal sealed record ParameterTestDocument(
    [property: Meaning("Name of the parameter")] string Name,
    [property: Meaning("Ranks of the true values among the draws")] UniformityDocument Ranks,
    [property: Meaning("Coverage of central intervals")] IReadOnlyList<RegionCoverageDocument> Coverage,
    [property: Meaning("Distance of the draws' mean from the truth in standard deviations of the posterior")] EstimateDocument Shift,
    [property: Meaning("How often the mean rank of the exact posterior lies this far from 1/2")] double ShiftProbability)
{
    public static ParameterTestDocument Of(ParameterCalibration parameter) => new(
        parameter.Name,
        UniformityDocument.Of(parameter.Ranks),
        [.. parameter.Coverage.Select(RegionCoverageDocument.Of)],
        EstimateDocument.Of(parameter.Shift),
        parameter.ShiftProbability);
}

internal sealed record UniformityDocument(
    [property: Meaning("Kolmogorov–Smirnov distance from uniform ranks")] double Distance,
    [property: Meaning("How often ranks of the exact posterior lie this far away")] double Probability)
{
    public static UniformityDocument Of(UniformityTest test) => new(test.Distance, test.Probability);
}

internal sealed record RegionCoverageDocument(
    [property: Meaning("Probability that the posterior gives to the region")] double Level,
    [property: Meaning("Share of the regions that hold the truth")] EstimateDocument Coverage,
    [property: Meaning("How often the coverage of the exact posterior lies this far away")] double Probability)
{
    public static RegionCoverageDocument Of(RegionCoverage region) =>
        new(region.Level, new EstimateDocument(region.Value, region.Error), region.Probability);
}

internal sealed record PosteriorVerdictDocument(
    [property: Meaning("calibrated, overConfident, underConfident, shifted, miscalibrated, noInformation or inconclusive")] string Finding,
    [property: Meaning("Parameter that it concerns; null for all together")] string? Parameter,
    [property: Meaning("The line that is printed")] string Text)
{
    public static PosteriorVerdictDocument Of(PosteriorVerdict verdict) =>
        new(JsonNamingPolicy.CamelCase.ConvertName(verdict.Finding.ToString()), verdict.Parameter, verdict.Text);
}
