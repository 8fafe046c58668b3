using Gbi.Benchmarks.Ratios;
using Gbi.Trees.Model;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Benchmarks.Trees;

/// <summary>Time and memory of the trees against the number of events, as a Markdown table.</summary>
internal static class ScalingTimings
{
    public static void Run()
    {
        PeerTimings.WarmUp();
        Console.WriteLine(
            "| events | fit, s | fit, µs an event | score, s | score, µs an event | memory of the fit, bytes an event | RMSE of ln r |");
        Console.WriteLine("|---|---|---|---|---|---|---|");
        foreach (int count in new[] { 100_000, 1_000_000, 10_000_000 })
        {
            DensityRatioTask task = DensityRatioTask.Generate(count, testCount: 100_000);
            TreeEnsemble trees = null!;
            long memory = PeakMemory.Of(() => trees = task.Fit(), out double fit);
            double score = PeerTimings.Seconds(() => trees.Predict(task.Training));
            Console.WriteLine(
                Text(
                    $"| {count:N0} | {fit:F2} | {1e6 * fit / count:F2} | {score:F2} | {1e6 * score / count:F2} | "
                        + $"{(double)memory / count:F0} | {task.RootMeanSquareError(trees):F4} |"));
        }
    }
}
