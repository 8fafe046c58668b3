using System.Text.Json.Nodes;
using Gbi.Tests.Cli;
using Gbi.Tests.Likelihoods.HistFactory;
using Gbi.Tests.Reports.Json;

namespace Gbi.Tests.Reports.Html.Fits;

/// <summary>Pages of fits, limits, tests, intervals and toys: what they draw is in the document, which makes the same page.</summary>
[TestFixture]
internal sealed class ResultPageTests
{
    private static readonly string[] Curves =
        ["impacts", "scan", "scans", "contours", "channels", "covariance", "parameters", "distribution"];

    private ScratchFolder _folder = null!;

    [OneTimeSetUp]
    public void Write()
    {
        _folder = new ScratchFolder();
        File.WriteAllText(_folder["workspace.json"], GroupedWorkspace.Text);
        File.WriteAllText(_folder["counting.json"], SmallWorkspace.Counting(10, 50, 55));
    }

    [OneTimeTearDown]
    public void Remove() => _folder.Dispose();

    [TestCase("fit", 10, "--minos", "--profile", "rate", "--contour", "mu,rate")]
    [TestCase("fit", 8, "--asimov", "0")]
    [TestCase("limit", 1)]
    [TestCase("hypotest", 0)]
    [TestCase("significance", 0)]
    [TestCase("interval", 1)]
    [TestCase("toys", 1, "--toys", "40")]
    [TestCase("limit", 1, "--toys", "40")]
    public void The_document_has_what_the_page_draws_and_makes_the_same_page(string verb, int figures, params string[] more)
    {
        string page = _folder[$"{verb}-{figures}-{more.Length}.html"];
        string again = _folder[$"{verb}-{figures}-{more.Length}-again.html"];
        string document = CliRun.Done([verb, _folder["workspace.json"], .. more, "--report", page, "--json"]).Output;
        PublishedSchemas.Require(document);
        string path = _folder[$"{verb}-{figures}-{more.Length}.json"];
        File.WriteAllText(path, document);
        CliRun.Done("report", path, "--out", again);
        JsonNode[] drawn = FigureNumbers.Figures(File.ReadAllText(page));
        JsonNode without = JsonNode.Parse(document)!;
        foreach (string section in Curves)
        {
            without.AsObject().Remove(section);
        }

        Assert.Multiple(() =>
        {
            Assert.That(drawn, Has.Length.EqualTo(figures));
            Assert.That(FigureNumbers.MissingFrom(JsonNode.Parse(document)!, drawn).Distinct(), Is.Empty);
            Assert.That(WithoutCommand(File.ReadAllText(again)), Is.EqualTo(WithoutCommand(File.ReadAllText(page))));
            if (figures > 0 && !more.Contains("--toys"))
            {
                Assert.That(FigureNumbers.MissingFrom(without, drawn), Is.Not.Empty, "the test would not see what is missing");
            }
        });
    }

    [Test]
    public void A_page_of_a_fit_names_the_pulls_the_yields_and_what_is_left_out()
    {
        CliRun.Done("fit", _folder["workspace.json"], "--report", _folder["words.html"]);
        string page = File.ReadAllText(_folder["words.html"]);
        Assert.Multiple(() =>
        {
            Assert.That(page, Does.Contain("<title>Fit of workspace.json</title>"));
            Assert.That(page, Does.Contain("goodness of fit: saturated χ² ="));
            Assert.That(page, Does.Contain("factors of bins (gammas)").And.Contain("luminosity"));
            Assert.That(page, Does.Contain("before the fit").And.Contain(System.Net.WebUtility.HtmlEncode("χ² after")));
            Assert.That(page, Does.Contain(System.Net.WebUtility.HtmlEncode(GroupedWorkspace.LongName)), "whole in the table");
            Assert.That(page, Does.Not.Contain("<two>"));
            Assert.That(page, Does.Contain("JET_CR_JET_Et\\u2026_longer_name"), "shortened next to an axis");
        });
    }

    [Test]
    public void A_strength_at_its_bound_has_a_sentence_in_the_place_of_empty_impacts()
    {
        File.WriteAllText(_folder["deficit.json"], GroupedWorkspace.Text.Replace("[45, 41]", "[20, 9]"));
        CliRun.Done("fit", _folder["deficit.json"], "--report", _folder["deficit.html"]);
        Assert.That(File.ReadAllText(_folder["deficit.html"]), Does.Contain("No parameter moves mu, which is at its bound; a lower bound"));
    }

    [Test]
    public void Several_results_are_parts_of_one_page()
    {
        File.WriteAllText(_folder["one.json"], CliRun.Done("fit", _folder["counting.json"], "--json").Output);
        File.WriteAllText(_folder["two.json"], CliRun.Done("hypotest", _folder["counting.json"], "--json").Output);
        CliRun.Done("report", _folder["one.json"], _folder["two.json"], "--out", _folder["both.html"]);
        string page = File.ReadAllText(_folder["both.html"]);
        Assert.That(page, Does.Contain("<title>2 results</title>").And.Contain("<h1 class=\"part\">Fit of counting.json</h1>"));
        Assert.That(page, Does.Contain("<h1 class=\"part\">Test of a signal strength of counting.json</h1>"));
    }

