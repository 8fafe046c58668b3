using Gbi.Events;
using Gbi.Numerics;
using Gbi.Simulators.Priors;
using Gbi.Simulators.Priors.Constraints;

namespace Gbi.Tests.Simulators.Priors;

/// <summary>Densities are normalised, and draws have their closed-form moments and stay in the support.</summary>
internal sealed class PriorDensityTests
{
    private const double Infinity = double.PositiveInfinity;

    private static readonly double[][] Correlated = [[4, -1.2], [-1.2, 1]];

    private static readonly LinearConstraint FirstAbove = new()
    {
        Sum = new Dictionary<string, double> { ["m1"] = 1, ["m2"] = -1 },
        Above = 0,
    };

    // Prior, a range that holds all but 1e-7 of it, mean and standard deviation of the closed form.
    private static IEnumerable<TestCaseData> OfOne()
    {
        yield return Case(Prior.Uniform("a", 80, 120), 80, 120, 100, 40 / Math.Sqrt(12));
        yield return Case(Prior.Uniform("a", 0, Math.Tau, isPeriodic: true), 0, Math.Tau, Math.PI, Math.Tau / Math.Sqrt(12));
        yield return Case(Prior.Normal("a", 3, 2), -10, 16, 3, 2);

        // Above 0.5 standard deviations: λ = φ(.5)/Q(.5) = 1.1410778, mean μ + σλ, variance σ²(1 + .5 λ − λ²).
        yield return Case(
            Prior.Normal("a", 3, 2, 4, Infinity), 4, 16, 3 + (2 * 1.1410778),
            2 * Math.Sqrt(1 + (0.5 * 1.1410778) - (1.1410778 * 1.1410778)));
        yield return Case(Prior.LogNormal("a", 2, 0.5), 0, 40, 2 * Math.Exp(0.125), 2 * Math.Exp(0.125) * Math.Sqrt(Math.Exp(0.25) - 1));
        yield return Case(Prior.HalfNormal("a", 3), 0, 18, 3 * Math.Sqrt(2 / Math.PI), 3 * Math.Sqrt(1 - (2 / Math.PI)));
        yield return Case(Prior.Beta("a", 2, 5, 10, 17), 10, 17, 12, 7 * Math.Sqrt(10.0 / (49 * 8)));
        yield return Case(Prior.Dirichlet(["a"], [2, 5]), 0, 1, 2 / 7.0, Math.Sqrt(10.0 / (49 * 8)));

        // Of N(0, 1) above 1: λ = φ(1)/Q(1) = 1.5251353.
        yield return Case(
            Prior.Normal("a", 0, 1).Where(new LinearConstraint { Sum = new Dictionary<string, double> { ["a"] = 2 }, Above = 2 }),
            1, 7, 1.5251353, Math.Sqrt(1 + 1.5251353 - (1.5251353 * 1.5251353)));

        static TestCaseData Case(Prior prior, double low, double high, double mean, double deviation) =>
            new TestCaseData(prior, low, high, mean, deviation).SetArgDisplayNames(prior.ToJson().ReplaceLineEndings(" "));
    }

    [TestCaseSource(nameof(OfOne))]
    public void A_density_of_one_parameter_integrates_to_1(Prior prior, double low, double high, double mean, double deviation)
    {
        const int Cells = 20_000;
        double step = (high - low) / Cells;
        double[] mass = [.. Enumerable.Range(0, Cells).Select(i => step * Math.Exp(prior.LogDensity([low + ((i + 0.5) * step)])))];
        double first = mass.Select((p, i) => p * (low + ((i + 0.5) * step))).Sum();
        Assert.Multiple(() =>
        {
            Assert.That(mass.Sum(), Is.EqualTo(1).Within(1e-4));
            Assert.That(first, Is.EqualTo(mean).Within(1e-3 * deviation));
            Assert.That(prior.LogDensity([low - 1e-3 - (high - low)]) < -40, Is.True, "outside");
            Assert.That(prior.LogDensity([double.NaN]), Is.EqualTo(double.NegativeInfinity));
        });
    }

