using System.Net;
using Gbi.Inference.Fits;
using Gbi.Reports.Figures;
using Gbi.Searches.Hunt;
using Gbi.Searches.Options;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Reports.Html;

/// <summary>The report of a bump hunt as one HTML file.</summary>
/// <remarks>Same hunt, same bytes.</remarks>
public static class HuntReport
{
    /// <summary>The HTML.</summary>
    public static string Write(HuntRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        BumpHuntResult result = run.Result;
        ResonanceSearchOptions search = run.Options.Search;
        var page = new ReportPage($"Bump hunt in {run.Events}");
        page.Paragraph(
            Text(
                $"{result.Windows.Count} windows from {result.Windows[0].Window.Low:G6} to {result.Windows[^1].Window.High:G6} of "
                    + $"{search.Schema.Mass}, each trained separately; features {string.Join(", ", search.Schema.Features)}; "
                    + $"{Statistic(run)}. Gbi.MLNet {SearchRun.PackageVersion}, seed {run.Options.Seed.Value}."));
        page.Cards(Cards(result));
        page.Paragraphs(HuntRun.FailuresOf(result), "warning");

        page.Heading("Local p-values");
        page.Figures(HuntFigure.Of(result, search.Schema.Mass!));
        AddWindows(page, result);
        page.Heading("What the numbers mean");
        page.Paragraphs(result.Remarks);

        return page.ToString();
    }

    private static string Statistic(HuntRun run)
    {
        IEnumerable<string> kept = run.Options.BackgroundEfficiencies.Select(cut => Text($"{100 * cut:G3} %"));
        return run.Signal is { } signal
            ? $"signal fraction fitted with {signal}"
            : $"excess above a cut that keeps {string.Join(", ", kept)} of the background";
    }

    private static IEnumerable<(string Number, string Meaning)> Cards(BumpHuntResult result)
    {
        yield return (Text($"{result.LocalSignificance:F1} σ"), Text($"local, p = {result.LocalProbability:G3}, in {result.Best.Window}"));
        if (result.FromToys is { } toys)
        {
            ConfidenceInterval interval = toys.Interval();
            yield return (Text($"{toys.Value:G3}"),
            Text(
                $"global p-value from {Counted(toys.ToyCount, "toy")} ({WebUtility.HtmlEncode(result.ToysFrom)}), "
                    + $"{toys.AtLeastAsExtreme:N0} of "
                    + $"them as extreme; 68 % {interval.Lower:G2} to {interval.Upper:G2}"));
        }

        if (result.FromUpcrossings is { } bound)
        {
            yield return (
                Text($"≤ {bound.Value:G3}"), Text($"global p-value from upcrossings, ± {bound.Error:G2}, if local p-values are right"));
        }

        yield return (Text($"{result.OfIndependentWindows.Value:G3}"), "global p-value if the windows were independent");
    }

    private static void AddWindows(ReportPage page, BumpHuntResult result) => page.Table(
        "Windows: events above the cut on the score, or in the region where a signal fraction is fitted.",
        [
            "window", "background kept", "observed", "expected", "local p-value", "significance", "of the cut alone",
            "χ² probability of the spectrum"
        ],
        result.Windows.Where(window => window.Point is not null)
            .Select(window => (window.Window, Point: window.Point!))
            .Select(window => (string[])
        [
            window.Window.ToString(),
            Text($"{100 * window.Point.BackgroundEfficiency:G3} %"),
            Text($"{window.Point.Observed:N0}"),
            RoundedNumber.WithError(window.Point.Expected.Value, window.Point.Expected.Error),
            Text($"{window.Point.LocalProbability:G3}"),
            Text($"{window.Point.Significance:F2} σ").Replace('-', '−'),
            Text($"{window.Point.CutSignificance:F2} σ").Replace('-', '−'),
            SpectrumText.Probability(window.Point.SpectrumGoodnessOfFit),
        ]));
}
