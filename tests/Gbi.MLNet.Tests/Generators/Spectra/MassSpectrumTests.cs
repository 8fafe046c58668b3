using Gbi.Events;
using Gbi.Generators.Spectra;
using Gbi.Numerics;
using Gbi.Tests.Simulators;

namespace Gbi.Tests.Generators.Spectra;

[TestFixture]
internal sealed class MassSpectrumTests
{
    private static readonly MassWindow Window = new(3.3, 3.7, 2.6, 5);
    private static readonly MassSpectrumOptions Dijet = new() { Shape = SpectrumShape.Dijet, CollisionEnergy = 13 };
    private static readonly MassSpectrumOptions Parabola = new() { ParameterCount = 3 };
    private static readonly MassSpectrumOptions Exponential = new() { Shape = SpectrumShape.Exponential };

    [Test]
    public void A_weight_of_2_doubles_the_expectation_and_its_error()
    {
        // The sandwich H⁻¹ (Σ w² ∇∇ᵀ) H⁻¹ scales as the square of the yield; an inverse Hessian alone would give √2. Without
        // weights the inverse Hessian stands for the sandwich, which agrees with it up to the fluctuation of the sample.
        float[] masses = Draw(5000, 1);
        foreach (MassSpectrumOptions options in new[] { Dijet, Parabola, Exponential, Dijet with { ParameterCount = 5 } })
        {
            Estimate plain = MassSpectrum.Fit(masses, Ones(masses.Length, 1), Window, options).Expected(3.3, 3.7);
            Estimate doubled = MassSpectrum.Fit(masses, Ones(masses.Length, 2), Window, options).Expected(3.3, 3.7);
            Estimate unweighted = MassSpectrum.Fit(masses, [], Window, options).Expected(3.3, 3.7);
            Assert.That(doubled.Value, Is.EqualTo(2 * plain.Value).Within(1e-3).Percent);
            Assert.That(doubled.Error, Is.EqualTo(2 * plain.Error).Within(0.01).Percent);
            Assert.That(unweighted.Value, Is.EqualTo(plain.Value).Within(1e-6).Percent);
            Assert.That(unweighted.Error, Is.EqualTo(plain.Error).Within(5).Percent);
        }
    }

    [Test]
    public void The_fitted_spectrum_holds_as_many_events_as_the_sidebands()
    {
        // Every family holds a factor, along which the derivative of the extended likelihood is Σw − ∫f.
        float[] masses = Draw(3000, 2);
        double[] weights = [.. masses.Select((_, row) => 0.5 + (row % 3))];
        MassSpectrumOptions[] shapes =
        [
            Dijet, Parabola, Exponential, Dijet with { ParameterCount = 4 }, Dijet with { ParameterCount = 5 },
            Parabola with { ParameterCount = 5 }, Exponential with { ParameterCount = 2 }, Exponential with { ParameterCount = 6 },
        ];
        foreach (MassSpectrumOptions options in shapes)
        {
            MassSpectrum spectrum = MassSpectrum.Fit(masses, weights, Window, options);
            double inSidebands = spectrum.Expected(2.6, 3.3).Value + spectrum.Expected(3.7, 5).Value;
            Assert.That(inSidebands, Is.EqualTo(weights.Sum()).Within(0.01).Percent);
        }
    }

    [Test]
    public void An_exponential_has_the_moments_of_the_sidebands()
    {
        // ∂/∂cₖ of the log likelihood of f = exp Σ cₖ Pₖ is Σ Pₖ(tᵢ) − ∫ Pₖ f: with three parameters mean and variance of t are those of
        // the events.
        float[] masses = Draw(3000, 7);
        MassSpectrum spectrum = MassSpectrum.Fit(masses, [], Window, Exponential);
        foreach (int power in new[] { 1, 2 })
        {
            double found = Moment(2.6, 3.3, power) + Moment(3.7, 5, power);
            double expected = masses.Sum(mass => Math.Pow(((2 * mass) - 7.6) / 2.4, power));
            Assert.That(found, Is.EqualTo(expected).Within(1e-3 * masses.Length));
        }

        double Moment(double low, double high, int power)
        {
            Quadrature rule = Quadrature.OnInterval(low, high, 64);
            return rule.Nodes.Zip(rule.Weights, (mass, weight) =>
                weight * Math.Pow(((2 * mass) - 7.6) / 2.4, power) * spectrum.Density(mass)).Sum();
        }
    }

    [Test]
    public void A_dijet_spectrum_of_many_events_finds_its_parameters()
    {
        // dN/dm ∝ (1−y)^13.9 y^0.58: c₂ = 13.9, c₃ = −0.58, each within 3 of its own errors.
        MassSpectrum spectrum = MassSpectrum.Fit(Draw(200_000, 3), [], Window, Dijet);
        Assert.That(spectrum.Parameters[1], Is.EqualTo(13.9).Within(3 * Math.Sqrt(spectrum.Covariance[4])));
        Assert.That(spectrum.Parameters[2], Is.EqualTo(-0.58).Within(3 * Math.Sqrt(spectrum.Covariance[8])));
    }

