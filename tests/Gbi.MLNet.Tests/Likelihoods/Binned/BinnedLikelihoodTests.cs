using Gbi.Events;
using Gbi.Likelihoods;
using Gbi.Likelihoods.Constraints;
using Gbi.Likelihoods.Factors;
using Gbi.Likelihoods.Interpolations;
using Gbi.Likelihoods.Model;
using Gbi.Numerics;

namespace Gbi.Tests.Likelihoods.Binned;

/// <summary>Derivatives against differences, on a model with every kind of modifier, shared and repeated.</summary>
public sealed class BinnedLikelihoodTests
{
    private static readonly LikelihoodModel Model = EveryModifier(
        InterpolationLaw.PolynomialExponential, InterpolationLaw.PolynomialLinear);
    private static readonly ModelData Data = Model.DataOf(26, 31, 12, 0, 45);

    [TestCase(InterpolationLaw.PiecewiseLinear, InterpolationLaw.PiecewiseLinear)]
    [TestCase(InterpolationLaw.PiecewiseExponential, InterpolationLaw.QuadraticLinear)]
    [TestCase(InterpolationLaw.PolynomialExponential, InterpolationLaw.PolynomialLinear)]
    public void Gradient_and_Hessian_are_those_of_the_value(InterpolationLaw factor, InterpolationLaw shape)
    {
        LikelihoodModel model = EveryModifier(factor, shape);
        var likelihood = new Likelihood(model, Data);
        int n = model.Parameters.Count;
        double[] gradient = new double[n];
        double[] hessian = new double[n * n];
        for (int point = 0; point < 20; point++)
        {
            double[] at = RandomPoint(model, new Seed(7).Child(point));
            double value = likelihood.Evaluate(at, gradient, hessian);
            Assert.That(double.IsFinite(value));
            for (int i = 0; i < n; i++)
            {
                double[] slopes = Difference(likelihood, at, i, out double slope);
                Assert.That(gradient[i], Is.EqualTo(slope).Within(1e-6 * (1 + Math.Abs(slope))), $"gradient {i} at point {point}");
                for (int j = 0; j < n; j++)
                {
                    Assert.That(
                        hessian[(i * n) + j], Is.EqualTo(slopes[j]).Within(1e-5 * (1 + Math.Abs(slopes[j]))),
                        $"Hessian {i},{j} at point {point}");
                }
            }
        }
    }

    [Test]
    public void Derivatives_hold_where_strengths_are_zero()
    {
        // Products without a factor cannot be had by division there.
        var likelihood = new Likelihood(Model, Data);
        double[] at = RandomPoint(Model, new Seed(3));
        at[Model.IndexOf("mu")] = 0;
        at[Model.IndexOf("k")] = 0;
        int n = at.Length;
        double[] gradient = new double[n];
        double[] hessian = new double[n * n];
        likelihood.Evaluate(at, gradient, hessian);
        for (int i = 0; i < n; i++)
        {
            double[] slopes = Difference(likelihood, at, i, out double slope);
            Assert.That(gradient[i], Is.EqualTo(slope).Within(1e-6 * (1 + Math.Abs(slope))));
            for (int j = 0; j < n; j++)
            {
                Assert.That(hessian[(i * n) + j], Is.EqualTo(slopes[j]).Within(1e-5 * (1 + Math.Abs(slopes[j]))), $"Hessian {i},{j}");
            }
        }
    }

