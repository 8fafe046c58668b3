using Gbi.Ratios.Parametric;

namespace Gbi.Tests.Ratios.Parametric;

/// <summary>Names of monomials, which stand in the names of columns.</summary>
[TestFixture]
internal sealed class MonomialTests
{
    [Test]
    public void A_name_is_read_back_as_the_monomial_that_has_it()
    {
        IReadOnlyList<Monomial> monomials = Monomial.UpToSecondOrder(["a", "b_2"]);

        Assert.That(monomials.Select(monomial => monomial.Name), Is.EqualTo(new[] { "a", "b_2", "a^2", "a*b_2", "b_2^2" }));
        Assert.That(monomials.Select(monomial => Monomial.Parse(monomial.Name)), Is.EqualTo(monomials));
        Assert.That(Monomial.Parse("a*a"), Is.EqualTo(Monomial.Of("a", "a")));
    }

    [TestCase("", "expected a name"), TestCase("^2", "expected a name"), TestCase("a*", "'', expected a name")]
    [TestCase("a^3", "'a^3', expected a name without * and ^"), TestCase("a*b*c", "'a*b*c' has more than two factors")]
    public void Text_that_is_no_name_is_refused(string text, string sentence) =>
        Assert.That(() => Monomial.Parse(text), Throws.InstanceOf<ArgumentException>().With.Message.Contains(sentence));

    [Test]
    public void A_parameter_whose_name_would_be_taken_for_a_product_is_refused() =>
        Assert.That(() => Monomial.Of("a*b"), Throws.ArgumentException.With.Message.Contains("'a*b'"));
}
