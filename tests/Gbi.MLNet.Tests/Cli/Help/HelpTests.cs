using Gbi.Cli;

namespace Gbi.Tests.Cli.Help;

/// <summary>The help of gbi: it fits every width, has the library's defaults.</summary>
public sealed class HelpTests
{
    private static readonly string[] Verbs =
    [
        "demo", "simulate dijet", "search", "hunt", "pair", "peak", "train ratio", "train systematic", "score", "export", "parity",
        "convert", "diagnose", "describe", "fit", "hypotest", "limit", "significance", "interval", "toys", "merge", "patchset",
        "completions", "help",
    ];

    [Test]
    public void No_line_is_longer_than_the_terminal_is_wide()
    {
        Assert.Multiple(() =>
        {
            foreach (string verb in Verbs.Append(""))
            {
                for (int width = 60; width <= 200; width++)
                {
                    string longest = Help(verb, width).Split('\n').MaxBy(line => line.Length)!;
                    Assert.That(longest, Has.Length.AtMost(width), $"gbi {verb} --help at {width} columns");
                }
            }
        });
    }

    [TestCaseSource(nameof(Verbs))]
    public void An_example_broken_into_lines_is_the_command_that_fits_one(string verb)
    {
        string wide = Examples(Help(verb, 1000));
        string narrow = Examples(Help(verb, 60)).Replace(" \\\n      ", " ");

        Assert.That(wide, Does.Contain($"  gbi {verb}").Or.Contain("completions"));
        Assert.That(narrow, Is.EqualTo(wide));
    }

    [TestCase("train ratio", "--trees N", "(default: 1000 by trees; 200 by fasttree)")]
    [TestCase("train ratio", "--leaves N", "(default: 16)")]
    [TestCase("train ratio", "--folds K", "(default: 5)")]
    [TestCase("train ratio", "--calibration isotonic|platt|beta|histogram|none", "(default: isotonic)")]
    [TestCase("train systematic", "--trees N", "(default: 50)")]
    [TestCase("search", "--trees N", "(default: 80 anomaly score; 200 signal ratio, signal family)")]
    [TestCase("search", "--background-trees N", "(default: 150 sidebands; 400 simulation)")]
    [TestCase("hunt", "--background-trees N", "(default: 150)")]
    [TestCase("hunt", "--cuts E,...", "(default: 0.01)")]
    [TestCase("peak", "--background-trees N", "(default: 150)")]
    [TestCase("peak", "--categories E,...", "(default: 0.5,0.2,0.05)")]
    [TestCase("interval", "--confidence CL,...", "(default: 0.6827,0.95)")]
    [TestCase("toys", "--toys N", "(default: 2000)")]
    [TestCase("diagnose", "--classifier-events N", "(default: 2000000)")]
    [TestCase("parity", "--tolerance T", "(default: 1E-05 ratios, systematics; 0.0001 others)")]
    [TestCase("demo", "--events N", "(default: 200000)")]
    public void A_default_is_that_of_the_library(string verb, string option, string text)
    {
        string line = Help(verb, 1000).Split('\n').Single(line => line.StartsWith($"  {option} ", StringComparison.Ordinal));

        Assert.That(line, Does.Contain(text));
    }

    [Test]
    public void An_option_has_one_meaning_in_all_verbs()
    {
        // The default differs from verb to verb, and so may the kind of the file to write; the value and its unit may not.
        var labels = Verbs.SelectMany(verb => Help(verb, 1000).Split("\nCommon options:")[0].Split("\nOptions:\n")[^1].Split('\n'))
            .Where(line => line.StartsWith("  --", StringComparison.Ordinal) && !line.StartsWith("  --out ", StringComparison.Ordinal))
            .Select(line => line.Trim().Split("  ")[0])
            .Distinct()
            .GroupBy(label => label.Split(' ')[0])
            .Where(labels => labels.Count() > 1)
            .Select(labels => string.Join(" and ", labels));

        Assert.That(labels, Is.EquivalentTo(new[]
        {
            // A limit has one confidence level.
            "--confidence CL and --confidence CL,...",
        }));
    }

    [Test]
    public void Help_of_a_verb_is_what_its_option_prints()
    {
        Assert.Multiple(() =>
        {
            Assert.That(CliRun.Done("help", "train", "ratio").Output, Is.EqualTo(CliRun.Done("train", "ratio", "--help").Output));
            Assert.That(CliRun.Done("help").Output, Is.EqualTo(CliRun.Done("--help").Output));
            Assert.That(CliRun.Done().Output, Is.EqualTo(CliRun.Done("--help").Output));
            Assert.That(CliRun.Done("--help").Output, Does.Contain("75  Interrupted; run the same command again."));
        });
    }

    [Test]
    public void The_version_names_what_gbi_runs_on() =>
        Assert.That(CliRun.Done("--version").Output, Does.Match(@"^gbi \d+\.\d+\.\d+.*\n.*ML\.NET \d+\.\d+.*ONNX Runtime \d+\.\d+"));

    private static string Help(string verb, int width)
    {
        var output = new StringWriter();
        string[] args = [.. verb.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"];
        int code = GbiCommand.Run(args, new Terminal(output, TextWriter.Null, isInteractive: false, width));
        Assert.That(code, Is.EqualTo(GbiCommand.Done));
        return output.ToString().ReplaceLineEndings("\n");
    }

    private static string Examples(string help) => help.Split("\nExamples:\n")[1];
}
