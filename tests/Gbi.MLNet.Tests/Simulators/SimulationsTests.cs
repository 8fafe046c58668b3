using Gbi.Events;
using Gbi.Events.IO;
using Gbi.Numerics;
using Gbi.Simulators;
using Gbi.Simulators.Priors;

namespace Gbi.Tests.Simulators;

/// <summary>Simulations in memory: run, read, and their failures by region.</summary>
internal sealed class SimulationsTests
{
    private static readonly Prior Flat = Prior.Independent(Prior.Uniform("a", 0, 1), Prior.Integer("n", [1, 2, 3]));

    [Test]
    public void A_run_depends_on_the_seed_alone()
    {
        (Simulations first, Simulations again) =
            ThreadLimit.Compare(() => Simulations.Run(new NormalSimulator(), Flat, 500, new Seed(1)));
        Simulations other = Simulations.Run(new NormalSimulator(), Flat, 500, new Seed(2));
        Assert.Multiple(() =>
        {
            Assert.That(again.Observations["x"].ToArray(), Is.EqualTo(first.Observations["x"].ToArray()));
            Assert.That(again.Parameters["a"].ToArray(), Is.EqualTo(first.Parameters["a"].ToArray()));
            Assert.That(other.Observations["x"].ToArray(), Is.Not.EqualTo(first.Observations["x"].ToArray()));
            Assert.That(first.Failures(Flat).Sentence, Is.EqualTo("None of 500 simulations failed."));
        });
    }

    [Test]
    public void A_function_is_a_simulator()
    {
        var simulator = new FunctionSimulator(
            ["n", "a"], ["x", "left"], (theta, random, x) => x[0] = theta[1] + (theta[0] * random.NextDouble()));
        (Simulations first, Simulations again) = ThreadLimit.Compare(() => Simulations.Run(simulator, Flat, 300, new Seed(1)));
        Assert.Multiple(() =>
        {
            Assert.That(again.Observations["x"].ToArray(), Is.EqualTo(first.Observations["x"].ToArray()));
            Assert.That(
                first.Observations["x"].ToArray().Zip(first.Parameters["a"].ToArray(), (x, a) => x >= a && x <= a + 3), Has.All.True);
            Assert.That(first.Observations["left"].ToArray(), Has.All.NaN);
            Assert.That(first.FailedCount, Is.EqualTo(300));
        });
    }

    [Test]
    public void Failures_are_counted_where_they_are()
    {
        Simulations found = Simulations.Run(new NormalSimulator { FailsAbove = 0.9f }, Flat, 2_000, new Seed(1));
        SimulationFailures failures = found.Failures(Flat);
        FailureRegion worst = failures.Worst!;
        Simulations even = Simulations.Run(new NormalSimulator { FailsEvery = 7 }, Flat, 2_000, new Seed(1));
        Assert.Multiple(() =>
        {
            Assert.That(worst, Is.EqualTo(new FailureRegion("a", 0.9, 1, worst.Count, worst.Count)));
            Assert.That(found.FailedCount, Is.EqualTo(worst.Count));
            Assert.That(failures.Sentence, Does.EndWith($"most where a is in [0.9, 1]: {worst.Count} of {worst.Count}."));
            Assert.That(failures.Regions, Has.Count.EqualTo(13));
            Assert.That(failures.Regions.Skip(10).Select(region => region.Low), Is.EqualTo(new double[] { 1, 2, 3 }));
            Assert.That(failures.Regions.Take(10).Sum(region => region.Count), Is.EqualTo(2_000));
            Assert.That(even.Failures(Flat).Worst, Is.Null);
            Assert.That(even.Failures(Flat).Sentence, Does.Contain("evenly over the parameters"));
            Assert.That(found.Valid().FailedCount, Is.Zero);
        });
    }

