using Gbi.Events;
using Gbi.Numerics;
using Gbi.Posteriors.Misspecification;
using Gbi.Posteriors.Models;
using Gbi.Posteriors.Ratios;
using Gbi.Posteriors.Sampling;
using Gbi.Simulators.Priors;
using Gbi.Tests.Posteriors.Autoregressive;
using MathNet.Numerics.Distributions;

namespace Gbi.Tests.Posteriors.Ratios;

[TestFixture]
internal sealed class RatioPosteriorTests
{
    private static readonly RatioPosteriorOptions One = new() { MemberCount = 1, NormalisationDraws = 500, ContrastCount = 3 };

    private static RatioPosterior Train(Prior prior, Simulated data, RatioPosteriorOptions? options = null) =>
        RatioPosterior.Train(prior, data.Parameters, data.Observations, options ?? One, new Seed(1));

    private static Prior Normals(int count) =>
        Prior.Independent([.. Enumerable.Range(0, count).Select(k => Prior.Normal($"t{k}", 0, 1))]);

    private static void AddNoise(Random random, ReadOnlySpan<double> parameters, Span<double> features)
    {
        for (int k = 0; k < features.Length; k++)
        {
            features[k] = Normal.Sample(random, parameters[k], 0.5);
        }
    }

    [TestCase(RatioLoss.Logistic), TestCase(RatioLoss.Softmax), TestCase(RatioLoss.Contrastive), TestCase(RatioLoss.Balanced)]
    public void A_linear_Gaussian_posterior_is_learnt_by_every_loss(RatioLoss loss)
    {
        // θ ~ N(0, 1), x ~ N(θ, ½²): the posterior is N(0.8 x, 0.2). Contrast draws of the prior, so that trees learn all of it.
        Prior prior = Normals(2);
        RatioPosterior posterior = Train(
            prior, Simulated.Of(prior, 2, 2000, 1, AddNoise), One with { Loss = loss, Contrast = RatioContrast.Prior });
        Simulated fresh = Simulated.Of(prior, 2, 200, 2, AddNoise);
        double[] learnt = posterior.LogDensity(fresh.Parameters, fresh.Observations);
        double gap = learnt.Select((density, row) => Exact(fresh, row) - density).Average();

        // The prior itself is worth −1.61.
        Assert.That(gap, Is.InRange(-0.05, 0.25));
        Assert.That(posterior.TreeCounts[0], Is.GreaterThan(5));
        RatioNormalisation normalisation = posterior.NormalisationOf(Simulated.Observation(0.5f, -0.5f));
        Assert.That(normalisation.Mean.Value, Is.EqualTo(1).Within(0.2));
        Assert.That(normalisation.IsAlarm, Is.False);
    }

    private static double Exact(Simulated pairs, int row) => Enumerable.Range(0, pairs.Parameters.ColumnNames.Count).Sum(k =>
        Normal.PDFLn(0.8 * pairs.Observations[$"x{k}"][row], Math.Sqrt(0.2), pairs.Parameters[$"t{k}"][row]));

    [Test]
    public void Five_parameters_are_learnt_about_their_means_and_draws_follow()
    {
        Prior prior = Normals(5);
        RatioPosterior posterior = Train(prior, Simulated.Of(prior, 5, 2000, 1, AddNoise));
        Simulated fresh = Simulated.Of(prior, 5, 200, 2, AddNoise);
        double[] learnt = posterior.LogDensity(fresh.Parameters, fresh.Observations);
        double gap = learnt.Select((density, row) => Exact(fresh, row) - density).Average();
        Assert.That(gap, Is.InRange(-0.05, 0.25));
        DensityDraws draws = posterior.Sample(Simulated.Observation(1, 0, -0.5f, 0, 0), 2000, new Seed(3));
        Assert.That(draws.Method, Is.EqualTo(SamplingMethod.ImportanceResampling));
        Assert.That(draws.Table["t0"].ToArray().Average(), Is.EqualTo(0.8).Within(0.12));
        Assert.That(draws.Table["t2"].ToArray().Average(), Is.EqualTo(-0.4).Within(0.12));
    }

    [Test]
    public void Where_x_says_nothing_the_ratio_is_one_and_the_posterior_is_the_prior()
    {
        Prior prior = Prior.Independent(Prior.Uniform("t0", -1, 1), Prior.Normal("t1", 0, 2));
        Simulated data = Simulated.Of(prior, 2, 2000, 1, (random, _, x) =>
        {
            x[0] = Normal.Sample(random, 0, 1);
            x[1] = 7;
        });
        RatioPosterior posterior = Train(prior, data, One with { MemberCount = 2 });
        double[] densities = posterior.LogDensity(data.Parameters, data.Observations.Slice(0, 1));
        double[] ofPrior = prior.LogDensities(data.Parameters);
        Assert.That(densities.Zip(ofPrior, (a, b) => Math.Abs(a - b)).Max(), Is.LessThan(0.15));
        Assert.That(densities.Zip(ofPrior, (a, b) => Math.Abs(a - b)).Average(), Is.LessThan(0.02));
    }

