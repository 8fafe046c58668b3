using Gbi.Events;
using Gbi.Numerics;
using Gbi.Posteriors.Autoregressive;
using Gbi.Posteriors.Rejection;
using Gbi.Simulators;
using Gbi.Simulators.Priors;
using Gbi.Tests.Posteriors.Autoregressive;
using MathNet.Numerics.Distributions;

namespace Gbi.Tests.Posteriors.Rejection;

[TestFixture]
internal sealed class AbcTests
{
    private const double Sigma = 0.5;

    private static readonly Prior Flat = Prior.Uniform("t0", -10, 10);

    private static void AddNoise(Random random, ReadOnlySpan<double> parameters, Span<double> features)
    {
        for (int k = 0; k < features.Length; k++)
        {
            features[k] = Normal.Sample(random, parameters[k % parameters.Length], Sigma);
        }
    }

    private static (double Mean, double Variance) Moments(EventTable table, string name = "t0")
    {
        double sum = table.SumOfWeights;
        double mean = Enumerable.Range(0, table.Count).Sum(row => table.Weight(row) * table[name][row]) / sum;
        return (mean, Enumerable.Range(0, table.Count).Sum(row => table.Weight(row) * Math.Pow(table[name][row] - mean, 2)) / sum);
    }

    /// <summary>ε in units of x: distances are in standard deviations of x over the prior, √(400/12 + σ²).</summary>
    private static double Window(AbcSample sample) => sample.Tolerance * Math.Sqrt((400.0 / 12) + (Sigma * Sigma));

    [TestCase(500), TestCase(4000)]
    public void A_window_adds_a_third_of_its_square_to_the_variance(int kept)
    {
        Simulated data = Simulated.Of(Flat, 1, 40_000, 1, AddNoise);
        AbcSample sample = RejectionAbc.Sample(
            Flat, data.Parameters, data.Observations, Simulated.Observation(1), new RejectionAbcOptions { KeptCount = kept }, new Seed(1));
        (double mean, double variance) = Moments(sample.Table);
        double expected = (Sigma * Sigma) + (Window(sample) * Window(sample) / 3);
        Assert.That(Window(sample), Is.EqualTo(10.0 * kept / 40_000).Within(12).Percent);
        Assert.That(variance, Is.EqualTo(expected).Within(3 * expected * Math.Sqrt(2.0 / kept)));
        Assert.That(mean, Is.EqualTo(1).Within(3 * Math.Sqrt(expected / kept)));
        Assert.That(sample.EffectiveSize, Is.EqualTo(kept).Within(1e-6));
    }

    [Test]
    public void A_regression_takes_the_window_out()
    {
        Simulated data = Simulated.Of(Flat, 1, 40_000, 1, AddNoise);
        AbcSample sample = RejectionAbc.Sample(
            Flat, data.Parameters, data.Observations, Simulated.Observation(1),
            new RejectionAbcOptions { KeptCount = 4000, IsAdjusted = true }, new Seed(1));

        // With the window of ±1 alone 0.58; Epanechnikov's weights have (Σw)²/Σw² = 5/6 n.
        (double mean, double variance) = Moments(sample.Table);
        Assert.That(variance, Is.EqualTo(Sigma * Sigma).Within(3 * Sigma * Sigma * Math.Sqrt(2 / sample.EffectiveSize)));
        Assert.That(mean, Is.EqualTo(1).Within(3 * Sigma / Math.Sqrt(sample.EffectiveSize)));
        Assert.That(sample.EffectiveSize, Is.EqualTo(4000 * 5.0 / 6).Within(3).Percent);
    }

