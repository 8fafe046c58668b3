using Gbi.Likelihoods.Constraints;

namespace Gbi.Tests.Likelihoods;

/// <summary>Analytic derivatives beside central differences.</summary>
internal static class Derivatives
{
    private const double Step = 1e-5;

    public static void AssertAgree(Func<double, ValueWithDerivatives> function, double at)
    {
        ValueWithDerivatives here = function(at);
        (ValueWithDerivatives below, ValueWithDerivatives above) = (function(at - Step), function(at + Step));
        double scale = 1 + Math.Abs(here.Value) + Math.Abs(here.First) + Math.Abs(here.Second);
        Assert.That((above.Value - below.Value) / (2 * Step), Is.EqualTo(here.First).Within(1e-8 * scale), $"first at {at}");
        Assert.That((above.First - below.First) / (2 * Step), Is.EqualTo(here.Second).Within(1e-8 * scale), $"second at {at}");
    }
}
