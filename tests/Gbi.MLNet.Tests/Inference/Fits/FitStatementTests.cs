using Gbi.Inference.Fits;
using Gbi.Likelihoods.Model;
using Gbi.Numerics.Minima;

namespace Gbi.Tests.Inference.Fits;

/// <summary>A fit that cannot say all says what it cannot, with the parameters' names.</summary>
[TestFixture]
internal sealed class FitStatementTests
{
    [Test]
    public void Two_parameters_of_which_the_data_see_the_sum_are_named_and_the_third_keeps_its_error()
    {
        // (α + β − 3)² + ((μ − 1)/0.5)²: error of μ 0.5; α + β = 3 whatever each.
        FitResult fit = Fit(Formula.Quadratic([1, 2, 1], 1, 1, 0, 1, 1, 0, 0, 0, 4), "alpha", "beta", "mu");
        Assert.That(fit.Minimum.Status, Is.EqualTo(MinimumStatus.Degenerate));
        Assert.That(fit.Degenerate, Is.EqualTo(new[] { "alpha", "beta" }));
        Assert.That(fit.Remarks, Is.EqualTo(new[] { "alpha and beta are not determined separately: only alpha + beta is." }));
        Assert.That(fit.Errors, Is.EqualTo(new[] { double.NaN, double.NaN, 0.5 }).Within(1e-12));
        Assert.That(fit.Parameters[0] + fit.Parameters[1], Is.EqualTo(3).Within(1e-9));
        Assert.That(fit.Covariance, Is.Null);
    }

    [Test]
    public void What_is_determined_is_written_with_its_coefficients_whatever_the_scales()
    {
        // (a − 2000 b)² and (c + d + e)² and nothing of f: three sets that do not mix.
        double[] first = [1, -2000, 0, 0, 0, 0], second = [0, 0, 1e-3, 1e-3, 1e-3, 0];
        FitResult fit = Fit(
            Formula.Quadratic(
                new double[6],
                [
                    .. from row in Enumerable.Range(0, 6) from column in Enumerable.Range(0, 6) select (first[row] * first[column])
                        + (second[row] * second[column])
                ]),
            "a", "b", "c", "d", "e", "f");
        Assert.That(fit.Remarks, Is.EquivalentTo(new[]
        {
            "a and b are not determined separately: only a − 2000 b is.",
            "c, d and e are not determined separately: only c + d + e is.",
            "f is not determined: the likelihood does not depend on it.",
        }));
        Assert.That(fit.Degenerate, Has.Count.EqualTo(6));
    }

    [Test]
    public void Of_three_parameters_two_combinations_may_be_all_there_is()
    {
        // (a + b)² + (b + c)²: nothing changes along (1, −1, 1).
        FitResult fit = Fit(Formula.Quadratic(new double[3], 1, 1, 0, 1, 2, 1, 0, 1, 1), "a", "b", "c");
        Assert.That(fit.Remarks, Is.EqualTo(new[] { "a, b and c are not determined separately: only 2 of their 3 combinations are." }));
    }

    [Test]
    public void Strong_correlation_alone_is_no_degeneracy()
    {
        // ρ = 1 − 1e-6: errors 1/√(1 − ρ²) of those with the other known.
        const double rho = 1 - 1e-6;
        FitResult fit = Fit(Formula.Quadratic([0, 0], 1, rho, rho, 1), "a", "b");
        Assert.That(fit.Remarks, Is.Empty);
        Assert.That(fit.Errors[0] * Math.Sqrt(1 - (rho * rho)), Is.EqualTo(1).Within(1e-8));
    }

    [Test]
    public void A_gradient_that_is_no_number_is_told_with_its_parameter() => Assert.That(
        () => Fit(new Formula(2, point => (1, [0, double.NaN], [1, 0, 0, 1])), "mu", "nu"),
        Throws.TypeOf<FitException>().With.Message.Contains(
            "derivatives with respect to parameter 1 are not finite").And.Message.Contains("'nu'"));

    [Test]
    public void A_hessian_that_becomes_infinite_on_the_way_is_told()
    {
        // x^1.5 has an infinite curvature where its slope vanishes.
        var power = new Formula(
            1,
            point =>
                (
                    Math.Pow(Math.Abs(point[0]), 1.5), [1.5 * Math.Sign(point[0]) * Math.Sqrt(Math.Abs(point[0]))],
                    [0.75 / Math.Sqrt(Math.Abs(point[0]))]));
        BoxMinimum found = new BoundedNewton(1).Minimise(power, [0], [-1], [1]);
        Assert.That((found.Status, found.Culprit), Is.EqualTo((MinimumStatus.Undefined, (int?)0)));
    }

    [TestCase("linear"), TestCase("parabola"), TestCase("logarithm")]
    public void A_function_that_falls_without_end_is_told_with_the_parameter_that_ran_away(string shape)
    {
        var function = new Formula(2, point =>
        {
            (double x, double y) = (point[0], point[1]);
            (double value, double slope, double curvature) = shape switch
            {
                "linear" => (-y, -1.0, 0.0),
                "parabola" => (-y * y, -2 * y, -2.0),
                _ => (y > 0 ? -Math.Log(y) : double.PositiveInfinity, -1 / y, 1 / (y * y)),
            };
            return ((x * x) + value, [2 * x, slope], [2, 0, 0, curvature]);
        });
        Assert.That(
            () => Fit(function, "mu", "nu"),
            Throws.TypeOf<FitException>().With.Message.Contains(
                "falls without end: parameter 1 ran from 1 to").And.Message.Contains("'nu'"));
    }

    [Test]
    public void A_parameter_at_its_bound_is_named()
    {
        FitResult fit = new ProfileLikelihood(
            Formula.Quadratic([-1], 4), [new() { Name = "mu", Initial = 1, Lower = 0, Upper = 5 }], 0).Fit();
        Assert.That((fit.Parameters[0], fit.Minimum.Status), Is.EqualTo((0.0, MinimumStatus.Converged)));
        Assert.That(fit.AtBounds, Is.EqualTo(new[] { "mu" }));
        Assert.That(fit.Remarks, Is.EqualTo(new[] { "mu ended at a bound; its error is not reliable." }));
    }

    [Test]
    public void With_all_parameters_fixed_the_fit_is_the_point()
    {
        FitParameter[] parameters =
            [new() { Name = "mu", Initial = 2, IsFixed = true }, new() { Name = "nu", Initial = 3, IsFixed = true }];
        FitResult fit = new ProfileLikelihood(Formula.Quadratic([0, 0], 1, 0, 0, 1), parameters, 0).Fit();
        Assert.That((fit.TwiceNll, fit.Minimum.Status, fit.Minimum.EstimatedDistance), Is.EqualTo((13.0, MinimumStatus.Converged, 0.0)));
        Assert.That(fit.Errors, Is.EqualTo(new double[2]));
        Assert.That(fit.Covariance, Is.EqualTo(new double[4]));
        Assert.That(fit.Remarks, Is.Empty);
    }

    [Test]
    public void A_function_of_no_parameter_is_at_its_minimum()
    {
        BoxMinimum found = new BoundedNewton(0).Minimise(new Formula(0, _ => (7, [], [])), [], [], []);
        Assert.That((found.Value, found.Status), Is.EqualTo((7.0, MinimumStatus.Converged)));
    }

    private static FitResult Fit(Formula function, params string[] names) =>
        new ProfileLikelihood(function, [.. names.Select(name => new FitParameter { Name = name, Initial = 1 })], names.Length - 1).Fit();
}
