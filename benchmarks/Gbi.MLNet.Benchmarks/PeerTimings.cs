using System.Diagnostics;
using System.Text.Json;
using Gbi.Numerics;
using Gbi.Trees;

namespace Gbi.Benchmarks;

/// <summary>The timed mode that stands beside the peers' scripts: same files, one line of JSON a run.</summary>
internal static class PeerTimings
{
    /// <summary>Task t1.</summary>
    public static void DensityRatio(string folder)
    {
        DensityRatioTask task = DensityRatioTask.Read(folder);

        // A small run first: what a peer compiled long ago is compiled here on the first call.
        DensityRatioTask small = DensityRatioTask.Generate(20_000, testCount: 1000);
        small.Fit().Predict(small.Training);
        TreeEnsemble trees = null!;
        double fit = Seconds(() => trees = task.Fit());
        double predict = Seconds(() => trees.Predict(task.Training));
        Console.WriteLine(JsonSerializer.Serialize(new
        {
            name = Name,
            threads = EventBlocks.MaxThreads,
            fit_s = fit,
            predict_s = predict,
            rmse = task.RootMeanSquareError(trees),
        }));
    }

    /// <summary>Task t6.</summary>
    public static void ParametricRatio(string folder)
    {
        ParametricRatioTask task = ParametricRatioTask.Read(folder);
        ParametricRatioTask small = task.Thinned(step: 10);
        for (int warmUp = 0; warmUp < 3; warmUp++)
        {
            small.Fit().Coefficients(task.Test);
        }

        ParametricRatio ratio = null!;
        TimeSpan before = Environment.CpuUsage.TotalTime;
        double fit = Seconds(() => ratio = task.Fit());
        TimeSpan after = Environment.CpuUsage.TotalTime;
        double predict = Seconds(() => ratio.Coefficients(task.Test));
        Console.WriteLine(JsonSerializer.Serialize(new
        {
            name = Name,
            threads = EventBlocks.MaxThreads,
            fit_s = fit,
            fit_processor_s = (after - before).TotalSeconds,
            predict_s = predict,
            predict_events_per_s = task.Test.Count / predict,
            at_nu = new[] { -2, -1, 1, 2 }.Select(nu =>
            {
                (double error, double truth) = task.RootMeanSquares(ratio, nu);
                return new { nu, rmse = error, truth_rms = truth };
            }),
        }));
    }

    private static string Name => $"Gbi.MLNet {typeof(TreeEnsemble).Assembly.GetName().Version!.ToString(3)}";

    private static double Seconds(Action work)
    {
        long start = Stopwatch.GetTimestamp();
        work();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
