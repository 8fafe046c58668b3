using System.Text.Json;
using Gbi.Benchmarks.Ratios;
using Gbi.Numerics;

namespace Gbi.Benchmarks.Trees;

/// <summary>
/// Task t1 with signed weights: one event in ten gets −w, and a partner with 2w makes up for it, which keeps both densities. The
/// partner is the event itself, or another one of its sample, as a simulator's counter-events are.
/// </summary>
internal static class SignedWeights
{
    public static void Run(string folder)
    {
        DensityRatioTask task = DensityRatioTask.Read(folder);
        double unsigned = task.RootMeanSquareError(task.Fit());
        double same = task.RootMeanSquareError(WithPartners(task, row => row).Fit());

        // An even shift keeps the sample: labels alternate.
        double others = task.RootMeanSquareError(WithPartners(task, row => (row + 500_002) % task.Training.Count).Fit());
        Console.WriteLine(
            JsonSerializer.Serialize(new { rmse_unsigned = unsigned, rmse_same_partner = same, rmse_other_partner = others }));
    }

    private static DensityRatioTask WithPartners(DensityRatioTask task, Func<int, int> partnerOf)
    {
        var seed = new Seed(9);
        int[] flipped = [.. Enumerable.Range(0, task.Training.Count).Where(row => seed.Uniform(row) < 0.1)];
        int[] partners = [.. flipped.Select(partnerOf)];
        double[] weights = [.. task.Weights, .. flipped.Select(row => 2 * task.Weights[row])];
        foreach (int row in flipped)
        {
            weights[row] = -weights[row];
        }

        return task.With(
            task.Training.Append(task.Training.Select(partners)), [.. task.IsNumerator, .. partners.Select(row => task.IsNumerator[row])],
            weights);
    }
}
