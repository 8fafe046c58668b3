using Gbi.Events;
using Gbi.Generators.Sidebands;
using Gbi.Generators.Spectra;
using Gbi.Numerics;
using Gbi.Numerics.Probability;
using Gbi.Onnx.Models;
using Gbi.Ratios;
using Gbi.Searches;
using Gbi.Searches.Options;
using Gbi.Searches.Results;
using Gbi.Simulators;
using Gbi.Tests.Onnx;
using Gbi.Trees;

namespace Gbi.Tests.Searches.Background;

/// <summary>
/// Searches whose background is drawn from a network: here one that is exact, as the background's features are normal with means that move
/// with the mass. The signal sits at other features.
/// </summary>
[TestFixture]
internal sealed class GeneratedBackgroundTests
{
    private static readonly float[] Slopes = [0.5f, -1];
    private static readonly float[] Offsets = [1, 4];
    private static readonly float[] Widths = [0.25f, 1];

    private static readonly ResonanceSearchOptions Settings = new()
    {
        Schema = new EventSchema { Features = ["x", "y"], Mass = "mjj" },
        Window = new MassWindow(3.3, 3.7),
        Spectrum = new MassSpectrumOptions { Shape = SpectrumShape.Dijet, CollisionEnergy = DijetSimulator.CollisionEnergy },
        Background = new ReweightedSidebands
        {
            Generator = new SidebandGeneratorOptions { FoldCount = 2, Trees = new TreeOptions { TreeCount = 30 } }
        },

        // The sidebands of these data hold no signal, unlike those that the simulation knows.
        Inference = new SignalInferenceOptions { CorrectsContamination = false },
        Anomaly = RatioOptions.ForSmallDifferences with { FoldCount = 2, MemberCount = 1 },
        Signal = new RatioOptions
        {
            FoldCount = 2,
            MemberCount = 2,
            Trees = new TreeOptions { TreeCount = 40, LeafCount = 8, MinLeafHessian = 10 }
        },
        Seed = new Seed(3),
    };

    [Test]
    public void The_signal_fraction_is_that_of_the_data_and_agrees_with_the_one_over_trees()
    {
        using OnnxGenerator flow = Flow("x,y");
        EventTable background = Background(60_000, 1);

        // None of it in the sidebands, where trees would take it for background.
        EventTable everywhere = Signal(490, 2);
        EventTable signal = everywhere.Select(Settings.Window.Rows(everywhere["mjj"], MassRegion.SignalRegion));
        EventTable data = background.Append(signal);
        EventTable simulation = Signal(10_000, 5);
        double truth = InRegion(signal) / (double)InRegion(data);

        ResonanceSearch generated = ResonanceSearch.Run(data, simulation, Settings with { Background = new GeneratedBackground(flow) });
        ResonanceSearch learnt = ResonanceSearch.Run(data, simulation, Settings);

        SignalFraction found = generated.Result.SignalFraction;
        double error = (found.Interval68.Upper - found.Interval68.Lower) / 2;
        Assert.Multiple(() =>
        {
            Assert.That(truth, Is.InRange(0.03, 0.06));
            Assert.That(found.Value, Is.EqualTo(truth).Within(3 * error));
            Assert.That(error, Is.LessThan(0.1 * truth));
            Assert.That(found.Value, Is.EqualTo(learnt.Result.SignalFraction.Value).Within(3 * error));
            Assert.That(generated.Result.ExpectedBackground, Is.EqualTo(learnt.Result.ExpectedBackground));
            Assert.That(
                generated.Result.ExpectedBackground.Value,
                Is.EqualTo(InRegion(background)).Within(4 * generated.Result.ExpectedBackground.Error + 300));
            Assert.That(generated.Background, Is.Null);
            Assert.That(learnt.Background, Is.Not.Null);
            Assert.That(generated.Scores.BackgroundWeight, Has.All.Zero);
            Assert.That(generated.Scores.LogRatio.Zip(generated.Scores.Region), Has.All.Matches<(float LogRatio, int Region)>(
                event_ => float.IsNaN(event_.LogRatio) == (event_.Region == -1)));
        });
    }

