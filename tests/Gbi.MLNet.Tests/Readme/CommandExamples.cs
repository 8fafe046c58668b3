using Gbi.Tests.Cli;

namespace Gbi.Tests.Readme;

/// <summary>The README's commands, run as they stand there but for the folder.</summary>
public sealed class CommandExamples
{
    [TestCase("Search"), TestCase("Ratio", "Likelihood")]
    public void Commands_print_what_the_readme_says(params string[] names)
    {
        if (ReadmeDocument.Repository is not { } readme)
        {
            Assert.Fail("There is no README.md.");
            return;
        }

        // Sections of one case go on in the folder of the one before.
        using var folder = new ScratchFolder();
        foreach ((string file, string text) in readme.Files)
        {
            File.WriteAllText(folder[file], text);
        }

        foreach (string name in names)
        {
            string[] commands = readme.Commands[name].Replace("\\\n", " ").Split('\n');
            string printed = string.Concat(commands.Select(command => Printed(command, folder)));
            ReadmeDocument.AssertAlike(printed.Replace(folder.Root + Path.DirectorySeparatorChar, ""), readme.Outputs[name]);
        }
    }

    internal static string Printed(string command, ScratchFolder folder)
    {
        string[] words = command.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Assert.That(words[0], Is.EqualTo("gbi"));
        return CliRun.Done([.. words[1..].Select(word => IsFileOrFolder(word) ? folder[word] : word)]).Output;
    }

    private static bool IsFileOrFolder(string word) =>
        word == "results" || Path.GetExtension(word) is ".parquet" or ".zip" or ".onnx" or ".json";
}
