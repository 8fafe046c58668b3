using Gbi.Calibration;

namespace Gbi.Tests.Calibration;

[TestFixture]
internal sealed class HistogramCalibrationTests
{
    [Test]
    public void The_mean_ratio_over_the_denominator_of_the_fit_is_exactly_1()
    {
        // Σ over cells of w₀ · (w₁/w₀) = Σ w₁, whatever the cells and the signs of the weights.
        ScoredGaussians events = ScoredGaussians.Random(t => (t * t * t / 3) + (t / 2), 10_000, seed: 1);
        Assert.That(events.MeanRatio(events.Fit(CalibrationMethod.Histogram)!), Is.EqualTo(1).Within(1e-12));
        ScoredGaussians signed = events with { Weights = [.. events.Weights.Select((_, row) => row % 5 == 0 ? -1.0 : 1)] };
        Assert.That(signed.MeanRatio(signed.Fit(CalibrationMethod.Histogram)!), Is.EqualTo(1).Within(1e-12));
    }

    [Test]
    public void A_score_that_is_no_monotone_function_of_the_ratio_is_calibrated_where_isotonic_cannot()
    {
        // s = −t falls with ln p₁/p₀ = t, so that the map is −s. A cell of 100 + 100 events has an error of √(2/100) = 0.14; the
        // isotonic map is flat.
        ScoredGaussians events = ScoredGaussians.Random(t => -t, 10_000, seed: 2);
        IRatioCalibration histogram = events.Fit(CalibrationMethod.Histogram, maxCells: 100)!;
        IRatioCalibration isotonic = events.Fit(CalibrationMethod.Isotonic, maxCells: 100)!;
        double[] at = [-1, -0.5, 0, 0.5, 1];
        Assert.That(at.Select(s => histogram.LogRatio(s) + s), Has.All.EqualTo(0).Within(0.5));
        Assert.That(at.Select(histogram.LogRatio), Is.Ordered.Descending);
        Assert.That(((IsotonicCalibration)isotonic).LogRatios.ToArray(), Has.Length.EqualTo(1).And.All.EqualTo(0).Within(1e-9));
    }

    [Test]
    public void A_cell_is_constant_up_to_its_border_and_the_outer_cells_go_on()
    {
        var map = new HistogramCalibration([-1, 2], [0.5, -0.25, 3]);
        Assert.Multiple(() =>
        {
            Assert.That(new[] { double.NegativeInfinity, -1e9, -1.0000001 }.Select(map.LogRatio), Has.All.EqualTo(0.5));
            Assert.That(new[] { -1, 0, 1.9999999 }.Select(map.LogRatio), Has.All.EqualTo(-0.25));
            Assert.That(new[] { 2, 1e9, double.PositiveInfinity }.Select(map.LogRatio), Has.All.EqualTo(3));
            Assert.That(map.LogRatio(double.NaN), Is.NaN);
        });
    }

    [Test]
    public void Cells_are_as_by_hand_and_equal_scores_share_one()
    {
        // Scores 0, 1, 2 hold numerator : denominator = 2:2, 3:2 and 2:3 of 7 and 7; ties keep a cell together beyond its 2 + 2 events.
        float[] scores = [0, 0, 0, 0, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2];
        bool[] isNumerator = [true, true, false, false, true, true, true, false, false, true, true, false, false, false];
        HistogramCalibration map = HistogramCalibration.Fit(
            scores, isNumerator, [.. Enumerable.Repeat(1.0, 14)], new CalibrationOptions { MinEventsInCell = 2 })!;
        Assert.That(map.Borders.ToArray(), Is.EqualTo(new[] { 0.5, 1.5 }));
        Assert.That(map.LogRatios.ToArray(), Is.EqualTo(new[] { 0, Math.Log(3 / 2.0), Math.Log(2 / 3.0) }).Within(1e-12));
    }

    [Test]
    public void The_number_of_cells_is_bounded_and_too_few_events_give_no_map()
    {
        ScoredGaussians events = ScoredGaussians.Random(t => t, 10_000, seed: 3);
        Assert.That(((HistogramCalibration)events.Fit(CalibrationMethod.Histogram, maxCells: 40)!).LogRatios.Length, Is.InRange(30, 40));
        Assert.That(ScoredGaussians.Random(t => t, 20, seed: 3).Fit(CalibrationMethod.Histogram), Is.Null);
    }

    [TestCase(CalibrationMethod.Histogram), TestCase(CalibrationMethod.Isotonic)]
    public void Events_split_into_positive_and_negative_copies_give_the_same_map(CalibrationMethod method)
    {
        // 2000 + 2000 events in 20 cells: all are closed by their number of events, which doubles with the copies.
        ScoredGaussians events = ScoredGaussians.Random(t => t, 2000, seed: 4);
        IRatioCalibration plain = events.Fit(method, minEvents: 2, maxCells: 20)!;
        IRatioCalibration split = events.Split().Fit(method, minEvents: 2, maxCells: 20)!;
        for (double s = -4; s <= 4; s += 0.25)
        {
            Assert.That(split.LogRatio(s), Is.EqualTo(plain.LogRatio(s)).Within(1e-6));
        }
    }

    [Test]
    public void Borders_and_log_ratios_that_make_no_map_are_refused()
    {
        Assert.Multiple(() =>
        {
            Assert.That(() => new HistogramCalibration([1], [1]), Throws.ArgumentException.With.Message.Contains("one border fewer"));
            Assert.That(() => new HistogramCalibration([], []), Throws.ArgumentException.With.Message.Contains("one border fewer"));
            Assert.That(
                () => new HistogramCalibration([1, 1], [1, 2, 3]), Throws.ArgumentException.With.Message.Contains("above the one before"));
            Assert.That(() => new HistogramCalibration([1], [1, double.NaN]), Throws.ArgumentException.With.Message.Contains("finite"));
        });
    }
}
