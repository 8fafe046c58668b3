using System.Diagnostics;
using Gbi.Diagnostics.Posteriors;
using Gbi.Events;
using Gbi.Numerics;
using Gbi.Posteriors.Misspecification;
using Gbi.Posteriors.Models;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Benchmarks.Posteriors;

/// <summary>
/// The tests of a posterior on exact posteriors and on posteriors made wrong, and the misspecification alarm on simulations and on
/// observations that the simulator does not make. Prints Markdown tables.
/// </summary>
internal static class PosteriorTestsTask
{
    private const int DrawCount = 999;

    private static readonly PosteriorTestOptions Options = new();

    /// <summary>Prints the tables.</summary>
    /// <param name="pairCount">Test pairs of each repetition.</param>
    /// <param name="repetitions">Repetitions with exact posteriors.</param>
    /// <param name="observations">Observations of each kind for the misspecification alarm; five times as many simulations.</param>
    public static void Run(int pairCount, int repetitions, int observations)
    {
        Exact(pairCount, repetitions);
        Wrong(pairCount);
        Alarms(observations);
    }

    private static void Exact(int pairCount, int repetitions)
    {
        Console.WriteLine(Text($"Exact posteriors, {repetitions} × {pairCount:N0} pairs, {DrawCount} draws each:"));
        Console.WriteLine();
        Console.WriteLine("| task | rejected at 1 % | smallest p × tests | −E ln q | information gain | s a repetition |");
        Console.WriteLine("|---|---|---|---|---|---|");
        foreach (ExactTask task in ExactTask.All)
        {
            long start = Stopwatch.GetTimestamp();
            PosteriorReport[] reports =
                [.. Enumerable.Range(0, repetitions).Select(at => Test(task, task, pairCount, new Seed(20260301).Child(at)))];
            double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds / repetitions;
            Console.WriteLine(Text(
                $"| {task.Name} | {reports.Count(report => !report.Passed)} of {repetitions} | {reports.Min(Smallest):G2} | ")
                + Text($"{Mean(report => report.NegativeLogDensity!.Value)} | {Mean(report => report.InformationGain!.Value)} | ")
                + Text($"{seconds:F1} |"));
            foreach (PosteriorVerdict verdict in reports.SelectMany(report => report.Verdicts)
                .Where(verdict => verdict.Finding != PosteriorFinding.Calibrated))
            {
                Console.Error.WriteLine($"{task.Name}: {verdict.Text}");
            }

            string Mean(Func<PosteriorReport, Estimate> of)
            {
                double error = Math.Sqrt(reports.Sum(report => of(report).Error * of(report).Error)) / repetitions;
                return Text($"{reports.Average(report => of(report).Value):F3} ± {error:F3}");
            }
        }

        Console.WriteLine();

        static double Smallest(PosteriorReport report) => report.TestCount * Tests(report).Min();
    }

    private static IEnumerable<double> Tests(PosteriorReport report) =>
    [
        .. report.Parameters.Select(parameter => parameter.Ranks.Probability),
        .. report.Parameters.SelectMany(parameter => parameter.Coverage).Select(coverage => coverage.Probability),
        .. report.Coverage.Select(coverage => coverage.Probability),
        report.Density!.Probability,
        report.Distance.Probability,
    ];

    private static void Wrong(int pairCount)
    {
        Console.WriteLine(Text($"Wrong posteriors, {pairCount:N0} pairs; the largest D of a parameter, and p-values:"));
        Console.WriteLine();
        Console.WriteLine("| task | posterior | D | ranks | density | distances | 68 % regions | 95 % regions | gain | over-confident |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|---|");
        foreach (ExactTask task in ExactTask.All)
        {
            (string Name, IPosteriorModel Model)[] models =
            [
                ("widths × 0.7", new WrongPosterior(task, 0.7, 0)),
                ("widths × 1.4", new WrongPosterior(task, 1.4, 0)),
                ("+ 0.5 sd", new WrongPosterior(task, 1, 0.5)),
                ("prior", new PriorAsPosterior(task)),
            ];
            foreach ((string name, IPosteriorModel model) in models)
            {
                PosteriorReport report = Test(task, model, pairCount, new Seed(20260302));
                ParameterCalibration worst = report.Parameters.MinBy(parameter => parameter.Ranks.Probability)!;
                Console.WriteLine(
                    Text($"| {task.Name} | {name} | {worst.Ranks.Distance:F3} | {worst.Ranks.Probability:G2} | ")
                    + Text($"{report.Density!.Probability:G2} | ")
                    + Text($"{report.Distance.Probability:G2} | {report.Coverage[1].Value:F3} | {report.Coverage[4].Value:F3} | ")
                    + Text($"{report.InformationGain!.Value.Value:F2} | {(report.IsOverConfident ? "yes" : "no")} |"));
                Console.Error.WriteLine($"{task.Name}, {name}: {string.Join("; ", report.Verdicts.Select(verdict => verdict.Text))}");
            }
        }

        Console.WriteLine();
    }

