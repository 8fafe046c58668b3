using Gbi.Likelihoods.Constraints;

namespace Gbi.Tests.Likelihoods.Constraints;

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
    }

    [Test]
    public void Probabilities_of_all_outcomes_sum_to_1()
    {
        // Σ or ∫ over outcomes m of exp −(penalty + least NLL).
        Assert.That(Enumerable.Range(0, 200).Sum(count => Probability(Constraint.Poisson(12), 1.5, count)), Is.EqualTo(1).Within(1e-12));
        Assert.That(Integral(Constraint.Gaussian(0, 0.3), 0.7, -2, 4), Is.EqualTo(1).Within(1e-12));
        Assert.That(Integral(Constraint.LogNormal(1.2), 0.7, 0.1, 5), Is.EqualTo(1).Within(1e-12));

        static double Probability(Constraint constraint, double parameter, double outcome) =>
            Math.Exp(-constraint.At(parameter, outcome).Value - constraint.LeastNll(outcome));

        static double Integral(Constraint constraint, double parameter, double low, double high)
        {
            Gbi.Numerics.Quadrature rule = Gbi.Numerics.Quadrature.OnInterval(low, high, 512);
            return rule.Nodes.Zip(rule.Weights, (m, weight) => weight * Probability(constraint, parameter, m)).Sum();
        }
    }

    [Test]
    public void Draws_have_the_mean_and_the_width_of_the_measurement()
    {
        Random random = new Gbi.Numerics.Seed(5).CreateRandom();
        foreach (Constraint constraint in new[] { Constraint.Gaussian(2, 0.3), Constraint.LogNormal(1.1, 2), Constraint.Poisson(400, 800) })
        {
            // At θ = 2; the Poisson count is one of 800, the others measure θ itself.
            double[] draws = [.. Enumerable.Range(0, 20_000).Select(_ => constraint.Draw(2, random) / (constraint.Expected(2) / 2))];
            double mean = draws.Average();
            double width = Math.Sqrt(draws.Average(draw => (draw - mean) * (draw - mean)));
            Assert.That(mean, Is.EqualTo(2).Within(5 * constraint.Width / Math.Sqrt(20_000) + (0.5 * Math.Pow(constraint.Width, 2))));
            Assert.That(width, Is.EqualTo(constraint.Width).Within(0.03 * constraint.Width));
        }
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
        Assert.That(() => Constraint.Gaussian(0, 0), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => Constraint.Poisson(5, -1), Throws.TypeOf<ArgumentOutOfRangeException>());
    }
}
