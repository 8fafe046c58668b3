using Gbi.Events;
using Gbi.Numerics;
using Gbi.Numerics.Probability;
using Gbi.Ratios.Parametric;
using Gbi.Trees;
using Gbi.Trees.Binning;

namespace Gbi.Tests.Ratios.Parametric;

/// <summary>Parametric ratios that are learnt from samples at base points.</summary>
[TestFixture]
internal sealed class BasePointTreesTests
{
    private static readonly string[] Features = ["x", "y"];

    private static readonly TreeOptions OneCut = new() { TreeCount = 1, LeafCount = 2, LearningRate = 1 };

    [TestCase(true), TestCase(false)]
    public void With_as_many_varied_points_as_monomials_a_leaf_holds_the_logs_of_its_weights(bool separate)
    {
        // Weights of the samples ν = 0, 1, −2 on the two sides of a cut; ln σ_ν/σ₀ on each side is exact at the base points.
        double[][] sums = [[100, 200], [150, 100], [300, 220]];
        (EventTable events, int[] points, double[] weights) = TwoSides(sums);
        ParametricRatio ratio = Train(events, new BasePoints(["nu"], [[0], [1], [-2]]), points, weights, new ParametricRatioOptions
        {
            Trees = OneCut,
            MinLeafEvents = 10,
            SeparatesInclusiveRatio = separate,
        });
        foreach ((float x, int side) in new[] { (-1f, 0), (1f, 1) })
        {
            Assert.That(ratio.LogRatio([x, 0], [1]), Is.EqualTo(Math.Log(sums[1][side] / sums[0][side])).Within(1e-5));
            Assert.That(ratio.LogRatio([x, 0], [-2]), Is.EqualTo(Math.Log(sums[2][side] / sums[0][side])).Within(1e-5));
            Assert.That(ratio.LogRatio([x, 0], [0]), Is.Zero);
        }

        Assert.That(ratio.LogInclusiveRatio([1]), Is.EqualTo(separate ? Math.Log(250.0 / 300) : 0).Within(1e-6));
    }

    [Test]
    public void With_more_points_than_monomials_a_leaf_holds_the_least_squares_fit()
    {
        // One monomial, points ±1 and 2: Δ = (−ln r₋ + ln r₊ + 2 ln r₂)/6, minimising Σ (ln r_ν − ν Δ)².
        double[][] sums = [[100, 100], [120, 120], [90, 90], [160, 160]];
        (EventTable events, int[] points, double[] weights) = TwoSides(sums);
        var basePoints = new BasePoints(["nu"], [[0], [1], [-1], [2]], [Monomial.Of("nu")]);
        ParametricRatio ratio = Train(events, basePoints, points, weights, new ParametricRatioOptions());
        double expected = (Math.Log(1.2) - Math.Log(0.9) + (2 * Math.Log(1.6))) / 6;
        Assert.That(ratio.LogRatio([1, 0], [0.5]), Is.EqualTo(0.5 * expected).Within(1e-6));
    }

    [Test]
    public void Two_parameters_and_their_product_are_learnt()
    {
        // x ~ N(A ν, 1) in two dimensions: ln r(x|ν) = (A ν)·x − |A ν|²/2, whose second part holds ν₁², ν₁ν₂ and ν₂².
        double[][] a = [[0.3, 0.1], [-0.1, 0.25]];
        double[][] points = [[0, 0], [1, 0], [-1, 0], [0, 1], [0, -1], [1, 1], [1, -1]];
        Random random = new Seed(3).CreateRandom();
        const int Count = 20_000;
        var x = new float[points.Length * Count];
        var y = new float[x.Length];
        for (int row = 0; row < x.Length; row++)
        {
            double[] nu = points[row / Count];
            x[row] = (float)random.NextNormal((a[0][0] * nu[0]) + (a[0][1] * nu[1]), 1);
            y[row] = (float)random.NextNormal((a[1][0] * nu[0]) + (a[1][1] * nu[1]), 1);
        }

        int[] basePointOf = [.. Enumerable.Range(0, x.Length).Select(row => row / Count)];
        EventTable events = EventTable.FromColumns(("x", x), ("y", y));
        ParametricRatio ratio = Train(
            events, new BasePoints(["a", "b"], points), basePointOf, Ones(x.Length), new ParametricRatioOptions());
        Assert.That(ratio.Monomials.Select(monomial => monomial.Name), Is.EqualTo(new[] { "a", "b", "a^2", "a*b", "b^2" }));
        double Truth(int row, double[] nu)
        {
            double shiftX = (a[0][0] * nu[0]) + (a[0][1] * nu[1]);
            double shiftY = (a[1][0] * nu[0]) + (a[1][1] * nu[1]);
            return (shiftX * x[row]) + (shiftY * y[row]) - (((shiftX * shiftX) + (shiftY * shiftY)) / 2);
        }

        // At points that no sample has; a constant would miss by 0.32, 0.45 and 0.20.
        Assert.That(Error(ratio, events, [0.7, 0.7], Truth), Is.LessThan(0.065));
        Assert.That(Error(ratio, events, [-1, -1], Truth), Is.LessThan(0.13));
        Assert.That(Error(ratio, events, [0.5, -0.5], Truth), Is.LessThan(0.065));
    }

