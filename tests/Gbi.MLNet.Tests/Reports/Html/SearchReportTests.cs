using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Gbi.Reports.Html;
using Gbi.Tests.Cli;
using Gbi.Tests.Cli.Verbs.Searches;

namespace Gbi.Tests.Reports.Html;

/// <summary>The report of a search as a page: its figures as data, its words and its numbers.</summary>
public sealed class SearchReportTests
{
    private SearchExample _example = null!;
    private string _page = "";
    private JsonNode[] _figures = [];

    [OneTimeSetUp]
    public void Search()
    {
        _example = new SearchExample();
        CliRun.Done(_example.Search("result", "--signal", _example.Signal));
        _page = File.ReadAllText(_example["result/report.html"]);
        _figures = FigureNumbers.Figures(_page);
    }

    [OneTimeTearDown]
    public void RemoveFiles() => _example.Dispose();

    [Test]
    public void The_page_is_smaller_than_five_megabytes() =>
        Assert.That(new FileInfo(_example["result/report.html"]).Length, Is.LessThan(5_000_000));

    [Test]
    public void The_page_asks_for_no_other_file()
    {
        string[] asked =
            [.. Regex.Matches(_page, "<(?:script|link|img)[^>]*(?:src|href)=\"([^\"]*)\"").Select(match => match.Groups[1].Value)];

        Assert.That(asked, Is.EqualTo((string[])["data:,"]));
    }

    [Test]
    public void The_plot_library_is_in_the_page_with_its_licence_and_version()
    {
        string version = (string)typeof(SearchReport).Assembly.GetType("Gbi.Reports.Html.PlotlyLibrary", throwOnError: true)!
            .GetProperty("Version")!.GetValue(null)!;

        Assert.Multiple(() =>
        {
            Assert.That(version, Does.Match(@"^\d+\.\d+\.\d+$"));
            Assert.That(_page, Does.Contain($"* plotly.js (basic - minified) v{version}\n").And.Contain("Licensed under the MIT license"));
            Assert.That(_page, Does.Contain(version + "</td>"), "the table of versions");
        });
    }

    [Test]
    public void Every_figure_has_words_for_readers_who_do_not_see_it_and_curves_of_equally_many_x_and_y()
    {
        // Spectrum, likelihood, sensitivity, contours, pulls, score, anomaly score, calibration, ROC curve, significance improvement and
        // four features.
        Assert.Multiple(() =>
        {
            Assert.That(_figures, Has.Length.EqualTo(14));
            Assert.That(Regex.Matches(_page, "<div class=\"plot[^\"]*\" role=\"img\" aria-label=\"[^\"]+\">"), Has.Count.EqualTo(14));
            Assert.That(Regex.Matches(_page, "<figcaption>[^<]+</figcaption>"), Has.Count.EqualTo(14));
            foreach (JsonNode trace in _figures.SelectMany(figure => figure["data"]!.AsArray())!)
            {
                Assert.That(trace["x"]!.AsArray(), Has.Count.EqualTo(trace["y"]!.AsArray().Count).And.Count.GreaterThan(0));
            }
        });
    }

    [Test]
    public void Axes_carry_the_names_of_the_columns()
    {
        string[] names = [.. _figures.Select(figure => (string)figure["layout"]!["xaxis"]!["title"]!["text"]!)];

        Assert.That(SearchExample.Features.Split(',').Append("mjj"), Is.SubsetOf(names));
    }

    [Test]
    public void Pulls_are_data_less_fit_over_the_root_of_the_fit()
    {
        JsonArray traces = _figures[0]["data"]!.AsArray();
        JsonNode[] Of(string yaxis, string mode) =>
            [.. traces.Where(trace => (string)trace!["yaxis"]! == yaxis && (string)trace["mode"]! == mode)!];
        JsonNode data = Of("y", "markers")[0];
        JsonNode fit = Of("y", "lines").Single(trace => trace["name"] is not null);
        JsonNode pulls = Of("y2", "markers")[0];

        // A logarithmic axis has no place for an empty bin, which its pull shows all the same.
        var counts = Numbers(data["x"]!).Zip(Numbers(data["y"]!)).ToDictionary(bin => bin.First, bin => bin.Second);
        double[] expected = Numbers(fit["y"]!);
        double[] centres = Numbers(pulls["x"]!);
        double[] found = Numbers(pulls["y"]!);
        Assert.That(found, Has.Length.EqualTo(expected.Length).And.Length.GreaterThanOrEqualTo(counts.Count));
        for (int bin = 0; bin < expected.Length; bin++)
        {
            double count = counts.GetValueOrDefault(centres[bin]);
            Assert.That(found[bin], Is.EqualTo((count - expected[bin]) / Math.Sqrt(expected[bin])).Within(1e-4));
        }
    }

