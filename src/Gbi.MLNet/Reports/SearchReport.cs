using System.Globalization;
using System.Net;
using System.Text;
using Gbi.Analysis;
using Gbi.Events;
using Gbi.Inference;
using Gbi.Reports.Plots;

namespace Gbi.Reports;

/// <summary>The report of a search as one HTML file without scripts or links: numbers, warnings, cuts and plots.</summary>
public static class SearchReport
{
    /// <summary>The HTML.</summary>
    public static string Write(SearchRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        ResonanceSearchResult result = run.Search.Result;
        var page = new StringBuilder();
        page.Append(Head(run)).Append(Cards(result)).Append(string.Concat(result.Warnings.Select(Warning)));
        page.Append("<h2>Mass spectrum</h2>\n").Append(Figure(
            new SearchPlots(run.Search).Spectrum(),
            Text($"Data, and the {Spectrum(run)} fitted to the sidebands with its 1 σ band; below, data over fit. χ² probability in the sidebands: {result.SpectrumGoodnessOfFit:G2}.")));
        page.Append(Cuts(result)).Append(ScorePlots(run)).Append(FeaturePlots(run)).Append(Checks(result)).Append(Settings(run));
        return page.Append("</body>\n</html>\n").ToString();
    }

    private static string Head(SearchRun run) => $"""
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>Resonance search in {Encoded(run.Events)}</title>
        <style>
        {ReportStyle.Css}
        </style>
        </head>
        <body>
        <h1>Resonance search in {Encoded(run.Events)}</h1>
        <p class="dim">Signal region {Encoded(run.Search.Settings.Window.ToString())} in {Encoded(run.Search.Settings.Schema.Mass!)}, background learnt from the sidebands. Gbi.MLNet {SearchRun.PackageVersion}, seed {run.Search.Settings.Seed.Value}.</p>

        """.ReplaceLineEndings("\n");

    private static string Cards(ResonanceSearchResult result)
    {
        SignalFraction fraction = result.SignalFraction;
        double error = Width(fraction.Interval68) / 2;
        double events = result.EventsInRegion;
        string method = fraction.Method == "excess" ? "from the excess over the background" : "fitted to every event's ratio";
        return "<div class=\"cards\">\n"
            + Card(Text($"{result.Significance:F1} σ"), fraction.Method == "excess" ? "significance of the excess" : "significance of the signal")
            + Card(RoundedNumber.Like(fraction.Value, error), $"signal fraction, {method}<br>68 %: {Range(fraction.Interval68, error, 1)}<br>95 %: {Range(fraction.Interval95, error, 1)}")
            + Card(RoundedNumber.Like(result.SignalYield, events * error) + " events", $"signal yield<br>68 %: {Range(fraction.Interval68, events * error, events)}<br>95 %: {Range(fraction.Interval95, events * error, events)}")
            + Card(Text($"{events:N0} events"), Text($"in the signal region, of {result.EventCount:N0} read<br>expected background {RoundedNumber.WithError(result.ExpectedBackground.Value, result.ExpectedBackground.Error)}"))
            + "</div>\n";
    }

    private static string Cuts(ResonanceSearchResult result)
    {
        var rows = new StringBuilder();
        foreach (ExcessAfterCut cut in result.Excess)
        {
            string threshold = double.IsFinite(cut.Threshold) ? Text($"{cut.Threshold:F2}").Replace('-', '−') : "no cut";
            rows.Append(Text($"<tr><td>{100 * cut.BackgroundEfficiency:G3} %</td><td>{threshold}</td><td>{cut.Observed:N0}</td>"));
            rows.Append(Text($"<td>{RoundedNumber.WithError(cut.Expected.Value, cut.Expected.Error)}</td><td>{RoundedNumber.Like(cut.Excess, cut.Expected.Error)}</td><td>{cut.Significance:F2} σ</td></tr>\n"));
        }

        return $"""
            <h2>Excess after cuts on the score</h2>
            <div class="wide"><table>
            <tr><th>background kept</th><th>ln r at least</th><th>observed events</th><th>expected background</th><th>excess</th><th>significance</th></tr>
            {rows}</table></div>

            """.ReplaceLineEndings("\n");
    }