    [Test]
    public void A_product_of_parameters_may_depend_on_the_features()
    {
        // The same events in every sample, weighted with exp(Σ_A ν_A Δ_A(x)): Δ_ab = 0.4 x and Δ_a = −0.2 y, all others 0.
        double[][] points = [[0, 0], [1, 0], [0, 1], [1, 1]];
        Random random = new Seed(4).CreateRandom();
        const int Count = 10_000;
        float[] x = [.. Enumerable.Range(0, Count).Select(_ => (float)random.NextDouble())];
        float[] y = [.. Enumerable.Range(0, Count).Select(_ => (float)random.NextDouble())];
        float[] allX = [.. points.SelectMany(_ => x)];
        float[] allY = [.. points.SelectMany(_ => y)];
        double Truth(int row, double[] nu) => (nu[0] * nu[1] * 0.4 * allX[row]) - (nu[0] * 0.2 * allY[row]);
        EventTable events = EventTable.FromColumns(("x", allX), ("y", allY));
        int[] basePointOf = [.. Enumerable.Range(0, allX.Length).Select(row => row / Count)];
        double[] weights = [.. basePointOf.Select((point, row) => Math.Exp(Truth(row, points[point])))];
        var basePoints = new BasePoints(["a", "b"], points, [Monomial.Of("a"), Monomial.Of("b"), Monomial.Of("a", "b")]);
        ParametricRatio ratio = Train(events, basePoints, basePointOf, weights, new ParametricRatioOptions());

        // Samples of the same events fluctuate together, so that only the steps of the trees are left. A constant would miss by 0.13.
        Assert.That(Error(ratio, events, [1, 1], Truth), Is.LessThan(0.01));
        Assert.That(Error(ratio, events, [-1, 0.5], Truth), Is.LessThan(0.015));
    }

    [Test]
    public void The_shift_of_a_gaussian_and_its_rate_are_learnt_from_five_samples()
    {
        (EventTable events, int[] points, double[] weights) = Shifted();
        ParametricRatio ratio = Train(events, FivePoints(), points, weights, new ParametricRatioOptions());

        // A constant would miss by 0.22 at ν = ±1 and 0.45 at ν = 2.
        Assert.That(Error(ratio, events, [1], TrueShift(events)), Is.LessThan(0.04));
        Assert.That(Error(ratio, events, [-1], TrueShift(events)), Is.LessThan(0.04));
        Assert.That(Error(ratio, events, [2], TrueShift(events)), Is.LessThan(0.1));
        Assert.That(ratio.LogInclusiveRatio([2]), Is.EqualTo(Math.Log(1.04)).Within(1e-4));
    }

    [Test]
    public void Pairs_of_opposite_weights_cancel()
    {
        // Every tenth event stands three times, with weights w, +3 w and −3 w.
        (EventTable events, int[] points, double[] weights) = Shifted();
        int[] tenth = [.. Enumerable.Range(0, events.Count / 10).Select(row => 10 * row)];
        EventTable pairs = events.Select(tenth);
        int[] ofPairs = [.. tenth.Select(row => points[row])];
        double[] added = [.. tenth.Select(row => 3 * weights[row])];
        ParametricRatio ratio = Train(
            events.Append(pairs).Append(pairs),
            FivePoints(),
            [.. points, .. ofPairs, .. ofPairs],
            [.. weights, .. added, .. added.Select(weight => -weight)],
            new ParametricRatioOptions());
        Assert.That(Error(ratio, events, [1], TrueShift(events)), Is.LessThan(0.04 * 1.3));
    }

    [TestCase(0.2), TestCase(0.4)]
    public void Signed_weights_never_give_a_log_ratio_that_is_not_finite_or_runs_away(double negative)
    {
        (EventTable events, int[] points, double[] weights) = Shifted(2000);
        var seed = new Seed(9);
        double[] signed = [.. weights.Select((weight, row) => seed.Uniform(row) < negative ? -weight : weight)];
        var options = new ParametricRatioOptions { MinLeafEvents = 1, Trees = new TreeOptions { TreeCount = 100, LearningRate = 0.2 } };
        float[] found = Train(events, FivePoints(), points, signed, options).LogRatios(events, [1]);
        Assert.That(found, Has.All.Matches<float>(value => Math.Abs(value) < 30));
    }