    [Test]
    public void A_dijet_spectrum_of_five_parameters_holds_the_shorter_ones()
    {
        // The truth has p₄ = p₅ = 0: parameters of strongly correlated functions, each within 3 of its own errors, and the density as
        // they are written.
        MassSpectrum spectrum = MassSpectrum.Fit(Draw(200_000, 3), [], Window, Dijet with { ParameterCount = 5 });
        double[] p = spectrum.Parameters.ToArray();
        double[] truth = [p[0], 13.9, -0.58, 0, 0];
        for (int k = 1; k < 5; k++)
        {
            Assert.That(p[k], Is.EqualTo(truth[k]).Within(3 * Math.Sqrt(spectrum.Covariance[(5 * k) + k])), $"p{k + 1}");
        }

        foreach (double mass in new[] { 2.6, 3.5, 4.9 })
        {
            double y = mass / 13;
            double log = Math.Log(y);
            double written = Math.Exp(p[0] + (p[1] * Math.Log(1 - y)) - (log * (p[2] + (p[3] * log) + (p[4] * log * log))));
            Assert.That(spectrum.Density(mass), Is.EqualTo(written).Within(1e-6).Percent);
        }
    }

    [Test]
    public void A_good_description_has_a_flat_probability_and_a_wrong_one_a_tiny_one()
    {
        const int Toys = 300;
        double[] probabilities = new double[Toys];
        EventBlocks.ForEachIndex(
            Toys, toy => probabilities[toy] = MassSpectrum.Fit(Draw(4000, 100 + toy), [], Window, Dijet).GoodnessOfFit);

        // Uniform: mean ½ ± 1/√(12n), a tenth below 0.1; the number of degrees of freedom of an unbinned fit is between those with and
        // without the parameters, 3 of 17, hence the further 0.05.
        Assert.That(probabilities.Average(), Is.EqualTo(0.5).Within(0.05 + (3 / Math.Sqrt(12.0 * Toys))));
        Assert.That(probabilities.Count(p => p < 0.1) / (double)Toys, Is.EqualTo(0.1).Within(0.02 + (3 * Math.Sqrt(0.09 / Toys))));
        Assert.That(MassSpectrum.Fit(Draw(40_000, 1), [], Window, Parabola with { ParameterCount = 2 }).GoodnessOfFit, Is.LessThan(1e-6));
    }

    [Test]
    public void What_cannot_be_fitted_is_told()
    {
        float[] masses = Draw(1000, 4);
        float[] below = [.. masses.Where(mass => mass < 3.3f)];
        float[] above = [.. masses.Where(mass => mass > 3.7f)];
        var open = new MassWindow(3.3, 3.7);
        AssertRefuses<DataException>(
            () => MassSpectrum.Fit(masses.AsSpan(0, 30), [], Window, Dijet), "30 events, too few for 3 parameters");
        AssertRefuses<DataException>(
            () => MassSpectrum.Fit(below, [], open, Parabola), "There are no events above the signal region [3.3, 3.7)");
        AssertRefuses<DataException>(
            () => MassSpectrum.Fit(above, [], open, Parabola), "There are no events below the signal region [3.3, 3.7)");
        AssertRefuses<ArgumentException>(
            () => MassSpectrum.Fit(masses, [], Window, Dijet with { ParameterCount = 6 }), "3 to 5 parameters, not 6");
        AssertRefuses<ArgumentException>(
            () => MassSpectrum.Fit(masses, [], Window, Dijet with { CollisionEnergy = null }), "needs the collision energy");
        AssertRefuses<DataException>(
            () => MassSpectrum.Fit(masses, [], Window, Dijet with { CollisionEnergy = 4 }), "between 0 and the collision energy 4");
        AssertRefuses<ArgumentOutOfRangeException>(() => _ = new MassSpectrumOptions { ParameterCount = 9 }, "from 1 to 8");
    }

    [Test]
    public void An_empty_sideband_inside_outer_limits_is_told()
    {
        float[] below = [.. Draw(2000, 5).Where(mass => mass < 3.3f)];
        AssertRefuses<DataException>(
            () => MassSpectrum.Fit(below, [], Window, Parabola), "There are no events above the signal region [3.3, 3.7)");
    }

    private static void AssertRefuses<T>(Action action, string sentence)
        where T : Exception => Assert.That(action, Throws.TypeOf<T>().With.Message.Contains(sentence));

    private static float[] Draw(int count, int stream)
    {
        float[] masses = DijetTruth.Draw(count, 2.6, 5, new Seed(30).Child(stream));
        return [.. masses.Where(mass => Window.RegionOf(mass) == MassRegion.Sideband)];
    }

    private static double[] Ones(int count, double weight) => [.. Enumerable.Repeat(weight, count)];
}
