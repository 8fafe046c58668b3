using System.Diagnostics;
using Gbi.Diagnostics.Closure;
using Gbi.Events;
using Gbi.Numerics;
using Gbi.Numerics.Probability;
using Gbi.Ratios;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Benchmarks.Diagnostics;

/// <summary>
/// The closure set on N(0.3, I) over N(0, I) in ten features, where ln p₁/p₀ = Σ (0.3 x − 0.045) exactly: with that ratio, with a trained
/// one, and with ratios broken on purpose. Prints a Markdown table.
/// </summary>
internal static class ClosureTask
{
    private const int Width = 10;
    private const double Shift = 0.3;

    private static readonly string[] Features = [.. Enumerable.Range(0, Width).Select(feature => $"x{feature}")];

    /// <summary>Prints the table.</summary>
    public static void Run(int trainingCount, int testCount)
    {
        var seed = new Seed(20260101);
        EventTable numerator = Draw(testCount, Shift, seed.Child("test numerator"));
        EventTable denominator = Draw(testCount, 0, seed.Child("test denominator"));
        var exact = (Numerator: Exact(numerator), Denominator: Exact(denominator));
        EventTable trainingNumerator = Draw(trainingCount, Shift, seed.Child("numerator"));
        EventTable trainingDenominator = Draw(trainingCount, 0, seed.Child("denominator"));
        (string Name, ScoredEvents Numerator, ScoredEvents Denominator)[] ratios =
        [
            ("exact", exact.Numerator, exact.Denominator),
            Trained("trained, defaults", new RatioOptions()),
            Trained("trained, 400 trees", new RatioOptions { MemberCount = 1, Trees = new RatioOptions().Trees with { TreeCount = 400 } }),
            ("swapped, 1/r", Changed(exact.Numerator, value => -value), Changed(exact.Denominator, value => -value)),
            ("r²", Changed(exact.Numerator, value => 2 * value), Changed(exact.Denominator, value => 2 * value)),
            ($"without {Features[^1]}", Exact(numerator, Width - 1), Exact(denominator, Width - 1)),
        ];
        List<(string Name, ClosureReport Report, double Seconds)> results = [];
        foreach ((string name, ScoredEvents first, ScoredEvents second) in ratios)
        {
            long start = Stopwatch.GetTimestamp();
            ClosureReport report = ClosureTest.Run(first, second, Features, new ClosureOptions(), seed.Child("closure"));
            results.Add((name, report, Stopwatch.GetElapsedTime(start).TotalSeconds));
        }

        Print(results, trainingCount, testCount);

        (string Name, ScoredEvents Numerator, ScoredEvents Denominator) Trained(string name, RatioOptions options)
        {
            RatioModel model = RatioTrainer.CrossFit(
                trainingNumerator, trainingDenominator, Features, options, seed.Child("training")).Model;
            return (name, ScoredEvents.By(model, numerator), ScoredEvents.By(model, denominator));
        }
    }

    /// <summary>Times the set on larger samples, with the exact ratio.</summary>
    public static void Time(int testCount)
    {
        var seed = new Seed(20260102);
        ScoredEvents numerator = Exact(Draw(testCount, Shift, seed.Child("numerator")));
        ScoredEvents denominator = Exact(Draw(testCount, 0, seed.Child("denominator")));
        TimeSpan before = Process.GetCurrentProcess().TotalProcessorTime;
        long start = Stopwatch.GetTimestamp();
        ClosureTest.Run(numerator, denominator, Features, new ClosureOptions(), seed);
        double elapsed = Stopwatch.GetElapsedTime(start).TotalSeconds;
        double processor = (Process.GetCurrentProcess().TotalProcessorTime - before).TotalSeconds;
        Console.WriteLine();
        Console.WriteLine(Text($"{testCount:N0} + {testCount:N0} events: {elapsed:F1} s, {processor:F1} s of processor time."));
    }

    private static void Print(List<(string Name, ClosureReport Report, double Seconds)> results, int trainingCount, int testCount)
    {
        Console.WriteLine(Text(
            $"{testCount:N0} + {testCount:N0} test events, the trained ratio from {trainingCount:N0} + {trainingCount:N0} others; "
                + $"{EventBlocks.MaxThreads} threads."));
        Console.WriteLine();
        Console.WriteLine($"| check | {string.Join(" | ", results.Select(result => result.Name))} |");
        Console.WriteLine($"|---|{string.Concat(results.Select(_ => "---|"))}");
        for (int check = 0; check < results[0].Report.Checks.Count; check++)
        {
            Console.WriteLine(
                $"| {results[0].Report.Checks[check].Name} | "
                    + $"{string.Join(" | ", results.Select(result => Cell(result.Report.Checks[check])))} |");
        }

        Console.WriteLine(
            $"| **the set** | {string.Join(" | ", results.Select(result => result.Report.Passed ? "**passes**" : "**fails**"))} |");
        IEnumerable<string> effective = results.Select(result => Text($"{100 * result.Report.Weights.RelativeEffectiveCount:F1}"));
        Console.WriteLine($"| effective events, % | {string.Join(" | ", effective)} |");
        Console.WriteLine($"| time, s | {string.Join(" | ", results.Select(result => Text($"{result.Seconds:F1}")))} |");
    }

    private static string Cell(ClosureCheck check)
    {
        string value = check.Error is { } error ? Text($"{check.Value:F4} ± {error:F4}") : Text($"{check.Value:F4}");
        return check.Passed ? value : $"{value} ✗";
    }

    private static ScoredEvents Exact(EventTable events, int features = Width)
    {
        float[] logRatio = new float[events.Count];
        foreach (string feature in Features.Take(features))
        {
            ReadOnlySpan<float> values = events[feature];
            for (int row = 0; row < logRatio.Length; row++)
            {
                logRatio[row] += (float)((Shift * values[row]) - (Shift * Shift / 2));
            }
        }

        return new ScoredEvents(events, logRatio);
    }

    private static ScoredEvents Changed(ScoredEvents scored, Func<float, float> change) =>
        new(scored.Events, Array.ConvertAll(scored.LogRatio.ToArray(), value => change(value)));

    private static EventTable Draw(int count, double mean, Seed seed) => EventTable.FromColumns([.. Features.Select(name =>
    {
        Random random = seed.Child(name).CreateRandom();
        float[] values = new float[count];
        for (int row = 0; row < count; row++)
        {
            values[row] = (float)random.NextNormal(mean, 1);
        }

        return (name, values);
    })]);
}
