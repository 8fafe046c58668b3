using Gbi.Likelihoods.Constraints;
using Gbi.Likelihoods.Interpolations;

namespace Gbi.Tests.Likelihoods.Interpolations;

[TestFixture]
internal sealed class InterpolationTests
{
    private static readonly InterpolationLaw[] Laws = Enum.GetValues<InterpolationLaw>();

    private static readonly InterpolationLaw[] Smooth = [InterpolationLaw.PolynomialExponential, InterpolationLaw.PolynomialLinear];

    [Test]
    public void A_factor_meets_its_three_given_values([ValueSource(nameof(Laws))] InterpolationLaw law)
    {
        foreach ((double down, double up) in new[] { (0.9, 1.1), (1.3, 1.2), (0.4, 0.7), (1, 1), (0.95, 3) })
        {
            Assert.That(Interpolation.Evaluate(law, down, up, 1).Value, Is.EqualTo(up).Within(1e-14));
            Assert.That(Interpolation.Evaluate(law, down, up, -1).Value, Is.EqualTo(down).Within(1e-14));
            Assert.That(Interpolation.Evaluate(law, down, up, 0).Value, Is.EqualTo(1));
        }
    }

    [Test]
    public void The_two_polynomials_join_their_tails_with_two_continuous_derivatives([ValueSource(nameof(Smooth))] InterpolationLaw law)
    {
        foreach (double border in new[] { -1.0, 1 })
        {
            ValueWithDerivatives inside = Interpolation.Evaluate(law, 0.8, 1.35, border * (1 - 1e-12));
            ValueWithDerivatives outside = Interpolation.Evaluate(law, 0.8, 1.35, border * (1 + 1e-12));
            Assert.That(inside.Value, Is.EqualTo(outside.Value).Within(1e-11));
            Assert.That(inside.First, Is.EqualTo(outside.First).Within(1e-10));
            Assert.That(inside.Second, Is.EqualTo(outside.Second).Within(1e-10));
        }
    }

    [Test]
    public void Derivatives_are_those_of_the_value([ValueSource(nameof(Laws))] InterpolationLaw law)
    {
        foreach (double alpha in new[] { -2.5, -1.2, -0.7, -0.1, 0.3, 0.9, 1.4, 3 })
        {
            Derivatives.AssertAgree(at => Interpolation.Evaluate(law, 0.85, 1.2, at), alpha);
        }
    }

    [TestCase(1.1, 0.9), TestCase(1.4, 1.3), TestCase(0.5, 0.2), TestCase(2.0, 0.97)]
    public void The_polynomial_of_code_4_has_the_coefficients_of_the_matrix_inverse(double up, double down)
    {
        // pyhf solves a 6 × 6 system for c; its inverse in closed form, in sums and differences of U, U ln U and U ln²U.
        double s0 = (up + down) / 2, a0 = (up - down) / 2;
        double ul = up * Math.Log(up), dl = -down * Math.Log(down);
        double s1 = (ul + dl) / 2, a1 = (ul - dl) / 2;
        double ul2 = ul * Math.Log(up), dl2 = -dl * Math.Log(down);
        double s2 = (ul2 + dl2) / 2, a2 = (ul2 - dl2) / 2;
        double[] c =
        [
            1, ((15 * a0) - (7 * s1) + a2) / 8, (-24 + (24 * s0) - (9 * a1) + s2) / 8, ((-5 * a0) + (5 * s1) - a2) / 4,
            (12 - (12 * s0) + (7 * a1) - s2) / 4, ((3 * a0) - (3 * s1) + a2) / 8, (-8 + (8 * s0) - (5 * a1) + s2) / 8,
        ];
        for (double alpha = -1; alpha <= 1; alpha += 0.125)
        {
            double expected = c.Select((coefficient, power) => coefficient * Math.Pow(alpha, power)).Sum();
            Assert.That(
                Interpolation.Evaluate(InterpolationLaw.PolynomialExponential, down, up, alpha).Value, Is.EqualTo(expected).Within(1e-14));
        }
    }

    [Test]
    public void Tails_are_powers_or_lines()
    {
        // Up 1.2, down 0.9: code 1 and 4 are 1.2^2 = 1.44 and 0.9^2 = 0.81; code 0 and 4p 1 + 2·0.2 and 1 − 2·0.1;
        // code 2 continues with the parabola's slope: a = 0.05, b = 0.15, 1.2 + 0.25 and 0.9 − 0.05.
        Assert.That(At(InterpolationLaw.PiecewiseExponential), Is.EqualTo((1.44, 0.81)));
        Assert.That(At(InterpolationLaw.PolynomialExponential), Is.EqualTo((1.44, 0.81)));
        Assert.That(At(InterpolationLaw.PiecewiseLinear), Is.EqualTo((1.4, 0.8)));
        Assert.That(At(InterpolationLaw.PolynomialLinear), Is.EqualTo((1.4, 0.8)));
        Assert.That(At(InterpolationLaw.QuadraticLinear), Is.EqualTo((1.45, 0.85)));

        static (double Up, double Down) At(InterpolationLaw law) => (
            Math.Round(Interpolation.Evaluate(law, 0.9, 1.2, 2).Value, 13),
            Math.Round(Interpolation.Evaluate(law, 0.9, 1.2, -2).Value, 13));
    }

    [TestCase(InterpolationLaw.PolynomialExponential, 0.0), TestCase(InterpolationLaw.PiecewiseExponential, -1.0)]
    [TestCase(InterpolationLaw.PiecewiseLinear, double.NaN)]
    public void A_ratio_that_the_law_cannot_take_is_refused(InterpolationLaw law, double up) =>
        Assert.That(
            () => Interpolation.Evaluate(law, 1, up, 0.5),
            Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("expected a finite number"));
}