    [Test]
    public void Wrong_simulators_are_refused()
    {
        Prior other = Prior.Uniform("b", 0, 1);
        Assert.Multiple(() =>
        {
            Assert.That(
                () => Simulations.Run(new NormalSimulator(), other, 10, new Seed(1)),
                Throws.TypeOf<DataException>().With.Message.EndsWith("expected the same of both; a, n, b is in one of them only."));
            Assert.That(
                () => Simulations.Run(new NormalSimulator { FailsAbove = -1 }, Flat, 10, new Seed(1)),
                Throws.TypeOf<DataException>().With.Message.StartsWith("All 10 simulations failed"));
            Assert.That(
                () => Simulations.Run(new NormalSimulator { Feature = "a" }, Flat, 10, new Seed(1)),
                Throws.TypeOf<DataException>().With.Message.Contains("a feature 'a', which is also a parameter"));
        });
    }

    [Test]
    public void Simulations_made_before_are_read_by_names_and_wildcards()
    {
        using var folder = new ScratchFolder();
        ParquetEventWriter.Write(
            folder["one.parquet"],
            EventTable.FromColumns(("theta_1", [1, 2]), ("theta_2", [3, 4]), ("x", [5, float.NaN]), ("w", [1, 2])));
        File.WriteAllText(folder["two.csv"], "x,theta_1,theta_2,w\n-inf,7,8,3\n9,10,11,4\n");
        File.WriteAllText(folder["more.csv"], "x,theta_1,theta_2,theta_3,w\n9,10,11,4,1\n");
        File.WriteAllText(folder["bad.csv"], "x,theta_1,theta_2,w\n9,,11,4\n");
        Simulations found = Simulations.Read([folder["one.parquet"], folder["two.csv"]], ["theta_*"], weightColumn: "w");
        Assert.Multiple(() =>
        {
            Assert.That(found.Parameters.ColumnNames, Is.EqualTo(new[] { "theta_1", "theta_2" }));
            Assert.That(found.Parameters["theta_2"].ToArray(), Is.EqualTo(new float[] { 3, 4, 8, 11 }));
            Assert.That(found.Observations.ColumnNames, Is.EqualTo(new[] { "x" }));
            Assert.That(found.FailedCount, Is.EqualTo(2));
            Assert.That(found.Valid().Parameters.Weights.ToArray(), Is.EqualTo(new double[] { 1, 4 }));
            Assert.That(
                () => Simulations.Read([folder["one.parquet"], folder["more.csv"]], ["theta_*"], ["x"]),
                Throws.TypeOf<DataException>().With.Message.StartsWith("more.csv and one.parquet have other columns: theta_3 in one"));
            Assert.That(
                () => Simulations.Read([folder["bad.csv"]], ["theta_*"]),
                Throws.TypeOf<DataException>().With.Message.StartsWith("Parameter 'theta_1' is NaN in row 0"));
            Assert.That(
                () => Simulations.Read([folder["two.csv"]], ["phi_*"]),
                Throws.TypeOf<DataException>().With.Message.StartsWith("No column of two.csv fits 'phi_*'"));
        });
    }
}

/// <summary>x = a + n/10 · a normal number of the row's seed.</summary>
internal sealed class NormalSimulator : ISimulator
{
    private int _simulated;

    public float FailsAbove { get; init; } = float.PositiveInfinity;

    public int FailsEvery { get; init; } = int.MaxValue;

    public string Feature { get; init; } = "x";

    /// <summary>Cancels itself after so many simulations, as an interruption does.</summary>
    public CancellationTokenSource? Interruption { get; init; }

    public int InterruptedAt { get; init; } = int.MaxValue;

    public int Simulated => _simulated;

    public IReadOnlyList<string> Parameters => ["a", "n"];

    public IReadOnlyList<string> Features => [Feature];

    public int BatchSize { get; init; } = 64;

    public string? Fingerprint { get; init; } = "normal";

    public EventTable Simulate(EventTable parameters, Seed seed, CancellationToken cancellation = default)
    {
        float[] x = new float[parameters.Count];
        for (int row = 0; row < x.Length; row++)
        {
            cancellation.ThrowIfCancellationRequested();
            if (Interlocked.Increment(ref _simulated) == InterruptedAt)
            {
                Interruption!.Cancel();
            }

            float a = parameters["a"][row];
            bool fails = a > FailsAbove || seed.Child(row).Bits(1) % (ulong)FailsEvery == 0;
            x[row] = fails ? float.NaN : a + (float)(parameters["n"][row] / 10 * seed.Child(row).NormalPair(0).First);
        }

        return EventTable.FromColumns((Feature, x));
    }
}
