using System.Diagnostics;

namespace Gbi.Tests.Cli.Help;

/// <summary>What is offered while a command is typed.</summary>
public sealed class CompletionTests
{
    [TestCase("se", "search")]
    [TestCase("train ", "ratio", "systematic")]
    [TestCase("search e.parquet --spec", "--spectrum", "--spectrum-parameters")]
    [TestCase("search e.parquet --spectrum ", "auto", "dijet", "exponential", "polynomial")]
    [TestCase("toys m.json --statistic q", "q", "q-tilde", "q0")]
    [TestCase("completions ", "bash", "fish", "pwsh", "zsh")]
    public void Verbs_options_and_choices_are_suggested(string line, params string[] expected)
    {
        string[] found = CliRun.Done($"[suggest:{line.Length}]", line).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

        string word = line.Split(' ')[^1];
        Assert.That(
            found.Where(one => one.StartsWith(word, StringComparison.Ordinal) && (word.Length > 0 || !one.StartsWith('-'))),
            Is.EquivalentTo(expected));
    }

    [TestCase("gbi sea", 1, "search ")]
    [TestCase("gbi train ", 2, "ratio systematic ")]
    [TestCase("gbi search e.parquet --signal-reg", 3, "--signal-region ")]
    [TestCase("gbi toys m.json --statistic q", 4, "q q-tilde q0 ")]
    [TestCase("gbi search eve", 2, "")]
    public void Bash_completes(string line, int word, string expected)
    {
        string words = string.Join(' ', line.Split(' ').Select(one => $"'{one}'"));
        string script = $$"""
            gbi() { dotnet '{{Path.Combine(AppContext.BaseDirectory, "gbi.dll")}}' "$@"; }
            source <(gbi completions bash)
            COMP_LINE='{{line}}' COMP_POINT={{line.Length}} COMP_WORDS=({{words}}) COMP_CWORD={{word}}
            _gbi
            for found in "${COMPREPLY[@]}"; do printf '%s ' "$found"; done
            complete -p gbi >&2
            """;

        (string output, string error) = Bash(script);

        Assert.That(string.Join(' ', output.Split(' ').Order(StringComparer.Ordinal)).Trim(), Is.EqualTo(expected.Trim()), error);
        Assert.That(error, Does.Contain("-F _gbi gbi"));
    }

    private static (string Output, string Error) Bash(string script)
    {
        if (!File.Exists("/bin/bash"))
        {
            Assert.Ignore("skipped: no bash");
        }

        using var bash = Process.Start(
            new ProcessStartInfo("/bin/bash", ["-c", script]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> error = bash.StandardError.ReadToEndAsync();
        string output = bash.StandardOutput.ReadToEnd();
        bash.WaitForExit();
        return (output, error.Result);
    }
}
