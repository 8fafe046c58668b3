using System.Diagnostics;
using Gbi.Cli;

namespace Gbi.Tests.Cli.Outputs;

/// <summary>A network with a loop of 2⁶² rounds.</summary>
public sealed class EndlessNetworkTests
{
    [Test]
    public void The_first_signal_ends_it()
    {
        string network = SharedData.Case("onnx/loop.onnx");
        using var folder = new ScratchFolder();
        CliRun.Done("simulate", "dijet", "--events", "100", "--out", folder["events.parquet"]);
        using var signal = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
        var watch = Stopwatch.StartNew();

        CliRun run = CliRun.Of(
            signal.Token, "score", folder["events.parquet"], "--model", network, "--out", folder["out.parquet"], "--device", "cpu");
        Assert.That((run.Code, run.Error), Is.EqualTo((GbiCommand.Interrupted, "Interrupted; nothing was written.\n")));
        Assert.That(watch.Elapsed, Is.LessThan(TimeSpan.FromSeconds(10)), "it would run for years");
        Assert.That(folder.Names, Is.EqualTo(["events.parquet"]));
    }
}
