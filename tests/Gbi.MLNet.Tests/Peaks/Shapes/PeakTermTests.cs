using Gbi.Peaks;
using Gbi.Peaks.Shapes;

namespace Gbi.Tests.Peaks.Shapes;

/// <summary>The forms of a peak and their derivatives.</summary>
internal sealed class PeakTermTests
{
    private static readonly object[] Forms =
    [
        new object[] { PeakForm.Gaussian, 0.0, 0.0 },
        new object[] { PeakForm.DoubleGaussian, 0.8, 0.3 },
        new object[] { PeakForm.CrystalBall, 1.3, 2.0 },
        new object[] { PeakForm.Voigt, 0.6, 0.0 },
    ];

    // scipy.special.voigt_profile(z, 1, gamma), scipy.stats.crystalball(alpha, 2).pdf(z) and their integrals from -inf.
    [TestCase(PeakForm.Voigt, 0, 0.3, 0.31889474908447796, 0.5)]
    [TestCase(PeakForm.Voigt, 1.3, 0.7, 0.15378378994931513, 0.7757492398421892)]
    [TestCase(PeakForm.Voigt, -4, 0.05, 0.0014293932380842471, 0.00433412367771413)]
    [TestCase(PeakForm.Voigt, 12, 2, 0.004388286133861434, 0.9470758725106987)]
    [TestCase(PeakForm.CrystalBall, -3, 1.5, 0.02593592561052408, 0.07348512256315154)]
    [TestCase(PeakForm.CrystalBall, 0.5, 1.5, 0.3183567793625166, 0.72100343409562)]
    [TestCase(PeakForm.CrystalBall, -20, 0.6, 0.0039010222501820024, 0.0886832391541375)]
    public void Values_are_those_of_SciPy(PeakForm form, double z, double first, double density, double below)
    {
        double[] shape = [0, first, 2, 0];

        Assert.That(PeakTerm.Density(form, z, shape).Value, Is.EqualTo(density).Within(1e-12));
        Assert.That(PeakTerm.Below(form, z, shape).Value, Is.EqualTo(below).Within(1e-11));
    }

    [TestCaseSource(nameof(Forms))]
    public void The_density_is_the_slope_of_the_share(PeakForm form, double a, double b)
    {
        double[] shape = [5, a, b, Math.Log(0.3)];
        foreach (double mass in (double[])[3.5, 4.55, 4.9, 5.2, 6.4])
        {
            const double step = 1e-4;
            double slope = (PeakTerm.Below(form, mass + step, shape).Value - PeakTerm.Below(form, mass - step, shape).Value) / (2 * step);
            Assert.That(PeakTerm.Density(form, mass, shape).Value, Is.EqualTo(slope).Within(1e-7));
        }
    }

    [Test]
    public void Derivatives_are_those_of_differences(
        [ValueSource(nameof(Forms))] object[] of, [Values] bool isDensity, [Values(3.7, 4.9, 5.2, 6.1)] double mass)
    {
        var form = (PeakForm)of[0];
        double[] shape = [5, (double)of[1], (double)of[2], Math.Log(0.3)];
        double[] gradient = new double[4];
        double[] hessian = new double[16];
        Of(shape).AddTo(1, gradient, hessian);
        PeakTerm Of(double[] at) => isDensity ? PeakTerm.Density(form, mass, at) : PeakTerm.Below(form, mass, at);

        // The power of the Crystal Ball is held; a and b of forms without them have no effect.
        int[] free = form switch { PeakForm.DoubleGaussian => [0, 1, 2, 3], PeakForm.Gaussian => [0, 3], _ => [0, 1, 3] };
        foreach (int i in free)
        {
            (double value, double[] slopes) = Difference(i);
            Assert.That(gradient[i], Is.EqualTo(value).Within(1e-6), $"{i}");
            foreach (int j in free.Where(j => j >= i))
            {
                Assert.That(hessian[(4 * i) + j], Is.EqualTo(slopes[j]).Within(1e-5), $"{i}, {j}");
            }
        }

        (double Value, double[] Slopes) Difference(int i)
        {
            const double step = 1e-5;
            double[] up = [.. shape];
            double[] down = [.. shape];
            (up[i], down[i]) = (up[i] + step, down[i] - step);
            (double[] above, double[] below) = (new double[4], new double[4]);
            Of(up).AddTo(1, above, new double[16]);
            Of(down).AddTo(1, below, new double[16]);
            return (
                (Of(up).Value - Of(down).Value) / (2 * step),
                [.. above.Zip(below, (high, low) => (high - low) / (2 * step))]);
        }
    }
}
