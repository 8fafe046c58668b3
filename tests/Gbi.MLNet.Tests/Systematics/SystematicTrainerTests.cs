using Gbi.Diagnostics.Closure;
using Gbi.Events;
using Gbi.Likelihoods.Factors;
using Gbi.Numerics;
using Gbi.Ratios.Parametric;
using Gbi.Systematics;

namespace Gbi.Tests.Systematics;

[TestFixture]
internal sealed class SystematicTrainerTests
{
    private static readonly BasePoints UpAndDown = new(["nu"], [[0], [1], [-1]]);

    [Test]
    public void Shift_width_and_rate_are_learnt_from_nominal_and_two_varied_samples()
    {
        TrainedSystematic trained = SystematicTrainer.Train(
            Samples(60_000), MovedGaussian.Features, new() { HeldOutFraction = 0.2 }, new Seed(1));
        EventTable others = MovedGaussian.Sample(0, 20_000, seed: 9);
        float[][] coefficients = trained.Ratio.Columns(others);

        // Constants would miss by the standard deviations of the two functions, 0.34 and 0.062.
        Assert.Multiple(() =>
        {
            Assert.That(MovedGaussian.RootMeanSquareError(others, coefficients[0], MovedGaussian.Linear), Is.LessThan(0.045));
            Assert.That(MovedGaussian.RootMeanSquareError(others, coefficients[1], MovedGaussian.Quadratic), Is.LessThan(0.042));
            Assert.That(trained.Ratio.LogInclusiveRatio([1]), Is.EqualTo(0.2).Within(1e-6));
        });
    }

    [Test]
    public void What_was_learnt_closes_on_the_events_held_out()
    {
        TrainedSystematic trained = SystematicTrainer.Train(
            Samples(60_000), MovedGaussian.Features, new() { HeldOutFraction = 0.2 }, new Seed(1));
        EventTable nominal = trained.HeldOut(0);
        var closure = VariationClosure.Of([1], MovedGaussian.Features, nominal, trained.HeldOut(1), trained.Ratio.LogRatios(nominal, [1]));

        // Rates are exact in weights: e^{0.2} whatever the events.
        Assert.Multiple(() =>
        {
            Assert.That(closure.YieldRatio, Is.EqualTo(Math.Exp(0.2)).Within(4 * closure.YieldRatioError));
            Assert.That(closure.MeanRatio.Value, Is.EqualTo(Math.Exp(0.2)).Within(4 * closure.MeanRatio.Error));
            Assert.That(closure.Before.Probability, Is.LessThan(1e-10));
            Assert.That(closure.After.Probability, Is.GreaterThan(1e-3));
        });
    }

    [TestCase(2.0, 0.5, TestName = "Strong")]
    [TestCase(1.0, 1.0, TestName = "Absent")]
    [TestCase(2.0, double.NaN, TestName = "One-sided")]
    public void The_rate_is_that_of_the_sums_of_weights(double up, double down)
    {
        const int count = 10_000;
        bool isOneSided = double.IsNaN(down);
        var basePoints = new BasePoints(["nu"], isOneSided ? [[1], [0]] : [[1], [0], [-1]], isOneSided ? [Monomial.Of("nu")] : null);
        EventTable[] tables = [Sample(up, 1), Sample(1, 2), .. isOneSided ? [] : (EventTable[])[Sample(down, 3)]];
        var options = new SystematicTrainingOptions
        {
            HeldOutFraction = 0.2,
            Ratio = new() { Trees = new() { TreeCount = 20, LeafCount = 8, EarlyStoppingRounds = 5 } },
        };
        TrainedSystematic trained = SystematicTrainer.Train(
            SystematicSamples.Join(basePoints, ["noise"], tables), ["noise"], options, new Seed(1));

        // ln of a ratio of n events each has the error √(2/n), that of weights among them all alike.
        double error = Math.Sqrt(2.0 / count);
        Assert.Multiple(() =>
        {
            Assert.That(trained.Rate.Ratios[0].Value, Is.EqualTo(up).Within(1e-9));
            Assert.That(trained.Rate.Ratios[0].Error, Is.EqualTo(up * error).Within(1e-9));
            Assert.That((trained.Rate.Ratios[1].Value, trained.Rate.Ratios[1].Error), Is.EqualTo((1.0, 0.0)));
            Assert.That(
                trained.Rate.Coefficients[0].Value,
                Is.EqualTo(isOneSided ? Math.Log(up) : Math.Log(up / down) / 2).Within(1e-9));

            // The feature says nothing: few trees are kept, and what is left of the shape is the noise of a leaf's share of the events.
            float[] shape = trained.Ratio.Columns(tables[1])[0];
            Assert.That(shape.Max() - shape.Min(), Is.LessThan(4 * error));
        });

        static EventTable Sample(double rate, ulong seed)
        {
            EventTable events = MovedGaussian.Sample(0, count, seed);
            double[] weights = new double[count];
            weights.AsSpan().Fill(rate);
            return events.WithWeights(weights);
        }
    }

