using Gbi.Numerics;
using Gbi.Numerics.Minima;
using Gbi.Numerics.Probability;
using Gbi.Posteriors;

namespace Gbi.Tests.Posteriors;

/// <summary>Posteriors whose moments and evidence are known in closed form.</summary>
[TestFixture]
internal sealed class PosteriorTests
{
    // Means 1, −2, 0.5; standard deviations 1, 10, 0.1; the first two correlated by 0.8. Its inverse is worked out below.
    private static readonly double[] Means = [1, -2, 0.5];
    private static readonly double[] Deviations = [1, 10, 0.1];
    private const double Correlation = 0.8;

    [TestCase(1UL), TestCase(2UL), TestCase(3UL)]
    public void Moments_of_a_correlated_gaussian_are_found(ulong seed)
    {
        PosteriorSample sample = HamiltonianSampler.Sample(new Gaussian(), [[3, 3, 3]], new HamiltonianOptions(), new Seed(seed));
        double product = sample.Values(0).Zip(sample.Values(1), (x, y) => (x - 1) * (y + 2)).Average();
        Assert.Multiple(() =>
        {
            for (int k = 0; k < 3; k++)
            {
                double size = sample.EffectiveSize(k);
                Assert.That(sample.RHat(k), Is.LessThan(1.01), $"parameter {k}");
                Assert.That(size, Is.GreaterThan(500), $"parameter {k}");
                Assert.That(sample.Mean(k), Is.EqualTo(Means[k]).Within(4 * Deviations[k] / Math.Sqrt(size)), $"parameter {k}");
                Assert.That(sample.StandardDeviation(k), Is.EqualTo(Deviations[k]).Within(10).Percent, $"parameter {k}");
                Assert.That(
                    sample.Quantile(k, 0.8413), Is.EqualTo(Means[k] + Deviations[k]).Within(0.15 * Deviations[k]), $"parameter {k}");
            }

            Assert.That(product, Is.EqualTo(Correlation * Deviations[0] * Deviations[1]).Within(1.2));
            Assert.That(sample.Acceptance, Is.InRange(0.65, 0.98));
            Assert.That(sample.DivergentCount, Is.Zero);
        });
    }

    [Test]
    public void A_posterior_that_ends_at_a_border_is_sampled_inside()
    {
        // e^−x for x > 0: mean and standard deviation 1; between 0 and 2 the mean is 1 − 2/(e² − 1).
        var many = new HamiltonianOptions { DrawCount = 4000 };
        PosteriorSample sample = HamiltonianSampler.Sample(new Exponential(), [[0.5]], many, new Seed(4), [(0, double.PositiveInfinity)]);
        Assert.That(sample.Values(0), Has.All.GreaterThan(0));
        Assert.That(sample.EffectiveSize(0), Is.GreaterThan(1000));
        Assert.That(sample.Mean(0), Is.EqualTo(1).Within(4 / Math.Sqrt(sample.EffectiveSize(0))));
        Assert.That(sample.StandardDeviation(0), Is.EqualTo(1).Within(0.1));
        double mean = HamiltonianSampler.Sample(new Exponential(), [[0.5]], many, new Seed(4), [(0, 2)]).Mean(0);
        Assert.That(mean, Is.EqualTo(1 - (2 / (Math.Exp(2) - 1))).Within(0.05));
    }

    [Test]
    public void Chains_in_different_peaks_are_told_by_RHat()
    {
        // Two unit Gaussians at ±20: no trajectory crosses.
        PosteriorSample sample = HamiltonianSampler.Sample(
            new TwoPeaks(), [[-20], [20], [-20], [20]], new HamiltonianOptions { WarmUpCount = 200, DrawCount = 200 }, new Seed(5));
        Assert.That(sample.RHat(0), Is.GreaterThan(5));
        Assert.That(sample.EffectiveSize(0), Is.LessThan(20));
    }

    [TestCase(0.0), TestCase(0.5), TestCase(0.9)]
    public void The_effective_size_of_an_autoregressive_chain_is_that_of_its_formula(double memory)
    {
        // x_t = φ x_{t−1} + noise: n (1 − φ)/(1 + φ).
        Random random = new Seed(6).CreateRandom();
        const int Count = 4 * 10_000;
        double[] values = new double[Count];
        for (int i = 0; i < Count; i++)
        {
            double noise = random.NextNormal(0, Math.Sqrt(1 - (memory * memory)));
            values[i] = i % 10_000 == 0 ? random.NextNormal(0, 1) : (memory * values[i - 1]) + noise;
        }

        ChainStatistics statistics = ChainStatistics.Of(values, 4);
        Assert.That(statistics.EffectiveSize, Is.EqualTo(Count * (1 - memory) / (1 + memory)).Within(15).Percent);
        Assert.That(statistics.RHat, Is.EqualTo(1).Within(0.01));
    }

    [Test]
    public void The_number_of_threads_changes_no_draw()
    {
        var few = new HamiltonianOptions { WarmUpCount = 100, DrawCount = 50 };
        (double[] one, double[] two) = ThreadLimit.Compare(
            () => HamiltonianSampler.Sample(new Gaussian(), [Means], few, new Seed(7)).Values(1));
        Assert.That(two, Is.EqualTo(one));
    }

