using System.Text.Json.Nodes;
using Gbi.Diagnostics.Power;
using Gbi.Events;
using Gbi.Generators.Sidebands;
using Gbi.Generators.Spectra;
using Gbi.Numerics;
using Gbi.Ratios;
using Gbi.Simulators;
using Gbi.Tests.Simulators;
using Gbi.Trees;

namespace Gbi.Tests.Generators.Sidebands;

/// <summary>The background of <see cref="DijetSimulator"/> in its signal region, learnt from 150,000 events outside and inside
/// it.</summary>
[TestFixture]
internal sealed class SidebandGeneratorTests
{
    private const int Count = 150_000;

    // Four times the drift of LHC Olympics data, so that there is something to learn.
    private static readonly DijetSimulation Drifting = new() { MassDrift = 4 };
    private static readonly DijetSimulator Simulator = new(Drifting);
    private static readonly MassWindow Window = new(3.3, 3.7);

    private static readonly SidebandGeneratorOptions Options = new()
    {
        Spectrum = new MassSpectrumOptions { Shape = SpectrumShape.Dijet, CollisionEnergy = DijetSimulator.CollisionEnergy },
        FoldCount = 3,
    };

    private static readonly Lazy<EventTable> Sideband = new(
        () => SidebandOf(DijetSimulator.Background(Count, new Seed(1), simulation: Drifting)));

    private static readonly Lazy<LearntSideband> Learnt = new(() => Fit(Sideband.Value, Options));

    [Test]
    public void Generated_and_true_background_cannot_be_told_apart_where_the_sidebands_can()
    {
        // 60,000 true events of the region: each sample adds √(1/12n) = 0.001 to the error of the area of a blind score.
        EventTable truth = DijetSimulator.Background(60_000, new Seed(2), 3.3, 3.7, Drifting);
        double generated = OutOfFoldArea(truth, Learnt.Value.Background());
        double unweighted = OutOfFoldArea(truth, Sideband.Value);
        Assert.That(generated, Is.LessThan(0.51));
        Assert.That(unweighted, Is.GreaterThan(0.54));
    }

    [Test]
    public void Weights_sum_to_the_expected_background_which_is_right()
    {
        LearntSideband learnt = Learnt.Value;
        Estimate expected = learnt.Generator.ExpectedBackground;
        Assert.That(learnt.Background().SumOfWeights, Is.EqualTo(expected.Value).Within(1e-9).Percent);
        double truth = Count * DijetTruth.Share(3.3, 3.7, DijetSimulator.LowestMass, DijetSimulator.HighestMass);
        Assert.That(expected.Value, Is.EqualTo(truth).Within(3 * expected.Error));
        Assert.That(expected.Error / expected.Value, Is.LessThan(0.02));
    }

    [TestCase(2.8f), TestCase(3.5f), TestCase(4.2f)]
    public void Events_generated_at_a_mass_have_weights_of_mean_1_and_the_simulators_means(float mass)
    {
        float[] masses = [.. Enumerable.Repeat(mass, 40_000)];
        EventTable generated = Learnt.Value.Generate(masses, new Seed(3));
        EventTable truth = Simulator.Generate(masses, new Seed(4));
        var weights = Moments.Of(generated.Weights.ToArray());
        Assert.That(generated.ColumnNames, Is.EqualTo(Simulator.Features));
        Assert.That(weights.Mean, Is.EqualTo(1).Within(0.005 + (4 * weights.ErrorOfMean)));
        foreach (string feature in Simulator.Features)
        {
            float[] values = generated[feature].ToArray();
            var atMass = Moments.Of([.. truth[feature].ToArray().Select(value => (double)value)]);
            double found = values.Select((value, row) => value * generated.Weight(row)).Sum() / generated.SumOfWeights;
            double before = Math.Abs(values.Average() - atMass.Mean) / atMass.ErrorOfMean;
            double after = Math.Abs(found - atMass.Mean) / atMass.ErrorOfMean;

            // Unweighted means are 9 to 60 standard errors away; a model of 100,000 events brings them to its own precision.
            Assert.That(before, Is.GreaterThan(8), feature);
            Assert.That(after, Is.LessThan(5), feature);
        }
    }

