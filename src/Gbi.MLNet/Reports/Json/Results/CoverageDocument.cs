using Gbi.Searches.Coverage;

namespace Gbi.Reports.Json.Results;

/// <summary>A study of a search's coverage: same study, same bytes.</summary>
[DocumentKind("coverage", "Coverage of a search over pseudo-data; `coverage.json` of `gbi coverage search`, printed with --json")]
internal sealed record CoverageDocument(
    [property: Meaning("Where data without signal come from")] string Source,
    [property: Meaning("File of injected signal; null for none")] string? Injected,
    [property: Meaning("Signal simulation that the search is given; null without one")] string? Signal,
    [property: Meaning("Searches with a result")] int Searches,
    [property: Meaning("Why searches gave no result; they are excluded")] IReadOnlyList<string> Failures,
    [property: Meaning("Mean share of injected signal in the signal region")] double TrueFraction,
    [property: Meaning("Significances without a cut and after each cut, or of the fitted fraction")]
    IReadOnlyList<SignificanceCoverageDocument> Significances,
    [property: Meaning("Searches whose lower limit lies above the true fraction; null with a signal simulation")]
    CountedShareDocument? LimitsAboveTruth,
    [property: Meaning("Searches whose lower limit lies above 0; null with a signal simulation")] CountedShareDocument? LimitsAboveZero,
    [property: Meaning("Mean of estimated less true fraction")] EstimateDocument Bias,
    [property: Meaning("Mean of (estimated − true fraction)/error")] EstimateDocument MeanPull,
    [property: Meaning("Standard deviation of (estimated − true fraction)/error")] EstimateDocument PullWidth,
    [property: Meaning("Searches whose 68.27 % interval holds the true fraction")] CountedShareDocument Coverage68,
    [property: Meaning("Searches whose 95 % interval holds the true fraction")] CountedShareDocument Coverage95,
    [property: Meaning("Searches in which any check failed")] CountedShareDocument Warned,
    [property: Meaning("Each check that ever failed or was inconclusive")] IReadOnlyList<CheckCoverageDocument> Checks,
    [property: Meaning("What the numbers mean")] IReadOnlyList<string> Statements,
    [property: Meaning("Seed")] ulong Seed) : ResultDocument
{
    public static CoverageDocument Of(CoverageRun run)
    {
        SearchCoverageResult result = run.Result;
        return new CoverageDocument(
            run.Source,
            run.Injected,
            run.Signal,
            result.ToyCount,
            result.Failures,
            result.TrueFraction,
            [.. result.Significances.Select(SignificanceCoverageDocument.Of)],
            CountedShareDocument.OrNull(result.LimitsAboveTruth),
            CountedShareDocument.OrNull(result.LimitsAboveZero),
            EstimateDocument.Of(result.Bias),
            EstimateDocument.Of(result.Pulls.Mean),
            EstimateDocument.Of(result.Pulls.Width),
            CountedShareDocument.Of(result.Coverage68),
            CountedShareDocument.Of(result.Coverage95),
            CountedShareDocument.Of(result.Warned),
            [.. result.Checks.Select(check => new CheckCoverageDocument(
                check.Name, CountedShareDocument.Of(check.Failed), CountedShareDocument.Of(check.Inconclusive)))],
            [.. run.Statements],
            run.Options.Seed.Value);
    }
}

internal sealed record SignificanceCoverageDocument(
    [property: Meaning("Share of the background above the cut; 1 without one, null for a fitted fraction")] double? BackgroundEfficiency,
    [property: Meaning("Mean of Z", Unit = "σ")] EstimateDocument Mean,
    [property: Meaning("Standard deviation of Z", Unit = "σ")] EstimateDocument Width,
    [property: Meaning("Kolmogorov–Smirnov probability that the p-values are uniform")] double Uniformity,
    [property: Meaning("Searches with Z of 2 and more")] CountedShareDocument AboveTwoSigma,
    [property: Meaning("Searches with Z of 3 and more")] CountedShareDocument AboveThreeSigma)
{
    public static SignificanceCoverageDocument Of(SignificanceCoverage of) => new(
        of.BackgroundEfficiency,
        EstimateDocument.Of(of.Mean),
        EstimateDocument.Of(of.Width),
        of.Uniformity,
        CountedShareDocument.Of(of.AboveTwoSigma),
        CountedShareDocument.Of(of.AboveThreeSigma));
}

internal sealed record CheckCoverageDocument(
    [property: Meaning("The check")] string Name,
    [property: Meaning("Searches in which it failed")] CountedShareDocument Failed,
    [property: Meaning("Searches in which it was inconclusive")] CountedShareDocument Inconclusive);

/// <summary>A share of searches.</summary>
internal sealed record CountedShareDocument(
    [property: Meaning("How many")] int Count,
    [property: Meaning("Of how many")] int Total,
    [property: Meaning("The share")] double Share,
    [property: Meaning("Its 68.27 % interval (Clopper–Pearson)")] RangeDocument Interval)
{
    public static CountedShareDocument Of(CountedShare share) =>
        new(share.Count, share.Total, share.Value, new RangeDocument(share.Interval.Lower, share.Interval.Upper));

    public static CountedShareDocument? OrNull(CountedShare? share) => share is null ? null : Of(share);
}
