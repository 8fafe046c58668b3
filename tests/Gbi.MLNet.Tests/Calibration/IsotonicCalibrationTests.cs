using FsCheck;
using FsCheck.Fluent;
using Gbi.Calibration;
using Gbi.Numerics;
using Gbi.Numerics.Probability;

namespace Gbi.Tests.Calibration;

/// <summary>Scores s of N(+½, 1) over N(−½, 1), distorted by a monotone function: ln p₁/p₀ = s before the distortion.</summary>
[TestFixture]
internal sealed class IsotonicCalibrationTests
{
    private const int Count = 100_000;

    [Test]
    public void A_distorted_log_ratio_is_recovered()
    {
        // s³/3 + s/2 is monotone. A cell of 500 + 500 events has an error of √(2/500) = 0.063.
        IsotonicCalibration map = Fit(s => (s * s * s / 3) + (s / 2), Count)!;
        double squares = 0;
        int points = 0;
        for (double s = -2; s <= 2; s += 0.05)
        {
            squares += Math.Pow(map.LogRatio((s * s * s / 3) + (s / 2)) - s, 2);
            points++;
        }

        Assert.That(Math.Sqrt(squares / points), Is.LessThan(0.06));
    }

    [Test]
    public void The_map_is_monotone_everywhere()
    {
        IsotonicCalibration map = Fit(s => Math.Tanh(s) + (0.3 * Math.Sin(5 * s)), Count)!;
        double[] values = [.. Enumerable.Range(-400, 801).Select(i => map.LogRatio(i / 100.0))];
        Assert.That(values, Is.Ordered.Ascending);
        Assert.That(map.LogRatios.ToArray(), Is.Ordered.Ascending);
        Assert.That(map.Scores.ToArray(), Is.Ordered.Ascending);
    }

    [Test]
    public void The_mean_ratio_over_the_denominator_is_1()
    {
        IsotonicCalibration map = Fit(s => (s * s * s / 3) + (s / 2), Count)!;
        double[] ratios = [.. Sample(-0.5, Count, new Seed(9)).Select(s => Math.Exp(map.LogRatio((s * s * s / 3) + (s / 2))))];
        var moments = Moments.Of(ratios);
        Assert.That(moments.Mean, Is.EqualTo(1).Within(0.005 + (3 * moments.ErrorOfMean)));
    }

    [Test]
    public void Beyond_the_last_cells_the_map_has_slope_1_and_no_jump()
    {
        IsotonicCalibration map = Fit(s => s, 5000)!;
        (double, double, int)[] edges = [(map.Scores[0], map.LogRatios[0], -1), (map.Scores[^1], map.LogRatios[^1], 1)];
        foreach ((double edge, double value, int side) in edges)
        {
            Assert.That(map.LogRatio(edge), Is.EqualTo(value));
            Assert.That(map.LogRatio(edge + (side * 1e-9)), Is.EqualTo(value).Within(1e-6));
            Assert.That(map.LogRatio(edge + (side * 10)), Is.EqualTo(value + (side * 10)).Within(1e-12));
        }
    }

    [Test]
    public void Adjacent_violators_are_pooled_as_by_hand()
    {
        // Cells of two + two events at scores 0, 1, 2 hold numerator : denominator = 2:2, 3:2, 2:3 (of 7 and 7). The last two
        // violate and become 5:5; then 2:2 equals 5:5 and is pooled with it. The cell stands at ln of the denominator's mean eˢ.
        float[] scores = [0, 0, 0, 0, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2];
        bool[] isNumerator = [true, true, false, false, true, true, true, false, false, true, true, false, false, false];
        var options = new CalibrationOptions { MinEventsInCell = 2 };
        IsotonicCalibration map = IsotonicCalibration.Fit(scores, isNumerator, Ones(14), options)!;
        Assert.That(map.Scores.ToArray(), Is.EqualTo(new[] { Math.Log((2 + (2 * Math.Exp(1)) + (3 * Math.Exp(2))) / 7) }).Within(1e-12));
        Assert.That(map.LogRatios.ToArray(), Is.EqualTo(new[] { 0.0 }).Within(1e-12));

        // With 2:3, 3:2, 2:2 (of 7 and 7): the last two pool to 5:4, the first stays.
        isNumerator = [true, true, false, false, true, true, true, false, false, true, true, false, false];
        scores = [0, 0, 0, 0, 1, 1, 1, 1, 1, 2, 2, 2, 2];
        map = IsotonicCalibration.Fit([0, .. scores], [false, .. isNumerator], Ones(14), options)!;
        Assert.That(map.Scores.ToArray(), Is.EqualTo(new[] { 0, Math.Log(((2 * Math.Exp(1)) + (2 * Math.Exp(2))) / 4) }).Within(1e-12));

        // The mean of r over the denominator's events is 2/3 in the first cell and 5/4 in the second, whose events lie around its point.
        Assert.That(map.LogRatios[0], Is.EqualTo(Math.Log(2 / 3.0)).Within(1e-12));
        Assert.That((Math.Exp(map.LogRatio(1)) + Math.Exp(map.LogRatio(2))) / 2, Is.EqualTo(5 / 4.0).Within(1e-4));
    }

