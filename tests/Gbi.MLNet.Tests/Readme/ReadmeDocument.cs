using System.Text;
using System.Text.RegularExpressions;

namespace Gbi.Tests.Readme;

/// <summary>
/// A Markdown text whose fences carry names: <c>&lt;!-- snippet: Name --&gt;</c> before a csharp fence,
/// <c>&lt;!-- output: Name --&gt;</c> before the text fence that shows what the snippet prints. Shell fences
/// that a test runs are marked <c>&lt;!-- commands: Name --&gt;</c>, and files that they read <c>&lt;!-- file: model.json --&gt;</c>.
/// </summary>
internal sealed partial class ReadmeDocument
{
    private readonly Dictionary<string, string> _outputs = [];

    public ReadmeDocument(string markdown)
    {
        foreach (Match fence in Fence().Matches(markdown.ReplaceLineEndings("\n")))
        {
            string kind = fence.Groups["kind"].Value, name = fence.Groups["name"].Value;
            string language = fence.Groups["language"].Value, body = Normalise(fence.Groups["body"].Value);
            if (kind == "output")
            {
                _outputs.Add(name, body);
            }
            else if (kind == "commands")
            {
                Commands.Add(name, body);
            }
            else if (kind == "file")
            {
                Files.Add(name, body);
            }
            else if (kind == "snippet")
            {
                Snippets.Add(name, body);
            }
            else if (language is "csharp" or "cs" or "c#")
            {
                Unmarked.Add(body);
            }
        }
    }

    /// <summary>The repository's README; null until it is written.</summary>
    public static ReadmeDocument? Repository { get; } =
        File.Exists(Checkout.File("README.md")) ? new(File.ReadAllText(Checkout.File("README.md"))) : null;

    public Dictionary<string, string> Snippets { get; } = [];

    /// <summary>Shell fences with a name.</summary>
    public Dictionary<string, string> Commands { get; } = [];

    /// <summary>Fences that show a file of the name that the commands use.</summary>
    public Dictionary<string, string> Files { get; } = [];

    public IReadOnlyDictionary<string, string> Outputs => _outputs;

    /// <summary>csharp fences without a name, which nothing compiles.</summary>
    public List<string> Unmarked { get; } = [];

    /// <summary>Regions of C# between <c>// snippet: Name</c> and <c>// end snippet</c>.</summary>
    public static Dictionary<string, string> Regions(string source)
    {
        Dictionary<string, string> regions = [];
        string? name = null;
        StringBuilder body = new();
        foreach (string line in source.ReplaceLineEndings("\n").Split('\n'))
        {
            Match start = RegionStart().Match(line);
            if (start.Success)
            {
                name = name is null ? start.Groups[1].Value : throw new FormatException($"Snippet '{name}' does not end.");
                body.Clear();
            }
            else if (name is not null && line.Trim() == "// end snippet")
            {
                regions.Add(name, Normalise(body.ToString()));
                name = null;
            }
            else
            {
                body.Append(line).Append('\n');
            }
        }

        return name is null ? regions : throw new FormatException($"Snippet '{name}' does not end.");
    }

    /// <summary>Runs a snippet and compares what it prints with the README's output of that name.</summary>
    public static void AssertPrints(string name, Action snippet)
    {
        TextWriter console = Console.Out;
        using StringWriter printed = new();
        Console.SetOut(printed);
        try
        {
            snippet();
        }
        finally
        {
            Console.SetOut(console);
        }

        Assert.That(Repository?.Outputs, Does.ContainKey(name), $"README.md has no <!-- output: {name} -->.");
        AssertAlike(printed.ToString(), Repository!.Outputs[name]);
    }

    /// <summary>
    /// Compares what was printed with the README's text: the same words, and numbers within 10 % or 0.1. Models are the same on one
    /// machine; on another, the last bit of an exponential may grow other trees.
    /// </summary>
    public static void AssertAlike(string printed, string expected)
    {
        string[] found = [.. Words().Matches(printed).Select(word => word.Value)];
        string[] wanted = [.. Words().Matches(expected).Select(word => word.Value)];
        Assert.That(found, Has.Length.EqualTo(wanted.Length), $"printed:\n{printed}");
        Assert.Multiple(() =>
        {
            foreach ((string word, string other) in found.Zip(wanted))
            {
                if (TryNumber(word, out double number) && TryNumber(other, out double otherNumber))
                {
                    Assert.That(number, Is.EqualTo(otherNumber).Within(Math.Max(0.1, 0.1 * Math.Abs(otherNumber))), $"printed:\n{printed}");
                }
                else
                {
                    Assert.That(word, Is.EqualTo(other), $"printed:\n{printed}");
                }
            }
        });
    }

    private static bool TryNumber(string word, out double number) => double.TryParse(
        word.Trim('(', ')', '[', ']', ',', ';'), System.Globalization.NumberStyles.Number,
        System.Globalization.CultureInfo.InvariantCulture, out number);

    // Box-drawing lines of a table are as wide as its numbers.
    [GeneratedRegex(@"[^\s\u2500-\u257F]+")]
    private static partial Regex Words();

    /// <summary>Without the indentation that all lines share, white space at line ends, and empty lines around.</summary>
    public static string Normalise(string text)
    {
        string[] lines = [.. text.ReplaceLineEndings("\n").Split('\n').Select(line => line.TrimEnd())];
        int indent = lines.Where(line => line.Length > 0).Select(line => line.Length - line.TrimStart().Length).DefaultIfEmpty().Min();
        return string.Join('\n', lines.Select(line => line.Length == 0 ? line : line[indent..])).Trim('\n');
    }

    [GeneratedRegex(
        @"(^[ ]*<!--[ ]*(?<kind>snippet|output|commands|file):[ ]*(?<name>\S+)[ ]*-->\s*\n)?^(?<fence>[ ]*```)(?<language>[^\n`]*)\n(?<body>.*?)^\k<fence>[ ]*$",
        RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Fence();

    [GeneratedRegex(@"^\s*// snippet: (\S+)\s*$")]
    private static partial Regex RegionStart();
}
