using Gbi.Calibration;
using Gbi.Events;
using Gbi.Numerics;
using Gbi.Numerics.Probability;
using Gbi.Pipeline;
using Gbi.Pipeline.Estimators;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Gbi.Tests.Pipeline.Estimators;

/// <summary>The calibration of any score: two Gaussians at ±½, so that ln p₁/p₀ = t exactly.</summary>
[TestFixture]
internal sealed class CalibrateTests
{
    private static readonly MLContext Context = new(seed: 1);

    [Test]
    public void A_probability_with_class_balance_becomes_the_log_ratio()
    {
        // p = 9 e^t/(1 + 9 e^t) is the best classifier's answer at 9 : 1; the balance, ln 9 = 2.2, is what calibration takes out.
        ScoredRow[] rows = Rows(20_000, t => (float)(1 / (1 + (Math.Exp(-t) / 9))), numeratorsPerDenominator: 9);
        CalibrateTransformer fitted = Context.Gbi.Calibrate(new CalibrateOptions
        {
            Input = CalibrateInput.Probability,
            Calibration = new CalibrationOptions { Method = CalibrationMethod.Platt },
        }).Fit(View(rows));
        var platt = (PlattCalibration)fitted.Calibration;
        Assert.That(platt.Slope, Is.EqualTo(1).Within(0.06));
        Assert.That(platt.Intercept + fitted.LogNormalisation, Is.EqualTo(-Math.Log(9)).Within(0.15));
        double[] errors = [.. LogRatios(fitted, rows).Zip(rows, (found, row) => (double)found - row.LogRatio)];
        Assert.That(Math.Sqrt(errors.Average(error => error * error)), Is.LessThan(0.1));
    }

    [
        TestCase(CalibrationMethod.Isotonic), TestCase(CalibrationMethod.Platt), TestCase(CalibrationMethod.Beta),
        TestCase(CalibrationMethod.Histogram)
    ]
    public void The_mean_ratio_over_the_denominator_of_the_fit_is_1_with_signed_weights_too(CalibrationMethod method)
    {
        ScoredRow[] rows = Rows(4000, t => (float)((3 * t) + 2), negativeEvery: 6);
        CalibrateTransformer fitted = Context.Gbi.Calibrate(
            new CalibrateOptions { WeightColumn = "Weight", Calibration = new CalibrationOptions { Method = method } }).Fit(View(rows));
        (double sum, double weights) = (0, 0);
        foreach ((float logRatio, ScoredRow row) in LogRatios(fitted, rows).Zip(rows).Where(pair => !pair.Second.Label))
        {
            sum += row.Weight * Math.Exp(logRatio);
            weights += row.Weight;
        }

        Assert.That(sum / weights, Is.EqualTo(1).Within(1e-5));
    }

    [Test]
    public void Certain_probabilities_are_clipped_before_and_after_and_a_missing_score_stays_missing()
    {
        ScoredRow[] rows = Rows(2000, t => t > 1.5 ? 1 : t < -1.5 ? 0 : (float)(1 / (1 + Math.Exp(-t))));
        CalibrateTransformer fitted = Context.Gbi.Calibrate(
            new CalibrateOptions { Input = CalibrateInput.Probability, MaxAbsLogRatio = 3 }).Fit(View(rows));
        ScoredRow[] asked = [new() { Score = 0 }, new() { Score = 1 }, new() { Score = float.NaN }];
        float[] found = LogRatios(fitted, asked);
        Assert.That(found[..2], Has.All.InRange(-3, 3));
        Assert.That(found[0], Is.LessThan(-1));
        Assert.That(found[1], Is.GreaterThan(1));
        Assert.That(found[2], Is.NaN);
    }