    [TestCase(49, 2), TestCase(50, 2), TestCase(51, 1)]
    public void A_leaf_has_the_least_number_of_events_of_every_base_point(int least, int leaves)
    {
        // 50 of 1000 events of the sample ν = 1 lie on the left, however large their weights.
        float[] x = [.. Enumerable.Range(0, 2000).Select(row => row < 500 || (row >= 1000 && row < 1050) ? -1f : 1f)];
        int[] points = [.. x.Select((_, row) => row / 1000)];
        double[] weights = [.. points.Select((point, row) => point == 1 && row < 1050 ? 4.0 : 1)];
        EventTable events = EventTable.FromColumns(("x", x));
        var basePoints = new BasePoints(["nu"], [[0], [1]], [Monomial.Of("nu")]);
        BinnedEvents data = FeatureBins.Learn(events, ["x"]).Apply(events);
        ParametricRatio ratio = ParametricTrees.Train(
            data, new BasePointSample(basePoints, points, weights), new ParametricRatioOptions { Trees = OneCut, MinLeafEvents = least });
        Assert.That(ratio.LogRatios(events, [1]).Distinct().Count(), Is.EqualTo(leaves));
    }

    [Test]
    public void The_order_of_the_base_points_and_the_number_of_threads_do_not_enter()
    {
        (EventTable events, int[] points, double[] weights) = Shifted();
        (string one, string two) = ThreadLimit.Compare(
            () => Train(events, FivePoints(), points, weights, new ParametricRatioOptions()).Serialize());
        int[] order = [3, 0, 2, 4, 1];
        var reordered = new BasePoints(["nu"], [.. order.Select(point => new double[] { point - 2 })]);
        int[] renumbered = [.. points.Select(point => Array.IndexOf(order, point))];
        Assert.That(two, Is.EqualTo(one));
        Assert.That(Train(events, reordered, renumbered, weights, new ParametricRatioOptions()).Serialize(), Is.EqualTo(one));
    }

    [Test]
    public void A_model_read_back_from_text_gives_the_same()
    {
        (EventTable events, int[] points, double[] weights) = Shifted(2000);
        ParametricRatio ratio = Train(events, FivePoints(), points, weights, new ParametricRatioOptions());
        string text = ratio.Serialize();
        ParametricRatio read = ParametricRatio.Parse(text);
        Assert.That(read.LogRatios(events, [1.5]), Is.EqualTo(ratio.LogRatios(events, [1.5])));
        Assert.That(read.Parameters, Is.EqualTo(ratio.Parameters));
        Assert.That(read.Monomials, Is.EqualTo(ratio.Monomials));
        Assert.That(read.Serialize(), Is.EqualTo(text));
        foreach (string damaged in new[]
        {
            "", "null", text[..^20], text.Replace("[\"nu\",\"nu\"]", "[]"), text.Replace("[\"nu\",\"nu\"]", "[\"mu\"]"),
            text.Replace(",[\"nu\",\"nu\"]", ""),
        })
        {
            Assert.That(
                () => ParametricRatio.Parse(damaged), Throws.TypeOf<DataException>().With.Message.Contains("not a parametric ratio"));
        }

        Assert.That(
            () => ParametricRatio.Parse(text.Replace("ratio/1", "ratio/2")),
            Throws.TypeOf<DataException>().With.Message.Contains("expected 'gbi-parametric-ratio/1'"));
    }

    [Test]
    public void One_event_and_a_table_give_the_same()
    {
        (EventTable events, int[] points, double[] weights) = Shifted(2000);
        ParametricRatio ratio = Train(events, FivePoints(), points, weights, new ParametricRatioOptions());
        float[] table = ratio.LogRatios(events, [-1.2]);
        for (int row = 0; row < 100; row++)
        {
            Assert.That(ratio.LogRatio([events["x"][row], events["y"][row]], [-1.2]), Is.EqualTo(table[row]).Within(1e-6));
        }
    }

