using Gbi.Inference;
using Gbi.Inference.Binned;
using Gbi.Numerics;

namespace Gbi.Tests.Inference.Binned;

/// <summary>Derivatives against differences, on a model with every kind of modifier, shared and repeated.</summary>
public sealed class BinnedLikelihoodTests
{
    private static readonly BinnedModel Model = EveryModifier(FactorLaw.PolynomialExponential, ShapeLaw.PolynomialLinear);
    private static readonly double[] Data = Model.DataOf([26, 31, 12, 0, 45]);

    [TestCase(FactorLaw.Linear, ShapeLaw.Linear)]
    [TestCase(FactorLaw.Exponential, ShapeLaw.QuadraticLinear)]
    [TestCase(FactorLaw.PolynomialExponential, ShapeLaw.PolynomialLinear)]
    public void Gradient_and_Hessian_are_those_of_the_value(FactorLaw factor, ShapeLaw shape)
    {
        BinnedModel model = EveryModifier(factor, shape);
        var likelihood = new BinnedLikelihood(model, Data);
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
                    Assert.That(hessian[(i * n) + j], Is.EqualTo(slopes[j]).Within(1e-5 * (1 + Math.Abs(slopes[j]))), $"Hessian {i},{j} at point {point}");
                }
            }
        }
    }

    [Test]
    public void Derivatives_hold_where_strengths_are_zero()
    {
        // Products without a factor cannot be had by division there.
        var likelihood = new BinnedLikelihood(Model, Data);
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
        var likelihood = new BinnedLikelihood(Model, Data);
        double[] at = Model.InitialParameters();
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

    [TestCase(FactorLaw.PolynomialExponential)]
    [TestCase(FactorLaw.Exponential)]
    [TestCase(FactorLaw.Linear)]
    public void A_factor_takes_its_values_at_one_standard_deviation(FactorLaw law)
    {
        BinnedModel model = new(
            [new FitParameter { Name = "alpha", Constraint = new GaussianConstraint(0) }],
            [new BinnedChannel("c", [new BinnedSample("s", [10], [new YieldVariation(0, 0.8, 1.3, law)])])], null);

        Assert.Multiple(() =>
        {
            Assert.That(model.AsimovData([-1])[0], Is.EqualTo(8).Within(1e-12));
            Assert.That(model.AsimovData([0])[0], Is.EqualTo(10).Within(1e-12));
            Assert.That(model.AsimovData([1])[0], Is.EqualTo(13).Within(1e-12));
            Assert.That(model.AsimovData([2])[0], Is.EqualTo(law == FactorLaw.Linear ? 16 : 16.9).Within(1e-12));
        });
    }

    [Test]
    public void A_bin_that_cannot_hold_its_counts_is_outside_of_the_domain()
    {
        BinnedModel model = new(
            [new FitParameter { Name = "mu", Lower = -5, Upper = 5 }],
            [new BinnedChannel("c", [new BinnedSample("s", [1], [new YieldFactor(0)])])], 0);

        Assert.Multiple(() =>
        {
            Assert.That(new BinnedLikelihood(model, [3]).TwiceNll([0]), Is.EqualTo(double.PositiveInfinity));
            Assert.That(new BinnedLikelihood(model, [3]).TwiceNll([-1]), Is.EqualTo(double.PositiveInfinity));
            Assert.That(new BinnedLikelihood(model, [0]).TwiceNll([0]), Is.Zero.Within(1e-14));
            Assert.That(Assert.Throws<ArgumentException>(() => new BinnedLikelihood(model, [-1]))!.Message, Does.Contain("expected a finite count of 0 or more"));
        });
    }

    private static BinnedModel EveryModifier(FactorLaw factor, ShapeLaw shape) => new(
        [
            new FitParameter { Name = "mu", Initial = 1, Lower = 0, Upper = 10 },
            new FitParameter { Name = "k", Initial = 1, Lower = 0, Upper = 10 },
            new FitParameter { Name = "alpha", Lower = -5, Upper = 5, Constraint = new GaussianConstraint(0) },
            new FitParameter { Name = "beta", Lower = -5, Upper = 5, Constraint = new GaussianConstraint(0) },
            new FitParameter { Name = "lumi", Initial = 1, Lower = 0.5, Upper = 1.5, Constraint = new GaussianConstraint(1, 0.05) },
            new FitParameter { Name = "g[0]", Initial = 1, Lower = 1e-10, Upper = 10, Constraint = new PoissonConstraint(30, 25) },
            new FitParameter { Name = "g[1]", Initial = 1, Lower = 1e-10, Upper = 10, Constraint = new PoissonConstraint(14, 16) },
            new FitParameter { Name = "h[0]", Initial = 1, Lower = 1e-10, Upper = 10, Constraint = new GaussianConstraint(1, 0.1) },
            new FitParameter { Name = "h[1]", Initial = 1, Lower = 1e-10, Upper = 10, Constraint = new GaussianConstraint(1, 0.2) },
            new FitParameter { Name = "h[2]", Initial = 1, Lower = 1e-10, Upper = 10, Constraint = new GaussianConstraint(1, 0.1) },
        ],
        [
            new BinnedChannel("a",
            [
                new BinnedSample("signal", [3, 9, 2],
                [
                    new YieldFactor(0), new YieldFactor(1), new YieldFactor(4), new YieldVariation(2, 0.9, 1.2, factor),
                    new ShapeVariation(2, [2.5, 9.2, 2.1], [3.6, 8.5, 1.8], shape), new BinFactors([7, 8, 9]),
                ]),
                new BinnedSample("background", [20, 15, 9],
                [
                    new YieldFactor(4), new YieldVariation(2, 1.1, 0.95, factor), new YieldVariation(3, 0.8, 1.15, factor),
                    new ShapeVariation(3, [19, 15.5, 9.5], [22, 14, 8.5], shape), new ShapeVariation(2, [20.5, 15, 8], [19, 15.5, 9.9], shape),
                    new BinFactors([7, 8, 9]), new BinFactors([5, -1, 6]),
                ]),
            ]),
            new BinnedChannel("b",
            [
                new BinnedSample("background", [4, 40], [new YieldFactor(1), new YieldVariation(3, 0.7, 1.2, factor), new BinFactors([5, 6])]),
                new BinnedSample("floor", [1, 1], []),
            ]),
        ],
        0);

    private static double[] RandomPoint(BinnedModel model, Seed seed) => [.. model.Parameters.Select((parameter, i) =>
        parameter.Initial + (parameter.Initial == 0 ? 3 * (seed.Uniform(i) - 0.5) : 0.6 * (seed.Uniform(i) - 0.5)))];

    /// <summary>Central differences along one parameter: of the value, and of the gradient.</summary>
    private static double[] Difference(BinnedLikelihood likelihood, double[] at, int i, out double slope)
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
