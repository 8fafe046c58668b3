using Gbi.Diagnostics.Power;
using Gbi.Events;
using Gbi.Numerics;
using Gbi.Numerics.Probability;
using Gbi.Ratios;

namespace Gbi.Tests.Ratios;

/// <summary>What the default options make of samples of several sizes and kinds.</summary>
[TestFixture]
internal sealed class DefaultRatioTests
{
    [Test]
    public void A_small_numerator_over_a_large_denominator_is_neither_overfitted_nor_underfitted()
    {
        // Two unit Gaussians at ±0.25 in each of five features: ln p₁/p₀ = 0.5 Σx exactly. 200 trees of 16 leaves give a slope of 0.74.
        string[] features = ["a", "b", "c", "d", "e"];
        RatioModel model = RatioTrainer.CrossFit(
            Draw(1000, 0.25, 1), Draw(30_000, -0.25, 2), features, new RatioOptions(), new Seed(3)).Model;
        EventTable test = Draw(10_000, 0.25, 4).Append(Draw(10_000, -0.25, 5));
        float[] learnt = model.Score(test).LogRatio.ToArray();
        double[] exact = [.. Enumerable.Range(0, test.Count).Select(row => 0.5 * features.Sum(x => test[x][row]))];
        double rms = Math.Sqrt(learnt.Zip(exact, (a, b) => (a - b) * (a - b)).Average());
        Assert.That(SlopeOf(learnt, exact), Is.InRange(0.87, 1.05));
        Assert.That(rms, Is.LessThan(0.32));

        EventTable Draw(int count, double mean, ulong seed)
        {
            Random random = new Seed(seed).CreateRandom();
            return EventTable.FromColumns([.. features.Select(name =>
                (name, Enumerable.Range(0, count).Select(_ => (float)random.NextNormal(mean, 1)).ToArray()))]);
        }
    }

    [Test]
    public void On_equal_samples_next_to_nothing_is_learnt()
    {
        EventTable events = TwoGaussians.Numerator(8000, 7);
        CrossFittedRatio fitted = RatioTrainer.CrossFit(
            events.Slice(0, 4000), events.Slice(4000, 4000), TwoGaussians.Features, new RatioOptions(), new Seed(8));
        float[] scores = fitted.Model.Score(TwoGaussians.Numerator(5000, 9)).LogRatio.ToArray();
        Assert.That(Math.Sqrt(scores.Average(score => (double)score * score)), Is.LessThan(0.1));
    }

    [Test]
    public void An_out_of_fold_score_is_not_helped_by_its_own_event()
    {
        // Equal samples, so that any area but 1/2 is what models know of the events that they score. Stopped where the scored events
        // themselves have the least loss, the mean area of these trainings is above it.
        double[] areas = [.. Enumerable.Range(0, 40).Select(i =>
        {
            EventTable events = TwoGaussians.Numerator(800, 100 + (ulong)i);
            ReadOnlySpan<float> scores = RatioTrainer.CrossFit(
                events.Slice(0, 400), events.Slice(400, 400), TwoGaussians.Features,
                new RatioOptions { Calibration = null, MemberCount = 1 }, new Seed((ulong)i)).OutOfFold.LogRatio;
            return RocCurve.Area(new(scores[..400]), new(scores[400..]));
        })];
        var area = Moments.Of(areas);
        Assert.That(area.Mean, Is.EqualTo(0.5).Within(3 * area.ErrorOfMean));
    }

    [Test]
    public void Constant_and_discrete_features_are_no_obstacle()
    {
        // p₁ = (0.2, 0.3, 0.5), p₀ = (0.5, 0.3, 0.2) in a feature of three values; the other is constant.
        float[] first = [.. Enumerable.Range(0, 4000).Select(i => (float)(i % 10 < 2 ? 0 : i % 10 < 5 ? 1 : 2))];
        float[] second = [.. Enumerable.Range(0, 4000).Select(i => (float)(i % 10 < 5 ? 0 : i % 10 < 8 ? 1 : 2))];
        RatioModel model = RatioTrainer.CrossFit(Table(first), Table(second), ["x", "c"], new RatioOptions(), new Seed(1)).Model;
        float[] learnt = model.Score(Table([0, 1, 2])).LogRatio.ToArray();
        Assert.That(learnt, Is.EqualTo(new[] { Math.Log(0.4), 0, Math.Log(2.5) }).Within(0.1));

        static EventTable Table(float[] x) => EventTable.FromColumns(("x", x), ("c", [.. x.Select(_ => 1f)]));
    }

    [Test]
    public void Weights_of_either_sign_are_taken()
    {
        // One event in five has a partner of the opposite weight; p₁ and p₀ stay the same two Gaussians, ln r = 2x.
        EventTable Signed(EventTable events) => events.Append(events.Slice(0, events.Count / 5)).WithWeights(
            Enumerable.Range(0, events.Count + (events.Count / 5)).Select(
                i => i >= events.Count ? -0.5 : i < events.Count / 5 ? 1.5 : 1).ToArray());
        RatioModel model = RatioTrainer.CrossFit(
            Signed(TwoGaussians.Numerator(10_000, 1)), Signed(TwoGaussians.Denominator(10_000, 2)), TwoGaussians.Features,
            new RatioOptions(), new Seed(3)).Model;
        EventTable test = TwoGaussians.Denominator(5000, 4);
        Assert.That(TwoGaussians.RootMeanSquareError(test, model.Score(test).LogRatio, limit: 2), Is.LessThan(0.25));
    }

    [TestCase(3, 3)]
    [TestCase(5, 100)]
    public void So_few_events_that_a_model_would_have_none_of_a_sample_are_refused_in_a_sentence(int numerator, int denominator) =>
        Assert.That(
            () => RatioTrainer.CrossFit(
                TwoGaussians.Numerator(numerator, 1), TwoGaussians.Denominator(denominator, 1), TwoGaussians.Features, new RatioOptions(),
                new Seed(1)),
            Throws.TypeOf<DataException>().With.Message.Contains("more events"));

    private static double SlopeOf(float[] y, double[] x)
    {
        double meanOfX = x.Average();
        double meanOfY = y.Average();
        return x.Zip(y, (a, b) => (a - meanOfX) * (b - meanOfY)).Sum() / x.Sum(a => (a - meanOfX) * (a - meanOfX));
    }
}
