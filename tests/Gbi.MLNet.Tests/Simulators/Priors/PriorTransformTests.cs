using Gbi.Events;
using Gbi.Numerics;
using Gbi.Simulators.Priors;
using Gbi.Simulators.Priors.Constraints;

namespace Gbi.Tests.Simulators.Priors;

/// <summary>The maps of supports to all real numbers, ranges given other parameters, and probabilities of constraints.</summary>
internal sealed class PriorTransformTests
{
    private static readonly Prior All = Prior.Independent(
        Prior.Uniform("mass", 80, 120),
        Prior.Normal("a", 3, 2),
        Prior.Normal("below", 0, 1, double.NegativeInfinity, 2),
        Prior.LogNormal("k", 2, 0.5),
        Prior.HalfNormal("width", 3),
        Prior.Beta("eff", 2, 5),
        Prior.Dirichlet(["f1", "f2", "f3"], [2, 1, 3, 1]),
        Prior.Normal(["x", "y"], [0, 0], [[1, 0.5], [0.5, 1]]));

    [Test]
    public void A_point_is_mapped_to_real_numbers_and_back()
    {
        EventTable table = All.Draw(200, new Seed(4));
        double[] unbounded = new double[All.Parameters.Count];
        double[] back = new double[unbounded.Length];
        for (int row = 0; row < table.Count; row++)
        {
            double[] point = [.. All.Parameters.Select(name => (double)table[name][row])];
            All.ToUnbounded(point, unbounded);
            All.FromUnbounded(unbounded, back);
            for (int k = 0; k < point.Length; k++)
            {
                Assert.That(back[k], Is.EqualTo(point[k]).Within(1e-10 * Math.Max(1, Math.Abs(point[k]))), All.Parameters[k]);
            }
        }
    }

    [Test]
    public void The_Jacobian_is_that_of_finite_differences()
    {
        int size = All.Parameters.Count;
        const double Step = 1e-5;
        Random random = new Seed(6).CreateRandom();
        for (int repeat = 0; repeat < 10; repeat++)
        {
            double[] u = [.. Enumerable.Range(0, size).Select(_ => (4 * random.NextDouble()) - 2)];
            double[,] jacobian = new double[size, size];
            for (int k = 0; k < size; k++)
            {
                double[] up = [.. u], down = [.. u];
                up[k] += Step;
                down[k] -= Step;
                double[] high = new double[size], low = new double[size];
                All.FromUnbounded(up, high);
                All.FromUnbounded(down, low);
                for (int i = 0; i < size; i++)
                {
                    jacobian[i, k] = (high[i] - low[i]) / (2 * Step);
                }
            }

            double expected = Math.Log(Math.Abs(MathNet.Numerics.LinearAlgebra.Matrix<double>.Build.DenseOfArray(jacobian).Determinant()));
            Assert.That(All.FromUnbounded(u, new double[size]), Is.EqualTo(expected).Within(1e-7));
        }
    }

    [TestCase(-800.0), TestCase(800.0)]
    public void Far_points_stay_inside_the_support(double u)
    {
        double[] point = new double[1];
        Prior.Uniform("a", 1, 2).FromUnbounded([u], point);
        Assert.That(point[0] is > 1 and < 2, Is.True);
    }

    [Test]
    public void A_range_follows_from_the_other_parameters()
    {
        Prior ordered = Prior.Independent(Prior.Uniform("m1", 0, 10), Prior.Uniform("m2", 0, 4)).Where(
            new LinearConstraint { Sum = new Dictionary<string, double> { ["m1"] = 1, ["m2"] = -2 }, Above = 1 });
        Prior shares = Prior.Dirichlet(["f", "g"], [1, 1, 1]);
        Assert.Multiple(() =>
        {
            Assert.That(ordered.Range(0), Is.EqualTo((1, 10)));
            Assert.That(ordered.Range(1), Is.EqualTo((0, 4)));
            Assert.That(ordered.Range(1, [5, double.NaN]), Is.EqualTo((0, 2)));
            Assert.That(ordered.Range(0, [double.NaN, 3]), Is.EqualTo((7, 10)));
            Assert.That(shares.Range(1, [0.25, double.NaN]), Is.EqualTo((0, 0.75)));
        });
    }

