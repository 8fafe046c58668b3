using Gbi.Diagnostics.Closure;
using Gbi.Diagnostics.Sculpting;
using Gbi.Events;
using Gbi.Numerics.Probability;
using Gbi.Tests.Systematics;

namespace Gbi.Tests.Diagnostics.Closure;

/// <summary>The closure of a systematic, with ratios that are known.</summary>
[TestFixture]
internal sealed class VariationClosureTests
{
    private const int Count = 40_000;

    private static readonly EventTable Nominal = MovedGaussian.Sample(0, Count, seed: 21);
    private static readonly EventTable Varied = MovedGaussian.Sample(1, Count, seed: 22);

    [Test]
    public void The_true_ratio_closes()
    {
        VariationClosure closure = Test(x => MovedGaussian.LogRatio(x, 1));
        Assert.Multiple(() =>
        {
            // The mean of the true ratio is e^{0.2}; the weights' ratio is so exactly, as there are as many events.
            Assert.That(closure.YieldRatio, Is.EqualTo(Math.Exp(0.2)).Within(1e-12));
            Assert.That(closure.YieldRatioError, Is.EqualTo(Math.Exp(0.2) * Math.Sqrt(2.0 / Count)).Within(1e-12));
            Assert.That(closure.MeanRatio.Value, Is.EqualTo(Math.Exp(0.2)).Within(4 * closure.MeanRatio.Error));
            Assert.That(closure.MeanRatio.Error, Is.LessThan(0.005));
            Assert.That(closure.After.Probability, Is.GreaterThan(0.01));
            Assert.That((closure.NominalEvents, closure.VariedEvents), Is.EqualTo((Count, Count)));
        });
    }

    [Test]
    public void A_ratio_that_learnt_the_rate_alone_leaves_the_features_apart()
    {
        VariationClosure closure = Test(_ => 0.2);
        double expected = Enumerable.Range(-4000, 8001).Select(i => i / 1000.0).Max(x =>
            Math.Abs(TailProbability.OfNormal((x - 0.3) / Math.Exp(0.1)) - TailProbability.OfNormal(x)));
        Assert.Multiple(() =>
        {
            Assert.That(closure.MeanRatio.Value, Is.EqualTo(closure.YieldRatio).Within(1e-6));
            Assert.That(closure.Before.Feature, Is.EqualTo("x"));
            Assert.That(closure.Before.Distance, Is.EqualTo(expected).Within(4 * Math.Sqrt(2.0 / Count)));
            Assert.That(closure.After.Distance, Is.EqualTo(closure.Before.Distance).Within(1e-6));
        });
    }

    [Test]
    public void Samples_without_a_rate_are_refused() => Assert.That(
        () => VariationClosure.Of([1], ["x"], Nominal.WithWeights(new double[Count]), Varied, new float[Count]),
        Throws.TypeOf<DataException>().With.Message.Contains("The weights of the nominal events sum to 0"));

    [Test]
    public void The_spread_of_a_column_is_that_of_repeated_events()
    {
        // Values 1 and 4 with weights 1 and 2: mean 3, variance (4 + 1 + 1)/3 = 2.
        EventTable events = EventTable.FromColumns(("x", [0, 0]));
        ColumnSpread spread = ColumnSpread.Of([1, 4], events.WithWeights(new double[] { 1, 2 }));
        Assert.Multiple(() =>
        {
            Assert.That(spread.Mean, Is.EqualTo(3).Within(1e-12));
            Assert.That(spread.StandardDeviation, Is.EqualTo(Math.Sqrt(2)).Within(1e-12));
            Assert.That(() => ColumnSpread.Of([1], events), Throws.ArgumentException.With.Message.Contains("1 values for 2 events"));
        });
    }

    private static VariationClosure Test(Func<double, double> logRatio) => VariationClosure.Of(
        [1], MovedGaussian.Features, Nominal, Varied, Nominal["x"].ToArray().Select(x => (float)logRatio(x)).ToArray());
}
