using Gbi.Diagnostics.Posteriors;
using Gbi.Events;
using Gbi.Numerics;
using Gbi.Posteriors.EventSets;
using Gbi.Posteriors.Models;
using Gbi.Simulators;
using Gbi.Tests.Diagnostics.Posteriors;

namespace Gbi.Tests.Posteriors.EventSets;

/// <summary>
/// Sums over events of posteriors of one event, exact and wrong: θ ~ N(0, 0.1 I), x ~ N(θ, 0.1 I), so that N events have the posterior
/// N(Σx/(N+1), 0.1/(N+1)).
/// </summary>
internal sealed class EventSetPosteriorTests
{
    [TestCase(1, 1), TestCase(5, 1), TestCase(200, 1), TestCase(5, 2), TestCase(200, 3)]
    public void The_sum_of_exact_posteriors_is_exact(int count, int width)
    {
        EventTable events = Events(count, width, 1);
        var posterior = new EventSetPosterior(new LearntGaussian(new GaussianPosterior(width), width), events);
        PosteriorDraws draws = posterior.Draw(posterior.Observations, 4000, new Seed(2));
        double deviation = Math.Sqrt(GaussianTask.PriorVariance / (count + 1));
        double[] exact = new double[draws.Table.Count];
        Assert.Multiple(() =>
        {
            for (int j = 0; j < width; j++)
            {
                double centre = events[$"x{j}"].ToArray().Sum(value => (double)value) / (count + 1);
                double[] values = Array.ConvertAll(draws.Table[$"theta{j}"].ToArray(), value => (double)value);
                double mean = values.Average();
                Assert.That(mean, Is.EqualTo(centre).Within(4 * deviation / Math.Sqrt(4000)));
                Assert.That(
                    Math.Sqrt(values.Average(value => (value - mean) * (value - mean))),
                    Is.EqualTo(deviation).Within(4 * deviation / Math.Sqrt(8000)));
                for (int i = 0; i < exact.Length; i++)
                {
                    exact[i] += MathNet.Numerics.Distributions.Normal.PDFLn(centre, deviation, values[i]);
                }
            }

            // The evidence is known to a percent.
            Assert.That(draws.LogDensities.Zip(exact, (found, known) => found - known), Has.All.InRange(-0.05, 0.05));
        });
    }

    [Test]
    public void Several_sets_have_a_row_each_and_say_that_they_are_sums()
    {
        EventTable first = Events(3, 1, 1);
        EventTable second = Events(1, 1, 2);
        EventTable both = first.Append(second).WithColumn("run", new float[] { 7, 7, 7, 8 });
        var q = new LearntGaussian(new GaussianPosterior(1), 1);
        var posterior = new EventSetPosterior(q, both, "run");
        EventTable points = EventTable.FromColumns(("theta0", [0.1f, -0.2f]));
        double[] alone = new EventSetPosterior(q, first).LogLikelihood(points, 0);
        double[] expected = [.. Enumerable.Range(0, 2).Select(i => Enumerable.Range(0, 3).Sum(row =>
            q.LogDensity(points.Slice(i, 1), first.Slice(row, 1))[0] - q.Prior.LogDensity([points["theta0"][i]])))];
        Assert.Multiple(() =>
        {
            Assert.That(posterior.EventCounts, Is.EqualTo(new[] { 3, 1 }));
            Assert.That(alone, Is.EqualTo(expected).Within(1e-9));
            Assert.That(posterior.LogLikelihood(points, 0), Is.EqualTo(alone));
            Assert.That(posterior.Given(posterior.Observations.Slice(0, 1)).Warnings, Is.EqualTo(new[]
            {
                "It is a sum over 3 events, in which errors of the posterior of one event add up; test it with the simulator.",
            }));
            Assert.That(posterior.Given(posterior.Observations.Slice(1, 1)).Warnings, Is.Empty, "one event is no sum");
            Assert.That(posterior.Tested(0).Given(posterior.Observations.Slice(0, 1)).Warnings, Is.Empty);
            Assert.That(
                () => posterior.Given(EventTable.FromColumns(("set", [2f]))), Throws.TypeOf<DataException>().With.Message.EqualTo(
                    "Set 2 was asked for in row 0, expected a number from 0 to 1; give rows of Observations."));
            Assert.That(
                posterior.LogDensity(points, posterior.Observations),
                Is.EqualTo((double[])
                [
                    posterior.LogDensity(points.Slice(0, 1), posterior.Observations.Slice(0, 1))[0],
                    posterior.LogDensity(points.Slice(1, 1), posterior.Observations.Slice(1, 1))[0],
                ]).Within(1e-9));
        });
    }

    [TestCase(5, 1), TestCase(50, 2)]
    public void The_test_passes_an_exact_sum(int count, int width)
    {
        PosteriorReport report = Test(new GaussianPosterior(width), count, width);
        Assert.That(report.Passed, string.Join("; ", report.Verdicts.Select(verdict => verdict.Text)));
    }

