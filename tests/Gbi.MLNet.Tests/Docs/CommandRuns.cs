namespace Gbi.Tests.Docs;

/// <summary>The commands of every page, run in order in one folder as they stand there.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class CommandRuns
{
    private const string Python = "python3";

    private static IEnumerable<string> Pages => DocPage.Guides.Where(page => page.OfKind("commands").Any()).Select(page => page.Path);

    [TestCaseSource(nameof(Pages))]
    public void Commands_print_what_their_page_says(string path)
    {
        DocPage page = DocPage.Read(path);
        if (page.OfKind("commands").Any(commands => commands.Body.Contains(Python, StringComparison.Ordinal)) && !IsInstalled(Python))
        {
            Assert.Ignore($"skipped: no {Python}");
        }

        using var run = new PageRun(page);
        foreach (DocFence commands in page.OfKind("commands"))
        {
            SampleRuns.Compare(path, commands.Name, run.Printed(commands));
        }

        if (path.EndsWith("upsilon.md", StringComparison.Ordinal))
        {
            string report = File.ReadAllText(Path.Combine(run["results"], "report.html"));
            Assert.That(report.Split("<figure>").Length - 1, Is.EqualTo(6), "two figures of all events and one of each category");
        }
    }

    private static bool IsInstalled(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)));
}
