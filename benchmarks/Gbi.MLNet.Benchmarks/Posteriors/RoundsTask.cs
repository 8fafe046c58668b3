using System.Diagnostics;
using System.Globalization;
using Gbi.Infer;
using Gbi.Numerics;
using Gbi.Posteriors.Correction;
using Gbi.Posteriors.Models;
using Gbi.Simulators;

namespace Gbi.Benchmarks.Posteriors;

/// <summary>
/// Posteriors in rounds for observations 1 to 3 of tasks of the benchmark: times, local coverage, efficiency of importance weights by the
/// exact likelihood, and 10,000 draws each.
/// </summary>
internal static class RoundsTask
{
    private const int Draws = 10_000;

    /// <summary>Runs tasks.</summary>
    /// <param name="rounds">Number of rounds.</param>
    /// <param name="count">Simulations of all rounds.</param>
    /// <param name="isCorrected">Whether a classifier corrects the last round.</param>
    /// <param name="data">Folder with a folder for each task, with the observations 1 to 3.</param>
    /// <param name="output">Where the draws go: TASK_COUNT_SEED_OBSERVATION.csv.</param>
    /// <param name="names">Names of tasks; empty for all.</param>
    public static void Run(int rounds, int count, bool isCorrected, string data, string output, IReadOnlyList<string> names)
    {
        Directory.CreateDirectory(output);
        Console.WriteLine(
            "| task | observation | share of the prior by round | last training | coverage of regions of 68, 95 % | processor s "
            + "| efficiency, Pareto k |");
        Console.WriteLine("|---|---|---|---|---|---|---|");
        var options = new LocalInferenceOptions { RoundCount = rounds };
        options = options with { Inference = options.Inference with { IsCorrected = isCorrected } };
        foreach (SbiTask task in SbiTask.All.Where(task => names.Count == 0 || names.Contains(task.Name)))
        {
            for (int number = 1; number <= 3; number++)
            {
                TimeSpan before = Process.GetCurrentProcess().TotalProcessorTime;
                var simulator = new FunctionSimulator(
                    task.Prior.Parameters, [.. Enumerable.Range(1, task.FeatureCount).Select(k => $"data_{k}")],
                    (theta, random, x) => task.Simulate(random, theta, x));
                var inference = new LocalInference(simulator, task.Prior, options);
                LocallyInferredPosterior found = inference.Run(task.Observation(data, number), count, new Seed(1));
                double processor = (Process.GetCurrentProcess().TotalProcessorTime - before).TotalSeconds;
                Posterior posterior = found.Posterior.Given();
                CorrectedPosterior exact = posterior.CorrectedBy(
                    task.Prior, SbiLikelihood.Of(task, posterior.Observation), new Seed(3),
                    new CorrectionOptions { EffectiveSize = 20_000, MaxDraws = 40_000 });
                SbiTask.Write(posterior.Draw(Draws, new Seed(2)).Table, Path.Combine(output, $"{task.Name}_{count}_1_{number}.csv"));
                string shares = string.Join(" ", found.Rounds.Select(round => Text(round.PriorShare)));
                string held = string.Join(" ", ((double[])[0.68, 0.95]).Select(level => Text(
                    found.Report.Coverage.MinBy(region => Math.Abs(region.Level - level))!.Value)));
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"| {task.Name} | {number} | {shares} | {found.Rounds[^1].TrainingCount} | {held} | {processor:F0} "
                        + $"| {exact.Efficiency:G3}, {exact.ParetoShape:F2} |"));
            }
        }
    }

    private static string Text(double value) => value.ToString("G3", CultureInfo.InvariantCulture);
}
