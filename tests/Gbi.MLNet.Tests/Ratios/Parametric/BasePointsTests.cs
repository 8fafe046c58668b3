using Gbi.Ratios.Parametric;

namespace Gbi.Tests.Ratios.Parametric;

/// <summary>Base points and the monomials that they determine.</summary>
[TestFixture]
internal sealed class BasePointsTests
{
    [Test]
    public void Base_points_that_do_not_determine_a_monomial_are_refused_by_its_name()
    {
        Assert.That(
            () => new BasePoints(["nu"], [[0], [1]]),
            Throws.ArgumentException.With.Message.Contains("do not determine the monomials nu^2 in addition to nu;"));
        Assert.That(
            () => new BasePoints(["a", "b"], [[0, 0], [1, 0], [-1, 0], [0, 1], [0, -1]]),
            Throws.ArgumentException.With.Message.Contains("do not determine the monomials a*b in addition to a, b, a^2, b^2;"));
        Assert.That(
            () => new BasePoints(["a", "b"], [[0, 0], [1, 1], [2, 2], [-1, -1]], [Monomial.Of("a"), Monomial.Of("b")]),
            Throws.ArgumentException.With.Message.Contains("do not determine the monomials b in addition to a;"));
    }

    [Test]
    public void Base_points_that_make_no_sense_are_refused()
    {
        Assert.That(
            () => new BasePoints(["nu"], [[1], [2]]),
            Throws.ArgumentException.With.Message.Contains("None of the base points (1), (2) is nominal"));
        Assert.That(
            () => new BasePoints(["nu"], [[0], [1], [1]]), Throws.ArgumentException.With.Message.Contains("base point (1) occurs twice"));
        Assert.That(() => new BasePoints(["nu"], [[0], [1, 2]]), Throws.ArgumentException.With.Message.Contains("(1, 2) has 2 values"));
        Assert.That(() => new BasePoints(["nu"], [[0], [double.NaN]]), Throws.ArgumentException.With.Message.Contains("not finite"));
        Assert.That(() => new BasePoints([], [[0]]), Throws.ArgumentException.With.Message.Contains("parameters are none"));
        Assert.That(() => new BasePoints(["a", "a"], [[0, 0]]), Throws.ArgumentException.With.Message.Contains("no parameter twice"));
        Assert.That(
            () => new BasePoints(["a"], [[0], [1]], [Monomial.Of("a", "b")]),
            Throws.ArgumentException.With.Message.Contains("monomial a*b has the factor 'b', which is no parameter"));
    }
}