    [TestCaseSource(nameof(OfOne))]
    public void Draws_have_the_moments_of_the_density(Prior prior, double low, double high, double mean, double deviation)
    {
        const int Count = 20_000;
        EventTable table = prior.Draw(Count, new Seed(7));
        double[] draws = [.. table["a"].ToArray().Select(value => (double)value)];
        var moments = Moments.Of(draws);
        double fourth = draws.Average(value => Math.Pow((value - mean) / deviation, 4));
        Assert.Multiple(() =>
        {
            Assert.That(moments.Mean, Is.EqualTo(mean).Within(4 * deviation / Math.Sqrt(Count)));
            Assert.That(
                moments.Deviation * moments.Deviation / (deviation * deviation), Is.EqualTo(1).Within(4 * Math.Sqrt((fourth - 1) / Count)));
            RequireSupport(prior, table);
        });
        Assert.That(high, Is.GreaterThan(low));
    }

    private static IEnumerable<TestCaseData> OfTwo()
    {
        yield return Case(Prior.Normal(["m1", "m2"], [1, -1], Correlated), -15, 17, -8, 6);
        yield return Case(Prior.Normal(["m1", "m2"], [1, -1], [2, 1], [[1, -0.6], [-0.6, 1]]), -15, 17, -8, 6);
        yield return Case(Prior.Dirichlet(["m1", "m2"], [2, 3, 1.5]), 0, 1, 0, 1);
        yield return Case(Prior.Independent(Prior.Uniform("m1", 0, 3), Prior.Uniform("m2", 0, 1)).Where(FirstAbove), 0, 3, 0, 1);
        yield return Case(Prior.Normal(["m1", "m2"], [1, -1], Correlated).Where(FirstAbove), -15, 17, -8, 6);
        yield return Case(Prior.Independent(Prior.Beta("m1", 2, 2), Prior.Uniform("m2", 0, 1)).Where(FirstAbove), 0, 1, 0, 1);

        static TestCaseData Case(Prior prior, double low1, double high1, double low2, double high2) =>
            new TestCaseData(prior, low1, high1, low2, high2).SetArgDisplayNames(prior.ToJson().ReplaceLineEndings(" "));
    }

    [TestCaseSource(nameof(OfTwo))]
    public void A_density_of_two_parameters_integrates_to_1(Prior prior, double low1, double high1, double low2, double high2)
    {
        const int Cells = 600;
        (double step1, double step2) = ((high1 - low1) / Cells, (high2 - low2) / Cells);
        double sum = 0;
        for (int i = 0; i < Cells; i++)
        {
            for (int j = 0; j < Cells; j++)
            {
                sum += Math.Exp(prior.LogDensity([low1 + ((i + 0.5) * step1), low2 + ((j + 0.5) * step2)]));
            }
        }

        // The edge m1 = m2 is cut to cells: 1/600 of them.
        double tolerance = 3e-3 + (4 * prior.LogDensityError);
        Assert.That(sum * step1 * step2, Is.EqualTo(1).Within(tolerance));
        RequireSupport(prior, prior.Draw(2_000, new Seed(3)));
    }

    [Test]
    public void Correlated_draws_have_their_covariance()
    {
        const int Count = 20_000;
        EventTable table = Prior.Normal(["m1", "m2"], [1, -1], Correlated).Draw(Count, new Seed(5));
        double[] product = [.. Enumerable.Range(0, Count).Select(i => (table["m1"][i] - 1.0) * (table["m2"][i] + 1.0))];
        var moments = Moments.Of(product);
        Assert.That(moments.Mean, Is.EqualTo(-1.2).Within(4 * moments.ErrorOfMean));
    }

    [Test]
    public void Shares_have_their_means_and_their_sum_stays_below_1()
    {
        // E share = α/Σα, var = m(1 − m)/(Σα + 1); .1 is the smallest concentration.
        Prior prior = Prior.Dirichlet(["a", "b"], [0.1, 2, 0.1]);
        EventTable table = prior.Draw(20_000, new Seed(11));
        double mean = 2 / 2.2;
        Assert.That(
            Moments.Of([.. table["b"].ToArray().Select(value => (double)value)]).Mean,
            Is.EqualTo(mean).Within(4 * Math.Sqrt(mean * (1 - mean) / 3.2 / 20_000)));
        RequireSupport(prior, table);
    }

