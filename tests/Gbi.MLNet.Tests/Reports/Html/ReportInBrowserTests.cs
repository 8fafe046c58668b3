using Gbi.Tests.Cli;
using Gbi.Tests.Cli.Verbs.Searches;

namespace Gbi.Tests.Reports.Html;

/// <summary>The report of a search in a real browser: on a desk, on a phone, in the dark and on paper.</summary>
[NonParallelizable]
public sealed class ReportInBrowserTests
{
    private const int Phone = 390;
    private const int Desk = 1280;

    // Spectrum, likelihood, sensitivity, contours, pulls, score, anomaly score, calibration, ROC curve, significance improvement and four
    // features.
    private const int FigureCount = 14;

    private SearchExample _example = null!;
    private Chromium _browser = null!;

    [OneTimeSetUp]
    public void Open()
    {
        _browser = Chromium.Start();
        _example = new SearchExample();
        CliRun.Done(_example.Search("result", "--signal", _example.Signal));
        CliRun.Done(_example.Search("plain"));
        CliRun.Done(
            "simulate", "dijet", "--events", "4000", "--signal-fraction", "1", "--signal-family", "400", "--seed", "7", "--out",
            _example["family.parquet"]);
        CliRun.Done(_example.Search(
            "family", "--signal", _example["family.parquet"], "--signal-parameters", "mx,my", "--half-width", "0.5", "--without", "anomaly",
            "--background", "plain"));
    }

    [OneTimeTearDown]
    public void Close()
    {
        _browser?.Dispose();
        _example?.Dispose();
    }

    [SetUp]
    public void OnADesk()
    {
        _browser.Prefer("screen", isDark: false);
        _browser.Resize(Desk, 900, isPhone: false);
    }

    [TestCase("result", FigureCount)]
    [
        TestCase(
            "plain", FigureCount - 8,
            Description = "without the likelihood's four, calibration, ROC curve, improvement and a score apart from the anomaly")
    ]
    public void Every_figure_is_drawn_without_a_complaint_or_another_file(string search, int figures)
    {
        _browser.Open(_example[$"{search}/report.html"]);

        Assert.Multiple(() =>
        {
            Assert.That(Number("document.querySelectorAll('.plot').length"), Is.EqualTo(figures));
            Assert.That(
                Number("[...document.querySelectorAll('.plot')].filter(plot => plot.querySelector('.main-svg .trace path')).length"),
                Is.EqualTo(figures));
            Assert.That(_browser.Complaints, Is.Empty);
            Assert.That(_browser.Requests.Where(address => !address.StartsWith("file:") && !address.StartsWith("data:")), Is.Empty);
        });
        Keep($"{search}-desk", _browser.Photograph());
    }

    [Test]
    public void A_family_has_named_contours_and_fits_on_a_phone()
    {
        _browser.Resize(Phone, 844, isPhone: true);
        _browser.Open(_example["family/report.html"]);
        Keep("family-phone", _browser.Photograph());

        Assert.Multiple(() =>
        {
            Assert.That(Number("document.querySelectorAll('.plot[role=img][aria-label=\"Contours of mx and my\"]').length"), Is.EqualTo(1));
            Assert.That(Number("document.querySelectorAll('.plot[role=img][aria-label$=\"and signal fraction\"]').length"), Is.EqualTo(2));
            Assert.That(
                Number("[...document.querySelectorAll('.plot')].filter(plot => !plot.querySelector('.main-svg .trace path')).length"),
                Is.Zero);
            Assert.That(
                Number("[...document.querySelectorAll('[aria-label=\"Contours of mx and my\"] .trace')].length"),
                Is.GreaterThanOrEqualTo(4));
            Assert.That((string?)_browser.Evaluate("document.body.innerText"), Does.Contain("With mx and my exchanged"));
            Assert.That(Number("document.documentElement.scrollWidth"), Is.EqualTo(Phone));
            Assert.That(_browser.Complaints, Is.Empty);
        });
    }

    [Test]
    public void Dark_paper_has_light_ink_and_changes_with_the_reader()
    {
        _browser.Open(_example["result/report.html"]);
        string light = Ink();

        _browser.Prefer("screen", isDark: true);
        byte[] picture = _browser.Photograph();
        Keep("result-dark", picture);
        string dark = Ink();
        _browser.Prefer("screen", isDark: false);
        _browser.Open(_example["result/report.html"], "?theme=dark");
        string asked = Ink();

        Assert.Multiple(() =>
        {
            Assert.That(light, Is.EqualTo("rgb(27, 31, 36)"));
            Assert.That(dark, Is.EqualTo("rgb(230, 233, 236)"));
            Assert.That(asked, Is.EqualTo(dark));
            Assert.That((string?)_browser.Evaluate("getComputedStyle(document.body).backgroundColor"), Is.EqualTo("rgb(20, 23, 26)"));
            Assert.That(_browser.Complaints, Is.Empty);
        });
    }

    [Test]
    public void On_a_phone_nothing_is_wider_than_the_screen_and_a_swipe_scrolls()
    {
        _browser.Resize(Phone, 844, isPhone: true);
        _browser.Open(_example["result/report.html"]);
        Keep("result-phone", _browser.Photograph());

        Assert.Multiple(() =>
        {
            Assert.That(Number("document.documentElement.scrollWidth"), Is.EqualTo(Phone));
            Assert.That(
                Number("Math.max(...[...document.querySelectorAll('.main-svg')].map(svg => svg.getBoundingClientRect().right))"),
                Is.LessThanOrEqualTo(Phone));
            Assert.That((bool?)_browser.Evaluate("document.querySelector('.plot').layout.dragmode"), Is.False);
            Assert.That(_browser.Complaints, Is.Empty);
        });
    }

    [Test]
    public void On_paper_the_plots_have_a_fixed_size_and_dark_ink_even_for_a_reader_in_the_dark()
    {
        _browser.Prefer("screen", isDark: true);
        _browser.Open(_example["result/report.html"]);
        _browser.Evaluate(
            "addEventListener('beforeprint', () => { window.printed = document.querySelector('.plot.large').layout.width; })");
        Keep("result.pdf", _browser.Print());
        double printed = Number("window.printed");
        _browser.Prefer("print", isDark: true);

        Assert.Multiple(() =>
        {
            Assert.That(Ink(), Is.EqualTo("rgb(27, 31, 36)"));
            Assert.That(printed, Is.EqualTo(670));
            Assert.That(Number("document.querySelector('.plot.large').layout.width"), Is.EqualTo(670));
            Assert.That(_browser.Complaints, Is.Empty);
        });
        Keep("result-paper", _browser.Photograph());
    }

    /// <summary>The colour of the first plot's words.</summary>
    private string Ink() => (string)_browser.Evaluate("getComputedStyle(document.querySelector('.main-svg .xtick text')).fill")!;

    private double Number(string expression) => (double)_browser.Evaluate(expression)!;

    /// <summary>Pictures are for people: artifacts/report holds those of the latest run.</summary>
    private static void Keep(string name, byte[] picture)
    {
        string folder = Directory.CreateDirectory(Checkout.File("artifacts", "report")).FullName;
        File.WriteAllBytes(Path.Combine(folder, Path.HasExtension(name) ? name : name + ".png"), picture);
    }
}
