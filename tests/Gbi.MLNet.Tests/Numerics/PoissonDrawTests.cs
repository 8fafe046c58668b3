using Gbi.Numerics;
using Gbi.Numerics.Probability;

namespace Gbi.Tests.Numerics;

/// <summary>Poisson counts of small and of very large means.</summary>
public sealed class PoissonDrawTests
{
    [TestCase(0.5), TestCase(50), TestCase(9.9e7), TestCase(1.01e8), TestCase(1e12)]
    public void Counts_have_the_mean_and_the_variance_of_Poisson(double mean)
    {
        const int Draws = 20_000;
        Random random = new Seed(3).CreateRandom();
        double[] pulls = [.. Enumerable.Range(0, Draws).Select(_ => (random.NextPoissonCount(mean) - mean) / Math.Sqrt(mean))];
        double average = pulls.Average();
        double variance = pulls.Sum(pull => (pull - average) * (pull - average)) / (Draws - 1);

        // The kurtosis of Poisson's distribution is 3 + 1/mean.
        Assert.That(average, Is.EqualTo(0).Within(4 / Math.Sqrt(Draws)));
        Assert.That(variance, Is.EqualTo(1).Within(4 * Math.Sqrt((2 + (1 / mean)) / Draws)));
    }

    [Test]
    public void Counts_are_whole_and_beyond_integers_too()
    {
        Random random = new Seed(3).CreateRandom();
        double count = random.NextPoissonCount(1e13);
        Assert.That(count, Is.EqualTo(Math.Round(count)).And.EqualTo(1e13).Within(2e7));
        Assert.That(random.NextPoissonCount(0), Is.Zero);
        Assert.That(() => random.NextPoisson(1e13), Throws.TypeOf<OverflowException>());
    }
}
