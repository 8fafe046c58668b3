using Gbi.Numerics.Probability;

namespace Gbi.Tests.Numerics.Probability;

[TestFixture]
internal sealed class LogTailTests
{
    [TestCase(3), TestCase(999), TestCase(1001), TestCase(20000)]
    public void Chi_squared_with_two_degrees_of_freedom_is_exponential(double value) =>
        Assert.That(LogTail.OfChiSquared(value, 2), Is.EqualTo(-value / 2).Within(1e-9));

    // P(χ²₃ ≥ q) = 2 Q(√q) + √(2q/π) e^(−q/2), whose first term is below the second by a factor q.
    [TestCase(900), TestCase(2000)]
    public void Chi_squared_with_three_degrees_of_freedom_is_that_of_the_normal(double value)
    {
        double logSecond = (0.5 * Math.Log(2 * value / Math.PI)) - (value / 2);
        double logFirst = Math.Log(2) + LogTail.OfNormal(Math.Sqrt(value));
        Assert.That(LogTail.OfChiSquared(value, 3), Is.EqualTo(logSecond + Math.Log(1 + Math.Exp(logFirst - logSecond))).Within(1e-6));
    }

    [TestCase(29.9999, 30.0001)]
    public void The_series_of_the_normal_goes_on_where_its_tail_ends(double below, double above) =>
        Assert.That(LogTail.OfNormal(above) - LogTail.OfNormal(below), Is.EqualTo(-(above - below) * (30 + (1 / 30.0))).Within(1e-6));

    [TestCase(0.0), TestCase(3), TestCase(29.9), TestCase(60)]
    public void Quantile_and_tail_undo_each_other(double value) =>
        Assert.That(LogTail.NormalQuantile(LogTail.OfNormal(value)), Is.EqualTo(value).Within(1e-8));
}
