using System.Text.Json;
using Gbi.Numerics;
using Gbi.Ratios;

namespace Gbi.Benchmarks.Ratios;

/// <summary>Five folds of ten members beside fifty single fits: what sharing one binned data set and its threads saves.</summary>
internal static class EnsembleTimings
{
    private const int Folds = 5;
    private const int Members = 10;

    public static void Run(string folder)
    {
        DensityRatioTask task = DensityRatioTask.Read(folder);
        task.Fit();
        double single = Median([.. Enumerable.Range(0, 5).Select(_ => PeerTimings.Seconds(() => task.Fit()))]);
        var options = new RatioOptions { FoldCount = Folds, MemberCount = Members, Trees = DensityRatioTask.Options };
        double ensemble = PeerTimings.Seconds(() => RatioTrainer.CrossFit(
            task.Training.WithWeights(task.Weights), task.IsNumerator, DensityRatioTask.Features, options, new Seed(1)));
        Console.WriteLine(JsonSerializer.Serialize(new
        {
            threads = EventBlocks.MaxThreads,
            single_fit_s = single,
            fifty_single_fits_s = Folds * Members * single,
            cross_fit_with_scores_s = ensemble,
            ratio = ensemble / (Folds * Members * single),
        }));
    }

    private static double Median(double[] values)
    {
        Array.Sort(values);
        return values[values.Length / 2];
    }
}
