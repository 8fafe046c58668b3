using Gbi.Likelihoods.Constraints;
using Gbi.Likelihoods.Factors;

namespace Gbi.Tests.Likelihoods.Factors;

[TestFixture]
internal sealed class YieldFactorTests
{
    [Test]
    public void Factors_have_their_closed_forms()
    {
        Assert.That(YieldFactor.Strength("mu").At(0.3), Is.EqualTo(new ValueWithDerivatives(0.3, 1, 0)));

        // 1 − 2θ + 3θ² at θ = 2: 9, −2 + 12, 6.
        Assert.That(YieldFactor.Polynomial("mu", 1, -2, 3).At(2), Is.EqualTo(new ValueWithDerivatives(9, 10, 6)));
        Assert.That(YieldFactor.Exponential("nu", 0.1, -0.02).At(3).Value, Is.EqualTo(Math.Exp(0.3 - 0.18)).Within(1e-15));
        Assert.That(YieldFactor.Interpolated("nu", 0.9, 1.2).At(-2).Value, Is.EqualTo(0.81).Within(1e-15));
    }

    [Test]
    public void Derivatives_are_those_of_the_value()
    {
        foreach (YieldFactor factor in new[]
        {
            YieldFactor.Polynomial("mu", 1, -2, 3, 0.5), YieldFactor.Exponential("nu", 0.1, -0.02),
            YieldFactor.Interpolated("nu", 0.9, 1.2),
        })
        {
            foreach (double at in new[] { -1.5, -0.5, 0.5, 1.5 })
            {
                Derivatives.AssertAgree(factor.At, at);
            }
        }
    }

    [Test]
    public void Factors_without_meaning_are_refused()
    {
        Assert.That(() => YieldFactor.Polynomial("mu"), Throws.ArgumentException);
        Assert.That(() => YieldFactor.Exponential("nu", double.NaN), Throws.ArgumentException);
        Assert.That(() => YieldFactor.Interpolated("nu", 0, 1.1), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => YieldFactor.Strength(" "), Throws.ArgumentException);
    }
}