    private static string ScorePlots(SearchRun run)
    {
        var plots = new SearchPlots(run.Search);
        string html = "<h2>Score in the signal region</h2>\n" + Figure(
            plots.Score(),
            "ln r of data and generated background, each event by models that did not see it; below, data over background. The band is the statistical error of the generated background.");
        return run.Search.Result.Likelihood.Count == 0 ? html : html + "<div class=\"pair\">\n"
            + Figure(LikelihoodPlot.Svg(run.Search.Result), "Likelihood of the signal fraction; the 68 % and 95 % intervals are shaded.")
            + Figure(plots.AnomalyScore(), "Anomaly score: data over generated background, learnt without the signal simulation.")
            + "</div>\n";
    }

    private static string FeaturePlots(SearchRun run)
    {
        var plots = new SearchPlots(run.Search);
        return "<h2>Features in the signal region</h2>\n<div class=\"pair\">\n"
            + string.Concat(run.Search.Settings.Schema.Features.Select(name => Figure(plots.Feature(name), "")))
            + "</div>\n";
    }

    private static string Checks(ResonanceSearchResult result) => $"""
        <h2>Checks</h2>
        <div class="wide"><table class="settings">
        <tr><td>Mean ratio over the generated background, before normalisation</td><td>{RoundedNumber.WithError(result.Closure.MeanRatio, result.Closure.Error)} (1 if it closes)</td></tr>
        <tr><td>Classifier between data and generated background, out of fold</td><td>{Text($"area under the curve {result.Closure.Auc:F4}")} (0.5 if they cannot be told apart)</td></tr>
        <tr><td>Clipped log ratios</td><td>{Text($"{result.Closure.ClippedEvents:N0} events")}</td></tr>
        <tr><td>Signal that the sidebands hold</td><td>{Leakage(result)}</td></tr>
        </table></div>

        """.ReplaceLineEndings("\n");

    private static string Leakage(ResonanceSearchResult result) => result.SignalInSidebands is { } leak
        ? Text($"{100 * leak.SidebandFraction:G2} % of their events; the signal fraction is expected to be {leak.FractionShift:G2} too low")
        : "not known without a signal simulation";

    private static string Settings(SearchRun run)
    {
        ResonanceSearchSettings settings = run.Search.Settings;
        EventSchema schema = settings.Schema;
        var rows = new List<(string Name, string Value)>
        {
            ("Events", run.Events),
            ("Signal simulation", run.Signal ?? "none"),
            ("Background", run.Background ?? "learnt from the sidebands with trees"),
            ("Features", string.Join(", ", schema.Features)),
            ("Event weights", schema.Weight ?? "1 each"),
            ("Mass spectrum", Text($"{Spectrum(run)}, {settings.Background.Spectrum.ParameterCount} parameters")),
            ("Seed", Text($"{settings.Seed.Value}")),
        };
        return "<h2>Settings</h2>\n<div class=\"wide\"><table class=\"settings\">\n"
            + string.Concat(rows.Select(row => $"<tr><td>{row.Name}</td><td>{Encoded(row.Value)}</td></tr>\n"))
            + "</table></div>\n";
    }

    private static string Spectrum(SearchRun run) =>
        run.Search.Settings.Background.Spectrum.CollisionEnergy is null ? "polynomial" : "dijet function";

    private static string Card(string number, string meaning) => $"<div class=\"card\"><b>{number}</b><span>{meaning}</span></div>\n";

    private static string Warning(string sentence) => $"<p class=\"warning\">{Encoded(sentence)}</p>\n";

    private static string Figure(string svg, string caption) =>
        $"<figure>\n{svg}{(caption.Length == 0 ? "" : $"<figcaption>{Encoded(caption)}</figcaption>\n")}</figure>\n";

    private static string Range(ConfidenceInterval interval, double error, double scale) =>
        $"{RoundedNumber.Like(scale * interval.Lower, error)} to {RoundedNumber.Like(scale * interval.Upper, error)}";

    private static double Width(ConfidenceInterval interval) => interval.Upper - interval.Lower;

    private static string Encoded(string text) => WebUtility.HtmlEncode(text);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