    [Test]
    public void Populations_come_nearer_to_the_posterior()
    {
        var simulator = new FunctionSimulator(["t0"], ["x0"], (theta, random, x) => AddNoise(random, theta, x));
        AbcSample sample = SequentialAbc.Run(
            simulator, Flat, Simulated.Observation(1), new SequentialAbcOptions { PopulationSize = 500, MaxSimulations = 20_000 },
            new Seed(2));
        double window = sample.Tolerance * Math.Sqrt((400.0 / 12) + (Sigma * Sigma));
        double expected = (Sigma * Sigma) + (window * window / 3);
        (double mean, double variance) = Moments(sample.Table);
        Assert.That(window, Is.LessThan(0.5));
        Assert.That(variance, Is.EqualTo(expected).Within(3.5 * expected * Math.Sqrt(2 / sample.EffectiveSize)));
        Assert.That(mean, Is.EqualTo(1).Within(3.5 * Math.Sqrt(expected / sample.EffectiveSize)));
        Assert.That(sample.Populations.Select(population => population.Tolerance), Is.Ordered.Descending);
        Assert.That(sample.SimulationCount, Is.LessThanOrEqualTo(20_000));
        Assert.That(sample.Table["t0"].ToArray().Distinct().Count(), Is.EqualTo(500));
    }

    [Test]
    public void The_bound_of_a_prior_is_kept()
    {
        // A flat prior above 0 at x = 0: half of a normal density, of mean σ √(2/π) and variance σ² (1 − 2/π).
        Prior prior = Prior.Uniform("t0", 0, 10);
        var simulator = new FunctionSimulator(["t0"], ["x0"], (theta, random, x) => AddNoise(random, theta, x));
        AbcSample sample = SequentialAbc.Run(
            simulator, prior, Simulated.Observation(0), new SequentialAbcOptions { PopulationSize = 500, MaxSimulations = 30_000 },
            new Seed(3));
        (double mean, double variance) = Moments(sample.Table);
        Assert.That(mean, Is.EqualTo(Sigma * Math.Sqrt(2 / Math.PI)).Within(0.06));
        Assert.That(variance, Is.EqualTo(Sigma * Sigma * (1 - (2 / Math.PI))).Within(0.025));
        Simulated data = Simulated.Of(prior, 1, 5000, 1, AddNoise);
        AbcSample adjusted = RejectionAbc.Sample(
            prior, data.Parameters, data.Observations, Simulated.Observation(0),
            new RejectionAbcOptions { KeptCount = 500, IsAdjusted = true }, new Seed(1));
        Assert.That(adjusted.Table["t0"].ToArray(), Is.All.InRange(0, 10));
    }

    [Test]
    public void Learnt_means_compare_where_most_features_say_nothing()
    {
        // One feature of ten knows θ: the distance in all of them keeps simulations from far away.
        Prior prior = Prior.Uniform("t0", -3, 3);
        Simulated data = Simulated.Of(prior, 10, 4000, 1, OneOfTen);
        EventTable observation = Simulated.Observation(1, 0, 0, 0, 0, 0, 0, 0, 0, 0);
        double Deviation(AbcSummary summary) => Math.Sqrt(Moments(RejectionAbc.Sample(
            prior, data.Parameters, data.Observations, observation, new RejectionAbcOptions { Summary = summary },
            new Seed(1)).Table).Variance);
        Assert.That(Deviation(AbcSummary.LearntMeans), Is.EqualTo(0.3).Within(0.08));
        Assert.That(Deviation(AbcSummary.Features), Is.GreaterThan(0.6));
    }

