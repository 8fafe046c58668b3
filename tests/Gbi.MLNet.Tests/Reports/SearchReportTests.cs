using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Gbi.Tests.Cli;

namespace Gbi.Tests.Reports;

/// <summary>The report of a search as a page that needs nothing but itself.</summary>
public sealed class SearchReportTests
{
    private SearchExample _example = null!;
    private string _page = "";

    [OneTimeSetUp]
    public void Search()
    {
        _example = new SearchExample();
        CliRun.Done(_example.Search("result", "--signal", _example.Signal));
        _page = File.ReadAllText(_example["result/report.html"]);
    }

    [OneTimeTearDown]
    public void RemoveFiles() => _example.Dispose();

    [Test]
    public void The_report_has_no_scripts_and_asks_for_no_other_file() =>
        Assert.That(_page, Does.Not.Match("<script|<link|<img|@import|url\\(|https?://(?!www\\.w3\\.org)"));

    [Test]
    public void Every_plot_is_well_formed_and_holds_no_number_that_is_not_finite()
    {
        string[] plots = [.. Regex.Matches(_page, "<svg.*?</svg>", RegexOptions.Singleline).Select(match => match.Value)];

        Assert.Multiple(() =>
        {
            // Spectrum, score, likelihood, anomaly score and four features.
            Assert.That(plots, Has.Length.EqualTo(8));
            foreach (string plot in plots)
            {
                Assert.That(() => XDocument.Parse(plot), Throws.Nothing);
                Assert.That(plot, Does.Not.Contain("NaN").And.Not.Contain("∞").And.Not.Contain("Infinity"));
            }
        });
    }

    [Test]
    public void Axes_carry_the_names_of_the_columns()
    {
        foreach (string name in SearchExample.Features.Split(',').Append("mjj"))
        {
            Assert.That(_page, Does.Match($"<text [^>]*text-anchor=\"end\"[^>]*>{name}</text>"));
        }
    }

    [Test]
    public void Nothing_is_drawn_outside_its_plot()
    {
        foreach (Match plot in Regex.Matches(_page, "<svg viewBox=\"0 0 (\\S+) (\\S+)\".*?</svg>", RegexOptions.Singleline))
        {
            double width = Number(plot.Groups[1].Value);
            double height = Number(plot.Groups[2].Value);
            foreach (Match point in Regex.Matches(plot.Value, "[ML](-?[0-9.]+) (-?[0-9.]+)"))
            {
                Assert.That(Number(point.Groups[1].Value), Is.InRange(0, width));
                Assert.That(Number(point.Groups[2].Value), Is.InRange(0, height));
            }
        }
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
    public void A_name_from_the_command_line_cannot_become_markup()
    {
        File.Copy(_example.Events, _example["<b>&.parquet"]);
        string[] args = _example.Search("odd");
        args[1] = _example["<b>&.parquet"];
        CliRun.Done(args);

        Assert.That(File.ReadAllText(_example["odd/report.html"]), Does.Contain("&lt;b&gt;&amp;.parquet").And.Not.Contain("<b>&"));
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
