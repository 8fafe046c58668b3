using System.Diagnostics;
using Gbi.Events;
using Gbi.Numerics;
using Gbi.Simulators;
using Gbi.Simulators.Priors;
using Gbi.Simulators.Processes;

namespace Gbi.Tests.Simulators.Processes;

/// <summary>Simulators that are programs of awk and sh: what they are given, and what is made of how they end.</summary>
[Platform(Exclude = "Win")]
internal sealed class ProcessSimulatorTests
{
    /// <summary>x = 2 a, s = the row's seed modulo 1000.</summary>
    private const string Doubling =
        "awk -F, -v OFS=, 'NR == 1 { print \"x\", \"s\" } NR > 1 { print 2 * $1, $2 % 1000 }' {in.csv}";

    private static readonly Prior Flat = Prior.Uniform("a", 0, 1);

    private static string ToFile(string script) => $"sh -c \"{script.Replace("\"", "\\\"").Replace("$", "\\$")} > {{out.csv}}\"";

    private static ProcessSimulator Simulator(string script, ProcessSimulatorOptions? options = null) =>
        new(ToFile(script), ["a"], options ?? new ProcessSimulatorOptions { BatchSize = 8, Parallel = 2 });

    [Test]
    public void A_program_is_given_points_and_seeds_of_rows_and_its_batches_and_threads_change_nothing()
    {
        Simulations one = Simulations.Run(Simulator(Doubling), Flat, 20, new Seed(5));
        EventTable points = one.Parameters;
        ProcessSimulator wide = Simulator(Doubling, new ProcessSimulatorOptions { BatchSize = 3, Parallel = 4 });
        EventTable again = wide.Simulate(points.Slice(0, 8), new Seed(5).Child("simulator").Child(0));
        Assert.Multiple(() =>
        {
            Assert.That(one.Observations.ColumnNames, Is.EqualTo(new[] { "x", "s" }));
            Assert.That(one.Observations["x"].ToArray(), Is.EqualTo(points["a"].ToArray().Select(a => 2 * a)).Within(1e-5));
            Assert.That(one.Observations["s"].ToArray().Distinct().Count(), Is.GreaterThan(15));
            Assert.That(one.FailedCount, Is.Zero);
            Assert.That(again["s"].ToArray(), Is.EqualTo(one.Observations["s"][..8].ToArray()));
            Assert.That(wide.Features, Is.EqualTo(new[] { "x", "s" }));
        });
    }

    [Test]
    public void Parquet_goes_in_and_out()
    {
        // The output is the input, whose column of the parameter and of the seed are no features.
        var simulator = new ProcessSimulator("cp {in} {out}", ["a"], new ProcessSimulatorOptions { Features = ["a"] });
        Assert.That(
            () => simulator.Simulate(Flat.Draw(4, new Seed(1)), new Seed(2))["a"].ToArray(),
            Is.EqualTo(Flat.Draw(4, new Seed(1))["a"].ToArray()));
        Assert.That(
            () => new ProcessSimulator("cp {in} {out}", ["a"]).Simulate(Flat.Draw(4, new Seed(1)), new Seed(2)),
            Throws.TypeOf<DataException>().With.Message.Contains("its output has only the columns a, seed, expected one feature or more"));
    }

    [Test]
    public void Infinities_and_not_a_number_are_failures()
    {
        Simulations found = Simulations.Run(
            Simulator("awk -F, 'NR == 1 { print \"x\" } NR > 1 { print ($1 < .25 ? \"nan\" : $1 < .5 ? \"-inf\" : $1) }' {in.csv}"),
            Flat, 40, new Seed(5));
        int expected = found.Parameters["a"].ToArray().Count(a => a < 0.5);
        SimulationFailures failures = found.Failures(Flat);
        Assert.Multiple(() =>
        {
            Assert.That(found.FailedCount, Is.EqualTo(expected));
            Assert.That(failures.FeatureCounts["x"], Is.EqualTo(expected));
            Assert.That(found.Valid().Count, Is.EqualTo(40 - expected));
            Assert.That(failures.Regions.Sum(region => region.FailedCount), Is.EqualTo(expected));
            Assert.That(failures.Regions[9], Is.EqualTo(new FailureRegion("a", 0.9, 1, failures.Regions[9].Count, 0)));
        });
    }

    [Test]
    public void A_crash_fails_its_own_simulations_alone()
    {
        ProcessSimulator simulator = Simulator(
            "awk -F, 'NR == 1 { print \"x\" } $1 > .8 && NR > 1 { print \"no \" $1 > \"/dev/stderr\"; exit 3 } "
                + "NR > 1 { print $1 }' {in.csv}");
        Simulations found = Simulations.Run(simulator, Flat, 24, new Seed(5));
        float[] bad = [.. found.Parameters["a"].ToArray().Where(a => a > 0.8f)];
        Assert.Multiple(() =>
        {
            Assert.That(bad, Is.Not.Empty);
            Assert.That(found.FailedCount, Is.EqualTo(bad.Length));
            Assert.That(simulator.Failures, Has.Count.EqualTo(bad.Length));
            Assert.That(simulator.Failures[0].Reason, Is.EqualTo("exit code 3"));
            Assert.That(simulator.Failures[0].StandardError, Does.StartWith("no 0."));
        });
    }

    [Test]
    public void With_a_seed_in_the_command_a_batch_fails_as_a_whole()
    {
        // Batches whose first seed is even fail.
        ProcessSimulator simulator = Simulator(
            "test $(({seed} % 2)) = 1 && awk -F, 'NR == 1 { print \"x\" } NR > 1 { print {seed} % 1000 }' {in.csv}",
            new ProcessSimulatorOptions { BatchSize = 4 });
        Simulations found = Simulations.Run(simulator, Flat, 32, new Seed(5));
        Assert.Multiple(() =>
        {
            Assert.That(found.FailedCount % 4, Is.Zero);
            Assert.That(simulator.Failures.Sum(failure => failure.Simulations), Is.EqualTo(found.FailedCount));
            Assert.That(found.FailedCount, Is.InRange(4, 28));
        });
    }

    [Test]
    public void A_program_that_always_fails_stops_the_run() => Assert.That(
        () => Simulations.Run(Simulator("echo broken >&2; exit 7; cat {in.csv}"), Flat, 100, new Seed(5)),
        Throws.TypeOf<DataException>().With.Message.StartsWith(
            "The simulator failed 20 times before one simulation succeeded, at last with exit code 7; run sh -c ")
            .And.Message.EndsWith("Its last lines: broken"));

    [TestCase("head -n 3 {in.csv} | sed 's/a,seed/x,seed/'", "it wrote 2 rows for 8 simulations; expected one row a row of the input")]
    [TestCase("test -f {in.csv}", "is empty; its first line must name the columns.")]
    [TestCase("cat {in.csv}", "its output has only the columns a, seed, expected one feature or more.")]
    [TestCase("sed 's/^a,seed/x,y/; s/^0/zero/' {in.csv}", "where a number is expected")]
    [
        TestCase(
            "(echo x,a; tail -n +2 {in.csv} | sort -r | sed 's/,.*//; s/\\(.*\\)/1,\\1/')",
            "rows must be in the order of the input, and columns named as parameters must hold them.")
    ]
    public void An_output_that_breaks_the_contract_stops_the_run(string script, string sentence) => Assert.That(
        () => Simulations.Run(Simulator(script), Flat, 8, new Seed(5)),
        Throws.TypeOf<DataException>().With.Message.StartsWith("The simulator (sh -c ").And.Message.Contains(sentence));

    [Test]
    public void A_missing_output_and_other_columns_stop_the_run()
    {
        Assert.That(
            () => Simulations.Run(new ProcessSimulator("echo {in} {out}", ["a"]), Flat, 8, new Seed(5)),
            Throws.TypeOf<DataException>().With.Message.Contains("it wrote no file out.parquet"));

        // The column's name holds the first digit of a seed.
        Assert.That(
            () => Simulations.Run(
                Simulator("awk -F, 'NR == 2 { print \"x\" $2 } NR > 1 { print $1 }' {in.csv}"), Flat, 20, new Seed(5)),
            Throws.TypeOf<DataException>().With.Message.Contains("same columns each time"));
    }

    [Test]
    public void A_process_that_takes_too_long_has_failed()
    {
        ProcessSimulator simulator = Simulator(
            "awk -F, 'NR == 1 { print \"x\" } $1 > .9 && NR > 1 { system(\"sleep 60\") } NR > 1 { print $1 }' {in.csv}",
            new ProcessSimulatorOptions { BatchSize = 1, Timeout = TimeSpan.FromSeconds(1), Parallel = 4 });
        EventTable points = EventTable.FromColumns(("a", [0.1f, 0.95f, 0.3f]));
        EventTable found = simulator.Simulate(points, new Seed(1));
        Assert.Multiple(() =>
        {
            Assert.That(found["x"].ToArray(), Is.EqualTo(new[] { 0.1f, float.NaN, 0.3f }));
            Assert.That(simulator.Failures.Single().Reason, Is.EqualTo("no end within 1 s"));
        });
    }

    [Test]
    public void Cancellation_ends_processes_and_their_children()
    {
        using var folder = new ScratchFolder();
        using var stop = new CancellationTokenSource();
        string mark = folder["started"];
        ProcessSimulator simulator = Simulator($"sleep 4321 & echo $! >> {mark}; wait; cat {{in.csv}}");
        var run = Task.Run(() => Simulations.Run(simulator, Flat, 100, new Seed(5), cancellation: stop.Token));
        string[] children = [];
        Assert.That(() => children = File.Exists(mark) ? File.ReadAllLines(mark) : [], Has.Length.EqualTo(2).After(20_000, 20));
        var watch = Stopwatch.StartNew();
        stop.Cancel();
        Assert.That(() => run.GetAwaiter().GetResult(), Throws.InstanceOf<OperationCanceledException>());
        Assert.Multiple(() =>
        {
            Assert.That(watch.Elapsed, Is.LessThan(TimeSpan.FromSeconds(1)));
            Assert.That(() => children.Where(IsAlive), Is.Empty.After(1_000, 20));
        });

        static bool IsAlive(string id) => Directory.Exists($"/proc/{id}") && !File.ReadAllText($"/proc/{id}/stat").Contains(") Z ");
    }

    [TestCase("python3 sim.py", "has no {in} (python3 sim.py), expected one of {in}, {in.parquet}, {in.csv}")]
    [TestCase("sh sim.sh {in} {in.csv} {out}", "has {in} and {in.csv}")]
    [TestCase("sh sim.sh {in} {output}", "has no {out}")]
    [TestCase("no-such-program {in} {out}", "There is no program 'no-such-program'")]
    [TestCase("./no-such-program {in} {out}", "There is no program ./no-such-program")]
    [TestCase("sh 'sim.sh {in} {out}", "has a quotation that does not end ('sim.sh {in} {out}); add the closing '.")]
    [TestCase("cat {in} > {out}", "has the shell operator '>'")]
    public void A_wrong_command_is_refused(string command, string sentence) => Assert.That(
        () => new ProcessSimulator(command, ["a"]), Throws.TypeOf<DataException>().With.Message.Contains(sentence));

    [TestCase("a 'b c' \"d \\\" e\"", new[] { "a", "b c", "d \" e" })]
    [TestCase("a\\ b  c''\"\"d", new[] { "a b", "cd" })]
    [TestCase("'' \"$x\\n\"", new[] { "", "$x\\n" })]
    public void A_command_is_split_as_a_shell_splits_it(string command, string[] words) =>
        Assert.That(CommandWords.Split(command), Is.EqualTo(words));

    [Test]
    public void The_fingerprint_changes_with_the_script()
    {
        using var folder = new ScratchFolder();
        File.WriteAllText(folder["sim.sh"], "cp $1 $2");
        string command = $"sh {folder["sim.sh"]} {{in}} {{out}}";
        string before = new ProcessSimulator(command, ["a"]).Fingerprint;
        Assert.That(new ProcessSimulator(command, ["a"]).Fingerprint, Is.EqualTo(before));
        File.WriteAllText(folder["sim.sh"], "cp $1 $2 ");
        Assert.That(new ProcessSimulator(command, ["a"]).Fingerprint, Is.Not.EqualTo(before));
    }
}
