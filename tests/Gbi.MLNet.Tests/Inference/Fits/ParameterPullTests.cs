using Gbi.Inference.Fits;

namespace Gbi.Tests.Inference.Fits;

[TestFixture]
internal sealed class ParameterPullTests
{
    [Test]
    public void The_pull_of_a_parameter_measured_twice_is_that_of_the_second_measurement()
    {
        // θ₀ = 1 ± 2 beforehand and x = 6 ± 1 in the data: θ̂ = (1/4 + 6)/(1/4 + 1) = 5, σ̂² = 4/5.
        // θ̂ − θ₀ = (x − θ₀) 4/5, and x − θ₀ has the variance 4 + 1: the normalised pull is 5/√5.
        FitResult fit = new ProfileLikelihood(Formula.Quadratic([5], 1.25), [new() { Name = "nu" }], 0).Fit();
        ParameterPull pull = ParameterPull.Of("nu", fit.Parameters[0], fit.Errors[0], observed: 1, width: 2);
        Assert.That(pull.Pull, Is.EqualTo(2).Within(1e-9));
        Assert.That(pull.Constraint, Is.EqualTo(Math.Sqrt(0.8) / 2).Within(1e-9));
        Assert.That(pull.Normalised, Is.EqualTo(Math.Sqrt(5)).Within(1e-9));
        Assert.That(pull.Remark, Is.Null);
    }

    [TestCase(double.NaN, null, "nu has no error")]
    [TestCase(0.0, null, "nu was fixed in the fit.")]
    [TestCase(2.0, 1.0, "The data do not narrow nu")]
    [TestCase(3.0, 1.5, "1.5 times the width")]
    public void Where_a_number_is_not_defined_the_remark_says_why(double error, double? constraint, string remark)
    {
        ParameterPull pull = ParameterPull.Of("nu", 2, error, 1, 2);
        Assert.That((pull.Pull, pull.Constraint, pull.Normalised), Is.EqualTo((0.5, constraint, (double?)null)));
        Assert.That(pull.Remark, Does.Contain(remark));
    }

    [TestCase(double.NaN, 1.0, 1.0), TestCase(1.0, -1.0, 1.0), TestCase(1.0, 1.0, 0.0)]
    public void Numbers_out_of_range_are_refused_with_the_name(double estimate, double error, double width) => Assert.That(
        () => ParameterPull.Of("nu", estimate, error, 0, width), Throws.ArgumentException.With.Message.StartsWith("The pull of nu "));
}
