using Gbi.Analysis;
using Gbi.Events;
using Gbi.Numerics;
using Gbi.Ratios;
using Gbi.Trees;

namespace Gbi.Tests.Analysis;

/// <summary>
/// Sidebands with signal that is less like signal than that of the region: masses N(3.5, 0.3²), of which half lie beside the region, and a
/// feature x ~ N(2 − 2 |m − 3.5|, 0.5²); background with uniform masses and x ~ N(0,1).
/// </summary>
[TestFixture]
internal sealed class SignalAbsorptionTests
{
    private const int BackgroundCount = 40_000;
    private const int SignalCount = 1500;

    private static readonly ResonanceSearchSettings Settings = new()
    {
        Schema = new EventSchema { Features = ["x"], Mass = "m" },
        Window = new MassWindow(3.3, 3.7, 2.8, 4.2),
        Background = new PlainSidebands(),
        LearnsAnomaly = false,
        RunsGuards = false,
        Signal = new RatioOptions { FoldCount = 3, MemberCount = 1, Trees = new TreeOptions { TreeCount = 60, LeafCount = 8, MinLeafHessian = 10, L2 = 10 } },
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
        SignalLeakage leakage = search.Result.SignalInTemplate!;
        double likeness = Likeness(truth, leakage.Absorbed * truth);
        Assert.That(leakage.Absorbed, Is.EqualTo(0.4 * Mass(Beside) / Mass(Region)).Within(5).Percent);
        Assert.That(likeness, Is.InRange(0.4, 0.7));
        Assert.That(leakage.Likeness, Is.EqualTo(likeness).Within(5).Percent);
        Assert.That(found.Value, Is.EqualTo(truth).Within(2 * error));

        // Were all signal alike, the fraction would be larger by (1 − ρk)/(1 − k).
        double allAlike = found.Value * (1 - (leakage.Likeness * leakage.Absorbed)) / (1 - leakage.Absorbed);
        Assert.That(allAlike, Is.GreaterThan(truth + (3 * error)));

        var uncorrected = ResonanceSearch.Run(data, simulation, Settings with { Inference = new SignalInference { CorrectsContamination = false } });
        Assert.That(uncorrected.Result.SignalFraction.Value, Is.EqualTo((1 - (leakage.Likeness * leakage.Absorbed)) * found.Value).Within(8).Percent);
        Assert.That(uncorrected.Result.SignalInTemplate!.FractionShift + uncorrected.Result.SignalFraction.Value, Is.EqualTo(truth).Within(2 * error));
    }

    [Test]
    public void Until_its_score_is_known_all_signal_is_alike()
    {
        Assert.That(new SignalAbsorption(0.5, 0.1).Alike, Is.EqualTo(0.5));
        Assert.That(default(SignalAbsorption).Alike, Is.Zero);
    }

    private static readonly (double Low, double High)[] Region = [(3.3, 3.5), (3.5, 3.7)];

    private static readonly (double Low, double High)[] Beside = [(2.8, 3.3), (3.7, 4.2)];

    /// <summary>(m_beside − m_T)/(m_S − m_T) of the score (r − 1)/(1 − μ + μ (r − 1)), r = p_S/t, by integrals over the densities.</summary>
    private static double Likeness(double fraction, double inTemplate)
    {
        var rule = Quadrature.OnInterval(-6, 6, 200);
        double[] inRegion = [.. rule.Nodes.Select(x => Feature(x, Region))];
        double[] beside = [.. rule.Nodes.Select(x => Feature(x, Beside))];
        double[] template = [.. rule.Nodes.Select((x, at) => ((1 - inTemplate) * Normal(x, 0, 1)) + (inTemplate * beside[at]))];
        double ofTemplate = MeanScore(template);
        return (MeanScore(beside) - ofTemplate) / (MeanScore(inRegion) - ofTemplate);

        double MeanScore(double[] density) => rule.Weights
            .Select((weight, at) => (weight * density[at], Excess: (inRegion[at] / template[at]) - 1))
            .Sum(point => point.Item1 * point.Excess / (1 - fraction + (fraction * point.Excess)));
    }

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
