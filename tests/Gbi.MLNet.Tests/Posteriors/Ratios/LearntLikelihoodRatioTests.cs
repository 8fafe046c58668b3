using Gbi.Events;
using Gbi.Infer;
using Gbi.Numerics;
using Gbi.Posteriors.Autoregressive;
using Gbi.Posteriors.EventSets;
using Gbi.Posteriors.Ratios;
using Gbi.Simulators;
using Gbi.Simulators.Priors;
using Gbi.Tests.Diagnostics.Posteriors;

namespace Gbi.Tests.Posteriors.Ratios;

/// <summary>p(x|θ)/p(x|θ₀) by a posterior: of x ~ N(θ, 0.1 I) its log is Σⱼ [(xⱼ − θ₀ⱼ)² − (xⱼ − θⱼ)²]/0.2, whatever the prior.</summary>
internal sealed class LearntLikelihoodRatioTests
{
    private static EventTable Points(int width, params float[] values) =>
        EventTable.FromColumns([.. GaussianTask.Parameters(width).Select((name, j) =>
            (name, (float[])[.. values.Select(value => value * (1 - (2 * j)))]))]);

    private static double Exact(EventTable events, int row, EventTable points, int point) =>
        -Enumerable.Range(0, points.ColumnNames.Count).Sum(j =>
            Math.Pow(events[$"x{j}"][row] - points[$"theta{j}"][point], 2) / (2 * GaussianTask.PriorVariance));

    [TestCase(1), TestCase(2)]
    public void The_ratio_of_an_exact_posterior_is_exact(int width)
    {
        var ratio = new LearntLikelihoodRatio(new LearntGaussian(new GaussianPosterior(width), width));
        EventTable events = GaussianTask.Draw(40, width, new Seed(1)).Observations;
        EventTable points = Points(width, -0.5f, 0, 0.3f);
        EventTable reference = Points(width, 0.2f);
        double[][] found = ratio.LogRatios(events, points, reference);
        double[] sums = ratio.LogLikelihoods(events, points);
        double[] statistics = ratio.Statistics(events, points);
        Assert.Multiple(() =>
        {
            Assert.That(found, Has.Length.EqualTo(3));
            for (int point = 0; point < 3; point++)
            {
                double[] exact = [.. Enumerable.Range(0, 40).Select(row =>
                    Exact(events, row, points, point) - Exact(events, row, reference, 0))];
                Assert.That(found[point], Is.EqualTo(exact).Within(1e-5));
                Assert.That(sums[point] - sums[0], Is.EqualTo(found[point].Sum() - found[0].Sum()).Within(1e-9));
                Assert.That(statistics[point], Is.EqualTo(-2 * (sums[point] - sums.Max())).Within(1e-9));
            }

            Assert.That(statistics.Min(), Is.Zero);

            // The same sum as that of a posterior of sets.
            Assert.That(
                sums, Is.EqualTo(new EventSetPosterior(ratio.Posterior, events).LogLikelihood(points, 0)).Within(1e-9));
        });
    }

    [Test]
    public void Points_that_the_posterior_excludes_have_infinite_ratios_and_statistics()
    {
        // A posterior that is 0 above 0.25, and for events below −1 everywhere.
        var ratio = new LearntLikelihoodRatio(new Cut());
        EventTable events = EventTable.FromColumns(("x", [0.5f, -2]));
        EventTable points = EventTable.FromColumns(("t", [0.1f, 0.2f, 0.3f]));
        double[][] found = ratio.LogRatios(events, points, points.Slice(0, 1));
        double[][] toExcluded = ratio.LogRatios(events, points, points.Slice(2, 1));
        Assert.Multiple(() =>
        {
            Assert.That(found.Select(of => of[0]), Is.EqualTo(new[] { 0, 0, double.NegativeInfinity }));
            Assert.That(toExcluded[0][0], Is.EqualTo(double.PositiveInfinity));
            Assert.That(found[0][1], Is.NaN);
            Assert.That(ratio.Statistics(events.Slice(0, 1), points), Is.EqualTo(new[] { 0, 0, double.PositiveInfinity }));
            Assert.That(ratio.Statistics(events, points), Is.EqualTo(new double[3]));
        });
    }

    [Test]
    public void The_ratio_of_a_posterior_of_trees_is_near_the_exact_one()
    {
        // x ~ N(θ, 1): ln p(x|1)/p(x|−1) = 2x, of a standard deviation of 2√2 over events at both.
        var simulator = new FunctionSimulator(["t"], ["x"], (theta, random, x) =>
            x[0] = MathNet.Numerics.Distributions.Normal.Sample(random, theta[0], 1));
        InferredPosterior inferred = PosteriorInference.Infer(
            simulator, Prior.Uniform("t", -3, 3), 6000, new Seed(1),
            new PosteriorInferenceOptions { Training = new TreePosteriorOptions { MemberCount = 2 }, TestDrawCount = 19 });
        var ratio = new LearntLikelihoodRatio(inferred.Model);
        float[] x = [.. Enumerable.Range(0, 81).Select(i => (i - 40) / 20f)];
        double[] found = ratio.LogRatios(
            EventTable.FromColumns(("x", x)), EventTable.FromColumns(("t", [1f])), EventTable.FromColumns(("t", [-1f])))[0];
        double square = found.Zip(x, (value, at) => Math.Pow(value - (2 * at), 2)).Average();
        Assert.That(Math.Sqrt(square), Is.LessThan(0.5));
    }

    [Test]
    public void Posteriors_without_ratios_and_points_outside_are_refused()
    {
        var posterior = new LearntGaussian(new GaussianPosterior(1), 1);
        EventTable events = GaussianTask.Draw(3, 1, new Seed(1)).Observations;
        var bounded = new LearntLikelihoodRatio(new Cut());
        EventTable x = EventTable.FromColumns(("x", [0.5f]));
        Assert.Multiple(() =>
        {
            Assert.That(
                () => new LearntLikelihoodRatio(new EventSetPosterior(posterior, events)),
                Throws.TypeOf<DataException>().With.Message.StartsWith("The posterior is that of given sets of events"));
            Assert.That(
                () => new LearntLikelihoodRatio(new Cut(Prior.Rows(EventTable.FromColumns(("t", [0f, 1, 2]))))),
                Throws.TypeOf<DataException>().With.Message.StartsWith("The prior of t is known by rows of a file alone"));
            Assert.That(
                () => bounded.Statistics(x, EventTable.FromColumns(("t", [0.5f, 1.5f]))),
                Throws.TypeOf<DataException>().With.Message.StartsWith("Point 1 of the parameters, t = 1.5, is outside the prior"));
            Assert.That(
                () => bounded.LogRatios(x, EventTable.FromColumns(("t", [0.5f])), EventTable.FromColumns(("t", [0.5f, 0.6f]))),
                Throws.TypeOf<DataException>().With.Message.StartsWith("There are 2 reference points, expected 1"));
            Assert.That(
                () => bounded.LogLikelihoods(x.Slice(0, 0), EventTable.FromColumns(("t", [0.5f]))),
                Throws.TypeOf<DataException>().With.Message.StartsWith("There is no event"));
            Assert.That(
                () => bounded.LogLikelihoods(
                    EventTable.FromColumns(("x", [float.PositiveInfinity])), EventTable.FromColumns(("t", [0.5f]))),
                Throws.TypeOf<DataException>().With.Message.StartsWith("Feature 'x' is infinite in row 0"));
        });
    }
}
