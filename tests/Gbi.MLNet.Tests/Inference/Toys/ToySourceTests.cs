using Gbi.Events;
using Gbi.Inference.Fits;
using Gbi.Inference.Toys;
using Gbi.Likelihoods;
using Gbi.Likelihoods.Constraints;
using Gbi.Likelihoods.Factors;
using Gbi.Likelihoods.Model;
using Gbi.Numerics;
using MathNet.Numerics.Distributions;

namespace Gbi.Tests.Inference.Toys;

[TestFixture]
internal sealed class ToySourceTests
{
    private const int Toys = 2000;

    [Test]
    public void Counts_events_and_auxiliary_measurements_spread_as_the_model_says()
    {
        // At mu = 2, nu = 0.5: 2 · 20 + 100 (1 + 0.1 · 0.5) events, 2 · 3 + 7 counts, measurements N(0.5, 1) and Poisson(16 · 1).
        LikelihoodModel model = Model(Reference(4000), signal: 20, background: 100);
        var source = new ToySource(model, [2, 0.5, 1], new Seed(5));
        ModelData[] toys = [.. Enumerable.Range(0, Toys).Select(number => source.Draw(number))];

        Assert.Multiple(() =>
        {
            AssertPoisson([.. toys.Select(toy => (double)toy.Events[0].Count)], 145);
            AssertPoisson([.. toys.Select(toy => toy.Counts[0])], 13);
            AssertPoisson([.. toys.Select(toy => toy.Auxiliary[1])], 16);
            var measured = Moments.Of([.. toys.Select(toy => toy.Auxiliary[0])]);
            Assert.That(measured.Mean, Is.EqualTo(0.5).Within(5 * measured.ErrorOfMean));
            Assert.That(measured.Deviation, Is.EqualTo(1).Within(5 * measured.ErrorOfDeviation));
        });
    }

    [Test]
    public void Drawn_events_have_the_mixture_of_the_point_and_no_weights()
    {
        // Means of x: signal 1, background 0.1 nu; so (40 · 1 + 105 · 0.1)/145 at mu = 2, nu = 0.5 + 0.5 of the yield; x = ln r + ½.
        LikelihoodModel model = Model(Reference(40_000), signal: 20, background: 100);
        var source = new ToySource(model, [2, 0.5, 1], new Seed(6));
        double[] x = [.. Enumerable.Range(0, Toys).SelectMany(number =>
        {
            EventTable events = source.Draw(number).Events[0];
            Assert.That(events.HasWeights, Is.False);
            return events["ln r"].ToArray().Select(value => value + 0.5);
        })];
        var found = Moments.Of(x);

        // The reference sample's own error, of its effective events, is larger than that of 290,000 drawn ones.
        double expected = (40 + (105 * 0.1 * 0.5)) / 145;
        Assert.That(found.Mean, Is.EqualTo(expected).Within(5 / Math.Sqrt(20_000)));
    }

    [Test]
    public void Every_reference_event_is_drawn_a_Poisson_number_of_times()
    {
        float[] logRatio = [-1, -0.5f, 0, 0.3f, 0.6f, 0.2f];
        double[] weights = [1, 2, 1.5, 1, 0.7, 1.2];
        EventTable reference = EventTable.FromColumns(("ln r", logRatio)).WithWeights(weights);
        var model = new LikelihoodModel([new FitParameter { Name = "mu", Lower = 0 }], [Channel(reference, 3)], "mu");
        double[] means = model.AsimovData([1]).Events[0].Weights.ToArray();
        Assert.That(means.Sum(), Is.EqualTo(3).Within(1e-12));
        var source = new ToySource(model, [1], new Seed(7));
        double[][] drawn = [.. Enumerable.Range(0, Toys).Select(number =>
        {
            float[] values = source.Draw(number).Events[0]["ln r"].ToArray();
            return logRatio.Select(value => (double)values.Count(found => found == value)).ToArray();
        })];

        Assert.Multiple(() =>
        {
            for (int i = 0; i < logRatio.Length; i++)
            {
                AssertPoisson([.. drawn.Select(toy => toy[i])], means[i]);
            }
        });
    }

    [Test]
    public void A_toy_depends_on_its_number_alone()
    {
        LikelihoodModel model = Model(Reference(4000), signal: 20, background: 100);
        var source = new ToySource(model, [1, 0, 1], new Seed(8));
        float[] before = source.Draw(17).Events[0]["ln r"].ToArray();
        source.Draw(3);
        var again = new ToySource(model, [1, 0, 1], new Seed(8));
        Assert.That(again.Draw(17).Events[0]["ln r"].ToArray(), Is.EqualTo(before));
        Assert.That(again.Draw(18).Events[0]["ln r"].ToArray(), Is.Not.EqualTo(before));
    }

