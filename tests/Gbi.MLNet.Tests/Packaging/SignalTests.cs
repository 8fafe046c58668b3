namespace Gbi.Tests.Packaging;

/// <summary>Signals to the tool while it waits for a file that nobody writes.</summary>
[TestFixture, Platform("Linux")]
internal sealed class SignalTests
{
    // The shell goes on from 'exec 3>' when the tool has opened the pipe.
    private const string Script = """
        mkfifo "$0/pipe"
        "$@" fit "$0/pipe" 2> "$0/errors" &
        tool=$!
        exec 3> "$0/pipe"
        kill -TERM $tool
        i=0
        until [ -s "$0/errors" ] || [ $i -eq 100 ]; do sleep 0.1; i=$((i + 1)); done
        cat "$0/errors"
        kill -TERM $tool
        wait $tool
        """;

    [Test]
    public void A_blocked_read_is_ended_by_the_second_signal_of_which_the_first_tells()
    {
        using var folder = new ScratchFolder();
        ToolProcess run = ToolProcess.Run(
            "timeout",
            new Dictionary<string, string?>(),
            "30", "sh", "-c", Script, folder.Root, ToolProcess.Dotnet, "exec",
            Path.Combine(AppContext.BaseDirectory, "gbi.dll"));
        Assert.That(run.Output, Is.EqualTo("Stopping after the present step; a second signal ends gbi at once.\n"));
        Assert.That(run.Code, Is.EqualTo(128 + 15));
    }
}