    [Test]
    public void An_event_and_its_variations_are_held_out_together()
    {
        // An event and its variations have the same row in the tables of their samples.
        SystematicSamples samples = Samples(2000);
        bool[] held = samples.HoldOut(0.3, new Seed(4));
        bool[] ofNominal = held[..2000];

        Assert.That(held[2000..4000], Is.EqualTo(ofNominal));
        Assert.That(held[4000..], Is.EqualTo(ofNominal));

        // Binomial: 600 ± 20.
        Assert.That(ofNominal.Count(one => one), Is.EqualTo(600).Within(80));
        Assert.That(samples.HoldOut(0.3, new Seed(5)), Is.Not.EqualTo(held));
        Assert.That(samples.HoldOut(0, new Seed(4)), Has.All.False);
    }

    [Test]
    public void Patience_stops_where_the_features_tell_nothing()
    {
        var few = new SystematicTrainingOptions
        {
            HeldOutFraction = 0.3,
            Ratio = new() { Trees = new() { TreeCount = 60, LeafCount = 8, EarlyStoppingRounds = 5 } }
        };
        SystematicTrainingOptions all = few with { Ratio = few.Ratio with { Trees = few.Ratio.Trees with { EarlyStoppingRounds = null } } };

        Assert.That(TreesOf(few), Is.LessThan(15));
        Assert.That(TreesOf(all), Is.EqualTo(60));

        static int TreesOf(SystematicTrainingOptions options) =>
            SystematicTrainer.Train(Samples(4000), ["noise"], options, new Seed(1)).Ratio.Trees.TreeCount;
    }

    [Test]
    public void The_same_seed_gives_the_same_model_on_one_and_two_threads()
    {
        var options = new SystematicTrainingOptions
        {
            HeldOutFraction = 0.2,
            Ratio = new() { Trees = new() { TreeCount = 5, EarlyStoppingRounds = 2 } }
        };
        (string one, string two) = ThreadLimit.Compare(() =>
            SystematicTrainer.Train(Samples(10_000), MovedGaussian.Features, options, new Seed(1)).Ratio.Serialize());
        Assert.That(two, Is.EqualTo(one));
    }

    [Test]
    public void A_variation_names_the_columns_of_its_terms()
    {
        var variation = ExponentialVariation.Of([Monomial.Of("a"), Monomial.Of("a", "b")], "Signal_");
        Assert.That(variation.Parameters, Is.EqualTo(new[] { "a", "b" }));
        Assert.That(variation.Columns, Is.EqualTo(new[] { "Signal_a", "Signal_a*b" }));
        Assert.That(variation.Terms[1], Is.EqualTo(new ExponentTerm(Monomial.Of("a", "b"), "Signal_a*b")));
    }

    [Test]
    public void What_cannot_be_learnt_is_refused()
    {
        SystematicSamples samples = Samples(100);
        var patient = new SystematicTrainingOptions { Ratio = new() { Trees = new() { EarlyStoppingRounds = 3 } } };
        Assert.Multiple(() =>
        {
            Assert.That(() => new SystematicTrainingOptions { HeldOutFraction = 0.6 }, Throws.TypeOf<ArgumentOutOfRangeException>());
            Assert.That(
                () => SystematicTrainer.Train(samples, ["x"], patient, new Seed(1)),
                Throws.ArgumentException.With.Message.Contains("EarlyStoppingRounds is 3 and HeldOutFraction 0"));
            Assert.That(
                () => SystematicTrainer.Train(samples, ["y"], new(), new Seed(1)),
                Throws.TypeOf<DataException>().With.Message.Contains("no column 'y'"));
            Assert.That(
                () => SystematicTrainer.Train(Samples(1), ["x"], new() { HeldOutFraction = 0.2 }, new Seed(1)),
                Throws.TypeOf<DataException>().With.Message.Contains(
                    "Base point (0) has 0 events to train on and 1 held out (fraction 0.2)"));
            Assert.That(
                () => SystematicSamples.Join(UpAndDown, ["x"], [samples.Events]),
                Throws.ArgumentException.With.Message.Contains("1 samples for 3 base points"));
            Assert.That(
                () => new SystematicSamples(samples.Events, UpAndDown, [0]),
                Throws.ArgumentException.With.Message.Contains("1 numbers of base points for 300 events"));
        });
    }

    // The same events at all three values, as a simulator makes them that varies each event.
    private static SystematicSamples Samples(int count) => SystematicSamples.Join(
        UpAndDown,
        MovedGaussian.Features,
        [MovedGaussian.Sample(0, count, seed: 1), MovedGaussian.Sample(1, count, seed: 1), MovedGaussian.Sample(-1, count, seed: 1)]);
}
