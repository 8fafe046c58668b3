using Gbi.Events;
using Gbi.Jobs;
using Gbi.Numerics;
using Gbi.Simulators;
using Gbi.Simulators.Priors;
using Gbi.Tests.Simulators;

namespace Gbi.Tests.Jobs;

/// <summary>Simulations that were interrupted are resumed, with the bytes of a run that was not.</summary>
internal sealed class SimulationFolderTests
{
    private static readonly Prior Flat = Prior.Independent(Prior.Uniform("a", 0, 1), Prior.Integer("n", [1, 2, 3]));

    [TestCase(1), TestCase(200), TestCase(450)]
    public void An_interrupted_run_is_resumed_with_the_same_bytes(int interruptedAt)
    {
        using var folder = new ScratchFolder();
        using var stop = new CancellationTokenSource();
        Simulations undisturbed = Run(folder["whole"], new NormalSimulator { FailsAbove = 0.8f });
        var stopped = new NormalSimulator { FailsAbove = 0.8f, Interruption = stop, InterruptedAt = interruptedAt };
        Assert.That(() => Run(folder["resumed"], stopped, stop.Token), Throws.InstanceOf<OperationCanceledException>());
        int kept = Enumerable.Range(0, 8).Where(batch => File.Exists(Path.Combine(folder["resumed"], $"batch-{batch:D6}.parquet")))
            .Sum(batch => Math.Min(64, 500 - (64 * batch)));
        File.WriteAllText(Path.Combine(folder["resumed"], ".batch-000003.parquet.torn.tmp"), "half");
        var second = new NormalSimulator { FailsAbove = 0.8f };
        Simulations resumed = Run(folder["resumed"], second);
        Simulations inMemory = Simulations.Run(new NormalSimulator { FailsAbove = 0.8f }, Flat, 500, new Seed(4));
        Assert.Multiple(() =>
        {
            Assert.That(second.Simulated, Is.EqualTo(500 - kept));
            Assert.That(resumed.Observations["x"].ToArray(), Is.EqualTo(undisturbed.Observations["x"].ToArray()));
            Assert.That(inMemory.Observations["x"].ToArray(), Is.EqualTo(undisturbed.Observations["x"].ToArray()));
            Assert.That(Names(folder["resumed"]), Is.EqualTo(Names(folder["whole"])));
            foreach (string name in Names(folder["whole"]))
            {
                byte[] whole = File.ReadAllBytes(Path.Combine(folder["whole"], name));
                Assert.That(File.ReadAllBytes(Path.Combine(folder["resumed"], name)), Is.EqualTo(whole), name);
            }
        });
    }

    [TestCase(128), TestCase(300)]
    public void Fewer_simulations_are_the_beginning_of_more(int fewer)
    {
        using var folder = new ScratchFolder();
        Run(folder["whole"], new NormalSimulator());
        SimulationFolder.Run(folder["grown"], new NormalSimulator(), Flat, fewer, new Seed(4));
        var second = new NormalSimulator();
        Run(folder["grown"], second);
        Assert.Multiple(() =>
        {
            Assert.That(second.Simulated, Is.EqualTo(500 - (fewer / 64 * 64)));
            foreach (string name in Names(folder["whole"]))
            {
                byte[] whole = File.ReadAllBytes(Path.Combine(folder["whole"], name));
                Assert.That(File.ReadAllBytes(Path.Combine(folder["grown"], name)), Is.EqualTo(whole), name);
            }
        });
    }

    [Test]
    public void Other_simulations_and_changed_files_are_refused()
    {
        using var folder = new ScratchFolder();
        string path = folder["run"];
        var wider = Prior.Independent(Prior.Uniform("a", 0, 2), Prior.Integer("n", [1, 2, 3]));
        Run(path, new NormalSimulator());
        Assert.Multiple(() =>
        {
            Refused(() => Other(Flat, 400, 4), "simulations in the number 500, expected 400;");
            Refused(() => Other(Flat, 500, 5), "simulations with the seed 4, expected 5;");
            Refused(() => Other(wider, 600, 4), "simulations in the number 500, expected 600;");
            Refused(() => Other(wider, 500, 4), "simulations of the points (of the prior;");
            Refused(() => Run(path, new NormalSimulator { BatchSize = 32 }), "simulations in batches of 64, expected 32;");
            Refused(() => Run(path, new NormalSimulator { Fingerprint = "other" }), "simulations of the simulator normal, expected other;");
            Refused(() => Run(path, new NormalSimulator { Fingerprint = null }), "The simulator NormalSimulator has no fingerprint");
        });
        File.Copy(Path.Combine(path, "batch-000001.parquet"), Path.Combine(path, "batch-000002.parquet"), overwrite: true);
        Refused(() => Run(path, new NormalSimulator()), "batch-000002.parquet has other points than were drawn for it;");

        Simulations Other(Prior prior, int count, ulong seed) =>
            SimulationFolder.Run(path, new NormalSimulator(), prior, count, new Seed(seed));

        static void Refused(Func<Simulations> run, string sentence) =>
            Assert.That(run, Throws.TypeOf<DataException>().With.Message.Contains(sentence));
    }

    [Test]
    public void The_files_are_simulations_made_before()
    {
        using var folder = new ScratchFolder();
        Simulations made = Run(folder["run"], new NormalSimulator { FailsEvery = 9 });
        Simulations read = Simulations.Read([.. Directory.GetFiles(folder["run"], "batch-*").Order()], ["a", "n"]);
        Assert.That(read.Observations["x"].ToArray(), Is.EqualTo(made.Observations["x"].ToArray()));
    }

    private static Simulations Run(string path, NormalSimulator simulator, CancellationToken cancellation = default) =>
        SimulationFolder.Run(path, simulator, Flat, 500, new Seed(4), cancellation: cancellation);

    private static string[] Names(string path) => [.. Directory.GetFiles(path).Select(file => Path.GetFileName(file)).Order()];
}
