using Gbi.Events;
using Gbi.Generators.Sidebands;
using Gbi.Numerics;
using Gbi.Numerics.Probability;
using Gbi.Ratios;
using Gbi.Searches;
using Gbi.Searches.Options;
using Gbi.Searches.Results;
using Gbi.Searches.Signal;
using Gbi.Trees;

namespace Gbi.Tests.Searches.Signal;

/// <summary>
/// Sidebands with signal that is less like signal than that of the region: masses N(3.5, 0.3²), of which half lie beside the region, and a
/// feature x ~ N(2 − 2 |m − 3.5|, 0.5²); background with uniform masses and x ~ N(0,1).
/// </summary>
[TestFixture]
internal sealed class SignalContaminationTests
{
    private const int BackgroundCount = 40_000;
    private const int SignalCount = 1500;

    private static readonly ResonanceSearchOptions Settings = new()
    {
        Schema = new EventSchema { Features = ["x"], Mass = "m" },
        Window = new MassWindow(3.3, 3.7, 2.8, 4.2),
        Background = new PlainSidebands(),
        LearnsAnomaly = false,
        RunsChecks = false,
        Signal = new RatioOptions
        {
            FoldCount = 3,
            MemberCount = 1,
            Trees = new TreeOptions { TreeCount = 60, LeafCount = 8, MinLeafHessian = 10, L2 = 10 }
        },
        Seed = new Seed(3),
    };

    [Test]
    public void Signal_of_the_sidebands_counts_by_what_it_does_to_the_mean_score()
    {
        EventTable signal = Signal(SignalCount, new Seed(4));
        EventTable data = Background(new Seed(5)).Append(signal);
        EventTable simulation = Signal(40_000, new Seed(6));
        var search = ResonanceSearch.Run(data, simulation, Settings);
        SignalFraction found = search.Result.SignalFraction;
        double truth = signal["m"].ToArray().Count(m => m is >= 3.3f and < 3.7f) / search.Result.EventsInRegion;
        double error = (found.Interval68.Upper - found.Interval68.Lower) / 2;
        TemplateContamination contamination = search.Result.SignalInTemplate!;
        double effect = contamination.Shape * Likeness(truth);
        Assert.That(contamination.Shape, Is.EqualTo(0.4 * Mass(Beside) / Mass(Region)).Within(5).Percent);
        Assert.That(effect, Is.InRange(0.4 * contamination.Shape, 0.7 * contamination.Shape));
        Assert.That(contamination.Effect, Is.EqualTo(effect).Within(5).Percent);
        Assert.That(found.Value, Is.EqualTo(truth).Within(2 * error));

        // Were all signal alike, the fraction would be larger by (1 − κ)/(1 − k).
        double allAlike = found.Value * (1 - contamination.Effect) / (1 - contamination.Shape);
        Assert.That(allAlike, Is.GreaterThan(truth + (3 * error)));

        var uncorrected = ResonanceSearch.Run(
            data, simulation, Settings with { Inference = new SignalInferenceOptions { CorrectsContamination = false } });
        Assert.That(uncorrected.Result.SignalFraction.Value, Is.EqualTo((1 - contamination.Effect) * found.Value).Within(8).Percent);
        Assert.That(uncorrected.Result.SignalInTemplate!.Effect, Is.EqualTo(contamination.Shape));
    }

    [Test]
    public void What_a_generator_learnt_from_the_signal_counts_too()
    {
        var options = new SidebandGeneratorOptions
        {
            ChoosesTreeCount = false,
            MemberCount = 4,
            Trees = new TreeOptions { TreeCount = 30, LeafCount = 6, MinLeafHessian = 20, L2 = 10 }
        };
        EventTable background = Background(new Seed(5));
        EventTable signal = Signal(SignalCount, new Seed(4));
        var search = ResonanceSearch.Run(
            background.Append(signal), Signal(40_000, new Seed(6)),
            Settings with { Background = new ReweightedSidebands { Generator = options } });
        TemplateContamination contamination = search.Result.SignalInTemplate!;
        SignalFraction found = search.Result.SignalFraction;
        double inRegion = Settings.Window.Rows(signal["m"], MassRegion.SignalRegion).Length;
        double truth = inRegion / search.Result.EventsInRegion;

        // The same generator with and without the very signal of these data, by the exact ratio.
        double expected = search.Result.ExpectedBackground.Value;
        double clean = MeanScore(Learnt(background));
        double ofSignal = MeanScore(signal.Select(Settings.Window.Rows(signal["m"], MassRegion.SignalRegion)));
        double effect = expected / inRegion * (MeanScore(Learnt(background.Append(signal))) - clean) / (ofSignal - clean);
        Assert.That(contamination.Effect, Is.EqualTo(effect).Within(15).Percent);
        Assert.That(contamination.Effect, Is.GreaterThan(1.1 * Likeness(truth) * contamination.Shape));
        Assert.That(found.Value, Is.EqualTo(truth).Within(found.Interval68.Upper - found.Interval68.Lower));

        EventTable Learnt(EventTable data) =>
            SidebandGenerator.Fit(
                new(data.Select(Settings.Window.Rows(data["m"], MassRegion.Sideband)), "m", ["x"], Settings.Window), options,
                new Seed(7)).Background();
        double MeanScore(EventTable events)
        {
            float[] x = events["x"].ToArray();
            return x.Select((value, row) => events.Weight(row) * Score(Feature(value, Region) / Normal(value, 0, 1), truth))
                .Sum() / events.SumOfWeights;
        }
    }

