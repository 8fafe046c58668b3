using Gbi.Diagnostics.Power;
using Gbi.Events;
using Gbi.Numerics;
using Gbi.Ratios;
using Gbi.Trees;

namespace Gbi.Tests.Ratios;

[TestFixture]
internal sealed class RatioTrainerTests
{
    private static readonly RatioOptions Options = new()
    {
        FoldCount = 3,
        MemberCount = 2,
        Trees = new TreeOptions { TreeCount = 40, LeafCount = 8 },
    };

    [Test]
    public void The_ratio_of_two_gaussians_is_found_whatever_the_class_balance()
    {
        // ln p₁/p₀ = 2x exactly; 1:1 and 9:1. A forgotten class balance would shift the second by ln 9 = 2.2. Beyond |x| = 2 one
        // event in 3000 is of the other sample.
        EventTable test = Independent(20_000);
        float[] equal = CrossFit(20_000, 20_000).Model.Score(test).LogRatio.ToArray();
        float[] unequal = CrossFit(36_000, 4000).Model.Score(test).LogRatio.ToArray();
        Assert.That(TwoGaussians.RootMeanSquareError(test, equal, 2), Is.LessThan(0.25));
        Assert.That(TwoGaussians.RootMeanSquareError(test, unequal, 2), Is.LessThan(0.4));
        Assert.That(equal.Zip(unequal, (a, b) => (double)a - b).Average(), Is.EqualTo(0).Within(0.1));
    }

    [TestCase(1UL), TestCase(2UL), TestCase(3UL)]
    public void The_mean_ratio_over_an_independent_denominator_is_1(ulong seed)
    {
        CrossFittedRatio fitted = CrossFit(20_000, 20_000, seed);
        EventTable independent = TwoGaussians.Denominator(40_000, 100 + seed);
        float[] scores = fitted.Model.Score(independent).LogRatio.ToArray();
        var ratios = Moments.Of([.. scores.Select(value => Math.Exp(value))]);

        // Both samples are finite: that of the normalisation and the independent one.
        double error = Math.Sqrt((ratios.ErrorOfMean * ratios.ErrorOfMean) + (fitted.MeanRatio.Error * fitted.MeanRatio.Error));
        Assert.That(ratios.Mean, Is.EqualTo(1).Within(3 * error));
        Assert.That(fitted.MeanRatio.Error, Is.EqualTo(ratios.Deviation / Math.Sqrt(20_000)).Within(30).Percent);
    }

    [Test]
    public void The_mean_out_of_fold_ratio_over_the_denominator_is_1_after_normalisation()
    {
        CrossFittedRatio fitted = CrossFit(5000, 8000);
        double mean = fitted.OutOfFold.LogRatio[5000..].ToArray().Average(value => Math.Exp(value));
        Assert.That(mean, Is.EqualTo(1).Within(1e-5));
    }

    [Test]
    public void On_samples_that_cannot_be_told_apart_out_of_fold_scores_are_blind_and_in_fold_ones_are_not()
    {
        const int Count = 10_000;
        EventTable events = TwoGaussians.Numerator(2 * Count, 5);
        CrossFittedRatio fitted = RatioTrainer.CrossFit(
            events.Slice(0, Count), events.Slice(Count, Count), TwoGaussians.Features, Options with { Calibration = null }, new Seed(5));
        double outOfFold = Area(fitted.OutOfFold.LogRatio, Count);
        double inFold = Area(fitted.Model.Score(events).LogRatio, Count);

        // The area of a blind score has standard deviation √((n₁+n₀+1)/(12 n₁n₀)) (Mann and Whitney).
        double error = Math.Sqrt(((2.0 * Count) + 1) / (12.0 * Count * Count));
        Assert.That(outOfFold, Is.EqualTo(0.5).Within(3 * error));
        Assert.That(inFold, Is.GreaterThan(0.5 + (10 * error)));
    }