    [Test]
    public void A_generator_that_was_written_and_read_weights_events_equally()
    {
        SidebandGenerator generator = Learnt.Value.Generator;
        string text = generator.Serialize();
        SidebandGenerator read = SidebandGenerator.Parse(text);
        EventTable test = DijetSimulator.Background(100, new Seed(5), simulation: Drifting);
        for (int row = 0; row < test.Count; row++)
        {
            float[] values = [.. generator.Features.Select(name => test[name][row])];
            Assert.That(read.SignalRegionWeight(values, 2), Is.EqualTo(generator.SignalRegionWeight(values, 2)));
        }

        Assert.That(read.ExpectedBackground, Is.EqualTo(generator.ExpectedBackground));
        Assert.That(read.Window, Is.EqualTo(generator.Window));
        Assert.That(read.Serialize(), Is.EqualTo(text));
    }

    [
        TestCase("format", "\"gbi-sideband/0\""), TestCase("folds", "[]"), TestCase("folds", "null"), TestCase("folds", "[null]"),
        TestCase("logMeans", "[]")
    ]
    [
        TestCase("logMeans", "[[[1]],[[2]],[[3]]]"), TestCase("parameters", "[1]"), TestCase("covariance", "[]"), TestCase("low", "9"),
        TestCase("scale", "0")
    ]
    [
        TestCase("massNodeCount", "0"), TestCase("spectrum", "null"), TestCase("spectrum", "{\"parameterCount\":99}"),
        TestCase("spectrumLow", "-1")
    ]
    public void A_document_with_one_wrong_entry_is_refused(string entry, string value)
    {
        JsonNode document = JsonNode.Parse(Learnt.Value.Generator.Serialize())!;
        document[entry] = JsonNode.Parse(value);
        Assert.That(() => SidebandGenerator.Parse(document.ToJsonString()), Throws.TypeOf<DataException>());
    }

    [TestCase(""), TestCase("null"), TestCase("{}")]
    public void Another_text_is_refused(string text) => Assert.That(() => SidebandGenerator.Parse(text), Throws.TypeOf<DataException>());

    [Test]
    public void One_and_two_threads_give_the_same_bytes()
    {
        EventTable sideband = Sideband.Value.Slice(0, 30_000);
        var few = Options with { Trees = Options.Trees with { TreeCount = 5 } };
        (string one, string two) = ThreadLimit.Compare(() => Fit(sideband, few).Generator.Serialize());
        Assert.That(two, Is.EqualTo(one));
    }

    [Test]
    public void A_spectrum_that_does_not_fit_and_a_missing_column_are_told()
    {
        Assert.That(
            () => SidebandGenerator.Fit(new(Sideband.Value, "m", Simulator.Features, Window), Options, new Seed(1)),
            Throws.TypeOf<DataException>().With.Message.Contains("There is no column 'm'"));
        Assert.That(
            () => SidebandGenerator.Fit(new(Sideband.Value, DijetSimulator.Mass, ["tau32"], Window), Options, new Seed(1)),
            Throws.TypeOf<DataException>().With.Message.Contains("There is no column 'tau32'"));
    }

    private static LearntSideband Fit(EventTable sideband, SidebandGeneratorOptions options) =>
        SidebandGenerator.Fit(new(sideband, DijetSimulator.Mass, Simulator.Features, Window), options, new Seed(1));

    private static EventTable SidebandOf(EventTable events) => events.Select(Window.Rows(events[DijetSimulator.Mass], MassRegion.Sideband));

    private static double OutOfFoldArea(EventTable truth, EventTable template)
    {
        var options = new RatioOptions
        {
            FoldCount = 2,
            MemberCount = 1,
            Calibration = null,
            Trees = new TreeOptions { TreeCount = 40, LeafCount = 8 },
        };
        ReadOnlySpan<float> scores = RatioTrainer.CrossFit(truth, template, Simulator.Features, options, new Seed(6)).OutOfFold.LogRatio;
        return RocCurve.Area(new(scores[..truth.Count], truth.Weights), new(scores[truth.Count..], template.Weights));
    }
}