    [Test]
    public void Until_it_is_measured_the_effect_of_signal_is_its_weight()
    {
        Assert.That(new SignalContamination(0.5, 0.1).Effect, Is.EqualTo(0.5));
        Assert.That(default(SignalContamination).Effect, Is.Zero);
    }

    private static readonly (double Low, double High)[] Region = [(3.3, 3.5), (3.5, 3.7)];

    private static readonly (double Low, double High)[] Beside = [(2.8, 3.3), (3.7, 4.2)];

    /// <summary>(m_beside − m_B)/(m_S − m_B) of the score (r − 1)/(1 − μ + μ (r − 1)), r = p_S/p_B, by integrals over the
    /// densities.</summary>
    private static double Likeness(double fraction)
    {
        var rule = Quadrature.OnInterval(-6, 6, 200);
        double[] inRegion = [.. rule.Nodes.Select(x => Feature(x, Region))];
        double[] beside = [.. rule.Nodes.Select(x => Feature(x, Beside))];
        double[] background = [.. rule.Nodes.Select(x => Normal(x, 0, 1))];
        double ofBackground = MeanScore(background);
        return (MeanScore(beside) - ofBackground) / (MeanScore(inRegion) - ofBackground);

        double MeanScore(double[] density) => rule.Weights
            .Select((weight, at) => weight * density[at] * Score(inRegion[at] / background[at], fraction))
            .Sum();
    }

    private static double Score(double ratio, double fraction) => (ratio - 1) / (1 - fraction + (fraction * (ratio - 1)));

    /// <summary>The signal's density of x in some stretches of the mass.</summary>
    private static double Feature(double x, (double, double)[] stretches) =>
        Integral(stretches, m => Normal(m, 3.5, 0.3) * Normal(x, 2 - (2 * Math.Abs(m - 3.5)), 0.5)) / Mass(stretches);

    private static double Mass((double, double)[] stretches) => Integral(stretches, m => Normal(m, 3.5, 0.3));

    private static double Integral((double Low, double High)[] stretches, Func<double, double> of) => stretches
        .Select(stretch => Quadrature.OnInterval(stretch.Low, stretch.High, 30))
        .Sum(rule => rule.Nodes.Zip(rule.Weights, (m, weight) => weight * of(m)).Sum());

    private static double Normal(double x, double mean, double width) =>
        Math.Exp(-0.5 * (x - mean) * (x - mean) / (width * width)) / (width * Math.Sqrt(2 * Math.PI));

    private static EventTable Background(Seed seed)
    {
        Random random = seed.CreateRandom();
        return Events(BackgroundCount, () => ((float)(2.8 + (1.4 * random.NextDouble())), (float)random.NextNormal(0, 1)));
    }

    private static EventTable Signal(int count, Seed seed)
    {
        Random random = seed.CreateRandom();
        return Events(count, () =>
        {
            double mass = random.NextNormal(3.5, 0.3);
            return ((float)mass, (float)random.NextNormal(2 - (2 * Math.Abs(mass - 3.5)), 0.5));
        });
    }

    private static EventTable Events(int count, Func<(float Mass, float X)> draw)
    {
        float[] masses = new float[count];
        float[] features = new float[count];
        for (int row = 0; row < count; row++)
        {
            (masses[row], features[row]) = draw();
        }

        return EventTable.FromColumns(("m", masses), ("x", features));
    }
}
