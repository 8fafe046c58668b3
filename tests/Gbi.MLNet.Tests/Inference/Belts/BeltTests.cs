using Gbi.Inference.Belts;
using Gbi.Inference.Fits;
using Gbi.Inference.Toys;
using Gbi.Likelihoods;
using Gbi.Likelihoods.Factors;
using Gbi.Likelihoods.Model;
using Gbi.Numerics;
using Gbi.Tests.Inference.MixtureFraction;
using MathNet.Numerics.Distributions;

namespace Gbi.Tests.Inference.Belts;

/// <summary>Belts against closed forms and published tables.</summary>
[TestFixture]
internal sealed class BeltTests
{
    private const double One = 0.68268949213708585;

    // Feldman and Cousins, arXiv:physics/9711021, table X: a Gaussian of σ = 1 with mean μ ≥ 0, measured x₀.
    [TestCase(0.0, 0.00, 1.00, 0.00, 1.96)]
    [TestCase(1.0, 0.24, 2.00, 0.00, 2.96)]
    [TestCase(-1.0, 0.00, 0.27, 0.00, 1.10)]
    [TestCase(3.0, 2.00, 4.00, 1.14, 4.96)]
    public void Feldman_Cousins_intervals_of_a_Gaussian_are_those_of_the_table(
        double x0, double lower68, double upper68, double lower95, double upper95)
    {
        LikelihoodModel model = Gaussian(0);
        FeldmanCousinsResult result = FeldmanCousins.Run(
            model, Measured(model, x0), new FeldmanCousinsOptions { ToyCount = 2000 }, new Seed(41));

        Assert.Multiple(() =>
        {
            AssertEnd(result.Intervals[0].Lower, lower68);
            AssertEnd(result.Intervals[0].Upper, upper68);
            AssertEnd(result.Intervals[1].Lower, lower95);
            AssertEnd(result.Intervals[1].Upper, upper95);
            Assert.That(result.MuHat, Is.EqualTo(Math.Max(0, x0)).Within(1e-6));
            Assert.That(result.Rows.SelectMany(row => row.Failures).Select(failure => failure.Reason), Is.Empty);
            Assert.That(result.Rows.Zip(result.Rows.Skip(1), (row, next) => next.Mu - row.Mu), Has.All.GreaterThan(1e-3));
        });

        // Critical values are accepted up to, and p-values above 1 − CL: two ways of saying the same.
        foreach (FeldmanCousinsRow row in result.Rows)
        {
            Assert.That(row.T <= row.Critical[1].Value, Is.EqualTo(row.P > 0.05 + 1e-12), $"mu = {row.Mu}");
        }

        static void AssertEnd(BeltEnd end, double expected)
        {
            // The table has two decimals, and a Poisson number of mean a million is a Gaussian to a few thousandths.
            Assert.That(end.Value, Is.EqualTo(expected).Within(0.012 + (4 * end.Error)));
            Assert.That(end.Kind, Is.EqualTo(expected == 0 ? BeltEndKind.Bound : BeltEndKind.Crossing));
        }
    }

    // Tables IV and VI, b = 3: 90 % of n₀ = 4 ends at 5.60; 95 % of n₀ = 7 is 0.29 to 10.81.
    [TestCase(4, 0.90, null, 5.60), TestCase(7, 0.95, 0.29, 10.81)]
    public void Feldman_Cousins_of_a_count_over_background_agrees_with_sums_of_probabilities_and_these_with_the_table(
        int n, double level, double? lower, double upper)
    {
        LikelihoodModel model = Counting(1, 3, 0);
        var options = new FeldmanCousinsOptions { ConfidenceLevels = [level], ToyCount = 1000, Grid = BeltGrid.Of(0, 12, 49) };
        FeldmanCousinsResult result = FeldmanCousins.Run(model, model.DataOf(n), options, new Seed(42));

        Assert.Multiple(() =>
        {
            Assert.That(lower is null || Accepts(lower.Value + 0.05) && !Accepts(lower.Value - 0.05), "the lower end of the table");
            Assert.That(Accepts(upper - 0.05) && !Accepts(upper + 0.05), "the upper end of the table");
            foreach (FeldmanCousinsRow row in result.Rows)
            {
                double p = Exact(row.Mu);
                Assert.That(
                    row.P, Is.EqualTo(p).Within((5 * Math.Sqrt(Math.Max(0, p * (1 - p)) / row.ToyCount)) + 1e-12), $"mu = {row.Mu}");
            }

            // Ends lie between accepted and rejected values of the belt.
            BeltInterval interval = result.Intervals[0];
            double[] accepted = [.. result.Rows.Where(row => row.P > 1 - level).Select(row => row.Mu)];
            Assert.That(interval.Upper.Value, Is.InRange(accepted.Max(), accepted.Max() + 0.25));
            Assert.That(interval.Lower.Value, Is.InRange(accepted.Min() - 0.25, accepted.Min()));
        });

        bool Accepts(double mu) => Exact(mu) > 1 - level;

        // The sum of Poisson probabilities of all counts that are no more likely, relative to their best μ ≥ 0, than n₀.
        double Exact(double mu)
        {
            double Rank(int k) => Poisson.PMFLn(mu + 3, k) - Poisson.PMFLn(Math.Max(k - 3, 0) + 3, k);
            return Enumerable.Range(0, 100).Where(k => Rank(k) <= Rank(n) + 1e-9).Sum(k => Poisson.PMF(mu + 3, k));
        }
    }