    [Test]
    public void An_evaluation_allocates_nothing()
    {
        var likelihood = new Likelihood(Model, Data);
        double[] at = Model.InitialParameters;
        double[] gradient = new double[at.Length];
        double[] hessian = new double[at.Length * at.Length];
        likelihood.Evaluate(at, gradient, hessian);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
        {
            likelihood.Evaluate(at, gradient, hessian);
        }

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    [TestCase(InterpolationLaw.PolynomialExponential)]
    [TestCase(InterpolationLaw.PiecewiseExponential)]
    [TestCase(InterpolationLaw.PiecewiseLinear)]
    public void A_factor_takes_its_values_at_one_standard_deviation(InterpolationLaw law)
    {
        LikelihoodModel model = new(
            [new NuisanceParameter("alpha")],
            [new BinnedChannel("c", [new BinnedSample("s", [10]) { YieldFactors = [YieldFactor.Interpolated("alpha", 0.8, 1.3, law)] }])]);

        Assert.Multiple(() =>
        {
            Assert.That(model.AsimovData([-1]).Counts[0], Is.EqualTo(8).Within(1e-12));
            Assert.That(model.AsimovData([0]).Counts[0], Is.EqualTo(10).Within(1e-12));
            Assert.That(model.AsimovData([1]).Counts[0], Is.EqualTo(13).Within(1e-12));
            Assert.That(model.AsimovData([2]).Counts[0], Is.EqualTo(law == InterpolationLaw.PiecewiseLinear ? 16 : 16.9).Within(1e-12));
        });
    }

    [Test]
    public void A_bin_that_cannot_hold_its_counts_is_outside_of_the_domain()
    {
        LikelihoodModel model = new(
            [new FitParameter { Name = "mu", Lower = -5, Upper = 5 }],
            [new BinnedChannel("c", [new BinnedSample("s", [1]) { YieldFactors = [YieldFactor.Strength("mu")] }])]);

        Assert.Multiple(() =>
        {
            Assert.That(At(3, 0), Is.EqualTo(double.PositiveInfinity));
            Assert.That(At(3, -1), Is.EqualTo(double.PositiveInfinity));
            Assert.That(At(0, 0), Is.Zero.Within(1e-14));
            Assert.That(
                new Likelihood(model, model.DataOf(3)).WhyUndefined([-1]),
                Is.EqualTo("Bin 0 of channel 'c' holds 3 counts, but -1 are expected."));
            Assert.That(new Likelihood(model, model.DataOf(3)).WhyUndefined([1]), Is.Null);
            Assert.That(
                Assert.Throws<DataException>(() => _ = new Likelihood(model, model.DataOf(-1)))!.Message,
                Is.EqualTo("Bin 0 of channel 'c' holds -1, expected a finite count of 0 or more."));
        });

        double At(double count, double mu) => new Likelihood(model, model.DataOf(count)).Evaluate([mu], [], []);
    }

    private static LikelihoodModel EveryModifier(InterpolationLaw factor, InterpolationLaw shape) => new(
        [
            new FitParameter { Name = "mu", Initial = 1, Lower = 0, Upper = 10 },
            new FitParameter { Name = "k", Initial = 1, Lower = 0, Upper = 10 },
            new NuisanceParameter("alpha") { Lower = -5, Upper = 5 },
            new NuisanceParameter("beta") { Lower = -5, Upper = 5 },
            new FitParameter { Name = "lumi", Initial = 1, Lower = 0.5, Upper = 1.5, Constraint = Constraint.LogNormal(1.05, 0.98) },
            new FitParameter { Name = "g0", Initial = 1, Lower = 1e-10, Upper = 10, Constraint = Constraint.Poisson(25, 30) },
            new FitParameter { Name = "g1", Initial = 1, Lower = 1e-10, Upper = 10, Constraint = Constraint.Poisson(16, 14) },
            new FitParameter { Name = "h0", Initial = 1, Lower = 1e-10, Upper = 10, Constraint = Constraint.Gaussian(1, 0.1) },
            new FitParameter { Name = "h1", Initial = 1, Lower = 1e-10, Upper = 10, Constraint = Constraint.Gaussian(1, 0.2) },
            new FitParameter { Name = "h2", Initial = 1, Lower = 1e-10, Upper = 10, Constraint = Constraint.Gaussian(1, 0.1) },
        ],
        [
            new BinnedChannel("a",
            [
                new BinnedSample("signal", [3, 9, 2])
                {
                    YieldFactors =
                    [
                        YieldFactor.Strength("mu"), YieldFactor.Polynomial("k", 0.1, 0.6, 0.3), YieldFactor.Strength("lumi"),
                        YieldFactor.Interpolated("alpha", 0.9, 1.2, factor),
                    ],
                    Shifts = [new BinShift("alpha", [2.5, 9.2, 2.1], [3.6, 8.5, 1.8], shape)],
                    BinFactors = [new BinFactors(["h0", "h1", "h2"])],
                },
                new BinnedSample("background", [20, 15, 9])
                {
                    YieldFactors =
                    [
                        YieldFactor.Strength("lumi"), YieldFactor.Interpolated("alpha", 1.1, 0.95, factor),
                        YieldFactor.Interpolated("beta", 0.8, 1.15, factor),
                    ],
                    Shifts =
                    [
                        new BinShift("beta", [19, 15.5, 9.5], [22, 14, 8.5], shape),
                        new BinShift("alpha", [20.5, 15, 8], [19, 15.5, 9.9], shape),
                    ],
                    BinFactors = [new BinFactors(["h0", "h1", "h2"]), new BinFactors(["g0", null, "g1"])],
                },
            ]),
            new BinnedChannel("b",
            [
                new BinnedSample("background", [4, 40])
                {
                    YieldFactors = [YieldFactor.Strength("k"), YieldFactor.Interpolated("beta", 0.7, 1.2, factor)],
                    BinFactors = [new BinFactors(["g0", "g1"])],
                },
                new BinnedSample("floor", [1, 1]),
            ]),
        ],
        "mu");

    private static double[] RandomPoint(LikelihoodModel model, Seed seed) => [.. model.Parameters.Select((parameter, i) =>
        parameter.Initial + (parameter.Initial == 0 ? 3 * (seed.Uniform(i) - 0.5) : 0.6 * (seed.Uniform(i) - 0.5)))];

    /// <summary>Central differences along one parameter: of the value, and of the gradient.</summary>
    private static double[] Difference(Likelihood likelihood, double[] at, int i, out double slope)
    {
        const double Step = 1e-5;
        double[] up = [.. at];
        double[] down = [.. at];
        (up[i], down[i]) = (at[i] + Step, at[i] - Step);
        double[] above = new double[at.Length];
        double[] below = new double[at.Length];
        slope = (likelihood.Evaluate(up, above, []) - likelihood.Evaluate(down, below, [])) / (2 * Step);
        return [.. above.Zip(below, (a, b) => (a - b) / (2 * Step))];
    }
}
