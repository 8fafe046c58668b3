using Gbi.Numerics.Minima;
using Gbi.Tests.Inference;

namespace Gbi.Tests.Numerics.Minima;

public sealed class BoundedNewtonTests
{
    private static readonly double[] Free = [double.NegativeInfinity, double.NegativeInfinity];
    private static readonly double[] Unbounded = [double.PositiveInfinity, double.PositiveInfinity];

    [Test]
    public void Rosenbrocks_valley_is_followed_to_its_end()
    {
        BoxMinimum found = new BoundedNewton(2).Minimise(new Rosenbrock(), [-1.2, 1], Free, Unbounded);

        Assert.Multiple(() =>
        {
            Assert.That(found.Status, Is.EqualTo(MinimumStatus.Converged), found.Reason);
            Assert.That(found.Parameters, Is.EqualTo(new[] { 1.0, 1.0 }).Within(1e-9));
            Assert.That(found.EstimatedDistance, Is.LessThan(1e-18));
        });
    }

    [TestCase(0.5, 0.25, TestName = "A_bound_in_the_valley_holds_one_parameter_and_the_other_follows")]
    [TestCase(-0.5, 0.25)]
    public void The_minimum_within_a_box_is_found(double highest, double second)
    {
        // With x ≤ h < 1 the minimum of 100 (y − x²)² + (1 − x)² is at x = h, y = h².
        BoxMinimum found = new BoundedNewton(2).Minimise(new Rosenbrock(), [-1.2, 1], [-3, -3], [highest, 3]);

        Assert.Multiple(() =>
        {
            Assert.That(found.Status, Is.EqualTo(MinimumStatus.Converged), found.Reason);
            Assert.That(found.Parameters[0], Is.EqualTo(highest));
            Assert.That(found.Parameters[1], Is.EqualTo(second).Within(1e-9));
        });
    }

    [Test]
    public void A_fixed_parameter_stays_even_outside_of_the_box()
    {
        BoxMinimum found = new BoundedNewton(2).Minimise(new Rosenbrock(), [2, 1], [-1, -9], [1, 9], [true, false]);

        Assert.That(found.Parameters, Is.EqualTo(new[] { 2.0, 4.0 }).Within(1e-9));
    }

    [Test]
    public void A_hill_is_left_downwards()
    {
        // cos x has a maximum near the start and its minimum at π; its curvature is negative on the way.
        BoxMinimum found = new BoundedNewton(1).Minimise(new Cosine(), [0.1], [-1], [4]);

        Assert.That((found.Status, found.Parameters[0]), Is.EqualTo((MinimumStatus.Converged, Math.PI)).Within(1e-9), found.Reason);
    }

    [Test]
    public void A_parameter_without_effect_is_reported()
    {
        BoxMinimum found = new BoundedNewton(2).Minimise(new OneOfTwo(), [3, 0.7], [-9, -9], [9, 9]);

        Assert.Multiple(() =>
        {
            Assert.That(found.Status, Is.EqualTo(MinimumStatus.Degenerate));
            Assert.That(found.IsMinimum);
            Assert.That(found.Parameters, Is.EqualTo(new[] { 1.0, 0.7 }).Within(1e-9));
        });
    }

    [Test]
    public void A_function_that_is_nowhere_finite_is_reported() =>
        Assert.That(
            new BoundedNewton(1).Minimise(new Constant(double.PositiveInfinity), [0], [-1], [1]).Status,
            Is.EqualTo(MinimumStatus.Undefined));

    [Test]
    public void The_limit_of_iterations_is_reported()
    {
        var minimiser = new BoundedNewton(2, new BoundedNewtonOptions { MaxIterations = 2 });

        Assert.That(minimiser.Minimise(new Rosenbrock(), [-1.2, 1], Free, Unbounded).Status, Is.EqualTo(MinimumStatus.IterationLimit));
    }

    [Test]
    public void Reversed_bounds_are_refused() =>
        Assert.That(
            Assert.Throws<ArgumentException>(() => new BoundedNewton(1).Minimise(new Cosine(), [0], [1], [-1]))!.Message,
            Does.Contain("parameter 0 are reversed"));

    [TestCase(1e-9), TestCase(1.0), TestCase(1e9)]
    public void A_log_barrier_is_minimised_without_leaving_its_domain(double scale)
    {
        // f = c x − ln x has its minimum at x = 1/c; a step from x = 1e-3/c that follows the parabola there would stay close to 0.
        var barrier = new Formula(1, x => x[0] > 0
            ? ((scale * x[0]) - Math.Log(x[0]), [scale - (1 / x[0])], [1 / (x[0] * x[0])])
            : (double.PositiveInfinity, [], []));

        BoxMinimum found = new BoundedNewton(1).Minimise(barrier, [1e-3 / scale]);

        Assert.That(found.Status, Is.EqualTo(MinimumStatus.Converged));
        Assert.That(found.Parameters[0] * scale, Is.EqualTo(1).Within(1e-8));
    }

    [Test]
    public void Parameters_of_very_different_sizes_do_not_harm_each_other()
    {
        // f = ½ (x/1e6 − 1)² + ½ (1e6 y − 1)².
        var scaled = new Formula(2, point =>
        {
            double u = (point[0] / 1e6) - 1;
            double v = (1e6 * point[1]) - 1;
            return (((u * u) + (v * v)) / 2, [u / 1e6, v * 1e6], [1e-12, 0, 0, 1e12]);
        });

        BoxMinimum found = new BoundedNewton(2).Minimise(scaled, [0, 0]);

        Assert.That(found.Status, Is.EqualTo(MinimumStatus.Converged));
        Assert.That(found.Iterations, Is.EqualTo(1));
        Assert.That(found.Parameters, Is.EqualTo(new[] { 1e6, 1e-6 }).Within(1e-9).Percent);
    }