    [Test]
    public void A_parameter_that_may_be_negative_is_taken_as_0_or_more_unless_negative_values_are_allowed()
    {
        LikelihoodModel free = Gaussian(-20);
        LikelihoodModel bounded = Gaussian(0);
        var options = new FeldmanCousinsOptions { ConfidenceLevels = [0.95], ToyCount = 2000 };
        FeldmanCousinsResult found = FeldmanCousins.Run(free, Measured(free, -1), options, new Seed(49));
        FeldmanCousinsResult same = FeldmanCousins.Run(bounded, Measured(bounded, -1), options, new Seed(49));
        FeldmanCousinsResult both = FeldmanCousins.Run(free, Measured(free, -1), options with { AllowsNegative = true }, new Seed(49));
        Assert.Multiple(() =>
        {
            Assert.That(found.Intervals, Is.EqualTo(same.Intervals));
            Assert.That(found.Intervals[0].Lower, Is.EqualTo(new BeltEnd(0, 0, BeltEndKind.Bound)));
            Assert.That(both.Intervals[0].Lower.Value, Is.EqualTo(-2.96).Within(0.02 + (4 * both.Intervals[0].Lower.Error)));
        });
        Assert.That(
            () => FeldmanCousins.Run(free, Measured(free, -1), options with { Grid = BeltGrid.Of(-1, 3, 5) }, new Seed(49)),
            Throws.ArgumentException.With.Message.Contains("from -1 to 3, expected values from 0 to"));
    }

    [Test]
    public void Belts_do_not_depend_on_threads_and_a_row_on_its_strength_alone()
    {
        LikelihoodModel model = Counting(1, 3, 0);
        FeldmanCousinsResult Run(params double[] grid) => FeldmanCousins.Run(
            model, model.DataOf(4), new FeldmanCousinsOptions { ToyCount = 300, Grid = grid }, new Seed(43));
        (FeldmanCousinsResult one, FeldmanCousinsResult two) = ThreadLimit.Compare(() => Run(0, 1, 2.5, 8, 12));
        Assert.That(two.Rows.Select(row => row.P), Is.EqualTo(one.Rows.Select(row => row.P)));
        Assert.That(two.Intervals, Is.EqualTo(one.Intervals));
        Assert.That(Run(0.5, 2.5, 9).Rows[1].Critical, Is.EqualTo(one.Rows[2].Critical));
    }

    [Test]
    public void An_interval_that_the_grid_cuts_off_says_so_and_one_that_it_misses_is_refused()
    {
        LikelihoodModel model = Gaussian(0);
        FeldmanCousinsResult Run(double low, double high) => FeldmanCousins.Run(
            model, Measured(model, 3),
            new FeldmanCousinsOptions { ConfidenceLevels = [0.9], ToyCount = 200, Grid = BeltGrid.Of(low, high, 3) }, new Seed(44));
        BeltInterval cut = Run(2.5, 3.5).Intervals[0];
        Assert.That((cut.Lower, cut.Upper), Is.EqualTo((new BeltEnd(2.5, 0, BeltEndKind.Grid), new BeltEnd(3.5, 0, BeltEndKind.Grid))));
        Assert.That(
            () => Run(8, 9),
            Throws.TypeOf<FitException>().With.Message.Contains("None of 3 values of the parameter from 8 to 9 is accepted"));
    }

    [Test]
    public void Far_from_a_bound_Feldman_Cousins_of_unbinned_toys_agrees_with_the_profile_interval()
    {
        // 10 % of signal are three errors: t is χ² there. Toys are drawn from 12,000 reference events.
        LikelihoodModel model = MixtureToys.Model(hasNuisances: true, lower: 0, MixtureToys.Reference(12_000, new Seed(46)));
        ModelData data = MixtureToys.Draw(model, [0.1, 0, 0], new Seed(47), 0);
        ConfidenceInterval profile = ProfileInterval.Of(ProfileLikelihood.Of(new Likelihood(model, data)), lower: 0);
        double half = (profile.Upper - profile.Lower) / 2;
        double[] steps = [-0.4, 0, 0.4, 1.6, 2, 2.4];
        double[] grid = [.. steps.Select(step => profile.Lower + (step * half))];
        FeldmanCousinsResult result = FeldmanCousins.Run(
            model, data, new FeldmanCousinsOptions { ConfidenceLevels = [One], ToyCount = 400, Grid = grid }, new Seed(48));

        Assert.Multiple(() =>
        {
            Assert.That(result.FailureCount, Is.Zero);
            BeltInterval found = result.Intervals[0];
            Assert.That(found.Lower.Value, Is.EqualTo(profile.Lower).Within(4 * found.Lower.Error));
            Assert.That(found.Upper.Value, Is.EqualTo(profile.Upper).Within(4 * found.Upper.Error));
            Assert.That(found.Lower.Error, Is.LessThan(half / 4));
        });
    }

