using System.Globalization;
using Gbi.Diagnostics.Posteriors;
using Gbi.Events;
using Gbi.Numerics;
using Gbi.Onnx.Posteriors;

namespace Gbi.Benchmarks.Posteriors;

/// <summary>
/// Posteriors by networks on the tasks of the benchmark: simulations to learn them from, as files, then −E ln q of 10,000 fresh pairs,
/// coverage of regions of highest density, and draws for the benchmark's observations, of a posterior that was learnt from them.
/// </summary>
internal static class NetworkPosteriorTask
{
    private const int FreshPairs = 10_000;
    private const int TestedPairs = 1_000;
    private const int TestDraws = 199;

    private static readonly double[] Levels = [0.5, 0.68, 0.95, 0.99];

    /// <summary>Writes simulations, TASK_COUNT_SEED.csv, and priors, TASK.json.</summary>
    public static void Write(int count, int seed, string folder, IReadOnlyList<string> names)
    {
        Directory.CreateDirectory(folder);
        foreach (SbiTask task in SbiTask.All.Where(task => names.Count == 0 || names.Contains(task.Name)))
        {
            (EventTable parameters, EventTable observations) = task.Pairs(count, new Seed((ulong)seed));
            EventTable both = observations.ColumnNames.Aggregate(
                parameters, (table, name) => table.WithColumn(name, observations[name].ToArray()));
            SbiTask.Write(both, Path.Combine(folder, $"{task.Name}_{count}_{seed}.csv"));
            File.WriteAllText(Path.Combine(folder, $"{task.Name}.json"), task.Prior.ToJson());
        }
    }

    /// <summary>Measures a posterior.</summary>
    /// <param name="name">Name of the task.</param>
    /// <param name="model">TASK_COUNT_SEED.onnx; its draws go to TASK_COUNT_SEED_OBSERVATION.csv next to it.</param>
    /// <param name="data">Folder with a folder for each task, with the observations 1 to 3.</param>
    public static void Run(string name, string model, string data)
    {
        SbiTask task = SbiTask.All.Single(task => task.Name == name);
        using OnnxPosterior posterior = OnnxPosterior.Open(model);
        (EventTable fresh, EventTable ofFresh) = task.Pairs(FreshPairs, new Seed(77));
        double[] densities = posterior.LogDensity(fresh, ofFresh);
        double mean = densities.Average();
        double error = Math.Sqrt(densities.Average(density => (density - mean) * (density - mean)) / FreshPairs);
        double drawing = TreePosteriorTask.Draw(task, posterior, new Seed(1), data, Path.ChangeExtension(model, null));
        var pairs = new TestPairs(fresh.Slice(0, TestedPairs), ofFresh.Slice(0, TestedPairs), task.Prior);
        PosteriorRanks ranks = PosteriorRanks.Of(posterior, pairs, TestDraws, new Seed(1).Child("ranks"));
        string held = string.Join(" ", Levels.Select(level => string.Create(
            CultureInfo.InvariantCulture, $"{ranks.OfDensity.Count(rank => rank <= level) / (double)TestedPairs:F3}")));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"| {name} | {-mean:F4} ± {error:F4} | {held} | {drawing:F2} |"));
    }
}