    [Test]
    public void A_posterior_a_thousand_times_narrower_than_the_prior_is_found()
    {
        // x ~ N(θ, 0.01²) in a box of 20: the learnt means say where.
        Prior prior = Prior.Uniform("t0", -10, 10);
        RatioPosterior posterior = Train(
            prior, Simulated.Of(prior, 1, 2000, 1, (random, point, x) => x[0] = Normal.Sample(random, point[0], 0.01)));
        DensityDraws draws = posterior.Sample(Simulated.Observation(3), 2000, new Seed(2));
        float[] values = [.. draws.Table["t0"].ToArray().Order()];
        Assert.That(values[1000], Is.EqualTo(3).Within(0.004));
        Assert.That((values[1683] - values[317]) / 2, Is.EqualTo(0.01).Within(0.0025));
    }

    [Test]
    public void Probabilities_of_a_hypothesis_are_those_of_Bayes()
    {
        Prior prior = Prior.Independent(Prior.Category("kind", [2, 5], [0.7, 0.3]), Prior.Uniform("t1", -1, 1));
        Simulated data = Simulated.Of(prior, 2, 4000, 1, (random, point, x) =>
        {
            x[0] = Normal.Sample(random, point[0] == 5 ? 1 : -1, 1);
            x[1] = Normal.Sample(random, point[1], 0.3);
        });
        RatioPosterior posterior = Train(prior, data);

        // At x₀ = ½ the odds are 0.3/0.7 e^(2 x₀) = 1.165.
        PosteriorDraws draws = posterior.Draw(Simulated.Observation(0.5f, 0.2f), 2000, new Seed(2));
        Assert.That(draws.Table["kind"].ToArray().Count(kind => kind == 5) / 2000.0, Is.EqualTo(1.165 / 2.165).Within(0.12));
        Assert.That(draws.Table["t1"].ToArray().Average(), Is.EqualTo(0.2).Within(0.05));
    }

    [Test]
    public void Few_simulations_are_enough_and_the_result_is_the_same_on_one_thread_and_on_two()
    {
        Prior prior = Normals(2);
        Simulated data = Simulated.Of(prior, 2, 50, 1, AddNoise);
        Simulated fresh = Simulated.Of(prior, 2, 30, 2, AddNoise);
        (double[] one, double[] two) = ThreadLimit.Compare(() => Train(prior, data, One with { MemberCount = 2 })
            .LogDensity(fresh.Parameters, fresh.Observations));
        Assert.That(one, Is.EqualTo(two));
        Assert.That(one, Is.All.Not.NaN);

        // The density of one pair does not depend on the others.
        Assert.That(
            Train(prior, data, One with { MemberCount = 2 }).LogDensity(fresh.Parameters.Slice(7, 1), fresh.Observations.Slice(7, 1))[0],
            Is.EqualTo(one[7]).Within(1e-9));
    }

    [Test]
    public void What_does_not_fit_is_refused_or_warned_of()
    {
        Prior prior = Prior.Uniform("t0", 0, 1);
        Simulated data = Simulated.Of(prior, 1, 1000, 1, AddNoise);
        RatioPosterior posterior = Train(prior, data);
        Assert.That(posterior.Given(Simulated.Observation(0.5f)).Warnings, Is.Empty);
        Assert.That(posterior.Given(Simulated.Observation(30)).Warnings, Is.Not.Empty);
        Assert.That(posterior.LogDensity(EventTable.FromColumns(("t0", [-0.1f])), Simulated.Observation(0.5f))[0],
            Is.EqualTo(double.NegativeInfinity));
        Assert.That(
            () => posterior.Given(EventTable.FromColumns(("y", [1f]))), Throws.TypeOf<DataException>().With.Message.Contains("'x0'"));
        Assert.That(
            () => posterior.LogDensity(EventTable.FromColumns(("t1", [1f])), Simulated.Observation(0.5f)),
            Throws.TypeOf<DataException>().With.Message.Contains("'t0'"));
        Assert.That(() => posterior.Given(data.Observations), Throws.TypeOf<DataException>().With.Message.Contains("1,000"));
        Assert.That(
            () => Train(Prior.Rows(data.Parameters), data), Throws.TypeOf<DataException>().With.Message.Contains("rows of a file"));
        Assert.That(() => Train(Prior.Uniform("t0", 0, 0.5), data), Throws.TypeOf<DataException>().With.Message.Contains("'t0'"));
        Assert.That(() => new RatioPosteriorOptions { Gamma = double.PositiveInfinity }, Throws.TypeOf<ArgumentOutOfRangeException>());
    }
}