    [Test]
    public void Fits_of_unbinned_toys_do_not_depend_on_threads()
    {
        LikelihoodModel model = Model(Reference(4000), signal: 20, background: 100);
        (ToyFits one, ToyFits two) = ThreadLimit.Compare(() => ToyFits.Of(
            model, 0, 200, new ToySource(model, [1, 0, 1], new Seed(9)).Draw, mu: 0.5, TestStatistic.TMu));
        Assert.Multiple(() =>
        {
            Assert.That(one.FailureCount, Is.Zero);
            Assert.That(two.Values, Is.EqualTo(one.Values));
            Assert.That(two.MuHat, Is.EqualTo(one.MuHat));
        });
    }

    [Test]
    public void A_toy_without_events_is_fitted()
    {
        // −2 ln L = 2 (0.5 μ − n ln μ): μ̂ = 2n, 0 at the bound for n = 0, which 61 % of the toys have.
        var model = new LikelihoodModel([new FitParameter { Name = "mu", Initial = 1, Lower = 0 }], [Channel(Reference(100), 0.5)], "mu");
        var source = new ToySource(model, [1], new Seed(10));
        ToyFits fits = ToyFits.Of(model, 0, 200, source.Draw, mu: 1, TestStatistic.TMu);
        int[] counts = [.. Enumerable.Range(0, 200).Select(number => source.Draw(number).Events[0].Count)];
        Assert.That(counts.Count(count => count == 0), Is.InRange(80, 160));
        Assert.That(fits.Failures, Is.Empty);
        for (int toy = 0; toy < counts.Length; toy++)
        {
            Assert.That(fits.MuHat[toy], Is.EqualTo(2.0 * counts[toy]).Within(1e-5));
            Assert.That(
                fits.Values[toy],
                Is.EqualTo(counts[toy] == 0 ? 1 : 2 * (0.5 - counts[toy] + (counts[toy] * Math.Log(2 * counts[toy])))).Within(1e-6));
        }
    }

    [Test]
    public void A_reference_sample_that_is_worth_too_few_events_is_refused()
    {
        float[] logRatio = [.. Enumerable.Repeat(0f, 99), 7];
        var model = new LikelihoodModel(
            [new FitParameter { Name = "mu" }], [Channel(EventTable.FromColumns(("ln r", logRatio)), 50)], "mu");
        Assert.That(() => new ToySource(model, [1], new Seed(1)), Throws.TypeOf<FitException>().With.Message.EqualTo(
            "The reference sample of channel 'sr' has 1 effective events at the toys' parameters, fewer than the 50 of a toy; take more "
                + "reference events, or ones with more even weights, or test another strength (--mu)."));
    }

    [Test]
    public void A_point_of_negative_density_has_no_toys()
    {
        LikelihoodModel model = Model(Reference(1000), signal: 20, background: 100);
        Assert.That(
            () => new ToySource(model, [-2, 0, 1], new Seed(1)),
            Throws.TypeOf<FitException>().With.Message.Contains("of which no toy can be drawn"));
    }

    /// <summary>Mean and variance are λ; that of a variance of n Poisson numbers is λ²(2 + 1/λ)/n.</summary>
    private static void AssertPoisson(double[] counts, double mean)
    {
        var found = Moments.Of(counts);
        Assert.That(found.Mean, Is.EqualTo(mean).Within(5 * Math.Sqrt(mean / counts.Length)));
        Assert.That(found.Deviation * found.Deviation, Is.EqualTo(mean).Within(5 * mean * Math.Sqrt((2 + (1 / mean)) / counts.Length)));
    }

    /// <summary>Events of N(0, 1) at equal steps of probability, so that means over them are nearly exact.</summary>
    private static EventTable Reference(int count)
    {
        float[] x = [.. Enumerable.Range(0, count).Select(i => (float)Normal.InvCDF(0, 1, (i + 0.5) / count))];
        return EventTable.FromColumns(
            ("ln r", [.. x.Select(value => value - 0.5f)]), ("linear", [.. x.Select(value => 0.1f * value)]),
            ("quadratic", [.. x.Select(_ => -0.005f)]));
    }

    private static UnbinnedChannel Channel(EventTable reference, double signal) => new(
        "sr", [new Process("signal", signal) { LogRatio = "ln r", YieldFactors = [YieldFactor.Strength("mu")] }])
    { Reference = reference };

    private static LikelihoodModel Model(EventTable reference, double signal, double background)
    {
        var channel = new UnbinnedChannel("sr", [
            .. Channel(reference, signal).Processes,
            new Process("background", background)
            {
                YieldFactors = [YieldFactor.Polynomial("nu", 1, 0.1)],
                ShapeVariations = [ExponentialVariation.Quadratic("nu", "linear", "quadratic")],
            }])
        { Reference = reference };
        var counts = new BinnedChannel("cr", [
            new BinnedSample("signal", [3]) { YieldFactors = [YieldFactor.Strength("mu")] },
            new BinnedSample("background", [7]) { YieldFactors = [YieldFactor.Strength("gamma")] }]);
        return new LikelihoodModel(
            [
                new FitParameter { Name = "mu" }, new NuisanceParameter("nu"),
                new FitParameter { Name = "gamma", Initial = 1, Lower = 0, Constraint = Constraint.Poisson(16) }
            ],
            [channel, counts], "mu");
    }
}
