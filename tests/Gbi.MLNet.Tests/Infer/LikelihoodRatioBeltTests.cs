using Gbi.Events;
using Gbi.Infer;
using Gbi.Inference.Belts;
using Gbi.Numerics;
using Gbi.Posteriors.Ratios;
using Gbi.Simulators;
using Gbi.Tests.Diagnostics.Posteriors;

namespace Gbi.Tests.Infer;

/// <summary>Neyman belts of learnt likelihood ratios, with θ ~ N(0, 0.1) as the prior and x ~ N(θ, 0.1).</summary>
internal sealed class LikelihoodRatioBeltTests
{
    private const double Level = 0.68;

    private static EventTable Grid(int count, double most) => EventTable.FromColumns(
        ("theta0", [.. Enumerable.Range(0, count).Select(i => (float)(most * ((2.0 * i / (count - 1)) - 1)))]));

    private static LikelihoodRatioBelt Belt(GaussianPosterior posterior, EventTable grid, int toys, int events = 1) =>
        LikelihoodRatioBelt.Build(
            new LearntLikelihoodRatio(new LearntGaussian(posterior, grid.ColumnNames.Count)),
            GaussianTask.Simulator(grid.ColumnNames.Count), grid,
            new LikelihoodRatioBeltOptions { ToyCount = toys, EventCount = events }, new Seed(1));

    private static EventTable At(int count, params float[] theta) => GaussianTask.Simulator(theta.Length).Simulate(
        EventTable.FromColumns([.. theta.Select((value, j) => ($"theta{j}", Enumerable.Repeat(value, count).ToArray()))]), new Seed(7));

    [TestCase(1, 600), TestCase(3, 300)]
    public void Critical_values_of_an_exact_posterior_are_those_of_chi_square(int events, int toys)
    {
        // Far from the ends of the grid the maximum is a free one, and the statistic χ² of one degree of freedom, but for
        // (step/2)²/(3 σ²/events) that the grid's maximum lies below the free one on average: 0.003 and 0.01.
        LikelihoodRatioBelt belt = Belt(new GaussianPosterior(1), Grid(41, 1.2), toys, events);
        var inner = Enumerable.Range(0, 41).Where(point => Math.Abs(belt.Grid["theta0"][point]) < 0.4).ToArray();
        double[] critical = [.. inner.Select(point => belt.CriticalValues(0.9)[point].Value)];
        double[] errors = [.. inner.Select(point => belt.CriticalValues(0.9)[point].Error)];
        Assert.Multiple(() =>
        {
            Assert.That(inner, Has.Length.EqualTo(13));
            // √(0.9 · 0.1/toys) over the density of χ² at 2.706, 0.0627.
            double error = 0.3 / Math.Sqrt(toys) / 0.0627;
            Assert.That(critical.Average(), Is.EqualTo(2.706).Within(3 * error / Math.Sqrt(13)));
            Assert.That(errors.Average(), Is.EqualTo(error).Within(30).Percent);
        });
    }

    [TestCase(false), TestCase(true)]
    public void Sets_of_a_bad_posterior_cover_all_the_same(bool isPriorForHalf)
    {
        // Half as wide and one and a half widths off; or it has learnt nothing of observations above 0.
        GaussianPosterior bad = isPriorForHalf
            ? new GaussianPosterior(1) { IsPrior = true, IsWrongAt = x => x > 0 }
            : new GaussianPosterior(1) { WidthFactor = 0.5, Shift = 1.5 };
        EventTable grid = Grid(13, 0.9);
        LikelihoodRatioBelt belt = Belt(bad, grid, 2000);
        const int Count = 1500;
        Assert.Multiple(() =>
        {
            foreach (int truth in (int[])[4, 6, 9])
            {
                EventTable events = At(Count, grid["theta0"][truth]);
                ConfidenceSet[] sets = [.. Enumerable.Range(0, Count).Select(row => belt.Accept(events.Slice(row, 1), Level))];
                double share = sets.Average(set => set.Points[truth].IsAccepted ? 1.0 : 0);
                double asymptotic = sets.Average(set => set.Points[truth].Statistic <= 0.99 ? 1.0 : 0);

                // Observations and toys are binomial; where the statistic is 0 for a part of them, sets may hold more.
                double error = 3 * Math.Sqrt(Level * (1 - Level) * ((1.0 / Count) + (1.0 / 2000)));
                Assert.That(share, isPriorForHalf ? Is.GreaterThan(Level - error) : Is.EqualTo(Level).Within(error));
                if (!isPriorForHalf)
                {
                    Assert.That(asymptotic, Is.LessThan(0.4), "the asymptotic value does not cover");
                }
            }
        });
    }

