namespace Gbi.Tests.Packaging;

/// <summary>The tool where its standard output or error is closed, full, or a pipe whose reader goes away; and --out -.</summary>
[TestFixture, Platform("Linux"), Parallelizable(ParallelScope.All)]
internal sealed class StandardStreamTests
{
    [TestCase("help >&-", 0, "")]
    [TestCase("help > /dev/full", 1, "Standard output cannot be written (No space left on device).\n")]
    [TestCase("--version > /dev/full", 1, "Standard output cannot be written (No space left on device).\n")]
    [TestCase("help nothing 2>&-", 2, "")]
    [TestCase("help nothing 2> /dev/full", 2, "")]
    [TestCase("help nothing >&- 2>&-", 2, "")]
    public void It_ends_quietly_with_the_right_code(string words, int code, string error) =>
        Assert.That(Shell($"\"$@\" {words}"), Is.EqualTo(new ToolProcess(code, "", error)));

    [Test]
    public void A_reader_that_goes_away_is_no_error() => Assert.That(
        Shell("{ \"$@\" help; echo $? >&2; } | head -1 > /dev/null"), Is.EqualTo(new ToolProcess(0, "", "0\n")));

    [Test]
    public void An_output_named_by_a_dash_goes_to_standard_output_and_words_to_standard_error()
    {
        using var folder = new ScratchFolder();
        ToolProcess run = Shell($"\"$@\" simulate dijet --events 100 --out - > {folder["out"]} && head -c 4 {folder["out"]}");
        Assert.That(run, Is.EqualTo(new ToolProcess(0, "PAR1", "Wrote 100 events, 0 of them signal, to -.\n")));
    }

    private static ToolProcess Shell(string script) => ToolProcess.Run(
        "sh", new Dictionary<string, string?>(), "-c", script, "sh", ToolProcess.Dotnet, "exec",
        Path.Combine(AppContext.BaseDirectory, "gbi.dll"));
}
