using System.Text.Json.Nodes;
using Gbi.Calibration;
using Gbi.Events;
using Gbi.Numerics;
using Gbi.Ratios;
using Gbi.Trees;

namespace Gbi.Tests.Ratios;

/// <summary>Calibration method, uncertainty and confidence shift of trained ratios.</summary>
[TestFixture]
internal sealed class RatioUncertaintyTests
{
    private static readonly RatioOptions Options = new()
    {
        FoldCount = 2,
        MemberCount = 4,
        Trees = new TreeOptions { TreeCount = 20, LeafCount = 6 },
    };

    private static readonly EventTable Test = TwoGaussians.Numerator(1500, 1000).Append(TwoGaussians.Denominator(1500, 1000));

    [Test]
    public void The_uncertainty_is_the_jackknife_over_models_with_one_member_taken_away()
    {
        RatioModel model = CrossFit(Options).Model;
        RatioScores whole = model.Score(Test);
        float[][] without = [.. Enumerable.Range(0, 4).Select(member => Without(model, member).Score(Test).LogRatio.ToArray())];
        for (int row = 0; row < Test.Count; row += 7)
        {
            double mean = without.Average(scores => (double)scores[row]);
            double variance = 0.75 * without.Sum(scores => (scores[row] - mean) * (scores[row] - mean));
            Assert.That(whole.Uncertainty[row], Is.EqualTo(Math.Sqrt(variance)).Within(1e-5));
        }
    }

    [Test]
    public void Without_calibration_a_small_uncertainty_is_the_spread_over_the_root_of_the_members()
    {
        RatioModel model = CrossFit(Options with { Calibration = null }).Model;
        RatioScores scores = model.ScoreByFold(Test, new int[Test.Count]);
        int[] small = [.. Enumerable.Range(0, Test.Count).Where(row => scores.Spread[row] < 0.05)];
        Assert.That(small, Has.Length.GreaterThan(50));
        foreach (int row in small)
        {
            // ln(1+ε) and the mean differ from ε by its square.
            Assert.That(scores.Uncertainty[row], Is.EqualTo(scores.Spread[row] / 2).Within(0.05 * scores.Spread[row] / 2));
        }
    }

    [Test]
    public void Uncertainties_out_of_fold_are_like_those_of_new_events_scored_by_one_fold()
    {
        CrossFittedRatio fitted = CrossFit(Options);
        int[] foldOf = [.. Enumerable.Range(0, Test.Count).Select(row => row % 2)];
        double outOfFold = fitted.OutOfFold.Uncertainty.ToArray().Average();
        double single = fitted.Model.ScoreByFold(Test, foldOf).Uncertainty.ToArray().Average();
        Assert.That(outOfFold, Is.GreaterThan(0).And.EqualTo(single).Within(15).Percent);
    }

    [Test]
    public void One_member_gives_no_uncertainty()
    {
        CrossFittedRatio fitted = CrossFit(Options with { MemberCount = 1 });
        Assert.That(fitted.OutOfFold.Uncertainty.ToArray(), Has.All.NaN);
        Assert.That(fitted.Model.Score(Test).Uncertainty.ToArray(), Has.All.NaN);
    }

    [Test]
    public void A_confidence_shift_changes_scores_but_not_the_models_and_is_saved_with_them()
    {
        CrossFittedRatio plain = CrossFit(Options);
        CrossFittedRatio lowered = CrossFit(Options with { ConfidenceShift = 1.5 });
        RatioScores best = plain.Model.Score(Test);
        RatioScores limit = RatioModel.Parse(lowered.Model.Named("a", "b").Serialize()).Score(Test);
        Assert.That(lowered.MeanRatio, Is.EqualTo(plain.MeanRatio));
        for (int row = 0; row < Test.Count; row += 7)
        {
            Assert.That(limit.LogRatio[row], Is.EqualTo(best.LogRatio[row] - (1.5 * best.Uncertainty[row])).Within(1e-5));
            float alone = lowered.Model.LogRatio([Test["x"][row], Test["noise"][row]]);
            Assert.That(alone, Is.EqualTo(limit.LogRatio[row]).Within(1e-5));
        }

        // The lowered ratio is a limit: its mean over the denominator stays below 1.
        double mean = lowered.OutOfFold.LogRatio[4000..].ToArray().Average(value => Math.Exp(value));
        Assert.That(mean, Is.LessThan(0.99).And.GreaterThan(0.5));
    }

    [Test]
    public void A_confidence_shift_of_one_member_is_refused_before_training()
    {
        Assert.That(
            () => CrossFit(Options with { ConfidenceShift = 1, MemberCount = 1 }),
            Throws.ArgumentException.With.Message.Contains("needs two members or more"));
        Assert.That(() => new RatioOptions { ConfidenceShift = -1 }, Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    [
        TestCase(CalibrationMethod.Isotonic), TestCase(CalibrationMethod.Platt), TestCase(CalibrationMethod.Beta),
        TestCase(CalibrationMethod.Histogram)
    ]
    public void Every_method_calibrates_a_ratio_and_is_written_and_read(CalibrationMethod method)
    {
        CrossFittedRatio fitted = CrossFit(Options with { Calibration = new CalibrationOptions { Method = method } });
        double mean = fitted.OutOfFold.LogRatio[4000..].ToArray().Average(value => Math.Exp(value));
        RatioModel read = RatioModel.Parse(fitted.Model.Serialize());
        Assert.That(read.Calibration!.GetType().Name, Does.StartWith(method.ToString()));
        Assert.That(read.Serialize(), Is.EqualTo(fitted.Model.Serialize()));
        Assert.That(read.Score(Test).LogRatio.ToArray(), Is.EqualTo(fitted.Model.Score(Test).LogRatio.ToArray()));
        Assert.That(mean, Is.EqualTo(1).Within(1e-5));

        // Twenty shallow trees see a ratio that is too flat; each map makes up for it to its own precision.
        Assert.That(TwoGaussians.RootMeanSquareError(Test, read.Score(Test).LogRatio, 1.5), Is.LessThan(0.5));
    }

    [Test]
    public void A_calibration_that_the_events_do_not_determine_is_an_error_that_says_what_it_needs() =>
        Assert.That(
            () => RatioTrainer.CrossFit(
                TwoGaussians.Numerator(20, 1), TwoGaussians.Denominator(2000, 1), TwoGaussians.Features, Options, new Seed(1)),
            Throws.TypeOf<DataException>().With.Message.Contains("20 events of the numerator").And.Message.Contains("25 effective events"));

    [Test]
    public void Scores_do_not_depend_on_the_number_of_threads()
    {
        RatioModel model = CrossFit(Options).Model;
        EventTable many = TwoGaussians.Numerator(20_000, 5);
        (float[] one, float[] two) = ThreadLimit.Compare(() =>
        {
            RatioScores scores = model.Score(many);
            return (float[])[.. scores.LogRatio, .. scores.Uncertainty, .. scores.Spread];
        });
        Assert.That(two, Is.EqualTo(one));
    }

    private static CrossFittedRatio CrossFit(RatioOptions options) => RatioTrainer.CrossFit(
        TwoGaussians.Numerator(4000, 1), TwoGaussians.Denominator(4000, 1), TwoGaussians.Features, options, new Seed(1));

    private static RatioModel Without(RatioModel model, int member)
    {
        JsonNode document = JsonNode.Parse(model.Serialize())!;
        foreach (JsonNode? fold in document["folds"]!.AsArray())
        {
            fold!.AsArray().RemoveAt(member);
        }

        return RatioModel.Parse(document.ToJsonString());
    }
}