    [Test]
    public void The_mean_ratio_over_the_denominator_of_the_fit_is_1_whatever_the_cells()
    {
        // Five wide cells of a score whose distortion has slope ½ and more: lines through the cells' own log ratios give 1.12.
        double[] s = [.. Sample(0.5, Count, new Seed(1)), .. Sample(-0.5, Count, new Seed(2))];
        float[] scores = [.. s.Select(value => (float)((value * value * value / 3) + (value / 2)))];
        bool[] isNumerator = [.. s.Select((_, row) => row < Count)];
        IsotonicCalibration map = IsotonicCalibration.Fit(scores, isNumerator, Ones(2 * Count), new CalibrationOptions { MaxCells = 5 })!;
        Assert.That(scores[Count..].Average(score => Math.Exp(map.LogRatio(score))), Is.EqualTo(1).Within(1e-3));
    }

    [Test]
    public void Class_balance_does_not_enter()
    {
        float[] scores = [.. Sample(0.5, 2000, new Seed(1)).Concat(Sample(-0.5, 2000, new Seed(2))).Select(s => (float)s)];
        bool[] isNumerator = [.. scores.Select((_, row) => row < 2000)];
        IsotonicCalibration plain = IsotonicCalibration.Fit(scores, isNumerator, Ones(4000), new CalibrationOptions())!;
        double[] weights = [.. isNumerator.Select(first => first ? 0.01 : 30)];
        IsotonicCalibration weighted = IsotonicCalibration.Fit(scores, isNumerator, weights, new CalibrationOptions())!;
        Assert.That(weighted.LogRatios.ToArray(), Is.EqualTo(plain.LogRatios.ToArray()).Within(1e-9));
    }

    [TestCase(0), TestCase(1), TestCase(20)]
    public void A_sample_too_small_for_one_cell_gives_no_map(int each) => Assert.That(Fit(s => s, each), Is.Null);

    [Test]
    public void A_sample_that_lacks_one_side_gives_no_map() =>
        Assert.That(IsotonicCalibration.Fit(new float[100], new bool[100], Ones(100), new CalibrationOptions()), Is.Null);

    [Test]
    public void Equal_scores_make_one_cell_of_log_ratio_0()
    {
        bool[] isNumerator = [.. Enumerable.Range(0, 200).Select(row => row % 2 == 0)];
        IsotonicCalibration map = IsotonicCalibration.Fit(new float[200], isNumerator, Ones(200), new CalibrationOptions())!;
        Assert.That(map.LogRatio(0), Is.EqualTo(0).Within(1e-12));
    }

    [TestCase(true), TestCase(false)]
    public void Signed_weights_never_give_a_number_that_is_not_one(bool inNumerator)
    {
        // The negative weight of one sample's highest score outweighs the cells below it.
        float[] scores = [.. Sample(0.5, 2000, new Seed(3)).Concat(Sample(-0.5, 2000, new Seed(4))).Select(s => (float)s)];
        bool[] isNumerator = [.. scores.Select((_, row) => row < 2000)];
        float highest = scores.Where((_, row) => isNumerator[row] == inNumerator).Max();
        double[] weights = [.. scores.Select(score => score == highest ? -1000.0 : 1)];
        IsotonicCalibration map = IsotonicCalibration.Fit(scores, isNumerator, weights, new CalibrationOptions())!;
        Assert.That(map.LogRatios.ToArray(), Is.Ordered.Ascending.And.All.Matches<double>(double.IsFinite));
    }

    [Test]
    public void Points_without_partner_are_refused() =>
        Assert.That(
            () => new IsotonicCalibration([1, 2], [1]), Throws.ArgumentException.With.Message.Contains("2 scores and 1 log ratios"));

