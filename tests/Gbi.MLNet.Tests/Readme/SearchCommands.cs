using Gbi.Tests.Cli;
using Gbi.Tests.IO;

namespace Gbi.Tests.Readme;

/// <summary>The README's search, run as it stands there but for the folder.</summary>
public sealed class SearchCommands
{
    private static readonly string[] FilesAndFolders = ["events.parquet", "results"];

    [Test]
    public void The_search_prints_what_the_readme_says()
    {
        if (ReadmeDocument.Repository is not { } readme)
        {
            Assert.Fail("There is no README.md.");
            return;
        }

        using var folder = new ScratchFolder();
        string printed = "";
        string[] commands = readme.Commands["Search"].Replace("\\\n", " ").Split('\n');
        foreach (string command in commands)
        {
            string[] words = command.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            Assert.That(words[..2], Is.EqualTo(new[] { "./run", "gbi" }));
            printed += CliRun.Done([.. words[2..].Select(word => FilesAndFolders.Contains(word) ? folder[word] : word)]).Output;
        }

        ReadmeDocument.AssertAlike(printed.Replace(folder.Root + Path.DirectorySeparatorChar, ""), readme.Outputs["Search"]);
    }
}
