using Gbi.Diagnostics;
using Gbi.Events;
using Gbi.Likelihoods;
using Gbi.Likelihoods.Factors;
using Gbi.Likelihoods.Model;
using Gbi.Numerics;
using Gbi.Numerics.Probability;
using Gbi.Ratios;

namespace Gbi.Tests.Diagnostics;

[TestFixture]
internal sealed class EventGoodnessOfFitTests
{
    private const int Observed = 4000;
    private const int Reference = 20_000;

    private static readonly RatioOptions Options = new() { FoldCount = 5 };

    [Test]
    public void Data_of_the_model_pass()
    {
        // One in a thousand would fail by chance; four seeds are no luck.
        foreach (long seed in (long[])[1, 2, 3, 4])
        {
            EventGoodnessOfFit found = Test(Mixture(Observed, 0.2, 1, seed), 0.2, seed);
            Assert.That(found.Probability, Is.GreaterThan(1e-3), $"area {found.Area} ± {found.Error}");
            Assert.That(found.ObservedEvents, Is.EqualTo(Observed));
            Assert.That(found.EffectiveReferenceEvents, Is.InRange(0.5 * Reference, Reference));
        }
    }

    [Test]
    public void Data_that_the_model_cannot_describe_fail()
    {
        // Wider by 20 % in a feature that the model does not read.
        EventGoodnessOfFit found = Test(Mixture(Observed, 0.2, 1.2, 5), 0.2, 5);
        Assert.That(found.Probability, Is.LessThan(1e-4), $"area {found.Area} ± {found.Error}");
    }

    [Test]
    public void A_wrong_fraction_of_signal_fails_only_where_it_is_wrong()
    {
        EventTable data = Mixture(Observed, 0.5, 1, 6);
        Assert.That(Test(data, 0.5, 6).Probability, Is.GreaterThan(1e-3));
        Assert.That(Test(data, 0.1, 6).Probability, Is.LessThan(1e-4));
    }

    [Test]
    public void A_channel_that_is_not_there_is_named() => Assert.That(
        () => Model().ExpectedEvents("other", [0.2]),
        Throws.ArgumentException.With.Message.Contains("There is no unbinned channel 'other'; the model has sr."));

    private static EventGoodnessOfFit Test(EventTable data, double mu, long seed) =>
        EventGoodnessOfFit.Test(Model().ExpectedEvents("sr", [mu]), data, ["x", "y"], Options, new Seed(50).Child(seed));

    /// <summary>Signal N(1, 1) over background N(0, 1) in x, which the model reads as ln r = x − ½; y is N(0, 1) for both.</summary>
    private static LikelihoodModel Model() => new(
        [new FitParameter { Name = "mu" }],
        [new UnbinnedChannel("sr", [
            new Process("signal", Observed) { LogRatio = "ln r", YieldFactors = [YieldFactor.Strength("mu")] },
            new Process("background", Observed) { YieldFactors = [YieldFactor.Polynomial("mu", 1, -1)] }])
        { Reference = Mixture(Reference, 0, 1, 99) }],
        "mu");

    private static EventTable Mixture(int count, double fraction, double width, long seed)
    {
        Random random = new Seed(51).Child(seed).CreateRandom();
        float[] x = [.. Enumerable.Range(0, count).Select(_ => (float)random.NextNormal(random.NextDouble() < fraction ? 1 : 0, 1))];
        float[] y = [.. Enumerable.Range(0, count).Select(_ => (float)random.NextNormal(0, width))];
        return EventTable.FromColumns(("x", x), ("y", y), ("ln r", [.. x.Select(value => value - 0.5f)]));
    }
}