    [Test]
    public void A_slot_of_a_vector_is_calibrated_as_a_column_of_it_is()
    {
        ScoredRow[] rows = Rows(2000, t => (float)(2 * t));
        IDataView view = View(rows);
        IDataView joined = Context.Transforms.Concatenate("Scores", "Weight", "Score").Fit(view).Transform(view);
        CalibrateTransformer ofColumn = Context.Gbi.Calibrate().Fit(joined);
        CalibrateTransformer ofSlot = Context.Gbi.Calibrate(new CalibrateOptions { ScoreColumn = "Scores", Slot = 1 }).Fit(joined);
        Assert.That(
            ofSlot.Transform(joined).GetColumn<float>("LogRatio"), Is.EqualTo(ofColumn.Transform(joined).GetColumn<float>("LogRatio")));
        Assert.That(ofSlot.Slot, Is.EqualTo(1));
        Assert.That(
            () => Context.Gbi.Calibrate(new CalibrateOptions { ScoreColumn = "Scores", Slot = 2 }).Fit(joined),
            Throws.TypeOf<DataException>().With.Message.Contains("'Scores' has 2 numbers, of which slot 2 is asked for, expected 0 to 1"));
        Assert.That(() => new CalibrateOptions { Slot = -1 }, Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void A_saved_calibration_keeps_method_input_and_limits()
    {
        using var folder = new ScratchFolder();
        ScoredRow[] rows = Rows(2000, t => (float)(1 / (1 + Math.Exp(-2 * t))));
        CalibrateTransformer fitted = Context.Gbi.Calibrate(new CalibrateOptions
        {
            Input = CalibrateInput.Probability,
            MaxAbsLogRatio = 4,
            Calibration = new CalibrationOptions { Method = CalibrationMethod.Beta },
        }).Fit(View(rows));
        Context.Model.Save(fitted, View(rows).Schema, folder["model.zip"]);
        var restored = (CalibrateTransformer)Context.Gbi.Restore(Context.Model.Load(folder["model.zip"], out _));
        Assert.That((restored.Input, restored.MaxAbsLogRatio, restored.LogNormalisation, restored.Calibration.GetType()), Is.EqualTo(
            (CalibrateInput.Probability, 4.0, fitted.LogNormalisation, typeof(BetaCalibration))));
        Assert.That(LogRatios(restored, rows), Is.EqualTo(LogRatios(fitted, rows)));
    }

    [Test]
    public void Rows_that_do_not_fit_are_named()
    {
        ScoredRow[] rows = Rows(200, t => (float)t);
        var probability = new CalibrateOptions { Input = CalibrateInput.Probability };
        var weighted = new CalibrateOptions { WeightColumn = "Weight" };
        Assert.Multiple(() =>
        {
            Assert.That(
                () => Fit(rows, probability), Throws.TypeOf<DataException>().With.Message.Contains("expected a probability in [0, 1]"));
            Assert.That(
                () => Fit([rows[0], new ScoredRow { Score = float.PositiveInfinity }], new()),
                Throws.TypeOf<DataException>().With.Message.Contains("in row 1, expected a finite number"));
            Assert.That(
                () => Fit([rows[0], new ScoredRow { Weight = float.NaN }], weighted),
                Throws.TypeOf<DataException>().With.Message.Contains("'Weight' is NaN in row 1"));
            Assert.That(
                () => Fit([.. rows.Where(row => row.Label)], new()),
                Throws.TypeOf<DataException>().With.Message.Contains("false to 0"));
            Assert.That(() => Fit(rows[..20], new()), Throws.TypeOf<DataException>().With.Message.Contains("25 effective events"));
        });
    }

    private static CalibrateTransformer Fit(ScoredRow[] rows, CalibrateOptions options) => Context.Gbi.Calibrate(options).Fit(View(rows));

    private static IDataView View(ScoredRow[] rows) => Context.Data.LoadFromEnumerable(rows);

    private static float[] LogRatios(CalibrateTransformer fitted, ScoredRow[] rows) =>
        [.. fitted.Transform(View(rows)).GetColumn<float>("LogRatio")];

    private static ScoredRow[] Rows(
        int count, Func<double, float> score, int numeratorsPerDenominator = 1, int negativeEvery = int.MaxValue)
    {
        Random random = new Seed(11).CreateRandom();
        return [.. Enumerable.Range(1, count).Select(row =>
        {
            bool label = row % (numeratorsPerDenominator + 1) != 0;
            double t = random.NextNormal(label ? 0.5 : -0.5, 1);
            return new ScoredRow { Label = label, LogRatio = (float)t, Score = score(t), Weight = row % negativeEvery == 0 ? -1 : 1 };
        })];
    }

    private sealed class ScoredRow
    {
        public bool Label { get; set; }

        public float Score { get; set; }

        public float Weight { get; set; } = 1;

        [NoColumn]
        public float LogRatio { get; set; }
    }
}