    [Test]
    public void Discrete_values_have_their_probabilities()
    {
        Prior prior = Prior.Independent(
            Prior.Integer("n", [3, 0, 1], [0.5, 0.2, 0.3]), Prior.Category("type", [0.1, 0.7]));
        EventTable table = prior.Draw(20_000, new Seed(2));
        Assert.Multiple(() =>
        {
            Assert.That(prior.Values(0), Is.EqualTo(new double[] { 0, 1, 3 }));
            Assert.That(prior.LogDensity([3, 0.1f]), Is.EqualTo(Math.Log(0.25)).Within(1e-12));
            Assert.That(prior.LogDensity([2, 0.1]), Is.EqualTo(double.NegativeInfinity));
            Assert.That(table["n"].Count(3f), Is.EqualTo(10_000).Within(4 * Math.Sqrt(5_000)));
            Assert.That(table["type"].Count(0.7f), Is.EqualTo(10_000).Within(4 * Math.Sqrt(5_000)));
            Assert.That(new[] { prior.Kind(0), prior.Kind(1) }, Is.EqualTo(new[] { ParameterKind.Integer, ParameterKind.Category }));
            Assert.That(prior.HasTransform, Is.False);
            Assert.That(() => prior.ToUnbounded([3, 0.1], new double[2]), Throws.TypeOf<DataException>().With.Message.Contains("integer"));
            RequireSupport(prior, table);
        });
    }

    [Test]
    public void Rows_are_drawn_by_their_weights_and_have_no_density()
    {
        EventTable rows = EventTable.FromColumns(("a", [1, 2, 3, 4]), ("b", [10, 20, 30, 40]))
            .WithWeights(new double[] { 0, 1, 0, 3 });
        Prior prior = Prior.Rows(rows);
        EventTable table = prior.Draw(20_000, new Seed(2));
        Assert.Multiple(() =>
        {
            Assert.That(table["a"].Count(4f), Is.EqualTo(15_000).Within(4 * Math.Sqrt(3_750)));
            Assert.That(table["a"].Count(2f) + table["a"].Count(4f), Is.EqualTo(20_000));
            Assert.That(table["b"].ToArray(), Is.EqualTo(table["a"].ToArray().Select(value => 10 * value)));
            Assert.That(prior.HasDensity, Is.False);
            Assert.That(prior.Range(1), Is.EqualTo((10, 40)));
            Assert.That(
                () => prior.LogDensity([1, 10]),
                Throws.TypeOf<DataException>().With.Message.StartsWith("The prior of a, b is a set of rows and has no density"));
        });
    }

    [Test]
    public void A_row_depends_on_the_seed_and_its_number_alone()
    {
        Prior prior = Prior.Independent(
            Prior.Normal("a", 0, 1, -1, 2), Prior.Dirichlet(["f", "g"], [1, 1, 1]), Prior.Uniform("m1", 0, 1), Prior.Uniform("m2", 0, 1))
            .Where(FirstAbove);
        EventTable longer = prior.Draw(1_000, new Seed(9));
        EventTable shorter = prior.Draw(300, new Seed(9));
        foreach (string name in prior.Parameters)
        {
            Assert.That(longer[name][..300].ToArray(), Is.EqualTo(shorter[name].ToArray()));
        }
    }

    private static void RequireSupport(Prior prior, EventTable table)
    {
        int width = prior.Parameters.Count;
        double[] point = new double[width];
        for (int row = 0; row < table.Count; row++)
        {
            for (int k = 0; k < width; k++)
            {
                point[k] = table[prior.Parameters[k]][row];
            }

            for (int k = 0; k < width; k++)
            {
                (double low, double high) = prior.Range(k, point);
                Assert.That(point[k] >= low && point[k] <= high, Is.True, $"{prior.Parameters[k]} = {point[k]} outside [{low}, {high}]");
            }

            Assert.That(prior.Contains(point), Is.True, $"row {row}");
        }
    }
}
