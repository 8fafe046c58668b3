using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Gbi.Tests.Reports.Html;

namespace Gbi.Tests.Cli.Verbs.Posteriors;

/// <summary>--report of gbi infer, posterior and calibrate: what the terminal says, with figures, in one file.</summary>
internal sealed class PosteriorPageTests
{
    private PosteriorExample _files = null!;
    private CliRun _run = null!;
    private string _page = "";

    [OneTimeSetUp]
    public void Learn()
    {
        _files = new PosteriorExample();
        File.WriteAllText(_files["known.csv"], "x,y,a\n0.5,0.1,0.55\n");
        _run = CliRun.Of(_files.Infer(
            "posterior.zip", "--simulations", _files.Simulations("simulations.parquet", 600, 1, failsEvery: 6), "--observed",
            _files["known.csv"], "--draws", "2000", "--report", _files["page.html"]));
        _page = File.ReadAllText(_files["page.html"]);
    }

    [OneTimeTearDown]
    public void Delete() => _files.Dispose();

    [Test]
    public void The_page_says_what_the_terminal_says()
    {
        string text = WebUtility.HtmlDecode(Regex.Replace(_page, "</?code>", "`"));
        string[] said =
        [
            .. _run.Output.Split('\n').Where(line => line.StartsWith("  ", StringComparison.Ordinal)).Select(line => line.Trim()),
            "Tests on 50 pairs, 499 draws each:", "100 of 600 simulations failed", "Posterior of known.csv, from 2,000 draws:",
            "Learnt from 450 simulations.",
        ];
        Assert.Multiple(() =>
        {
            Assert.That(_run.Output, Does.Contain($"and {_files["page.html"]}."));
            foreach (string sentence in said)
            {
                Assert.That(text, Does.Contain(sentence));
            }

            Assert.That(text, Does.Contain("gbi infer --prior ").And.Contain("--report"));
            Assert.That(text, Does.Contain(">inconclusive in `a`: 50 pairs show no difference"));
            Assert.That(text, Does.Not.Contain("<p class=\"warning\">inconclusive"));
        });
    }

    [Test]
    public void The_page_needs_no_other_file_and_every_figure_has_words()
    {
        string[] asked =
            [.. Regex.Matches(_page, "<(?:script|link|img)[^>]*(?:src|href)=\"([^\"]*)\"").Select(match => match.Groups[1].Value)];
        JsonNode[] figures = FigureNumbers.Figures(_page);

        // Draws; coverage, distances, ranks; recovery, z-scores.
        Assert.Multiple(() =>
        {
            Assert.That(asked, Is.EqualTo((string[])["data:,"]));
            Assert.That(figures, Has.Length.EqualTo(6));
            Assert.That(Regex.Matches(_page, "<figcaption>[^<]+</figcaption>"), Has.Count.EqualTo(6));
            Assert.That(
                figures.SelectMany(figure => figure["data"]!.AsArray()),
                Has.All.Matches<JsonNode>(trace => trace!["x"]!.AsArray().Count == trace["y"]!.AsArray().Count));
            Assert.That(
                figures[0]["layout"]!["shapes"]!.AsArray().Where(shape => (string?)shape!["type"] == "line")
                    .Select(shape => (double)shape!["x0"]!), Is.EqualTo((double[])[0.55]).Within(1e-6), "the truth");
        });
    }

    [Test]
    public void The_same_command_writes_the_same_page_but_for_its_time()
    {
        CliRun.Of(_files.Infer(
            "posterior.zip", "--simulations", _files["simulations.parquet"], "--observed", _files["known.csv"], "--draws", "2000",
            "--report", _files["page.html"], "--force"));
        Assert.That(WithoutTime(File.ReadAllText(_files["page.html"])), Is.EqualTo(WithoutTime(_page)));

        static string WithoutTime(string page) =>
            Regex.Replace(page.Replace(" --force", "", StringComparison.Ordinal), "simulations in [0-9.]+ s", "");
    }

    [Test]
    public void Several_observations_have_a_table_and_a_figure_each()
    {
        CliRun.Done(
            "posterior", _files["posterior.zip"], _files["several.csv"], "--draws", "300", "--report", _files["several.html"]);
        string page = File.ReadAllText(_files["several.html"]);
        Assert.Multiple(() =>
        {
            Assert.That(FigureNumbers.Figures(page), Has.Length.EqualTo(3));
            Assert.That(page, Does.Contain("Posteriors of 3 observations in several.csv, from 300 draws each"));
            Assert.That(page, Does.Contain("<p class=\"warning\">Row 2: "));
        });
    }

    [Test]
    public void A_sum_over_events_says_how_many_they_are()
    {
        CliRun.Done(
            "posterior", _files["posterior.zip"], _files["several.csv"], "--events", "--draws", "300", "--report", _files["sum.html"]);
        Assert.That(
            File.ReadAllText(_files["sum.html"]),
            Does.Contain("; of 3 events by the sum of their log-densities, learnt from 450 simulations. Gbi.MLNet"));
    }

    [Test]
    public void Tests_on_pairs_have_a_page_with_the_levels_to_take_also_where_they_fail()
    {
        string pairs = _files.Simulations("wide.parquet", 300, 8, 3 * PosteriorExample.Width);
        CliRun run = CliRun.Of("calibrate", _files["posterior.zip"], pairs, "--draws", "99", "--report", _files["tests.html"]);
        string page = File.ReadAllText(_files["tests.html"]);
        Assert.Multiple(() =>
        {
            Assert.That(run.Code, Is.EqualTo(3));
            Assert.That(page, Does.Contain("level to take").And.Contain("<p class=\"warning\">over-confident in <code>a</code>"));
            Assert.That(FigureNumbers.Figures(page), Has.Length.EqualTo(5));
        });
    }

    [Test]
    public void A_page_is_not_replaced_unasked_and_ends_with_html()
    {
        Refused($"{_files["page.html"]} exists already; choose another --report", _files["page.html"]);
        Refused("--report is 'page.pdf', expected a name that ends with .html", "page.pdf");
        Assert.That(File.Exists("page.pdf"), Is.False);

        void Refused(string sentence, string page)
        {
            CliRun run = CliRun.Of("posterior", _files["posterior.zip"], _files["observed.csv"], "--report", page);
            Assert.That((run.Code, run.Output), Is.EqualTo((2, "")));
            Assert.That(run.Error, Does.Contain(sentence));
        }
    }
}
