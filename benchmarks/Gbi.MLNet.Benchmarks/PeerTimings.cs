using System.Diagnostics;
using System.Text.Json;
using Gbi.Benchmarks.Ratios;
using Gbi.Numerics;
using Gbi.Ratios.Parametric;
using Gbi.Trees.Model;

namespace Gbi.Benchmarks;

/// <summary>The timed mode that stands beside the peers' scripts: same files, one line of JSON a run.</summary>
internal static class PeerTimings
{
    private const int Repetitions = 15;

    /// <summary>Task t1.</summary>
    public static void DensityRatio(string folder)
    {
        DensityRatioTask task = DensityRatioTask.Read(folder);

        WarmUp();
        TreeEnsemble trees = null!;
        long memory = PeakMemory.Of(() => trees = task.Fit(), out double fit);
        double predict = Seconds(() => trees.Predict(task.Training));
        Console.WriteLine(JsonSerializer.Serialize(new
        {
            name = Name,
            threads = EventBlocks.MaxThreads,
            fit_s = fit,
            predict_s = predict,
            rmse = task.RootMeanSquareError(trees),
            fit_mb = memory / 1e6,
        }));
    }

    /// <summary>Task t6: medians of several repetitions; of the processor's time the last.</summary>
    public static void ParametricRatio(string folder)
    {
        ParametricRatioTask task = ParametricRatioTask.Read(folder);
        ParametricRatio ratio = task.Thinned(step: 10).Fit();
        double[] fits = new double[Repetitions];
        double[] predictions = new double[Repetitions];
        double processor = 0;
        for (int repetition = 0; repetition < Repetitions; repetition++)
        {
            TimeSpan before = Environment.CpuUsage.TotalTime;
            fits[repetition] = Seconds(() => ratio = task.Fit());
            processor = (Environment.CpuUsage.TotalTime - before).TotalSeconds;
            predictions[repetition] = Seconds(() => ratio.Coefficients(task.Test));
        }

        Array.Sort(fits);
        Array.Sort(predictions);
        Console.WriteLine(JsonSerializer.Serialize(new
        {
            name = Name,
            threads = EventBlocks.MaxThreads,
            fit_s = fits[Repetitions / 2],
            fit_best_s = fits[0],
            fit_processor_s = processor,
            predict_s = predictions[Repetitions / 2],
            predict_best_s = predictions[0],
            at_nu = new[] { -2, -1, 1, 2 }.Select(nu =>
            {
                (double error, double truth) = task.RootMeanSquares(ratio, nu);
                return new { nu, rmse = error, truth_rms = truth };
            }),
        }));
    }

    /// <summary>
    /// Small runs of the work on trees, and the time that the runtime takes behind them to compile what ran often: what a peer compiled
    /// long ago is compiled here in the first second.
    /// </summary>
    internal static void WarmUp()
    {
        DensityRatioTask small = DensityRatioTask.Generate(20_000, testCount: 1000);
        for (int round = 0; round < 5; round++)
        {
            small.Fit().Predict(small.Training);
            Thread.Sleep(200);
        }
    }

    private static string Name => $"Gbi.MLNet {typeof(TreeEnsemble).Assembly.GetName().Version!.ToString(3)}";

    /// <summary>Seconds of wall time.</summary>
    internal static double Seconds(Action work)
    {
        long start = Stopwatch.GetTimestamp();
        work();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
