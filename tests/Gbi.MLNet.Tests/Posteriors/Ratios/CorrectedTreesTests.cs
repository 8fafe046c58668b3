using Gbi.Events;
using Gbi.Numerics;
using Gbi.Posteriors.Autoregressive;
using Gbi.Posteriors.Models;
using Gbi.Posteriors.Ratios;
using Gbi.Posteriors.Sampling;
using Gbi.Simulators.Priors;
using Gbi.Tests.Posteriors.Autoregressive;
using Gbi.Trees;
using MathNet.Numerics.Distributions;

namespace Gbi.Tests.Posteriors.Ratios;

/// <summary>Posteriors of trees that are corrected by a classifier between simulations and their own draws.</summary>
[TestFixture]
internal sealed class CorrectedTreesTests
{
    private const double Sigma = 0.1;

    private static readonly Prior Box = Prior.Uniform("t0", -1, 1);

    // A posterior of two trees with two leaves for each part: it cannot hold two modes that move with x.
    private static readonly TreePosteriorOptions Crippled = new()
    {
        MemberCount = 1,
        MaxDepth = 2,
        Trees = new TreeOptions { TreeCount = 2, LeafCount = 2, EarlyStoppingRounds = 5 },
    };

    private static RatioPosterior Train(Prior prior, Simulated data, TreePosteriorOptions? posterior = null) => RatioPosterior.Train(
        prior, data.Parameters, data.Observations,
        RatioPosteriorOptions.CorrectedTrees with { Posterior = posterior ?? new() { MemberCount = 2 }, NormalisationDraws = 1000 },
        new Seed(1));

    // x ~ N(|θ|, σ²): the sign of θ is unknown.
    private static Simulated Folded(int count, ulong seed) => Simulated.Of(
        Box, 1, count, seed, (random, point, x) => x[0] = Normal.Sample(random, Math.Abs(point[0]), Sigma));

    // p(θ|x) = N(|θ|; x, σ²)/(2 [Φ((1 − x)/σ) − Φ(−x/σ)]) on [−1, 1].
    private static double ExactFolded(double theta, double x) => Normal.PDFLn(x, Sigma, Math.Abs(theta))
        - Math.Log(2 * (Normal.CDF(x, Sigma, 1) - Normal.CDF(x, Sigma, 0)));

    [Test]
    public void A_wrong_posterior_is_corrected_to_the_exact_one()
    {
        RatioPosterior posterior = Train(Box, Folded(3000, 1), Crippled);
        Simulated fresh = Folded(200, 2);
        double Gap(IPosteriorModel model) => model.LogDensity(fresh.Parameters, fresh.Observations).Select((density, row) =>
            ExactFolded(fresh.Parameters["t0"][row], fresh.Observations["x0"][row]) - density).Average();
        double before = Gap(posterior.Uncorrected!);
        double after = Gap(posterior);
        Assert.That(before, Is.GreaterThan(0.3), "the posterior is not wrong enough to test with");
        Assert.That(after, Is.InRange(-0.03, 0.1), $"before: {before}");

        // Draws of x = 0.5: half of them are negative, and |θ| is normal about 0.5.
        DensityDraws draws = posterior.Sample(Simulated.Observation(0.5f), 2000, new Seed(3));
        float[] theta = draws.Table["t0"].ToArray();
        Assert.That(draws.Method, Is.EqualTo(SamplingMethod.ImportanceResampling));
        Assert.That(draws.EffectiveSize, Is.GreaterThan(1000));
        Assert.That(theta.Count(value => value < 0) / 2000.0, Is.EqualTo(0.5).Within(0.05));
        Assert.That(theta.Average(value => Math.Abs(value)), Is.EqualTo(0.5).Within(0.04));
        Assert.That(Math.Sqrt(theta.Average(value => Math.Pow(Math.Abs(value) - 0.5, 2))), Is.EqualTo(Sigma).Within(0.03));
        Assert.That(posterior.NormalisationOf(Simulated.Observation(0.5f)).Mean.Value, Is.EqualTo(1).Within(0.25));
        Assert.That(posterior.Given(Simulated.Observation(0.5f)).Warnings, Is.Empty);
        Assert.That(posterior.Given(Simulated.Observation(5)).Warnings, Is.Not.Empty);
    }

    [Test]
    public void The_density_is_normalised()
    {
        RatioPosterior posterior = Train(Box, Folded(500, 1), Crippled);
        EventTable grid = EventTable.FromColumns(("t0", [.. Enumerable.Range(0, 2000).Select(i => (i - 999.5f) / 1000)]));
        double integral = posterior.LogDensity(grid, Simulated.Observation(0.3f)).Sum(Math.Exp) / 1000;

        // 1,000 draws normalise it.
        Assert.That(integral, Is.EqualTo(1).Within(0.15));
    }

    [Test]
    public void Where_the_posterior_is_right_nothing_is_learnt_and_it_stays()
    {
        // θ ~ N(0, 1), x ~ N(θ, ½²): linear, so that the posterior is exact but for chance, which a correction must not learn.
        Prior prior = Prior.Independent(Prior.Normal("t0", 0, 1), Prior.Normal("t1", 0, 1));
        static void AddNoise(Random random, ReadOnlySpan<double> point, Span<double> x)
        {
            for (int k = 0; k < 2; k++)
            {
                x[k] = Normal.Sample(random, point[k], 0.5);
            }
        }

        RatioPosterior posterior = Train(prior, Simulated.Of(prior, 2, 1000, 1, AddNoise));
        Simulated fresh = Simulated.Of(prior, 2, 50, 2, AddNoise);
        Assert.That(posterior.TreeCounts, Is.All.EqualTo(0));
        Assert.That(
            posterior.LogDensity(fresh.Parameters, fresh.Observations),
            Is.EqualTo(posterior.Uncorrected!.LogDensity(fresh.Parameters, fresh.Observations)).Within(1e-12));
    }

    [Test]
    public void Few_simulations_are_enough_and_the_result_is_the_same_on_one_thread_and_on_two()
    {
        Simulated data = Folded(100, 1);
        Simulated fresh = Folded(30, 2);
        (double[] one, double[] two) = ThreadLimit.Compare(() =>
            Train(Box, data, Crippled).LogDensity(fresh.Parameters, fresh.Observations));
        Assert.That(one, Is.EqualTo(two));
        Assert.That(one, Is.All.Not.NaN);
        Assert.That(
            () => Train(Box, Folded(60, 1), Crippled), Throws.TypeOf<DataException>().With.Message.Contains("100 at least"));
    }

    [Test]
    public void A_prior_of_rows_is_enough()
    {
        Simulated data = Folded(300, 1);
        RatioPosterior ofRows = RatioPosterior.Train(
            Prior.Rows(data.Parameters), data.Parameters, data.Observations,
            RatioPosteriorOptions.CorrectedTrees with { Posterior = Crippled }, new Seed(1));
        Assert.That(ofRows.Draw(Simulated.Observation(0.5f), 100, new Seed(2)).Table["t0"].ToArray(), Is.All.InRange(-1, 1));
        Assert.That(ofRows.LogDensity(EventTable.FromColumns(("t0", [0.5f])), Simulated.Observation(0.5f))[0], Is.Not.NaN);
    }
}
