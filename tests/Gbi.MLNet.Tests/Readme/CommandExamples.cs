using Gbi.Tests.Cli;
using Gbi.Tests.IO;

namespace Gbi.Tests.Readme;

/// <summary>The README's commands, run as they stand there but for the folder.</summary>
public sealed class CommandExamples
{
    [TestCase("Search"), TestCase("Ratio")]
    public void Commands_print_what_the_readme_says(string name)
    {
        if (ReadmeDocument.Repository is not { } readme)
        {
            Assert.Fail("There is no README.md.");
            return;
        }

        using var folder = new ScratchFolder();
        string printed = "";
        string[] commands = readme.Commands[name].Replace("\\\n", " ").Split('\n');
        foreach (string command in commands)
        {
            string[] words = command.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            Assert.That(words[..2], Is.EqualTo(new[] { "./run", "gbi" }));
            printed += CliRun.Done([.. words[2..].Select(word => IsFileOrFolder(word) ? folder[word] : word)]).Output;
        }

        ReadmeDocument.AssertAlike(printed.Replace(folder.Root + Path.DirectorySeparatorChar, ""), readme.Outputs[name]);
    }

    private static bool IsFileOrFolder(string word) => word == "results" || Path.GetExtension(word) is ".parquet" or ".zip" or ".onnx";
}