    private static PosteriorReport Test(ExactTask task, IPosteriorModel model, int pairCount, Seed seed)
    {
        (EventTable parameters, EventTable observations) = task.Pairs(pairCount, seed.Child("pairs"));
        PosteriorRanks ranks = PosteriorRanks.Of(model, new TestPairs(parameters, observations, task.Prior), DrawCount, seed);
        return PosteriorTests.Run(ranks, Options, seed);
    }

    private static void Alarms(int count)
    {
        Console.WriteLine(Text($"Misspecification alarm at 1 %, learnt from 10,000 simulations; {count} observations of each kind:"));
        Console.WriteLine();
        Console.WriteLine("| task | observations | alarms |");
        Console.WriteLine("|---|---|---|");
        foreach (ExactTask task in ExactTask.All)
        {
            var seed = new Seed(20260303);
            EventTable training = task.Pairs(10_000, seed.Child("training")).Observations;
            var alarm = MisspecificationAlarm.Learn(training, task.Features, seed.Child("alarm"));
            EventTable fresh = task.Pairs(5 * count, seed.Child("fresh")).Observations;
            Print(task.Name, "simulations", alarm.Check(fresh));
            if (task.Name == "gaussian_linear")
            {
                double deviation = Math.Sqrt(0.2);
                EventTable some = fresh.Slice(0, count);
                Print(task.Name, "one feature + 6 sd", alarm.Check(Changed(some, (k, value) => k == 0 ? value + (6 * deviation) : value)));
                Print(task.Name, "one feature + 3 sd", alarm.Check(Changed(some, (k, value) => k == 0 ? value + (3 * deviation) : value)));
                Print(task.Name, "all features × 3", alarm.Check(Changed(some, (_, value) => 3 * value)));
            }
        }

        int caught = 0;
        int falseAlarms = 0;
        for (int set = 0; set < count; set++)
        {
            Seed seed = new Seed(20260304).Child(set);
            caught += Events(seed, outliers: 50) ? 1 : 0;
            falseAlarms += Events(seed, outliers: 0) ? 1 : 0;
        }

        Console.WriteLine($"| 1,000 events of N(θ, 1) | without others | {falseAlarms} of {count} |");
        Console.WriteLine($"| 1,000 events of N(θ, 1) | 5 % of N(θ + 5, 1) | {caught} of {count} |");
    }

    private static void Print(string task, string what, IReadOnlyList<MisspecificationCheck> checks) =>
        Console.WriteLine($"| {task} | {what} | {checks.Count(check => check.IsAlarm)} of {checks.Count} |");

    /// <summary>Events of one θ = 0 beside as many that the posterior N(mean, 1/1000) of a flat prior predicts.</summary>
    private static bool Events(Seed seed, int outliers)
    {
        const int Count = 1000;
        float[] observed = [.. Enumerable.Range(0, Count).Select(row =>
            (float)(seed.Child("observed").NormalPair(row).First + (row < outliers ? 5 : 0)))];
        double mean = observed.Average();
        float[] predicted = [.. Enumerable.Range(0, Count).Select(row => (float)(mean
            + (seed.Child("posterior").NormalPair(row).First / Math.Sqrt(Count)) + seed.Child("predicted").NormalPair(row).First))];
        return EventSampleTest.Of(
            EventTable.FromColumns(("x", observed)), EventTable.FromColumns(("x", predicted)), ["x"], seed).Probability <= 0.01;
    }

    private static EventTable Changed(EventTable table, Func<int, double, double> change) => EventTable.FromColumns(
        [.. table.ColumnNames.Select((name, k) => (name, table[name].ToArray().Select(value => (float)change(k, value)).ToArray()))]);
}
