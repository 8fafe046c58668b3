using Gbi.Tests.Cli;

namespace Gbi.Tests.Docs;

/// <summary>The commands of every page, run in order in one folder as they stand there.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class CommandRuns
{
    private static IEnumerable<string> Pages => DocPage.Guides.Where(page => page.OfKind("commands").Any()).Select(page => page.Path);

    [TestCaseSource(nameof(Pages))]
    public void Commands_print_what_their_page_says(string path)
    {
        DocPage page = DocPage.Read(path);
        string[] data = [.. page.Data.Select(SharedData.Path)];
        using var folder = new ScratchFolder();
        foreach (string file in data)
        {
            File.Copy(file, folder[Path.GetFileName(file)]);
        }

        foreach (DocFence file in page.OfKind("file"))
        {
            File.WriteAllText(folder[file.Name], file.Body);
        }

        foreach (DocFence commands in page.OfKind("commands"))
        {
            string printed = string.Concat(commands.Body.Replace("\\\n", " ").Split('\n').Select(command => Printed(command, folder)));
            SampleRuns.Compare(path, commands.Name, printed.Replace(folder.Root + Path.DirectorySeparatorChar, ""));
        }

        if (path.EndsWith("upsilon.md", StringComparison.Ordinal))
        {
            string report = File.ReadAllText(Path.Combine(folder["results"], "report.html"));
            Assert.That(report.Split("<figure>").Length - 1, Is.EqualTo(6), "two figures of all events and one of each category");
        }
    }

    private static string Printed(string command, ScratchFolder folder)
    {
        string[] words = command.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Assert.That(words[0], Is.EqualTo("gbi"));
        return CliRun.Done([.. words[1..].Select(word => IsFileOrFolder(word) ? folder[word] : word)]).Output;
    }

    private static bool IsFileOrFolder(string word) =>
        word.StartsWith("results", StringComparison.Ordinal) || Path.GetExtension(word) is ".parquet" or ".zip" or ".onnx" or ".json";
}
