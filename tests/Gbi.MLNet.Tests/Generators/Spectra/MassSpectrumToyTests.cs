using Gbi.Events;
using Gbi.Generators.Spectra;
using Gbi.Numerics;
using Gbi.Tests.Simulators;
using MathNet.Numerics.Distributions;

namespace Gbi.Tests.Generators.Spectra;

/// <summary>Pulls (estimate − truth)/error of the expected background over many toys with a Poisson number of events.</summary>
[TestFixture]
internal sealed class MassSpectrumToyTests
{
    private const int Toys = 1000;
    private const double MeanCount = 4000;

    private static readonly MassWindow Window = new(3.3, 3.7, 2.6, 5);

    [Test]
    public void The_expected_background_of_a_dijet_truth_has_pulls_of_mean_0_and_width_1() => AssertPulls(
        new MassSpectrumOptions { Shape = SpectrumShape.Dijet, CollisionEnergy = 13 },
        seed => DijetTruth.Draw(Count(seed), 2.6, 5, seed),
        MeanCount * DijetTruth.Share(3.3, 3.7, 2.6, 5),
        weighted: false);

    // f = 1 + s t on t ∈ [−1, 1] with s = −0.6 integrates to 2 over the range and to (t₂−t₁) + s (t₂²−t₁²)/2 over the region.
    [TestCase(false), TestCase(true)]
    public void The_expected_background_of_a_polynomial_truth_has_pulls_of_mean_0_and_width_1(bool weighted)
    {
        const double Slope = -0.6;
        double low = Scaled(3.3);
        double high = Scaled(3.7);
        var spectrum = new TabulatedSpectrum(mass => 1 + (Slope * Scaled(mass)), 2.6, 5);
        double share = (high - low + (Slope * ((high * high) - (low * low)) / 2)) / 2;
        AssertPulls(new MassSpectrumOptions { ParameterCount = 3 }, seed => spectrum.Draw(Count(seed), seed), MeanCount * share, weighted);
    }

    private static double Scaled(double mass) => (2 * (mass - 2.6) / (5 - 2.6)) - 1;

    private static int Count(Seed seed) => Poisson.Sample(seed.Child("count").CreateRandom(), MeanCount);

    /// <summary>Weights of mean 1 and mean square 2 double the variance: an error that counts events would give a width of √2.</summary>
    private static void AssertPulls(MassSpectrumOptions options, Func<Seed, float[]> draw, double truth, bool weighted)
    {
        double[] pulls = new double[Toys];
        EventBlocks.ForEachIndex(Toys, toy =>
        {
            var seed = new Seed(31).Child(toy);
            float[] masses = [.. draw(seed).Where(mass => Window.RegionOf(mass) == MassRegion.Sideband)];
            Seed ofWeights = seed.Child("weights");
            double[] weights = weighted ? [.. masses.Select((_, row) => -Math.Log(ofWeights.Uniform(row)))] : [];
            Estimate expected = MassSpectrum.Fit(masses, weights, Window, options).Expected(3.3, 3.7);
            pulls[toy] = (expected.Value - truth) / expected.Error;
        });
        var moments = Moments.Of(pulls);
        Assert.That(moments.Mean, Is.EqualTo(0).Within(3 * moments.ErrorOfMean));
        Assert.That(moments.Deviation, Is.EqualTo(1).Within(3 * moments.ErrorOfDeviation));
    }
}
