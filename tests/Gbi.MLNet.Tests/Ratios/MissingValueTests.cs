using Gbi.Events;
using Gbi.Numerics;
using Gbi.Ratios;

namespace Gbi.Tests.Ratios;

/// <summary>Missing values of a ratio's features.</summary>
[TestFixture]
internal sealed class MissingValueTests
{
    private static readonly RatioOptions Options = new() { FoldCount = 3, MemberCount = 2 };

    [Test]
    public void A_feature_that_never_was_missing_in_training_is_an_error_where_it_is_missing()
    {
        RatioModel model = CrossFit(TwoGaussians.Numerator(2000, 1), TwoGaussians.Denominator(2000, 2));
        EventTable events = WithMissing(TwoGaussians.Numerator(100, 3), every: 10);
        Assert.That(
            () => RatioModel.Parse(model.Serialize()).Score(events),
            Throws.TypeOf<DataException>().With.Message.StartsWith("Feature 'x' is missing in 10 events (first at row 0)"));
        Assert.That(() => model.LogRatio([float.NaN, 0]), Throws.TypeOf<DataException>());
        Assert.That(() => model.LogRatio([0, float.NaN]), Throws.TypeOf<DataException>());
    }

    [Test]
    public void A_feature_that_was_missing_in_training_may_be_missing()
    {
        // A quarter of the numerator and half of the denominator are missing: their ratio is 1/2.
        RatioModel model = CrossFit(
            WithMissing(TwoGaussians.Numerator(8000, 1), every: 4), WithMissing(TwoGaussians.Denominator(8000, 2), every: 2));
        Assert.That(model.LogRatio([float.NaN, 0.5f]), Is.EqualTo(Math.Log(0.5)).Within(0.15));
    }

    [Test]
    public void Valid_events_are_not_biased_where_the_numerator_alone_has_missing_values()
    {
        // Of the numerator 2/3 are valid, so that r = 2/3 e^(2x) for a valid event and its mean over the denominator is 2/3, not 1.
        RatioModel model = CrossFit(WithMissing(TwoGaussians.Numerator(20_000, 1), every: 3), TwoGaussians.Denominator(20_000, 2));
        EventTable test = TwoGaussians.Denominator(20_000, 3);
        float[] scores = model.Score(test).LogRatio.ToArray();
        Assert.That(scores.Average(score => Math.Exp(score)), Is.EqualTo(2.0 / 3).Within(0.06));
        double[] differences = [.. Enumerable.Range(0, test.Count).Where(row => Math.Abs(test["x"][row]) < 1)
            .Select(row => scores[row] - TwoGaussians.LogRatio(test["x"][row]) - Math.Log(2.0 / 3))];
        Assert.That(differences.Average(), Is.EqualTo(0).Within(0.06));
    }

    [Test]
    public void Valid_events_are_not_biased_where_the_denominator_alone_has_missing_values()
    {
        // Of the denominator 2/3 are valid, so that r = 3/2 e^(2x) for a valid event.
        RatioModel model = CrossFit(TwoGaussians.Numerator(20_000, 1), WithMissing(TwoGaussians.Denominator(20_000, 2), every: 3));
        EventTable test = TwoGaussians.Denominator(20_000, 3);
        float[] scores = model.Score(test).LogRatio.ToArray();
        double[] differences = [.. Enumerable.Range(0, test.Count).Where(row => Math.Abs(test["x"][row]) < 1)
            .Select(row => scores[row] - TwoGaussians.LogRatio(test["x"][row]) - Math.Log(1.5))];
        Assert.That(differences.Average(), Is.EqualTo(0).Within(0.06));
    }

    [TestCase(-25)]
    [TestCase(double.NaN)]
    public void The_number_that_stands_for_a_missing_value_is_saved(double value)
    {
        RatioModel model = CrossFit(TwoGaussians.Numerator(500, 1), TwoGaussians.Denominator(500, 2)).WithMissingValue(value);
        Assert.That(RatioModel.Parse(model.Named("a", "b").Serialize()).MissingValue, Is.EqualTo(value));
    }

    private static RatioModel CrossFit(EventTable numerator, EventTable denominator) =>
        RatioTrainer.CrossFit(numerator, denominator, TwoGaussians.Features, Options, new Seed(4)).Model;

    private static EventTable WithMissing(EventTable events, int every) => EventTable.FromColumns(
        ("x", [.. events["x"].ToArray().Select((x, row) => row % every == 0 ? float.NaN : x)]), ("noise", events["noise"].ToArray()));
}