    [Test]
    public void Learnt_means_of_a_posterior_are_summaries()
    {
        // One feature of ten knows θ: the posterior at 1 is N(1, 0.3²) whatever the others are.
        Prior prior = Prior.Uniform("t0", -3, 3);
        Simulated learnt = Simulated.Of(prior, 10, 2000, 2, OneOfTen);
        Simulated compared = Simulated.Of(prior, 10, 6000, 3, OneOfTen);
        EventTable observation = Simulated.Observation(1, 0.5f, -1, 0, 0, 0, 0, 0, 0, 1);
        var posterior = TreePosterior.Train(
            prior, learnt.Parameters, learnt.Observations, new TreePosteriorOptions { MemberCount = 1 }, new Seed(1));
        EventTable means = posterior.LearntMeans(compared.Observations);
        AbcSample sample = RejectionAbc.Sample(
            prior, compared.Parameters, means, posterior.LearntMeans(observation),
            new RejectionAbcOptions { KeptCount = 400, IsAdjusted = true }, new Seed(1));
        (double mean, double variance) = Moments(sample.Table);
        double[] distances = [.. means["mean_t0"].ToArray().Zip(compared.Observations["x0"].ToArray(), (m, x) => (double)(m - x))];
        Assert.That(means.ColumnNames, Is.EqualTo(new[] { "mean_t0" }));
        Assert.That(Math.Sqrt(distances.Average(value => value * value)), Is.LessThan(0.15), "the mean is x0 but near the bounds");
        Assert.That(mean, Is.EqualTo(1).Within(0.1));
        Assert.That(Math.Sqrt(variance), Is.EqualTo(0.3).Within(0.04));
        EventTable lacking = Simulated.Observation(1, float.NaN, 0, 0, 0, 0, 0, 0, 0, 0);
        Assert.That(posterior.LearntMeans(lacking)["mean_t0"][0], Is.EqualTo(1).Within(0.15));
        Assert.That(
            () => posterior.LearntMeans(Simulated.Observation(float.PositiveInfinity, 0, 0, 0, 0, 0, 0, 0, 0, 0)),
            Throws.TypeOf<DataException>().With.Message.StartsWith("Feature 'x0' is infinite in row 0"));
    }

    private static void OneOfTen(Random random, ReadOnlySpan<double> point, Span<double> x)
    {
        x[0] = Normal.Sample(random, point[0], 0.3);
        for (int k = 1; k < 10; k++)
        {
            x[k] = Normal.Sample(random, 0, 1);
        }
    }

    [Test]
    public void What_cannot_be_compared_is_refused()
    {
        Simulated data = Simulated.Of(Flat, 1, 200, 1, AddNoise);
        EventTable one = Simulated.Observation(1);
        RejectionAbcOptions options = new();
        Assert.That(() => Rejected(one,
                options with { KeptCount = 500 }), Throws.TypeOf<DataException>().With.Message.Contains("500"));
        Assert.That(
            () => Rejected(Simulated.Observation(float.NaN), options), Throws.TypeOf<DataException>().With.Message.Contains("'x0'"));
        Assert.That(
            () => Rejected(EventTable.FromColumns(("y", [1f])), options), Throws.TypeOf<DataException>().With.Message.Contains("'x0'"));
        Assert.That(
            () => RejectionAbc.Sample(
                Flat, data.Parameters, EventTable.FromColumns(("x0", new float[200])), one, options, new Seed(1)),
            Throws.TypeOf<DataException>().With.Message.Contains("varies"));
        Assert.That(
            () => RejectionAbc.Sample(
                Flat, data.Parameters,
                EventTable.FromColumns(("x0", [.. Enumerable.Range(0, 200).Select(k => (float)(k * 7919 % 200))])), one,
                options with { Summary = AbcSummary.LearntMeans }, new Seed(1)),
            Throws.TypeOf<DataException>().With.Message.Contains("depends on"));
        Prior kinds = Prior.Category("t0", [0, 1], [0.5, 0.5]);
        var simulator = new FunctionSimulator(["t0"], ["x0"], (theta, random, x) => AddNoise(random, theta, x));
        Assert.That(
            () => SequentialAbc.Run(simulator, kinds, one, new SequentialAbcOptions(), new Seed(1)),
            Throws.TypeOf<DataException>().With.Message.Contains("no real number"));
        Assert.That(
            () => SequentialAbc.Run(simulator, Flat, one, new SequentialAbcOptions { MaxSimulations = 10 }, new Seed(1)),
            Throws.TypeOf<DataException>().With.Message.Contains("10 simulations"));

        AbcSample Rejected(EventTable observation, RejectionAbcOptions of) =>
            RejectionAbc.Sample(Flat, data.Parameters, data.Observations, observation, of, new Seed(1));
    }
}
