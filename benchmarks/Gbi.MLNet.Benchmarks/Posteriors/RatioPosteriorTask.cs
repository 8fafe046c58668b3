using System.Diagnostics;
using System.Globalization;
using Gbi.Diagnostics.Posteriors;
using Gbi.Events;
using Gbi.Numerics;
using Gbi.Posteriors.Ratios;

namespace Gbi.Benchmarks.Posteriors;

/// <summary>
/// Posteriors by ratios on the tasks of the benchmark: −E ln q of 1,000 fresh pairs, coverage of its regions of highest density of 100 of
/// them, the mean ratio at observations, times, and 10,000 draws for each of the benchmark's observations 1 to 3.
/// </summary>
internal static class RatioPosteriorTask
{
    private const int FreshPairs = 1_000;
    private const int TestedPairs = 100;
    private const int TestDraws = 199;
    private const int Observations = 50;

    private static readonly double[] Levels = [0.5, 0.68, 0.95, 0.99];

    /// <summary>Runs tasks.</summary>
    /// <param name="loss">Name of a loss.</param>
    /// <param name="contrast">Name of a contrast.</param>
    /// <param name="of">Number of simulations and seed.</param>
    /// <param name="data">Folder with a folder for each task, with the observations 1 to 3.</param>
    /// <param name="output">Where the draws go: TASK_COUNT_SEED_OBSERVATION.csv.</param>
    /// <param name="names">Names of tasks; empty for all.</param>
    public static void Run(string loss, string contrast, (int Count, int Seed) of, string data, string output, IReadOnlyList<string> names)
    {
        RatioContrast kind = Enum.Parse<RatioContrast>(contrast, ignoreCase: true);
        RatioPosteriorOptions options =
            (kind == RatioContrast.TreePosterior ? RatioPosteriorOptions.CorrectedTrees : new RatioPosteriorOptions()) with
            {
                Loss = Enum.Parse<RatioLoss>(loss, ignoreCase: true),
                Contrast = kind,
            };
        Directory.CreateDirectory(output);
        Console.WriteLine("| task | simulations | seed | loss, contrast | −E ln q | coverage of HPD regions of 50, 68, 95, 99 % "
            + "| mean ratio, deciles 1, 5, 9 | trees | training, processor s | draws |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|---|");
        foreach (SbiTask task in SbiTask.All.Where(task => names.Count == 0 || names.Contains(task.Name)))
        {
            var origin = new Seed((ulong)of.Seed);
            (EventTable parameters, EventTable observations) = task.Pairs(of.Count, origin);
            TimeSpan before = Process.GetCurrentProcess().TotalProcessorTime;
            var posterior = RatioPosterior.Train(task.Prior, parameters, observations, options, origin.Child("training"));
            double processor = (Process.GetCurrentProcess().TotalProcessorTime - before).TotalSeconds;
            (EventTable fresh, EventTable ofFresh) = task.Pairs(FreshPairs, new Seed(77));
            double[] densities = posterior.LogDensity(fresh, ofFresh);
            double mean = densities.Average();
            double error = Math.Sqrt(densities.Average(density => (density - mean) * (density - mean)) / FreshPairs);
            TreePosteriorTask.Draw(task, posterior, origin, data, Path.Combine(output, $"{task.Name}_{of.Count}_{of.Seed}"));
            double[] norms = [.. Enumerable.Range(0, Observations)
                .Select(row => posterior.NormalisationOf(ofFresh.Slice(row, 1)).Mean.Value).Order()];
            var pairs = new TestPairs(fresh.Slice(0, TestedPairs), ofFresh.Slice(0, TestedPairs), task.Prior);
            PosteriorRanks ranks = PosteriorRanks.Of(posterior, pairs, TestDraws, origin.Child("ranks"));
            string held = string.Join(" ", Levels.Select(level => string.Create(
                CultureInfo.InvariantCulture, $"{ranks.OfDensity.Count(rank => rank <= level) / (double)TestedPairs:F3}")));
            string how = posterior.Sample(ofFresh.Slice(0, 1), TestDraws, origin).Description;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {task.Name} | {of.Count} | {of.Seed} | {options.Loss}, {options.Contrast} | {-mean:F4} ± {error:F4} | {held} "
                    + $"| {norms[5]:F2} {norms[25]:F2} {norms[45]:F2} | {string.Join(" ", posterior.TreeCounts)} | {processor:F1} "
                    + $"| {how} |"));
        }
    }
}
