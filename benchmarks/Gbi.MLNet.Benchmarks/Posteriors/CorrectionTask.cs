using System.Diagnostics;
using System.Globalization;
using Gbi.Events;
using Gbi.Numerics;
using Gbi.Posteriors.Autoregressive;
using Gbi.Posteriors.Correction;
using Gbi.Posteriors.Models;

namespace Gbi.Benchmarks.Posteriors;

/// <summary>
/// Posteriors of boosted trees, corrected by the exact likelihood, for observations 1 to 3 of tasks of the benchmark: efficiency, evidence,
/// refusals, times, and 10,000 draws without replacement from points worth 200,000 independent ones.
/// </summary>
internal static class CorrectionTask
{
    private const int Draws = 10_000;

    private static readonly CorrectionOptions Many = new() { EffectiveSize = 200_000, MaxDraws = 2_000_000 };

    /// <summary>Runs tasks.</summary>
    /// <param name="count">Simulations of a training.</param>
    /// <param name="seed">Of simulations and training.</param>
    /// <param name="data">Folder with a folder for each task, with the observations 1 to 3.</param>
    /// <param name="output">Where the draws go: TASK_COUNT_SEED_OBSERVATION.csv.</param>
    /// <param name="names">Names of tasks; empty for all.</param>
    public static void Run(int count, int seed, string data, string output, IReadOnlyList<string> names)
    {
        Directory.CreateDirectory(output);
        Console.WriteLine(
            "| task | observation | efficiency | n_eff | Pareto k | ln Z | exact | pull | wall s | 10,000 draws by default, s | |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|---|---|");
        foreach (SbiTask task in SbiTask.All.Where(task => names.Count == 0 || names.Contains(task.Name)))
        {
            var origin = new Seed((ulong)seed);
            (EventTable parameters, EventTable observations) = task.Pairs(count, origin);
            var model = TreePosterior.Train(task.Prior, parameters, observations, new TreePosteriorOptions(), origin.Child("training"));
            for (int number = 1; number <= 3; number++)
            {
                Posterior posterior = model.Given(task.Observation(data, number));
                Row(task, number, posterior, origin.Child("correction").Child(number), Path.Combine(output, $"{task.Name}_{count}_{seed}"));
            }
        }
    }

    private static void Row(SbiTask task, int number, Posterior posterior, Seed seed, string prefix)
    {
        LogLikelihood likelihood = SbiLikelihood.Of(task, posterior.Observation);
        var watch = Stopwatch.StartNew();
        CorrectedPosterior corrected = posterior.CorrectedBy(task.Prior, likelihood, seed, Many);
        double wall = watch.Elapsed.TotalSeconds;
        if (corrected.MaxDrawCount >= Draws)
        {
            SbiTask.Write(corrected.Draw(Draws, seed.Child("draws")).Table, $"{prefix}_{number}.csv");
        }

        watch.Restart();
        CorrectedPosterior byDefault = posterior.CorrectedBy(task.Prior, likelihood, seed);
        string time = byDefault.MaxDrawCount < Draws ? "–" : string.Create(
            CultureInfo.InvariantCulture, $"{TimeOf(() => byDefault.Draw(Draws, seed)) + watch.Elapsed.TotalSeconds:F2}");
        double? exact = Exact(task, posterior, likelihood);
        string pull = exact is { } known
            ? string.Create(CultureInfo.InvariantCulture, $"{known:F4} | {(corrected.LogEvidence - known) / corrected.LogEvidenceError:F1}")
            : "– | –";
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {task.Name} | {number} | {corrected.Efficiency:G3} | {corrected.EffectiveSize:F0} | {corrected.ParetoShape:F2} "
                + $"| {corrected.LogEvidence:F4} ± {corrected.LogEvidenceError:F4} | {pull} | {wall:F1} | {time} "
                + $"| {(corrected.Refusal is null ? "" : "refused")} |"));
    }

    /// <summary>ln Z = ln p(θ) + ln p(x|θ) − ln p(θ|x) at any θ, where the exact posterior is known.</summary>
    private static double? Exact(SbiTask task, Posterior posterior, LogLikelihood likelihood)
    {
        if (ExactTask.All.FirstOrDefault(exact => exact.Name == task.Name) is not { } exact)
        {
            return null;
        }

        EventTable x = Renamed(posterior.Observation, exact.Features);
        EventTable theta = exact.Draw(x, 1, new Seed(1)).Table;
        EventTable named = Renamed(theta, task.Prior.Parameters);
        double[] point = [.. named.ColumnNames.Select(name => (double)named[name][0])];
        return task.Prior.LogDensity(point) + likelihood(named)[0] - exact.LogDensity(theta, x)[0];
    }

    private static EventTable Renamed(EventTable table, IReadOnlyList<string> names) =>
        EventTable.FromColumns([.. names.Zip(table.ColumnNames, (name, old) => (name, table[old].ToArray()))]);

    private static double TimeOf(Action action)
    {
        var watch = Stopwatch.StartNew();
        action();
        return watch.Elapsed.TotalSeconds;
    }
}