    [TestCase(5), TestCase(50)]
    public void The_test_finds_a_sum_that_is_too_narrow(int count)
    {
        PosteriorReport report = Test(new GaussianPosterior(1) { WidthFactor = 0.75 }, count, 1);
        Assert.That(report.IsOverConfident, string.Join("; ", report.Verdicts.Select(verdict => verdict.Text)));
    }

    [Test]
    public void A_shift_that_one_event_hides_is_found_in_many()
    {
        // A tenth of the width of one event, a tenth of √20 of that of 40 events.
        PosteriorReport one = Test(new GaussianPosterior(1) { Shift = 0.1 }, 1, 1);
        PosteriorReport many = Test(new GaussianPosterior(1) { Shift = 0.1 }, 40, 1);
        Assert.Multiple(() =>
        {
            Assert.That(one.Passed, string.Join("; ", one.Verdicts.Select(verdict => verdict.Text)));
            Assert.That(many.Verdicts, Has.Some.Property(nameof(PosteriorVerdict.Finding)).EqualTo(PosteriorFinding.Shifted));
        });
    }

    [TestCase(10, 3, true), TestCase(300, 3, false), TestCase(300, 9, true), TestCase(30, 0, false)]
    public void Events_that_are_unlike_the_simulations_are_told_where_chance_has_fewer(int count, int unlike, bool isTold)
    {
        float[] values = [.. Enumerable.Range(0, count).Select(row => row < unlike ? 99f : 0.1f)];
        var posterior = new EventSetPosterior(new LearntGaussian(new GaussianPosterior(1), 1), EventTable.FromColumns(("x0", values)));
        IReadOnlyList<string> warnings = posterior.Tested(0).Given(posterior.Observations).Warnings;
        Assert.That(warnings, Is.EqualTo(isTold
            ? [$"{unlike} of {count} events have a warning of their own, one in a hundred would by chance; event 0: far"]
            : Array.Empty<string>()));
    }

    [Test]
    public void A_likelihood_with_edges_near_its_maximum_is_not_smoothed()
    {
        EventTable points = EventTable.FromColumns(("t", [.. Enumerable.Range(-50, 101).Select(i => i / 25f)]));
        double[] smooth = [.. points["t"].ToArray().Select(t => -0.5 * t * t)];
        double[] edged = [.. points["t"].ToArray().Select((t, row) => t > 1 ? double.NegativeInfinity : smooth[row])];
        Assert.Multiple(() =>
        {
            Assert.That(
                SmoothedLikelihood.TryFit(points, smooth, new double[101], SmoothedLikelihood.Known)!.Of(points),
                Is.EqualTo(smooth).Within(1e-6));
            Assert.That(SmoothedLikelihood.TryFit(points, edged, new double[101], SmoothedLikelihood.Known), Is.Null);
        });
    }

    [Test]
    public void Columns_of_parameters_go_by_name()
    {
        var posterior = new EventSetPosterior(new LearntGaussian(new GaussianPosterior(2), 2), Events(50, 2, 1));
        EventTable points = EventTable.FromColumns(("theta0", [0.2f]), ("theta1", [0.05f]));
        EventTable others = EventTable.FromColumns(("log_density", [0f]), ("theta1", [0.05f]), ("theta0", [0.2f]));
        Assert.That(
            posterior.LogDensity(others, posterior.Observations), Is.EqualTo(posterior.LogDensity(points, posterior.Observations)));
    }

    [Test]
    public void A_simulator_that_fails_cannot_test()
    {
        var posterior = new EventSetPosterior(new LearntGaussian(new GaussianPosterior(1), 1), Events(5, 1, 1));
        var failing = new FunctionSimulator(["theta0"], ["x0"], (_, random, x) => x[0] = random.NextDouble() < 0.1 ? double.NaN : 0);
        Assert.That(
            () => EventSetRanks.Of(posterior, 0, failing, 10, new Seed(1)),
            Throws.TypeOf<DataException>().With.Message.Contains("cannot be tested. Infer from sets"));
    }

    private static PosteriorReport Test(GaussianPosterior q, int count, int width)
    {
        var posterior = new EventSetPosterior(new LearntGaussian(q, width), Events(count, width, 3));
        PosteriorRanks ranks = EventSetRanks.Of(posterior, 0, GaussianTask.Simulator(width), 600, new Seed(4));
        return Gbi.Diagnostics.Posteriors.PosteriorTests.Run(ranks, new PosteriorTestOptions(), new Seed(5));
    }

    private static EventTable Events(int count, int width, ulong seed) => GaussianTask.Simulator(width).Simulate(
        EventTable.FromColumns([.. GaussianTask.Parameters(width).Select((name, j) =>
            (name, Enumerable.Repeat(0.2f * (1 - j), count).ToArray()))]),
        new Seed(seed));
}
