using Gbi.Inference.Impacts;
using Gbi.Likelihoods;
using Gbi.Likelihoods.Constraints;
using Gbi.Likelihoods.Factors;
using Gbi.Likelihoods.Interpolations;
using Gbi.Likelihoods.Model;

namespace Gbi.Tests.Inference.Impacts;

/// <summary>Impacts of auxiliary measurements where they are known in closed form.</summary>
public sealed class MeasurementImpactTests
{
    [Test]
    public void A_measurement_moves_the_strength_by_its_covariance_over_its_width()
    {
        // One bin, n = μ s + b(1 + 0.1 α) in the linear law: μ̂ = (n − b(1 + 0.1 m))/s, whose change with m is ∓ 0.1 b/s; a second nuisance
        // on another channel has none.
        var model = new LikelihoodModel(
            [
                new FitParameter { Name = "mu", Initial = 1 }, new NuisanceParameter("beta"),
                new NuisanceParameter("alpha") { Constraint = Constraint.Gaussian(0.2, 0.5) }
            ],
            [
                new BinnedChannel("sr",
                [
                    new BinnedSample("s", [50]) { YieldFactors = [YieldFactor.Strength("mu")] },
                    new BinnedSample("b", [400])
                    {
                        YieldFactors = [YieldFactor.Interpolated("alpha", 0.9, 1.1, InterpolationLaw.PiecewiseLinear)]
                    },
                ]),
                new BinnedChannel("cr", [new BinnedSample("b", [70]) { YieldFactors = [YieldFactor.Exponential("beta", 0.2)] }]),
            ],
            "mu");
        IReadOnlyList<ParameterImpact> impacts = ParameterImpact.OfMeasurements(model, model.DataOf(480, 75));

        Assert.Multiple(() =>
        {
            Assert.That(impacts.Select(impact => impact.Parameter), Is.EqualTo(new[] { "alpha", "beta" }));
            Assert.That(impacts[0].Up, Is.EqualTo(-0.5 * 0.1 * 400 / 50).Within(1e-8));
            Assert.That(impacts[0].Down, Is.EqualTo(0.5 * 0.1 * 400 / 50).Within(1e-8));
            Assert.That(impacts[1].Largest, Is.Zero.Within(1e-8));
        });
    }

    [TestCase(+1), TestCase(-1)]
    public void A_shift_is_one_standard_deviation_of_the_measurement(int sign)
    {
        Assert.That(Constraint.Gaussian(0.3, 2).Shifted(0.3, sign), Is.EqualTo(0.3 + (2 * sign)));
        Assert.That(Constraint.LogNormal(1.25).Shifted(2, sign), Is.EqualTo(2 * Math.Pow(1.25, sign)).Within(1e-15));
        Assert.That(Constraint.Poisson(10).Shifted(100, sign), Is.EqualTo(100 + (10 * sign)));
        Assert.That(Constraint.Poisson(10).Shifted(0.25, -1), Is.Zero);
    }
}