    [Test]
    public void Folds_and_members_are_averaged_as_ratios()
    {
        // The model of m members is the mean of r, so that a table's score is ln of the mean of the members' exp.
        EventTable numerator = TwoGaussians.Numerator(3000, 6);
        EventTable denominator = TwoGaussians.Denominator(3000, 6);
        RatioOptions plain = Options with { Calibration = null, MemberCount = 3 };
        RatioModel model = RatioTrainer.CrossFit(numerator, denominator, TwoGaussians.Features, plain, new Seed(6)).Model;
        EventTable test = Independent(500);
        double[] sums = new double[test.Count];
        double[] squares = new double[test.Count];
        foreach (RatioModel single in OneByOne(model))
        {
            float[] scores = single.Score(test).LogRatio.ToArray();
            for (int row = 0; row < sums.Length; row++)
            {
                sums[row] += Math.Exp(scores[row]);
                squares[row] += Math.Exp(2 * scores[row]);
            }
        }

        RatioScores found = model.Score(test);
        for (int row = 0; row < sums.Length; row++)
        {
            double mean = sums[row] / 9;
            Assert.That(found.LogRatio[row], Is.EqualTo(Math.Log(mean)).Within(1e-5));
            Assert.That(
                found.Spread[row], Is.EqualTo(Math.Sqrt(Math.Max(0, (squares[row] / 9) - (mean * mean)) * 9 / 8) / mean).Within(1e-3));
        }
    }

    [Test]
    public void The_number_of_threads_changes_no_byte()
    {
        // Enough events that leaves are cut and summed in parts.
        EventTable numerator = TwoGaussians.Numerator(40_000, 8);
        EventTable denominator = TwoGaussians.Denominator(40_000, 8);
        RatioOptions stopping = Options with { Balance = 10, Trees = Options.Trees with { EarlyStoppingRounds = 5 } };
        (string one, string two) = ThreadLimit.Compare(
            () => RatioTrainer.CrossFit(numerator, denominator, TwoGaussians.Features, stopping, new Seed(8)).Model.Serialize());
        Assert.That(two, Is.EqualTo(one));
    }

    [Test]
    public void The_gain_is_shared_among_the_features_that_tell()
    {
        // Only x differs between the samples.
        double[] shares = CrossFit(10_000, 10_000).Model.Importance();
        Assert.That(shares, Has.Length.EqualTo(2));
        Assert.That(shares.Sum(), Is.EqualTo(1).Within(1e-9));
        Assert.That(shares[0], Is.GreaterThan(0.9));
    }

    [Test]
    public void Clipped_events_are_counted()
    {
        RatioOptions narrow = Options with { MaxAbsLogRatio = 1 };
        CrossFittedRatio fitted = RatioTrainer.CrossFit(
            TwoGaussians.Numerator(5000, 7), TwoGaussians.Denominator(5000, 7), TwoGaussians.Features, narrow, new Seed(7));
        EventTable test = Independent(2000);
        RatioScores scores = fitted.Model.Score(test);
        float[] logRatio = scores.LogRatio.ToArray();
        Assert.That(logRatio, Has.All.InRange(-1, 1));
        Assert.That(scores.ClippedCount, Is.EqualTo(logRatio.Count(value => Math.Abs(value) == 1)));

        // |2x| > 1 for x ~ N(±1, 1): P(x > ½) + P(x < −½) = 0.6915 + 0.0668.
        Assert.That(scores.ClippedCount / 2000.0, Is.EqualTo(0.758).Within(0.05));
        Assert.That(fitted.OutOfFold.ClippedCount, Is.GreaterThan(0));
    }

    [Test]
    public void An_event_is_scored_alone_as_in_a_table()
    {
        RatioModel model = CrossFit(3000, 3000).Model;
        EventTable test = Independent(200);
        RatioScores scores = model.Score(test);
        for (int row = 0; row < test.Count; row++)
        {
            Assert.That(model.LogRatio([test["x"][row], test["noise"][row]]), Is.EqualTo(scores.LogRatio[row]).Within(1e-5));
        }
    }

