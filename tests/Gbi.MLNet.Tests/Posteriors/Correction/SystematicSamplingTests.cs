using Gbi.Numerics;
using Gbi.Posteriors.Correction;
using Gbi.Posteriors.Models;

namespace Gbi.Tests.Posteriors.Correction;

[TestFixture]
internal sealed class SystematicSamplingTests
{
    [Test]
    public void Rows_are_drawn_in_proportion_to_their_weights_each_once()
    {
        // Four of 0, 1, 2, …, 9 over 45; with a weight of 45 more for the last one that one is always drawn, and three of the others.
        double[] weights = [.. Enumerable.Range(0, 10).Select(i => i / 45.0)];
        double[] heavy = [.. Enumerable.Range(0, 10).Select(i => i == 9 ? 0.6 : i / 90.0)];
        int[] drawn = new int[10];
        int[] drawnHeavy = new int[10];
        const int Repetitions = 20_000;
        for (ulong seed = 0; seed < Repetitions; seed++)
        {
            int[] rows = SystematicSampling.Draw(weights, 4, new Seed(seed));
            int[] rowsHeavy = SystematicSampling.Draw(heavy, 4, new Seed(seed));
            Assert.That(rows.Distinct().Count() + rowsHeavy.Distinct().Count(), Is.EqualTo(8));
            Array.ForEach(rows, row => drawn[row]++);
            Array.ForEach(rowsHeavy, row => drawnHeavy[row]++);
        }

        for (int i = 0; i < 10; i++)
        {
            Assert.That((double)drawn[i] / Repetitions, Is.EqualTo(4 * i / 45.0).Within(0.015), $"row {i}");
            Assert.That((double)drawnHeavy[i] / Repetitions, Is.EqualTo(i == 9 ? 1 : 3 * i / 36.0).Within(0.015), $"row {i}");
        }
    }

    [Test]
    public void No_more_rows_are_drawn_than_lose_a_share_of_the_weight()
    {
        // One weight of 0.02: of n rows it keeps 1/n, and loses 0.01 at n = 100.
        double[] weights = [0.02, .. Enumerable.Repeat(0.98 / 9999, 9999)];
        Assert.That(SystematicSampling.LargestCount(weights, 1000, 0.0100001), Is.EqualTo(100));
        Assert.That(SystematicSampling.LargestCount(weights, 1000, 0.03), Is.EqualTo(1000));
        Assert.That(SystematicSampling.LargestCount(weights, 7, 0.01), Is.EqualTo(7));
    }

    [Test]
    public void Quantiles_of_equal_weights_are_those_of_plain_draws_and_a_weight_counts_as_so_many()
    {
        double[] equal = [0.2, 0.2, 0.2, 0.2, 0.2];
        var plain = new WeightedValues([5, 1, 4, 2, 3], equal);
        Assert.That(
            (double[])[plain.Quantile(0), plain.Quantile(0.3), plain.Quantile(1), plain.Mean, plain.Variance],
            Is.EqualTo((double[])[1, 2.2, 5, 3, 2.5]).Within(1e-12));

        // Weights in proportion to x of a uniform grid in (0, 1): density 2x, quantile √p, mean 2/3, variance 1/18, shortest 68 % from
        // √0.32 to 1.
        const int Count = 20_000;
        double[] grid = [.. Enumerable.Range(0, Count).Select(i => (i + 0.5) / Count)];
        var weighted = new WeightedValues(grid, Array.ConvertAll(grid, x => 2 * x / Count));
        Assert.Multiple(() =>
        {
            Assert.That(weighted.Quantile(0.5), Is.EqualTo(Math.Sqrt(0.5)).Within(1e-4));
            Assert.That(weighted.Quantile(0.01), Is.EqualTo(0.1).Within(1e-4));
            Assert.That(weighted.Mean, Is.EqualTo(2.0 / 3).Within(1e-6));
            Assert.That(weighted.Variance, Is.EqualTo(1.0 / 18).Within(1e-4));
            CredibleInterval shortest = weighted.Shortest(0.68);
            Assert.That((double[])[shortest.Low, shortest.High], Is.EqualTo((double[])[Math.Sqrt(0.32), 1]).Within(2e-4));
        });
    }
}