    [Test]
    public void Training_stops_where_a_parameter_changes_nothing()
    {
        // Features do not know the base point: every tree fits noise, which the events held out do not share.
        (EventTable events, int[] points, double[] weights) = Shifted(4000);
        int[] shuffled = [.. new Seed(8).Permutation(points.Length).Select(row => points[row])];
        double[] training = [.. weights.Select((weight, row) => row % 2 == 0 ? weight : 0)];
        double[] heldOut = [.. weights.Select((weight, row) => row % 2 == 1 ? weight : 0)];
        var options = new ParametricRatioOptions { Trees = new TreeOptions { EarlyStoppingRounds = 5 } };
        BinnedEvents data = FeatureBins.Learn(events, Features).Apply(events);
        ParametricRatio noise = ParametricTrees.Train(data, new BasePointSample(FivePoints(), shuffled, training), options, heldOut);
        ParametricRatio shift = ParametricTrees.Train(data, new BasePointSample(FivePoints(), points, training), options, heldOut);
        Assert.That(noise.Trees.TreeCount, Is.LessThan(4));
        Assert.That(shift.Trees.TreeCount, Is.InRange(10, 90));
    }

    [Test]
    public void Samples_without_positive_weight_and_arrays_of_other_lengths_are_refused()
    {
        (EventTable events, int[] points, double[] weights) = Shifted(10);
        double[] without = [.. weights.Select((weight, row) => points[row] == 3 ? -weight : weight)];
        Assert.That(
            () => Train(events, FivePoints(), points, without, new ParametricRatioOptions()),
            Throws.TypeOf<DataException>().With.Message.Contains("weights of base point (1) sum to -"));
        Assert.That(
            () => Train(events, FivePoints(), [1, 2], weights, new ParametricRatioOptions()),
            Throws.ArgumentException.With.Message.Contains("2 numbers of base points and 50 weights for 50 events"));
        Assert.That(
            () => Train(events, FivePoints(), [.. points.Select(_ => 5)], weights, new ParametricRatioOptions()),
            Throws.ArgumentException.With.Message.Contains("belongs to base point 5, expected a number from 0 to 4"));
        ParametricRatio ratio = Train(events, FivePoints(), points, weights, new ParametricRatioOptions());
        Assert.That(() => ratio.LogRatio([0, 0], [1, 2]), Throws.ArgumentException.With.Message.Contains("has 2 values, expected 1: nu"));
        Assert.That(() => new ParametricRatioOptions { MinLeafEvents = 0 }, Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    private static ParametricRatio Train(
        EventTable events, BasePoints basePoints, int[] basePointOf, double[] weights, ParametricRatioOptions options) =>
        ParametricTrees.Train(
            FeatureBins.Learn(events, Features).Apply(events), new BasePointSample(basePoints, basePointOf, weights), options);

    private static double[] Ones(int count) => [.. Enumerable.Repeat(1.0, count)];

    private static BasePoints FivePoints() => new(["nu"], [[-2], [-1], [0], [1], [2]]);

    /// <summary>x ~ N(0.2 ν, 1), y ~ N(−0.1 ν, 1) at ν = −2 … 2 with weights 1 + 0.02 ν.</summary>
    private static (EventTable Events, int[] BasePointOf, double[] Weights) Shifted(int count = 20_000)
    {
        Random random = new Seed(5).CreateRandom();
        int[] points = [.. Enumerable.Range(0, 5 * count).Select(row => row / count)];
        float[] x = [.. points.Select(point => (float)random.NextNormal(0.2 * (point - 2), 1))];
        float[] y = [.. points.Select(point => (float)random.NextNormal(-0.1 * (point - 2), 1))];
        return (EventTable.FromColumns(("x", x), ("y", y)), points, [.. points.Select(point => 1 + (0.02 * (point - 2)))]);
    }

    private static Func<int, double[], double> TrueShift(EventTable events) => (row, nu) =>
        (nu[0] * ((0.2 * events["x"][row]) - (0.1 * events["y"][row]))) - (nu[0] * nu[0] * 0.05 / 2) + Math.Log(1 + (0.02 * nu[0]));

    /// <summary>Samples of 200 events a side whose weights sum to [points][sides], at x = −1 and x = 1.</summary>
    private static (EventTable Events, int[] BasePointOf, double[] Weights) TwoSides(double[][] sums)
    {
        int count = sums.Length * 400;
        int[] points = [.. Enumerable.Range(0, count).Select(row => row / 400)];
        float[] x = [.. points.Select((_, row) => row % 2 == 0 ? -1f : 1f)];
        double[] weights = [.. points.Select((point, row) => sums[point][row % 2] / 200)];
        return (EventTable.FromColumns(("x", x), ("y", new float[count])), points, weights);
    }

    private static double Error(ParametricRatio ratio, EventTable events, double[] nu, Func<int, double[], double> truth)
    {
        float[] found = ratio.LogRatios(events, nu);
        return Math.Sqrt(found.Select((value, row) => Math.Pow(value - truth(row, nu), 2)).Average());
    }
}