    [Test]
    public void The_sidebands_and_the_signal_have_the_sums_that_the_captions_tell()
    {
        JsonNode figure = _figures.Single(figure => (string)figure["layout"]!["xaxis"]!["title"]!["text"]! == "mj1");
        double Sum(string name) =>
            Numbers(
                figure["data"]!.AsArray()
                    .Single(trace => ((string?)trace!["name"])?.StartsWith(name, StringComparison.Ordinal) == true)!["y"]!)[..^1].Sum();

        // The axis leaves out up to 0.4 % of data and background, and more of other samples.
        Assert.Multiple(() =>
        {
            Assert.That(Sum("sidebands"), Is.EqualTo(Sum("background")).Within(2).Percent);
            Assert.That(
                Sum("signal"),
                Is.EqualTo(
                    Sum("data")
                        + Numbers(
                            figure["data"]!.AsArray().Single(trace => (string?)trace!["name"] == "data")!["y"]!)[^1]).Within(3).Percent);
        });
    }

    [Test]
    public void Numbers_of_the_report_are_those_of_the_result()
    {
        using var result = System.Text.Json.JsonDocument.Parse(File.ReadAllText(_example["result/result.json"]));
        double significance = result.RootElement.GetProperty("significance").GetDouble();
        double events = result.RootElement.GetProperty("eventsInRegion").GetDouble();

        Assert.That(_page, Does.Contain($"{significance:F1} σ").And.Contain($"{events:N0} events"));
    }

    [Test]
    public void Contours_lie_around_the_best_fit_one_inside_the_other_as_far_out_as_a_parabola_says()
    {
        using var result = System.Text.Json.JsonDocument.Parse(File.ReadAllText(_example["result/result.json"]));
        var fraction = result.RootElement.GetProperty("signalFraction");
        var interval = fraction.GetProperty("interval68");
        double error = (interval.GetProperty("upper").GetDouble() - interval.GetProperty("lower").GetDouble()) / 2;
        JsonNode[] traces =
        [
            .. _figures.Single(
                figure => (string)figure["layout"]!["yaxis"]!["title"]!["text"]! == "background over expectation")["data"]!.AsArray()!
        ];
        double best = Numbers(traces[3]["x"]!).Single();

        // Half the width of a contour is √Δ σ, with the quantiles Δ = −2 ln(1 − p) of two parameters.
        double[] widths = [.. traces[..3].Select(trace => (Numbers(trace["x"]!).Max() - Numbers(trace["x"]!).Min()) / 2)];
        double[] expected = [.. new[] { 0.6826895, 0.9544997, 0.9973002 }.Select(p => error * Math.Sqrt(-2 * Math.Log(1 - p)))];
        Assert.Multiple(() =>
        {
            Assert.That(best, Is.EqualTo(fraction.GetProperty("value").GetDouble()).Within(1e-4).Percent);
            Assert.That(widths.Zip(expected, (found, wanted) => found / wanted), Is.All.EqualTo(1).Within(0.1));
            foreach (JsonNode line in traces[..3])
            {
                Assert.That(
                    (Numbers(line["x"]!)[0], Numbers(line["y"]!)[0]), Is.EqualTo((Numbers(line["x"]!)[^1], Numbers(line["y"]!)[^1])));
            }
        });
    }

    [Test]
    public void The_roc_curve_rises_to_all_signal_and_all_background()
    {
        JsonNode curve = _figures.Single(
            figure => (string)figure["layout"]!["yaxis"]!["title"]!["text"]! == "background efficiency")["data"]![1]!;

        Assert.That(Numbers(curve["x"]!), Is.Ordered.And.Some.EqualTo(1));
        Assert.That(Numbers(curve["y"]!), Is.Ordered.And.Some.EqualTo(1));
    }

    [Test]
    public void The_result_has_the_parts_of_the_error_and_every_failed_check_warns()
    {
        JsonNode result = JsonNode.Parse(File.ReadAllText(_example["result/result.json"]))!;
        JsonNode budget = result["errorBudget"]!;
        string[] parts = ["statistical", "rate", "template", "simulation", "generator"];
        JsonNode[] checks = [.. result["checks"]!.AsArray()!];

        Assert.Multiple(() =>
        {
            Assert.That(
                parts.Sum(part => Math.Pow((double)budget[part]!, 2)),
                Is.EqualTo(Math.Pow((double)budget["total"]!, 2)).Within(1e-9).Percent);
            Assert.That(checks, Has.Length.EqualTo(9));
            Assert.That(result["warnings"]!.AsArray(), Has.Count.EqualTo(checks.Count(check => !(bool)check["passed"]!)));
            Assert.That(
                checks.Select(check => (string)check["name"]!),
                Has.All.Matches<string>(name => _page.Contains(System.Net.WebUtility.HtmlEncode(name)!)));
            Assert.That((double)result["sensitivity"]!["error"]!, Is.LessThan((double)budget["total"]!));
        });
    }

    [Test]
    public void A_name_from_the_command_line_cannot_become_markup()
    {
        File.Copy(_example.Events, _example["<b>&.parquet"]);
        string[] args = _example.Search("odd");
        args[1] = _example["<b>&.parquet"];
        CliRun.Done(args);

        Assert.That(File.ReadAllText(_example["odd/report.html"]), Does.Contain("&lt;b&gt;&amp;.parquet").And.Not.Contain("<b>&"));
    }

    private static double[] Numbers(JsonNode array) => [.. array.AsArray().Select(value => (double)value!)];
}