    [Test]
    public void Signed_weights_with_the_same_sums_give_nearly_the_same_ratio()
    {
        // A fifth of the numerator's events counts −1, and as many more of the same law make up for it.
        const int Count = 20_000;
        EventTable numerator = TwoGaussians.Numerator(Count * 3 / 2, 8);
        double[] weights = [.. Enumerable.Range(0, numerator.Count).Select(row => row % 6 == 0 ? -1.0 : 1)];
        CrossFittedRatio fitted = RatioTrainer.CrossFit(
            numerator.WithWeights(weights), TwoGaussians.Denominator(Count, 8), TwoGaussians.Features, Options, new Seed(8));
        EventTable test = Independent(10_000);
        float[] logRatio = fitted.Model.Score(test).LogRatio.ToArray();
        Assert.That(logRatio.All(float.IsFinite) && fitted.OutOfFold.LogRatio.ToArray().All(float.IsFinite));
        Assert.That(TwoGaussians.RootMeanSquareError(test, logRatio, 2), Is.LessThan(0.35));
    }

    [Test]
    public void One_and_two_threads_give_the_same_bytes()
    {
        // More than 65,536 events in a fold's training, so that histograms are summed in parts.
        EventTable numerator = TwoGaussians.Numerator(75_000, 9);
        EventTable denominator = TwoGaussians.Denominator(75_000, 9);
        var options = new RatioOptions { FoldCount = 2, MemberCount = 2, Trees = new TreeOptions { TreeCount = 4 } };
        (string one, string two) = ThreadLimit.Compare(() =>
            RatioTrainer.CrossFit(numerator, denominator, TwoGaussians.Features, options, new Seed(9)).Model.Serialize());
        Assert.That(two, Is.EqualTo(one));
    }

    [Test]
    public void Other_seeds_give_other_folds_and_the_same_seed_the_same_model()
    {
        string first = CrossFit(500, 500, 1).Model.Serialize();
        Assert.That(CrossFit(500, 500, 1).Model.Serialize(), Is.EqualTo(first));
        Assert.That(
            RatioTrainer.CrossFit(
                TwoGaussians.Numerator(500, 1), TwoGaussians.Denominator(500, 1), TwoGaussians.Features, Options,
                new Seed(2)).Model.Serialize(),
            Is.Not.EqualTo(first));
    }

    [Test]
    public void Samples_without_positive_weight_and_unknown_columns_are_refused()
    {
        EventTable events = TwoGaussians.Numerator(100, 1);
        Assert.That(
            () => RatioTrainer.CrossFit(events, events.WithWeights(new double[100]), TwoGaussians.Features, Options, new Seed(1)),
            Throws.TypeOf<DataException>().With.Message.Contains("those of the denominator to 0"));
        Assert.That(
            () => RatioTrainer.CrossFit(events, events, ["x", "tau21"], Options, new Seed(1)),
            Throws.TypeOf<DataException>().With.Message.Contains("There is no column 'tau21'"));
    }

    private static CrossFittedRatio CrossFit(int numerator, int denominator, ulong seed = 1) => RatioTrainer.CrossFit(
        TwoGaussians.Numerator(numerator, seed), TwoGaussians.Denominator(denominator, seed), TwoGaussians.Features, Options,
        new Seed(seed));

    private static EventTable Independent(int count) =>
        TwoGaussians.Numerator(count / 2, 1000).Append(TwoGaussians.Denominator(count / 2, 1000));

    private static double Area(ReadOnlySpan<float> scores, int first) => RocCurve.Area(new(scores[..first]), new(scores[first..]));

    /// <summary>A model with one fold and one member for each fold and member of another.</summary>
    private static IEnumerable<RatioModel> OneByOne(RatioModel model)
    {
        var document = System.Text.Json.Nodes.JsonNode.Parse(model.Serialize())!;
        foreach (var fold in document["folds"]!.AsArray().ToArray())
        {
            foreach (var member in fold!.AsArray())
            {
                document["folds"] = new System.Text.Json.Nodes.JsonArray(new System.Text.Json.Nodes.JsonArray(member!.DeepClone()));
                yield return RatioModel.Parse(document.ToJsonString());
            }
        }
    }
}
