using System.Diagnostics;

namespace Gbi.Tests.Packaging;

/// <summary>A run that is killed leaves nothing half, and the next one the bytes of a whole one and no temporaries.</summary>
/// <remarks>More verbs and moments: benchmarks/studies/kills.sh.</remarks>
[TestFixture, Platform("Linux")]
internal sealed class KillTests
{
    [Test]
    public void Killed_at_any_moment_it_leaves_nothing_half()
    {
        using var folder = new ScratchFolder();
        string output = folder["out.parquet"];
        string[] words =
        [
            "exec", Path.Combine(AppContext.BaseDirectory, "gbi.dll"), "simulate", "dijet", "--events", "400000", "--seed", "3", "--out",
            output,
        ];
        Cli.CliRun.Done(words[2..]);
        byte[] whole = File.ReadAllBytes(output);
        File.Delete(output);
        int killed = 0;
        foreach (int milliseconds in (int[])[250, 350, 500])
        {
            using Process process = Process.Start(new ProcessStartInfo(ToolProcess.Dotnet, words) { RedirectStandardOutput = true })!;
            Thread.Sleep(milliseconds);
            process.Kill();
            process.WaitForExit();
            killed += process.ExitCode == 128 + 9 ? 1 : 0;
            if (File.Exists(output))
            {
                Assert.That(File.ReadAllBytes(output), Is.EqualTo(whole));
                File.Delete(output);
            }
        }

        Cli.CliRun.Done(words[2..]);
        Assert.That(killed, Is.GreaterThan(0));
        Assert.That(folder.Names, Is.EqualTo(["out.parquet"]), "the next run sweeps");
        Assert.That(File.ReadAllBytes(output), Is.EqualTo(whole));
    }
}
