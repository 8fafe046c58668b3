using System.Diagnostics;
using System.Globalization;
using Gbi.Diagnostics.Posteriors;
using Gbi.Events;
using Gbi.Numerics;
using Gbi.Posteriors.Autoregressive;
using Gbi.Posteriors.Models;

namespace Gbi.Benchmarks.Posteriors;

/// <summary>
/// The posterior of boosted trees on the tasks of the benchmark: −E ln q of 20,000 fresh pairs, coverage of its regions of highest density,
/// times, and 10,000 draws for each of the benchmark's observations 1 to 3, for its classifier two-sample test (C2ST).
/// </summary>
internal static class TreePosteriorTask
{
    private const int FreshPairs = 20_000;
    private const int Draws = 10_000;
    private const int TestedPairs = 2_000;
    private const int TestDraws = 199;

    private static readonly double[] Levels = [0.5, 0.68, 0.95, 0.99];

    /// <summary>Runs tasks.</summary>
    /// <param name="count">Simulations of a training.</param>
    /// <param name="seed">Of simulations and training.</param>
    /// <param name="data">Folder with a folder for each task, with the observations 1 to 3.</param>
    /// <param name="output">Where the draws go: TASK_COUNT_SEED_OBSERVATION.csv.</param>
    /// <param name="names">Names of tasks; empty for all.</param>
    public static void Run(int count, int seed, string data, string output, IReadOnlyList<string> names)
    {
        Directory.CreateDirectory(output);
        Console.WriteLine("| task | simulations | seed | −E ln q | coverage of HPD regions of 50, 68, 95, 99 % "
            + "| training, processor s | wall s | 10,000 draws, s |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|");
        foreach (SbiTask task in SbiTask.All.Where(task => names.Count == 0 || names.Contains(task.Name)))
        {
            var origin = new Seed((ulong)seed);
            (EventTable parameters, EventTable observations) = task.Pairs(count, origin);
            TimeSpan before = Process.GetCurrentProcess().TotalProcessorTime;
            var watch = Stopwatch.StartNew();
            var posterior = TreePosterior.Train(task.Prior, parameters, observations, new TreePosteriorOptions(), origin.Child("training"));
            double wall = watch.Elapsed.TotalSeconds;
            double processor = (Process.GetCurrentProcess().TotalProcessorTime - before).TotalSeconds;
            (EventTable fresh, EventTable ofFresh) = task.Pairs(FreshPairs, new Seed(77));
            double[] densities = posterior.LogDensity(fresh, ofFresh);
            double mean = densities.Average();
            double error = Math.Sqrt(densities.Average(density => (density - mean) * (density - mean)) / FreshPairs);
            double drawing = Draw(task, posterior, origin, data, Path.Combine(output, $"{task.Name}_{count}_{seed}"));
            var pairs = new TestPairs(fresh.Slice(0, TestedPairs), ofFresh.Slice(0, TestedPairs), task.Prior);
            PosteriorRanks ranks = PosteriorRanks.Of(posterior, pairs, TestDraws, origin.Child("ranks"));
            string held = string.Join(" ", Levels.Select(level => string.Create(
                CultureInfo.InvariantCulture, $"{ranks.OfDensity.Count(rank => rank <= level) / (double)TestedPairs:F3}")));
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {task.Name} | {count} | {seed} | {-mean:F4} ± {error:F4} | {held} | {processor:F1} | {wall:F1} | {drawing:F2} |"));
        }
    }

    /// <summary>Writes the draws of three observations; the time of the fastest.</summary>
    internal static double Draw(SbiTask task, IPosteriorModel posterior, Seed origin, string data, string prefix)
    {
        double fastest = double.PositiveInfinity;
        for (int number = 1; number <= 3; number++)
        {
            EventTable observation = task.Observation(data, number);
            var watch = Stopwatch.StartNew();
            EventTable draws = posterior.Draw(observation, Draws, origin.Child("draws").Child(number)).Table;
            fastest = Math.Min(fastest, watch.Elapsed.TotalSeconds);
            SbiTask.Write(draws, $"{prefix}_{number}.csv");
        }

        return fastest;
    }
}