    [Test]
    public void A_function_that_falls_for_ever_does_not_converge()
    {
        // e^(−x): each Newton step adds 1 to x.
        var falling = new Formula(1, x => (Math.Exp(-x[0]), [-Math.Exp(-x[0])], [Math.Exp(-x[0])]));
        var minimiser = new BoundedNewton(1, new BoundedNewtonOptions { Tolerance = 1e-30, MaxIterations = 20 });

        Assert.That(minimiser.Minimise(falling, [0]).Status, Is.EqualTo(MinimumStatus.IterationLimit));
    }

    [TestCase(0.0), TestCase(1e-12), TestCase(-1e-6)]
    public void A_saddle_point_is_left_in_a_few_steps(double y)
    {
        // f = x² + (y² − 1)²/4: at y = 0 the gradient vanishes and the curvature along y is −1; the minima are at y = ±1.
        var saddle = new Formula(2, p =>
        {
            double well = (p[1] * p[1]) - 1;
            return ((p[0] * p[0]) + (well * well / 4), [2 * p[0], well * p[1]], [2, 0, 0, (3 * p[1] * p[1]) - 1]);
        });

        BoxMinimum found = new BoundedNewton(2).Minimise(saddle, [0.3, y]);

        Assert.That(found.Status, Is.EqualTo(MinimumStatus.Converged), found.Reason);
        Assert.That(Math.Abs(found.Parameters[1]), Is.EqualTo(1).Within(1e-9));
        Assert.That(found.Iterations, Is.LessThan(12));
    }

    [Test]
    public void A_slope_without_curvature_ends_at_the_bounds()
    {
        // f = 4x + 12y, as twice −ln L of bins without counts is; a bound as small as those of factors is met exactly.
        var linear = new Formula(2, p => ((4 * p[0]) + (12 * p[1]), [4, 12], [0, 0, 0, 0]));

        BoxMinimum found = new BoundedNewton(2).Minimise(linear, [1, 0.5], [0, 1e-10], [10, 10]);

        Assert.That(found.Status, Is.EqualTo(MinimumStatus.Converged), found.Reason);
        Assert.That(found.Parameters, Is.EqualTo(new[] { 0, 1e-10 }));
    }

    [Test]
    public void A_long_flat_valley_is_not_crept_along()
    {
        // A steep quartic wall around x + y = 1 and a slope of 1e-6 along it: steps without damping climb the wall.
        var valley = new Formula(2, p =>
        {
            double across = p[0] + p[1] - 1;
            double bend = 200 + (1200 * across * across);
            double wall = (200 * across) + (400 * across * across * across);
            return (
                (100 * across * across) + (100 * Math.Pow(across, 4)) + (1e-6 * p[0]) + (1e-9 * p[0] * p[0]),
                [wall + 1e-6 + (2e-9 * p[0]), wall],
                [bend + 2e-9, bend, bend, bend]);
        });

        BoxMinimum found = new BoundedNewton(2).Minimise(valley, [3, 2], [-10, -50], [50, 50]);

        Assert.That(found.Status, Is.EqualTo(MinimumStatus.Converged), found.Reason);
        Assert.That(found.Parameters[0], Is.EqualTo(-10));
        Assert.That(found.Iterations, Is.LessThan(40));
    }

    private sealed class Rosenbrock : ISmoothFunction
    {
        public int ParameterCount => 2;

        public double Evaluate(ReadOnlySpan<double> parameters, Span<double> gradient, Span<double> hessian)
        {
            (double x, double y) = (parameters[0], parameters[1]);
            double valley = y - (x * x);
            double[] slopes = [(-400 * x * valley) - (2 * (1 - x)), 200 * valley];
            double[] curvatures = [(1200 * x * x) - (400 * y) + 2, -400 * x, -400 * x, 200];
            slopes.CopyTo(gradient);
            curvatures.CopyTo(hessian);
            return (100 * valley * valley) + ((1 - x) * (1 - x));
        }
    }

    private sealed class Cosine : ISmoothFunction
    {
        public int ParameterCount => 1;

        public double Evaluate(ReadOnlySpan<double> parameters, Span<double> gradient, Span<double> hessian)
        {
            gradient[0] = -Math.Sin(parameters[0]);
            hessian[0] = -Math.Cos(parameters[0]);
            return Math.Cos(parameters[0]);
        }
    }

    private sealed class OneOfTwo : ISmoothFunction
    {
        public int ParameterCount => 2;

        public double Evaluate(ReadOnlySpan<double> parameters, Span<double> gradient, Span<double> hessian)
        {
            double x = parameters[0] - 1;
            double[] slopes = [4 * x * (1 + (x * x)), 0];
            double[] curvatures = [4 + (12 * x * x), 0, 0, 0];
            slopes.CopyTo(gradient);
            curvatures.CopyTo(hessian);
            return (2 * x * x) + (x * x * x * x);
        }
    }

    private sealed class Constant(double value) : ISmoothFunction
    {
        public int ParameterCount => 1;

        public double Evaluate(ReadOnlySpan<double> parameters, Span<double> gradient, Span<double> hessian) => value;
    }
}
