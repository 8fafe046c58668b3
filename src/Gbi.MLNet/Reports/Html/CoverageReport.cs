using Gbi.Events;
using Gbi.Searches.Coverage;
using Gbi.Searches.Options;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Reports.Html;

/// <summary>The report of a study of coverage as one HTML file.</summary>
/// <remarks>Same study, same bytes.</remarks>
public static class CoverageReport
{
    /// <summary>The HTML.</summary>
    public static string Write(CoverageRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        SearchCoverageResult result = run.Result;
        ResonanceSearchOptions search = run.Options.Search;
        var page = new ReportPage("Coverage of a search");
        page.Paragraph(Text(
            $"{result.ToyCount:N0} whole searches in the signal region {search.Window} of {search.Schema.Mass}, features "
                + $"{string.Join(", ", search.Schema.Features)}; pseudo-data {run.Source}{Signal(run)}. Gbi.MLNet "
                + $"{SearchRun.PackageVersion}, seed {run.Options.Seed.Value}."));
        page.Paragraphs(run.Statements);
        page.Table(
            "Significances Z, negative for a deficit.",
            ["cut", "mean", "width", "p-values uniform, probability", "Z ≥ 2", "Z ≥ 3"],
            result.Significances.Select(of => (string[])
            [
                CutName(of), WithError(of.Mean), WithError(of.Width), Text($"{of.Uniformity:G2}"), Share(of.AboveTwoSigma),
                Share(of.AboveThreeSigma),
            ]));
        page.Table("Signal fraction.", ["quantity", "found"], Fraction(result), isWords: true);
        if (result.Checks.Count > 0)
        {
            page.Table(
                "Checks that failed or were inconclusive.", ["check", "failed", "inconclusive"],
                result.Checks.Select(check => (string[])[check.Name, Share(check.Failed), Share(check.Inconclusive)]), isWords: true);
        }

        return page.ToString();
    }

    /// <summary>Rows on the signal fraction: what it is, and what was found.</summary>
    internal static IEnumerable<string[]> Fraction(SearchCoverageResult result)
    {
        yield return ["true fraction, mean", Text($"{result.TrueFraction:G3}")];
        yield return ["estimated less true fraction, mean", Text($"{result.Bias.Value:G3} ± {result.Bias.Error:G2}").Replace('-', '−')];
        yield return ["pulls, mean", WithError(result.Pulls.Mean)];
        yield return ["pulls, width", WithError(result.Pulls.Width)];
        yield return ["68.27 % intervals that hold the truth", Share(result.Coverage68)];
        yield return ["95 % intervals that hold the truth", Share(result.Coverage95)];
        if (result is { LimitsAboveTruth: { } above, LimitsAboveZero: { } claims })
        {
            yield return ["95 % lower limits above the truth", Share(above)];
            yield return ["95 % lower limits above 0", Share(claims)];
        }

        yield return ["searches with a failed check", Share(result.Warned)];
    }

    /// <summary>The cut in words.</summary>
    internal static string CutName(SignificanceCoverage of) => of.BackgroundEfficiency switch
    {
        null => "fitted fraction",
        1 => "no cut",
        { } efficiency => Text($"{100 * efficiency:G3} % of the background"),
    };

    /// <summary>A share with its interval.</summary>
    internal static string Share(CountedShare share) => Text(
        $"{share.Count} of {share.Total}, {100 * share.Value:F1} % [{100 * share.Interval.Lower:F1}, {100 * share.Interval.Upper:F1}]");

    /// <summary>A number with its error.</summary>
    internal static string WithError(Estimate of) => Text($"{of.Value:F2} ± {of.Error:F2}").Replace('-', '−');

    private static string Signal(CoverageRun run) =>
        (run.Injected is { } injected ? Text($", {run.Options.InjectedSignal:G6} events of {injected} injected") : ", no signal injected")
        + (run.Signal is { } signal ? $", signal fraction fitted with {signal}" : "");
}