    [Test]
    public void Two_parameters_have_a_set_of_points_and_one_has_an_interval()
    {
        float[] values = [-0.8f, -0.4f, 0, 0.4f, 0.8f];
        EventTable grid = EventTable.FromColumns(
            ("theta0", [.. values.SelectMany(_ => values)]), ("theta1", [.. values.SelectMany(value => Enumerable.Repeat(value, 5))]));
        LikelihoodRatioBelt belt = Belt(new GaussianPosterior(2) { WidthFactor = 1.5 }, grid, 400);
        EventTable events = At(800, 0.4f, 0);
        int truth = Enumerable.Range(0, 25).Single(point => grid["theta0"][point] == 0.4f && grid["theta1"][point] == 0);
        double share = Enumerable.Range(0, 800).Average(row =>
            belt.Accept(events.Slice(row, 1), Level).Points[truth].IsAccepted ? 1.0 : 0);
        ConfidenceSet one = belt.Accept(events.Slice(0, 1), Level);

        LikelihoodRatioBelt line = Belt(new GaussianPosterior(1), Grid(25, 1.2), 1000);
        BeltInterval interval = line.Accept(EventTable.FromColumns(("x0", [0.1f])), 0.6827).Interval();
        Assert.Multiple(() =>
        {
            Assert.That(share, Is.EqualTo(Level).Within(3 * Math.Sqrt(Level * (1 - Level) * ((1.0 / 800) + (1.0 / 400)))));
            Assert.That(one.Accepted.Count, Is.EqualTo(one.Points.Count(point => point.IsAccepted)).And.GreaterThan(0));
            Assert.That(one.Interval, Throws.TypeOf<InvalidOperationException>());

            // x ± σ, with an error of 0.046/(2 φ(1)) σ · √(1000) toys, and that of lines between points.
            Assert.That(interval.Lower.Value, Is.EqualTo(0.1 - Math.Sqrt(0.1)).Within(0.05));
            Assert.That(interval.Upper.Value, Is.EqualTo(0.1 + Math.Sqrt(0.1)).Within(0.05));
            Assert.That((interval.Lower.Kind, interval.Upper.Kind), Is.EqualTo((BeltEndKind.Crossing, BeltEndKind.Crossing)));
        });
    }

    [Test]
    public void The_same_seed_gives_the_same_belt_and_failed_events_are_in_no_toy()
    {
        // Above 0.3 simulations fail: at θ = 0 a share of Φ(−0.3/√0.1) = 0.171.
        var failing = new FunctionSimulator(["theta0"], ["x0", "unused"], (theta, random, x) =>
        {
            double value = MathNet.Numerics.Distributions.Normal.Sample(random, theta[0], Math.Sqrt(0.1));
            (x[0], x[1]) = (value > 0.3 ? double.NaN : value, double.NaN);
        });
        EventTable grid = EventTable.FromColumns(("theta0", [0f, -0.2f]));
        var ratio = new LearntLikelihoodRatio(new LearntGaussian(new GaussianPosterior(1), 1));
        var options = new LikelihoodRatioBeltOptions { ToyCount = 1000, EventCount = 2 };
        LikelihoodRatioBelt belt = LikelihoodRatioBelt.Build(ratio, failing, grid, options, new Seed(3));
        LikelihoodRatioBelt again = LikelihoodRatioBelt.Build(ratio, failing, grid, options, new Seed(3));
        Assert.Multiple(() =>
        {
            Assert.That(belt.FailedEventCounts[0] / 2000.0, Is.EqualTo(0.171).Within(0.026));
            Assert.That(again.CriticalValues(0.9), Is.EqualTo(belt.CriticalValues(0.9)));
            Assert.That(
                () => LikelihoodRatioBelt.Build(ratio, failing, Grid(2, 0.6), options, new Seed(3)),
                Throws.TypeOf<DataException>().With.Message.Matches(
                    "^[3-6].. of 2,000 events simulated at point 1 of the grid have not failed, expected half"));
        });
    }

    [Test]
    public void Grids_and_observations_without_a_belt_are_refused()
    {
        var ratio = new LearntLikelihoodRatio(new LearntGaussian(new GaussianPosterior(1), 1));
        LikelihoodRatioBelt belt = Belt(new GaussianPosterior(1), Grid(3, 0.5), 10, events: 2);
        Assert.Multiple(() =>
        {
            Refused("The grid has the point theta0 = 0 twice", EventTable.FromColumns(("theta0", [0f, 1, 0])));
            Refused("The grid has 1 points, expected two or more", EventTable.FromColumns(("theta0", [0f])));
            Refused("There is no column 'theta0'", EventTable.FromColumns(("mass", [0f, 1])));
            Assert.That(
                () => belt.Accept(At(3, 0), Level),
                Throws.TypeOf<DataException>().With.Message.StartsWith("There are 3 events, expected 2"));
            Assert.That(
                () => belt.Accept(EventTable.FromColumns(("x0", [0, float.NaN])), Level),
                Throws.TypeOf<DataException>().With.Message.StartsWith("Feature 'x0' of event 1 is NaN"));
            Assert.That(
                () => LikelihoodRatioBelt.Build(
                    ratio, GaussianTask.Simulator(2), Grid(3, 0.5), new LikelihoodRatioBeltOptions(), new Seed(1)),
                Throws.TypeOf<DataException>().With.Message.Contains("theta1 is in one of them only"));
        });

        void Refused(string sentence, EventTable grid) => Assert.That(
            () => LikelihoodRatioBelt.Build(
                ratio, GaussianTask.Simulator(1), grid, new LikelihoodRatioBeltOptions { ToyCount = 10 }, new Seed(1)),
            Throws.TypeOf<DataException>().With.Message.StartsWith(sentence));
    }
}
