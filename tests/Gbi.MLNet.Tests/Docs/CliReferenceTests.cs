using System.Text;
using Gbi.Tests.Cli;

namespace Gbi.Tests.Docs;

/// <summary>docs/cli.md holds the help of every verb, as the tool prints it.</summary>
public sealed class CliReferenceTests
{
    private const string Mark = "<!-- help: written by GBI_ACCEPT=1 dotnet test -c Release --filter CliReference -->\n";

    [Test]
    public void The_reference_is_the_help_of_every_verb()
    {
        string file = Checkout.File("docs", "cli.md");
        string page = File.ReadAllText(file).ReplaceLineEndings("\n");
        int start = page.IndexOf(Mark, StringComparison.Ordinal);
        Assert.That(start, Is.Positive, $"docs/cli.md lacks the line {Mark}");
        string help = Mark + Sections([]);
        if (DocPage.Accepts)
        {
            File.WriteAllText(file, page[..start] + help);
            return;
        }

        Assert.That(page[start..], Is.EqualTo(help), "docs/cli.md differs from the help; GBI_ACCEPT=1 writes it.");
    }

    /// <summary>A section for a command, and below it one for each of its own.</summary>
    private static string Sections(string[] command)
    {
        string help = CliRun.Done([.. command, "--help"]).Output.ReplaceLineEndings("\n");
        StringBuilder text = new();
        text.Append($"\n## {string.Join(' ', ["gbi", .. command])}\n\n```text\n");
        foreach (string line in help.Trim('\n').Split('\n'))
        {
            text.Append(line.TrimEnd()).Append('\n');
        }

        text.Append("```\n");
        foreach (string verb in Verbs(help))
        {
            text.Append(Sections([.. command, verb]));
        }

        return text.ToString();
    }

    /// <summary>First words of the lines below "Verbs:"; a line that goes on is indented further.</summary>
    private static IEnumerable<string> Verbs(string help) => help.Split('\n')
        .SkipWhile(line => line != "Verbs:").Skip(1).TakeWhile(line => line.Length > 0)
        .Where(line => line.StartsWith("  ", StringComparison.Ordinal) && line[2] != ' ')
        .Select(line => line.Trim().Split(' ')[0]);
}