    [Test]
    public void An_Asimov_fit_says_so_and_finds_what_it_was_made_of()
    {
        CliRun.Done("fit", _folder["workspace.json"], "--asimov", "2", "--report", _folder["asimov.html"]);
        var fit = JsonNode.Parse(CliRun.Done("fit", _folder["workspace.json"], "--asimov", "2", "--json").Output)!;
        JsonNode mu = fit["parameters"]!.AsArray().First(parameter => (string?)parameter!["name"] == "mu")!;
        Assert.Multiple(() =>
        {
            Assert.That((double)mu["value"]!, Is.EqualTo(2).Within(1e-6));
            Assert.That((double)fit["asimov"]!["mu"]!, Is.EqualTo(2));
            Assert.That((double)fit["goodnessOfFit"]!["chiSquared"]!, Is.EqualTo(0).Within(1e-9));
            Assert.That(File.ReadAllText(_folder["asimov.html"]), Does.Contain("Fit of Asimov data at mu = 2, not of the observed data"));
        });
    }

    [TestCase("kind", "\"kind\": \"fit\"", "\"kind\": \"search\"", "is of the kind \"search\", which has no page")]
    [TestCase("none", "\"kind\": \"fit\"", "\"sort\": \"fit\"", "has no member \"kind\"")]
    [TestCase("schema", "\"schemaVersion\": 1", "\"schemaVersion\": 7", "has the schema version 7, expected 1")]
    [TestCase("member", "\"twiceNll\"", "\"twiceNl\"", "twiceNll")]
    [TestCase("text", "{", "", "is no document that gbi wrote")]
    public void Another_document_is_refused(string name, string part, string by, string expected)
    {
        string document = CliRun.Done("fit", _folder["counting.json"], "--json").Output;
        int at = document.IndexOf(part, StringComparison.Ordinal);
        File.WriteAllText(_folder[$"{name}-refused.json"], document[..at] + by + document[(at + part.Length)..]);
        CliRun run = CliRun.Of("report", _folder[$"{name}-refused.json"], "--out", _folder["refused.html"]);
        Assert.That(run.Code, Is.EqualTo(1));
        Assert.That(run.Error, Does.Contain(expected).And.Contain($"{name}-refused.json"));
        Assert.That(File.Exists(_folder["refused.html"]), Is.False);
    }

    [TestCase("--profile is not a name", "--profile names the parameter 'rat', which the model lacks", "fit", "--profile", "rat")]
    [TestCase("one name", "expected the names of two parameters", "fit", "--contour", "mu")]
    [TestCase("the same name", "names one parameter twice", "fit", "--contour", "mu,mu")]
    [TestCase("--asimov is not a number", "--asimov is 'much', expected a number, or nothing", "fit", "--asimov", "much")]
    [TestCase("--force alone", "--force needs --report", "fit", "--force")]
    [TestCase("--grid with toys", "--grid and --toys exclude each other", "limit", "--grid", "0:1:3", "--toys", "10")]
    [TestCase("a negative strength", "a tested strength is 0 or more", "limit", "--grid", "-1:1:3")]
    [TestCase("another ending", "expected a name that ends with .html", "fit", "--report", "page.txt")]
    [TestCase("a page of a shard", "--shard and --report exclude each other", "toys", "--shard", "1/2", "--out", "x", "--report", "x.html")]
    public void What_cannot_be_is_refused(string why, string expected, string verb, params string[] more)
    {
        CliRun run = CliRun.Of([verb, _folder["workspace.json"], .. more]);
        Assert.That(run.Code, Is.EqualTo(2), why);
        Assert.That(run.Error, Does.Contain(expected), why);
    }

    [Test]
    public void An_existing_page_is_kept()
    {
        File.WriteAllText(_folder["mine.html"], "mine");
        CliRun run = CliRun.Of("fit", _folder["counting.json"], "--report", _folder["mine.html"]);
        Assert.That(run.Code, Is.EqualTo(2));
        Assert.That(run.Error, Does.Contain("exists already"));
        Assert.That(File.ReadAllText(_folder["mine.html"]), Is.EqualTo("mine"));
        CliRun.Done("fit", _folder["counting.json"], "--report", _folder["mine.html"], "--force");
        Assert.That(File.ReadAllText(_folder["mine.html"]), Does.StartWith("<!DOCTYPE html>"));
    }

    /// <summary>A page without its command line and the mark of what it was made with.</summary>
    private static string WithoutCommand(string page)
    {
        int begin = page.IndexOf("<h2>Command</h2>", StringComparison.Ordinal);
        int scripts = page.IndexOf("<noscript>", begin, StringComparison.Ordinal);
        return page[..begin] + page[scripts..page.IndexOf("</body>", scripts, StringComparison.Ordinal)];
    }
}