    [Test]
    public void Work_stops_when_it_is_cancelled()
    {
        LikelihoodModel model = Counting(1, 3, 0);
        using var source = new CancellationTokenSource();
        var progress = new Cancelling(source);
        Assert.That(
            () => FeldmanCousins.Run(model, model.DataOf(4), new FeldmanCousinsOptions(), new Seed(1), progress, source.Token),
            Throws.InstanceOf<OperationCanceledException>());
        Assert.That(progress.Last, Is.InRange(0.0, 0.1));
    }

    [Test]
    public void A_central_belt_of_a_Gaussian_gives_one_sigma_to_both_sides()
    {
        BeltInterval interval = Belt(NeymanOrdering.Central, One).Invert(1);
        AssertCrossing(interval.Lower, 0);
        AssertCrossing(interval.Upper, 2);
    }

    [Test]
    public void One_sided_belts_of_a_Gaussian_give_limits()
    {
        // 95 % of a normal lie below 1.645.
        BeltInterval below = Belt(NeymanOrdering.UpperLimit, 0.95).Invert(1);
        AssertCrossing(below.Upper, 1 + 1.6449);
        Assert.That(below.Lower.Kind, Is.EqualTo(BeltEndKind.Grid));
        BeltInterval above = Belt(NeymanOrdering.LowerLimit, 0.95).Invert(1);
        AssertCrossing(above.Lower, 1 - 1.6449);
        Assert.That(above.Upper.Kind, Is.EqualTo(BeltEndKind.Grid));
    }

    [Test]
    public void An_estimate_that_no_value_accepts_is_refused() => Assert.That(
        () => Belt(NeymanOrdering.Central, One).Invert(20), Throws.TypeOf<FitException>().With.Message.Contains("is accepted"));

    [Test]
    public void A_quantile_is_the_least_value_with_enough_at_or_below()
    {
        double[] values = [.. Enumerable.Range(1, 100).Reverse().Select(i => (double)i), double.NaN];

        // √(100 · 0.9 · 0.1) = 3 ranks.
        Assert.That(ToyQuantile.Of(values, 0.9), Is.EqualTo(new ToyQuantile(0.9, 90, 3)));
        Assert.That(ToyQuantile.Of(values, 0.905).Value, Is.EqualTo(91));
        Assert.That(() => ToyQuantile.Of([double.NaN], 0.5), Throws.TypeOf<FitException>());
    }

    private static NeymanBelt Belt(NeymanOrdering ordering, double level)
    {
        LikelihoodModel model = Gaussian(double.NegativeInfinity);
        var options = new NeymanBeltOptions { ConfidenceLevel = level, Ordering = ordering, ToyCount = 1500 };
        return NeymanBelt.Build(model, Measured(model, 1), BeltGrid.Of(-2, 4, 13), options, new Seed(45));
    }

    private static void AssertCrossing(BeltEnd end, double expected)
    {
        Assert.That(end.Kind, Is.EqualTo(BeltEndKind.Crossing));
        Assert.That(end.Value, Is.EqualTo(expected).Within(0.01 + (4 * end.Error)));
        Assert.That(end.Error, Is.InRange(0.01, 0.1));
    }

    /// <summary>A bin of a million counts of background and a thousand of signal: μ̂ = x is a Gaussian of σ = 1 about μ.</summary>
    private static LikelihoodModel Gaussian(double lower) => Counting(1000, 1_000_000, lower);

    private static ObservedData Measured(LikelihoodModel model, double x) => model.DataOf(1_000_000 + (1000 * x));

    private static LikelihoodModel Counting(double signal, double background, double lower) => new(
        [new FitParameter { Name = "mu", Initial = 1, Lower = lower }],
        [new BinnedChannel("c", [
            new BinnedSample("signal", [signal]) { YieldFactors = [YieldFactor.Strength("mu")] },
            new BinnedSample("background", [background])])],
        "mu");

    private sealed class Cancelling(CancellationTokenSource source) : IProgress<double>
    {
        public double Last { get; private set; }

        public void Report(double value)
        {
            Last = value;
            source.Cancel();
        }
    }
}