    // P(m1 > m2) of two uniform numbers in [0, 1]; P(x + y + z < 1) = 1/6; P(1 < x + y + z < 2) = 2/3.
    [TestCase("{ \"x\": 1, \"y\": -1 }", "\"above\": 0", 0.5)]
    [TestCase("{ \"x\": 1, \"y\": 1, \"z\": 1 }", "\"below\": 1", 1.0 / 6)]
    [TestCase("{ \"x\": 1, \"y\": 1, \"z\": 1 }", "\"above\": 1, \"below\": 2", 2.0 / 3)]
    public void A_linear_constraint_of_uniform_parameters_has_an_exact_probability(string sum, string limits, double probability)
    {
        var prior = Prior.FromJson($$"""
            { "gbiPrior": "1",
              "parameters": [{ "name": "x", "uniform": [0, 1] }, { "name": "y", "uniform": [0, 1] }, { "name": "z", "uniform": [0, 1] }],
              "constraints": [{ "sum": {{sum}}, {{limits}} }] }
            """);
        Assert.Multiple(() =>
        {
            // One of the points fulfils each constraint.
            Assert.That(
                Math.Max(prior.LogDensity([0.6, 0.3, 0.05]), prior.LogDensity([0.7, 0.5, 0.3])),
                Is.EqualTo(-Math.Log(probability)).Within(1e-12));
            Assert.That(prior.LogDensityError, Is.Zero);
        });
    }

    [Test]
    public void Other_conditions_have_an_estimated_probability_with_its_error()
    {
        // A quarter of the unit disc: π/4.
        Prior disc = Prior.Independent(Prior.Uniform("x", 0, 1), Prior.Uniform("y", 0, 1))
            .Where(point => (point[0] * point[0]) + (point[1] * point[1]) < 1);
        Assert.Multiple(() =>
        {
            Assert.That(disc.LogDensityError, Is.EqualTo(Math.Sqrt((1 - (Math.PI / 4)) / (Math.PI / 4) / 262_144)).Within(1e-5));
            Assert.That(disc.LogDensity([0.5, 0.5]), Is.EqualTo(-Math.Log(Math.PI / 4)).Within(4 * disc.LogDensityError));
            Assert.That(disc.LogDensity([0.9, 0.9]), Is.EqualTo(double.NegativeInfinity));
            Assert.That(() => disc.ToJson(), Throws.TypeOf<DataException>().With.Message.Contains("condition in C#"));
        });
    }

    [Test]
    public void Constraints_of_independent_parts_are_written_as_those_of_the_product()
    {
        Prior pair = Prior.Independent(Prior.Uniform("x", 0, 1), Prior.Uniform("y", 0, 1)).Where(
            new LinearConstraint { Sum = new Dictionary<string, double> { ["x"] = 1, ["y"] = -1 }, Above = 0 });
        Prior both = Prior.Independent(pair, Prior.Uniform("z", 0, 2));
        double[] point = [0.6, 0.3, 0.5];
        Assert.That(Prior.FromJson(both.ToJson()).LogDensity(point), Is.EqualTo(both.LogDensity(point)).Within(1e-12));
    }

    [Test]
    public void Two_constraints_of_the_same_parameters_are_estimated_and_of_others_exact()
    {
        Prior four = Prior.Independent([.. "abcd".Select(name => Prior.Uniform($"{name}", 0, 1))]);
        Prior apart = four.Where(Above("a", "b"), Above("c", "d"));
        Prior chain = four.Where(Above("a", "b"), Above("b", "c"));
        Assert.Multiple(() =>
        {
            Assert.That(apart.LogDensityError, Is.Zero);
            Assert.That(apart.LogDensity([0.9, 0.5, 0.9, 0.5]), Is.EqualTo(Math.Log(4)).Within(1e-12));
            Assert.That(chain.LogDensityError, Is.Positive);
            Assert.That(chain.LogDensity([0.9, 0.5, 0.2, 0.5]), Is.EqualTo(Math.Log(6)).Within(4 * chain.LogDensityError));
        });

        static LinearConstraint Above(string first, string second) =>
            new() { Sum = new Dictionary<string, double> { [first] = 1, [second] = -1 }, Above = 0 };
    }
}