    [Test]
    public void Points_out_of_order_and_numbers_that_are_none_are_refused() => Assert.Multiple(() =>
    {
        Assert.That(
            () => new IsotonicCalibration([1, 1], [0, 1]), Throws.ArgumentException.With.Message.Contains("score at 1 is 1 after 1"));
        Assert.That(
            () => new IsotonicCalibration([2, 1], [0, 1]), Throws.ArgumentException.With.Message.Contains("score at 1 is 1 after 2"));
        Assert.That(
            () => new IsotonicCalibration([1, 2], [1, 0]), Throws.ArgumentException.With.Message.Contains("log ratio at 1 is 0 after 1"));
        Assert.That(() => new IsotonicCalibration([1, double.NaN], [0, 1]), Throws.ArgumentException.With.Message.Contains("finite"));
        Assert.That(
            () => new IsotonicCalibration([1, 2], [0, double.PositiveInfinity]), Throws.ArgumentException.With.Message.Contains("finite"));
        Assert.That(new IsotonicCalibration([1, 2], [3, 3]).LogRatio(1.5), Is.EqualTo(3));
    });

    [TestCase(float.NaN, 1.0, "score NaN"), TestCase(1f, double.PositiveInfinity, "finite")]
    public void A_score_or_weight_that_is_no_number_is_named(float score, double weight, string words) =>
        Assert.That(
            () => RatioCalibration.Fit([0, score], [true, false], [1, weight], new CalibrationOptions()),
            Throws.ArgumentException.With.Message.Contains("Event 1").And.Message.Contains(words));

    [Test]
    public void A_squared_ratio_is_recovered()
    {
        // s = 2 ln r, the ratio squared; a cell of 500 + 500 events has an error of √(2/500) = 0.063.
        IsotonicCalibration map = Fit(s => 2 * s, Count)!;
        double[] errors = [.. Enumerable.Range(-20, 41).Select(i => map.LogRatio(i / 5.0) - (i / 10.0))];
        Assert.That(Math.Sqrt(errors.Average(error => error * error)), Is.LessThan(0.063));
    }

    [Test]
    public void Scores_as_large_as_a_margin_may_be_leave_the_map_finite()
    {
        // e^s overflows beyond 709; places are found relative to their cell. Multiples of 1/1024 are exact in a Single up to 8192.
        IsotonicCalibration near = Fit(s => Math.Round(s * 1024) / 1024, 5000)!;
        IsotonicCalibration far = Fit(s => (Math.Round(s * 1024) / 1024) + 4096, 5000)!;
        double[] shifted = [.. far.Scores.ToArray().Select(score => score - 4096)];
        Assert.That(shifted, Is.EqualTo(near.Scores.ToArray()).Within(1e-9));
        Assert.That(far.LogRatios.ToArray(), Is.EqualTo(near.LogRatios.ToArray()).Within(1e-9));
    }

    [Test]
    public void Any_fitted_map_is_monotone() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(60),
        Prop.ForAll(
            ArbMap.Default.ArbFor<(int Seed, NormalFloat Bend, int Negative)>(),
            drawn =>
            {
                double bend = Math.Clamp(drawn.Bend.Get, -10, 10);
                ScoredGaussians events = ScoredGaussians.Random(
                    t => t + (bend * Math.Sin(t)), 300, seed: (ulong)Math.Abs((long)drawn.Seed));
                int every = 4 + (Math.Abs(drawn.Negative) % 10);
                events = events with { Weights = [.. events.Weights.Select((_, row) => row % every == 0 ? -1.0 : 1)] };
                IRatioCalibration? map = events.Fit(CalibrationMethod.Isotonic, minEvents: 5);
                double[] values = [.. Enumerable.Range(-200, 401).Select(i => map?.LogRatio(i / 10.0) ?? i)];
                return values.Zip(values.Skip(1), (low, high) => high >= low).All(rises => rises);
            }));

    private static IsotonicCalibration? Fit(Func<double, double> distortion, int each)
    {
        double[] s = [.. Sample(0.5, each, new Seed(1)), .. Sample(-0.5, each, new Seed(2))];
        return IsotonicCalibration.Fit(
            [.. s.Select(value => (float)distortion(value))], [.. s.Select((_, row) => row < each)], Ones(2 * each),
            new CalibrationOptions());
    }

    private static double[] Sample(double mean, int count, Seed seed)
    {
        Random random = seed.CreateRandom();
        return [.. Enumerable.Range(0, count).Select(_ => random.NextNormal(mean, 1))];
    }

    private static double[] Ones(int count) => [.. Enumerable.Repeat(1.0, count)];
}
