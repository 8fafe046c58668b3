using Gbi.Numerics;
using Gbi.Posteriors.Autoregressive;
using Gbi.Posteriors.Autoregressive.Cells;
using Gbi.Posteriors.Autoregressive.Means;
using Gbi.Posteriors.Models;
using Gbi.Simulators.Priors;
using MathNet.Numerics.Distributions;

namespace Gbi.Tests.Posteriors.Autoregressive;

[TestFixture]
internal sealed class TruncationTests
{
    [TestCase(0.3, -1, 1, 0.2, 3)]
    [TestCase(-0.9, -1, 1, -7, 3)]
    [TestCase(2, 0, double.PositiveInfinity, -1, 0.5)]
    [TestCase(-3, double.NegativeInfinity, -2.5, 40, 2)]
    [TestCase(0.1, -50, 40, 0.2, 1)]
    public void Derivatives_of_a_normal_density_between_bounds_are_those_of_its_logarithm(
        double value, double low, double high, double eta, double h)
    {
        const double Step = 1e-5;
        TruncatedNormal At(double e, double g) => TruncatedNormal.At(value, low, high, e, g);
        TruncatedNormal density = At(eta, h);
        double ByEta(Func<TruncatedNormal, double> of) => (of(At(eta + Step, h)) - of(At(eta - Step, h))) / (2 * Step);
        double ByH(Func<TruncatedNormal, double> of) => (of(At(eta, h + Step)) - of(At(eta, h - Step))) / (2 * Step);
        Assert.Multiple(() =>
        {
            Assert.That(density.ByEta, Is.EqualTo(ByEta(at => at.Log)).Within(1e-5));
            Assert.That(density.ByH, Is.EqualTo(ByH(at => at.Log)).Within(1e-5));
            Assert.That(density.ByEtaEta, Is.EqualTo(ByEta(at => at.ByEta)).Within(1e-5));
            Assert.That(density.ByEtaH, Is.EqualTo(ByH(at => at.ByEta)).Within(1e-5));
            Assert.That(density.ByHH, Is.EqualTo(ByH(at => at.ByH)).Within(1e-4));
        });
    }

    [Test]
    public void A_normal_density_between_bounds_has_the_integral_one()
    {
        double sum = 0;
        for (double value = -0.995; value < 1; value += 0.01)
        {
            sum += Math.Exp(TruncatedNormal.At(value, -1, 1, 4, 3).Log) * 0.01;
        }

        Assert.That(sum, Is.EqualTo(1).Within(1e-4));
    }

    [Test]
    public void A_shape_is_found_behind_bounds_that_differ_from_value_to_value()
    {
        // Standard normal values, each seen only if it lies between bounds 2 apart.
        Residuals residuals = Seen(20_000, random => Normal.Sample(random, 0, 1));
        CellEdges edges = CellEdges.Quantiles(residuals.Values, 5);
        double[] weights = [.. residuals.Values.Select(_ => 1.0)];
        double[] plain = Cumulative(MarginalCells.Of(edges, residuals, weights));
        double[] found = Cumulative(MarginalCells.Of(edges, residuals with { AreCut = true }, weights));
        double Distance(double[] cumulative) => cumulative.Select((value, k) => Math.Abs(value - Normal.CDF(0, 1, edges.Values[k]))).Max();
        Assert.That(Distance(plain), Is.GreaterThan(0.05));
        Assert.That(Distance(found), Is.LessThan(0.02));
    }

    [Test]
    public void The_mean_of_a_tail_is_that_of_the_exponential_behind_the_bounds()
    {
        Residuals residuals = Seen(20_000, random => Exponential.Sample(random, 1));
        double[] weights = [.. residuals.Values.Select(_ => 1.0)];
        Assert.That(TailMean.Above([-1, 0], residuals, weights), Is.EqualTo(1).Within(0.05));
    }

    [Test]
    public void Near_a_bound_of_the_prior_the_posterior_is_the_likelihood_cut_off()
    {
        // θ ~ U(−1, 1), x ~ N(θ, 0.1): the posterior is N(x, 0.1) between the bounds.
        double sigma = Math.Sqrt(0.1);
        var prior = Prior.Uniform("t0", -1, 1);
        void Simulate(Random random, ReadOnlySpan<double> parameters, Span<double> features) =>
            features[0] = Normal.Sample(random, parameters[0], sigma);
        Simulated data = Simulated.Of(prior, 1, 10_000, 1, Simulate);
        var posterior = TreePosterior.Train(
            prior, data.Parameters, data.Observations, new TreePosteriorOptions { MemberCount = 1 }, new Seed(1));
        Simulated fresh = Simulated.Of(prior, 1, 20_000, 2, Simulate);
        double[] learnt = posterior.LogDensity(fresh.Parameters, fresh.Observations);
        double gap = learnt.Select((value, row) =>
        {
            (double x, double theta) = (fresh.Observations["x0"][row], fresh.Parameters["t0"][row]);
            double inside = Normal.CDF(x, sigma, 1) - Normal.CDF(x, sigma, -1);
            return Normal.PDFLn(x, sigma, theta) - Math.Log(inside) - value;
        }).Average();

        // 128 cells cost 127/(2·10⁴) = 0.006 nats by their own statistical error; a location that bends near the bounds cost 0.02.
        Assert.That(gap, Is.InRange(0, 0.013));
        Posterior given = posterior.Given(Simulated.Observation(1.2f));
        PosteriorDraws draws = given.Draw(20_000, new Seed(3));
        double exact = 1.2 - (sigma * sigma * Normal.PDF(1.2, sigma, 1) / Normal.CDF(1.2, sigma, 1));
        Assert.That(draws.Table["t0"].ToArray().Average(), Is.EqualTo(exact).Within(0.03));
    }

    /// <summary>Values that lie between bounds 2 apart.</summary>
    private static Residuals Seen(int count, Func<Random, double> draw)
    {
        Random random = new Seed(4).CreateRandom();
        var seen = new List<(float Value, float Low)>();
        while (seen.Count < count)
        {
            float value = (float)draw(random);
            float low = (float)((random.NextDouble() * 3) - 2.5);
            if (value > low && value < low + 2)
            {
                seen.Add((value, low));
            }
        }

        float[] lows = [.. seen.Select(one => one.Low)];
        float[] ones = [.. seen.Select(_ => 1f)];
        return new Residuals([.. seen.Select(one => one.Value)], new float[count], ones, lows, [.. lows.Select(low => low + 2)]);
    }

    private static double[] Cumulative(MarginalCells cells)
    {
        double sum = 0;
        return [.. cells.Masses.Take(cells.Masses.Length - 1).Select(mass => sum += mass)];
    }
}
