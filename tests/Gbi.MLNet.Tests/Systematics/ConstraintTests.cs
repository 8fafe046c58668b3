using Gbi.Systematics;

namespace Gbi.Tests.Systematics;

[TestFixture]
internal sealed class ConstraintTests
{
    [Test]
    public void Penalties_are_the_negative_logs_of_their_densities_less_the_minimum()
    {
        Assert.That(Constraint.UnitGaussian(0.5).At(2).Value, Is.EqualTo(0.5 * 1.5 * 1.5));

        // One factor of κ is one standard deviation.
        Assert.That(Constraint.LogNormal(1.1).At(1.1).Value, Is.EqualTo(0.5).Within(1e-14));
        Assert.That(Constraint.LogNormal(1.1).At(1 / 1.1).Value, Is.EqualTo(0.5).Within(1e-14));

        // θτ − n ln θτ, less its value where θτ = n.
        double expected = 20 - (25 * Math.Log(20)) - (25 - (25 * Math.Log(25)));
        Assert.That(Constraint.Poisson(10, observed: 25).At(2).Value, Is.EqualTo(expected).Within(1e-12));
        Assert.That(Constraint.None.At(7), Is.EqualTo(default(ValueWithDerivatives)));
    }

    [Test]
    public void Derivatives_are_those_of_the_value()
    {
        foreach (Constraint constraint in new[] { Constraint.UnitGaussian(-1), Constraint.LogNormal(1.3, 0.9), Constraint.Poisson(12, 9) })
        {
            foreach (double at in new[] { 0.5, 0.9, 1.0, 2.5 })
            {
                Derivatives.AssertAgree(constraint.At, at);
            }
        }
    }

    [Test]
    public void A_positive_factor_may_not_be_0_or_less()
    {
        Assert.That(Constraint.LogNormal(1.1).At(0).Value, Is.EqualTo(double.PositiveInfinity));
        Assert.That(Constraint.Poisson(10).At(-1).Value, Is.EqualTo(double.PositiveInfinity));
    }

    [Test]
    public void Constraints_without_meaning_are_refused()
    {
        Assert.That(() => Constraint.LogNormal(1), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => Constraint.Poisson(0), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => Constraint.UnitGaussian(double.NaN), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => new NuisanceParameter("nu") { Lower = double.NaN }, Throws.TypeOf<ArgumentOutOfRangeException>());
    }
}
