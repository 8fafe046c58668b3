using Gbi.Tests.Cli;
using Gbi.Tests.Likelihoods.HistFactory;

namespace Gbi.Tests.Reports.Html.Fits;

/// <summary>The page of a fit in a real browser: on a desk, on a phone, in the dark and on paper.</summary>
[NonParallelizable]
public sealed class ResultPageInBrowserTests
{
    private const int Phone = 390;
    private const int Desk = 1280;
    private const int FigureCount = 10;

    private ScratchFolder _folder = null!;
    private Chromium _browser = null!;

    [OneTimeSetUp]
    public void Open()
    {
        _browser = Chromium.Start();
        _folder = new ScratchFolder();
        File.WriteAllText(_folder["workspace.json"], GroupedWorkspace.Text);
        CliRun.Done("fit", _folder["workspace.json"], "--profile", "rate", "--contour", "mu,rate", "--report", _folder["fit.html"]);
        CliRun.Done("limit", _folder["workspace.json"], "--report", _folder["limit.html"]);
    }

    [OneTimeTearDown]
    public void Close()
    {
        _browser?.Dispose();
        _folder?.Dispose();
    }

    [SetUp]
    public void OnADesk()
    {
        _browser.Prefer("screen", isDark: false);
        _browser.Resize(Desk, 900, isPhone: false);
    }

    [TestCase("fit", FigureCount)]
    [TestCase("limit", 1)]
    public void Every_figure_is_drawn_without_a_complaint_or_another_file(string verb, int figures)
    {
        _browser.Open(_folder[$"{verb}.html"]);
        Assert.Multiple(() =>
        {
            Assert.That(
                Number("[...document.querySelectorAll('.plot')].filter(plot => plot.querySelector('.main-svg .trace path')).length"),
                Is.EqualTo(Number("document.querySelectorAll('.plot').length")).And.EqualTo(figures));
            Assert.That(_browser.Complaints, Is.Empty);
            Assert.That(_browser.Requests.Where(address => !address.StartsWith("file:") && !address.StartsWith("data:")), Is.Empty);
        });
        Keep($"{verb}-desk", _browser.Photograph());
    }

    [Test]
    public void On_a_phone_nothing_is_wider_than_the_screen_and_a_matrix_scrolls_in_its_place()
    {
        _browser.Resize(Phone, 844, isPhone: true);
        _browser.Open(_folder["fit.html"]);
        Assert.Multiple(() =>
        {
            Assert.That(Number("document.documentElement.scrollWidth"), Is.EqualTo(Phone));
            Assert.That(Number("document.querySelector('.matrix').clientWidth"), Is.EqualTo(640));
            Assert.That(Number("document.querySelector('.matrix').parentElement.clientWidth"), Is.LessThan(Phone));
            Assert.That(_browser.Complaints, Is.Empty);
        });
        Keep("fit-phone", _browser.Photograph());
    }

    [Test]
    public void A_word_finds_rows_of_a_folded_table()
    {
        _browser.Open(_folder["fit.html"]);
        double all = Number(Shown);
        _browser.Evaluate(
            "(() => { const field = document.querySelector('details input'); field.value = 'RATE'; "
                + "field.dispatchEvent(new Event('input')); })()");
        Assert.That(Number(Shown), Is.EqualTo(1).And.LessThan(all));
    }

    [Test]
    public void A_page_that_is_opened_for_paper_has_dark_ink_and_the_size_of_the_paper()
    {
        _browser.Prefer("print", isDark: true);
        _browser.Open(_folder["fit.html"]);
        Assert.Multiple(() =>
        {
            Assert.That(
                (string?)_browser.Evaluate("getComputedStyle(document.querySelector('.main-svg .xtick text')).fill"),
                Is.EqualTo("rgb(27, 31, 36)"));
            Assert.That(Number("document.querySelector('.matrix').layout.width"), Is.EqualTo(670));
        });
        Keep("fit-paper", _browser.Photograph());
    }

    private const string Shown = "[...document.querySelector('details').querySelectorAll('tbody tr')].filter(row => !row.hidden).length";

    private double Number(string expression) => (double)_browser.Evaluate(expression)!;

    /// <summary>Pictures are for people: artifacts/report holds those of the latest run.</summary>
    private static void Keep(string name, byte[] picture)
    {
        string folder = Directory.CreateDirectory(Checkout.File("artifacts", "report")).FullName;
        File.WriteAllBytes(Path.Combine(folder, name + ".png"), picture);
    }
}