    [Test]
    public void Without_a_signal_data_and_the_exact_generator_cannot_be_told_apart()
    {
        using OnnxGenerator flow = Flow("x,y");
        ResonanceSearch search = ResonanceSearch.Run(
            Background(60_000, 7), null, Settings with { Background = new GeneratedBackground(flow) });

        // About 10,000 events of the region against five times as many: √(1/12n) each.
        Assert.That(search.Result.Closure.Auc, Is.EqualTo(0.5).Within(4 * Math.Sqrt((1.0 / 12 / 10_000) + (1.0 / 12 / 50_000))));
        Assert.That(search.Result.Significance, Is.LessThan(4));
    }

    [Test]
    public void Generated_masses_follow_the_spectrum_and_weights_sum_to_the_expected_number()
    {
        using OnnxGenerator flow = Flow("x,y");
        EventTable sideband = Background(60_000, 8);
        int[] rows = Settings.Window.Rows(sideband["mjj"], MassRegion.Sideband);
        var spectrum = MassSpectrum.Fit(sideband.Select(rows)["mjj"], [], Settings.Window, Settings.Spectrum);

        EventTable events = spectrum.Generate(flow, 3.3, 3.7, 50_000, new Seed(9));

        // E[x] = ½ E[m] + 1 over the spectrum between the limits.
        Quadrature rule = Quadrature.OnInterval(3.3, 3.7, 32);
        double[] densities = [.. rule.Nodes.Select((mass, node) => rule.Weights[node] * spectrum.Density(mass))];
        double mean = rule.Nodes.Select((mass, node) => densities[node] * ((0.5 * mass) + 1)).Sum() / densities.Sum();
        var found = Moments.Of([.. events["x"].ToArray().Select(value => (double)value)]);
        Assert.That(events.SumOfWeights, Is.EqualTo(spectrum.Expected(3.3, 3.7).Value).Within(1e-9).Percent);
        Assert.That(found.Mean, Is.EqualTo(mean).Within(4 * found.ErrorOfMean));
    }

    [Test]
    public void A_generator_without_a_feature_of_the_search_is_refused()
    {
        using OnnxGenerator flow = Flow("x,z");
        Assert.That(
            () => ResonanceSearch.Run(Background(5000, 1), null, Settings with { Background = new GeneratedBackground(flow) }),
            Throws.TypeOf<DataException>().With.Message.Contains("gives x, z, but not the feature y of the search"));
    }

    private static OnnxGenerator Flow(string features) =>
        OnnxGenerator.Open(GaussianFlow.Generator(features, Slopes, Offsets, Widths).ToBytes());

    private static int InRegion(EventTable events) => Settings.Window.Rows(events["mjj"], MassRegion.SignalRegion).Length;

    private static EventTable Background(int count, ulong seed) => Normal(
        DijetSimulator.Background(count, new Seed(seed))["mjj"].ToArray(), seed, mass => (Slopes[0] * mass) + Offsets[0],
        mass => (Slopes[1] * mass) + Offsets[1], Widths);

    private static EventTable Signal(int count, ulong seed) => Normal(
        DijetSimulator.Signal(count, new Seed(seed))["mjj"].ToArray(), seed, _ => 3.3f, _ => 2, [0.15f, 0.5f]);

    private static EventTable Normal(float[] masses, ulong seed, Func<float, float> meanOfX, Func<float, float> meanOfY, float[] widths)
    {
        Random random = new Seed(seed).Child("features").CreateRandom();
        float[] x = [.. masses.Select(mass => (float)random.NextNormal(meanOfX(mass), widths[0]))];
        float[] y = [.. masses.Select(mass => (float)random.NextNormal(meanOfY(mass), widths[1]))];
        return EventTable.FromColumns(("mjj", masses), ("x", x), ("y", y));
    }
}
