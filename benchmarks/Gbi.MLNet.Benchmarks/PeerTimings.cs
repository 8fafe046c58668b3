using System.Diagnostics;
using System.Text.Json;
using Gbi.Numerics;
using Gbi.Trees;

namespace Gbi.Benchmarks;

/// <summary>The timed mode that stands beside the peers' scripts: same files, one line of JSON a run.</summary>
internal static class PeerTimings
{
    public static void Run(string folder)
    {
        DensityRatioTask task = DensityRatioTask.Read(folder);

        // A small run first: what a peer compiled long ago is compiled here on the first call.
        DensityRatioTask small = DensityRatioTask.Generate(20_000, testCount: 1000);
        small.Fit().Predict(small.Training);
        TreeEnsemble trees = null!;
        long memory = PeakMemory.Of(() => trees = task.Fit(), out double fit);
        double predict = Seconds(() => trees.Predict(task.Training));
        Console.WriteLine(JsonSerializer.Serialize(new
        {
            name = $"Gbi.MLNet {typeof(TreeEnsemble).Assembly.GetName().Version!.ToString(3)}",
            threads = EventBlocks.MaxThreads,
            fit_s = fit,
            predict_s = predict,
            rmse = task.RootMeanSquareError(trees),
            fit_mb = memory / 1e6,
        }));
    }

    /// <summary>Seconds of wall time.</summary>
    internal static double Seconds(Action work)
    {
        long start = Stopwatch.GetTimestamp();
        work();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
