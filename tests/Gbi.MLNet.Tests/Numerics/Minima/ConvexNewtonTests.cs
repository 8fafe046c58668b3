using Gbi.Numerics.Minima;

namespace Gbi.Tests.Numerics.Minima;

[TestFixture]
internal sealed class ConvexNewtonTests
{
    [Test]
    public void A_quadratic_is_minimised_in_one_step_and_its_inverse_hessian_is_exact()
    {
        // f = ½ (x−m)ᵀ A (x−m) with A = [[4, 1], [1, 3]], A⁻¹ = [[3, −1], [−1, 4]]/11, m = (2, −5).
        ConvexMinimum minimum = ConvexNewton.Minimise(
            (x, gradient, hessian) =>
            {
                double u = x[0] - 2;
                double v = x[1] + 5;
                gradient[0] = (4 * u) + v;
                gradient[1] = u + (3 * v);
                new double[] { 4, 1, 1, 3 }.CopyTo(hessian);
                return 0.5 * ((u * gradient[0]) + (v * gradient[1]));
            },
            [100, 100]);
        Assert.That(minimum.Converged);
        Assert.That(minimum.Iterations, Is.EqualTo(1));
        Assert.That(minimum.X, Is.EqualTo(new[] { 2.0, -5 }).Within(1e-12));
        Assert.That(minimum.InverseHessian, Is.EqualTo(new[] { 3 / 11.0, -1 / 11.0, -1 / 11.0, 4 / 11.0 }).Within(1e-14));
    }

    [TestCase(1e-9), TestCase(1.0), TestCase(1e9)]
    public void A_log_barrier_is_minimised_without_leaving_its_domain(double scale)
    {
        // f = c x − ln x has its minimum at x = 1/c with f″ = c², so that 1/f″ = 1/c².
        ConvexMinimum minimum = ConvexNewton.Minimise(LogBarrier(scale), [1e-3 / scale]);
        Assert.That(minimum.Converged);
        Assert.That(minimum.X[0] * scale, Is.EqualTo(1).Within(1e-4)); // a distance of 1e-9 in f is √(2e-9) in cx
        Assert.That(minimum.InverseHessian![0] * scale * scale, Is.EqualTo(1).Within(1e-3));
    }

    [Test]
    public void Parameters_of_very_different_sizes_do_not_harm_each_other()
    {
        // f = ½ (x/1e6 − 1)² + ½ (1e6 y − 1)².
        ConvexMinimum minimum = ConvexNewton.Minimise(
            (x, gradient, hessian) =>
            {
                double u = (x[0] / 1e6) - 1;
                double v = (1e6 * x[1]) - 1;
                gradient[0] = u / 1e6;
                gradient[1] = v * 1e6;
                new double[] { 1e-12, 0, 0, 1e12 }.CopyTo(hessian);
                return 0.5 * ((u * u) + (v * v));
            },
            [0, 0]);
        Assert.That(minimum.Converged);
        Assert.That(minimum.X[0] / 1e6, Is.EqualTo(1).Within(1e-9));
        Assert.That(minimum.X[1] * 1e6, Is.EqualTo(1).Within(1e-9));
    }

    [Test]
    public void A_function_without_a_minimum_does_not_converge()
    {
        // e^(−x) falls for ever; each Newton step adds 1 to x.
        ConvexMinimum minimum = ConvexNewton.Minimise(
            (x, gradient, hessian) =>
            {
                gradient[0] = -Math.Exp(-x[0]);
                hessian[0] = Math.Exp(-x[0]);
                return Math.Exp(-x[0]);
            },
            [0],
            tolerance: 1e-30,
            maxIterations: 20);
        Assert.That(minimum.Converged, Is.False);
        Assert.That(minimum.Iterations, Is.EqualTo(20));
    }

    [Test]
    public void A_direction_without_curvature_is_told_and_not_stepped_along()
    {
        ConvexMinimum minimum = ConvexNewton.Minimise(
            (x, gradient, hessian) =>
            {
                double difference = x[0] - x[1];
                gradient[0] = difference;
                gradient[1] = -difference;
                new double[] { 1, -1, -1, 1 }.CopyTo(hessian);
                return 0.5 * difference * difference;
            },
            [3, 1]);
        Assert.That(minimum.Converged, Is.False);
        Assert.That(minimum.InverseHessian, Is.Null);
        Assert.That(minimum.X, Is.EqualTo(new[] { 3.0, 1 }));
    }

    private static ConvexFunction LogBarrier(double scale) => (x, gradient, hessian) =>
    {
        gradient[0] = scale - (1 / x[0]);
        hessian[0] = 1 / (x[0] * x[0]);
        return x[0] > 0 ? (scale * x[0]) - Math.Log(x[0]) : double.PositiveInfinity;
    };
}
