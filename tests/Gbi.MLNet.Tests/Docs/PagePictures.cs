using Gbi.Tests.Reports.Html;

namespace Gbi.Tests.Docs;

/// <summary>Takes the pictures of the pages anew, from the reports that the commands of the pages write.</summary>
[Explicit("rewrites the pictures: dotnet test -c Release --filter PagePictures")]
internal sealed class PagePictures
{
    private const int Width = 1040;

    /// <param name="page">The page.</param>
    /// <param name="picture">The picture, next to the page.</param>
    /// <param name="scale">Its size over that of the page.</param>
    /// <param name="from">The heading at which it begins; null for the top.</param>
    /// <param name="to">The heading before which it ends.</param>
    /// <param name="figures">Figures after which it ends in place of that heading; 0 for all.</param>
    [TestCase("README.md", "docs/report.png", 0.9, "Mass spectrum", "Score in the signal region", 0)]
    [TestCase("docs/tutorials/lhco.md", "lhco.png", 0.75, null, "Score in the signal region", 4)]
    [TestCase(
        "docs/tutorials/family.md", "family.png", 1, "Signal fraction and parameters of the family", "Score in the signal region", 2)]
    [TestCase("docs/tutorials/upsilon.md", "upsilon.png", 0.75, null, "Checks", 4)]
    public void Of_a_page(string page, string picture, double scale, string? from, string to, int figures)
    {
        DocPage read = DocPage.Read(page);
        using var run = new PageRun(read);
        foreach (DocFence commands in read.OfKind("commands"))
        {
            run.Printed(commands);
        }

        using var browser = Chromium.Start();
        browser.Resize(Width, 1000, isPhone: false);
        browser.Open(Path.Combine(run["results"], "report.html"));
        browser.Prefer("screen", isDark: false);
        double top = from is null ? 0 : (double)browser.Evaluate(Heading(from))!;
        double end = (double)browser.Evaluate(figures == 0 ? Heading(to) : EndOfFigure(to, figures))!;
        File.WriteAllBytes(
            Path.Combine(Path.GetDirectoryName(Checkout.File(page))!, picture), browser.Photograph(Math.Max(0, top - 8), end, scale));
    }

    private static string Heading(string words) =>
        $"[...document.querySelectorAll('h2')].find(heading => heading.textContent === '{words}').getBoundingClientRect().top + scrollY";

    /// <summary>The lower end of the n-th figure of those between the last heading with figures and another heading.</summary>
    private static string EndOfFigure(string before, int count) => $$"""
        (() => {
            const all = [...document.querySelectorAll('h2, figure')];
            const end = all.findIndex(node => node.textContent === '{{before}}');
            const begin = all.slice(0, end).findLastIndex(node => node.tagName === 'H2');
            const shown = all.slice(begin + 1, end).filter(node => !node.querySelector('.large')).slice(0, {{count}});
            return Math.max(...shown.map(node => node.getBoundingClientRect().bottom)) + scrollY + 8;
        })()
        """;
}
