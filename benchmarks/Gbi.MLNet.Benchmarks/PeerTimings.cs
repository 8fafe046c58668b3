using System.Diagnostics;
using System.Text.Json;
using Gbi.Numerics;
using Gbi.Trees;

namespace Gbi.Benchmarks;

/// <summary>The timed mode that stands beside the peers' scripts: same files, same three repetitions, one line of JSON.</summary>
internal static class PeerTimings
{
    private const int Repetitions = 3;

    public static void Run(string folder)
    {
        DensityRatioTask task = DensityRatioTask.Read(folder);

        // A small run first: what a peer compiled long ago is compiled here on the first call.
        DensityRatioTask.Generate(20_000, 1000).Fit();
        double[] fit = new double[Repetitions];
        double[] predict = new double[Repetitions];
        TreeEnsemble trees = null!;
        for (int i = 0; i < Repetitions; i++)
        {
            fit[i] = Seconds(() => trees = task.Fit());
            predict[i] = Seconds(() => trees.Predict(task.Training));
        }

        Console.WriteLine(JsonSerializer.Serialize(new
        {
            name = $"Gbi.MLNet {typeof(TreeEnsemble).Assembly.GetName().Version!.ToString(3)}",
            threads = EventBlocks.MaxThreads,
            fit_s = fit,
            predict_s = predict,
            rmse = task.RootMeanSquareError(trees),
        }));
    }

    private static double Seconds(Action work)
    {
        long start = Stopwatch.GetTimestamp();
        work();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