    [TestCase(1.0), TestCase(2.0), TestCase(0.7)]
    public void Importance_weights_give_moments_and_the_evidence(double width)
    {
        // Z = (2π)^{3/2} √det Σ e^{5}, det Σ = (σ₀σ₁σ₂)² (1 − ρ²); proposals of the right size, twice as wide and too narrow.
        double[] covariance = [.. Gaussian.Covariance.Select(value => value * width * width)];
        ImportanceSample sample = ImportanceSampler.Sample(new Gaussian(), Means, covariance, 20_000, new Seed(8));
        double logEvidence = (1.5 * Math.Log(2 * Math.PI))
            + Math.Log(Deviations[0] * Deviations[1] * Deviations[2] * Math.Sqrt(1 - (Correlation * Correlation))) + 5;
        Assert.Multiple(() =>
        {
            Assert.That(sample.LogEvidence, Is.EqualTo(logEvidence).Within(4 * sample.LogEvidenceError));
            Assert.That(sample.LogEvidenceError, Is.LessThan(0.02));
            Assert.That(sample.EffectiveSize, Is.InRange(2000, 20_000));
            Assert.That(sample.Weights.ToArray().Sum(), Is.EqualTo(1).Within(1e-9));
            for (int k = 0; k < 3; k++)
            {
                Assert.That(
                    sample.Mean(k), Is.EqualTo(Means[k]).Within(5 * Deviations[k] / Math.Sqrt(sample.EffectiveSize)), $"parameter {k}");
                Assert.That(sample.StandardDeviation(k), Is.EqualTo(Deviations[k]).Within(5).Percent, $"parameter {k}");
            }
        });
    }

    [Test]
    public void The_error_of_the_evidence_is_its_spread_over_seeds()
    {
        double[] found = [.. Enumerable.Range(0, 200).Select(seed =>
            ImportanceSampler.Sample(new Gaussian(), Means, Gaussian.Covariance, 500, new Seed((ulong)seed)).LogEvidence)];
        double error = ImportanceSampler.Sample(new Gaussian(), Means, Gaussian.Covariance, 500, new Seed(1000)).LogEvidenceError;
        Assert.That(Moments.Of(found).Deviation, Is.EqualTo(error).Within(25).Percent);
    }

    [Test]
    public void Impossible_starts_and_proposals_are_refused()
    {
        var few = new HamiltonianOptions { WarmUpCount = 100, DrawCount = 10 };
        Assert.That(
            () => HamiltonianSampler.Sample(new Exponential(), [[-1]], few, new Seed(9)),
            Throws.ArgumentException.With.Message.Contains("at the start (-1), expected a finite number within the bounds"));
        Assert.That(
            () => HamiltonianSampler.Sample(new Gaussian(), [[1, 2]], few, new Seed(9)),
            Throws.ArgumentException.With.Message.Contains("2 values and there are 3 bounds for 3 parameters"));
        Assert.That(
            () => HamiltonianSampler.Sample(new Gaussian(), [Means, Means], few, new Seed(9)),
            Throws.ArgumentException.With.Message.Contains("2 starts for 4 chains"));
        Assert.That(
            () => ImportanceSampler.Sample(new Gaussian(), Means, new double[9], 100, new Seed(9)),
            Throws.ArgumentException.With.Message.Contains("not symmetric and positive definite"));
        Assert.That(
            () => ImportanceSampler.Sample(new Exponential(), [-100], [1e-4], 100, new Seed(9)),
            Throws.ArgumentException.With.Message.Contains("0 at every point"));
        Assert.That(() => new HamiltonianOptions { ChainCount = 1 }, Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    private sealed class Gaussian : ISmoothFunction
    {
        public static double[] Covariance { get; } =
        [
            Deviations[0] * Deviations[0], Correlation * Deviations[0] * Deviations[1], 0,
            Correlation * Deviations[0] * Deviations[1], Deviations[1] * Deviations[1], 0,
            0, 0, Deviations[2] * Deviations[2],
        ];

        public int ParameterCount => 3;

        public double Evaluate(ReadOnlySpan<double> parameters, Span<double> gradient, Span<double> hessian)
        {
            double x = (parameters[0] - Means[0]) / Deviations[0];
            double y = (parameters[1] - Means[1]) / Deviations[1];
            double z = (parameters[2] - Means[2]) / Deviations[2];
            double rest = 1 - (Correlation * Correlation);
            if (!gradient.IsEmpty)
            {
                gradient[0] = (x - (Correlation * y)) / rest / Deviations[0];
                gradient[1] = (y - (Correlation * x)) / rest / Deviations[1];
                gradient[2] = z / Deviations[2];
            }

            return (((x * x) - (2 * Correlation * x * y) + (y * y)) / rest / 2) + (z * z / 2) - 5;
        }
    }

    private sealed class Exponential : ISmoothFunction
    {
        public int ParameterCount => 1;

        public double Evaluate(ReadOnlySpan<double> parameters, Span<double> gradient, Span<double> hessian)
        {
            gradient.Fill(1);
            return parameters[0] > 0 ? parameters[0] : double.PositiveInfinity;
        }
    }

    private sealed class TwoPeaks : ISmoothFunction
    {
        public int ParameterCount => 1;

        public double Evaluate(ReadOnlySpan<double> parameters, Span<double> gradient, Span<double> hessian)
        {
            double near = Math.Abs(parameters[0]) - 20;
            gradient.Fill(near * Math.Sign(parameters[0]));
            return near * near / 2;
        }
    }
}
