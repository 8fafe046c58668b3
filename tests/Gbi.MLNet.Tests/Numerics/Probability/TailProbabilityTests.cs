using Gbi.Numerics.Probability;

namespace Gbi.Tests.Numerics.Probability;

[TestFixture]
internal sealed class TailProbabilityTests
{
    // Printed tables: Abramowitz and Stegun, tables 26.8 (χ²) and 26.5 (normal); five standard deviations: 2.866516e-7.
    [TestCase(3.841459, 1, 0.05), TestCase(6.634897, 1, 0.01), TestCase(5.991465, 2, 0.05), TestCase(18.307038, 10, 0.05)]
    [TestCase(124.342113, 100, 0.05), TestCase(0, 3, 1.0)]
    public void Chi_squared_tails_are_those_of_the_tables(double value, double degrees, double expected) =>
        Assert.That(TailProbability.OfChiSquared(value, degrees), Is.EqualTo(expected).Within(1e-7));

    [TestCase(0.1), TestCase(3), TestCase(50), TestCase(1000)]
    public void Chi_squared_with_two_degrees_of_freedom_is_exponential(double value) =>
        Assert.That(TailProbability.OfChiSquared(value, 2), Is.EqualTo(Math.Exp(-value / 2)).Within(1e-9).Percent);

    [TestCase(1.644854, 0.05), TestCase(0, 0.5), TestCase(-1.644854, 0.95), TestCase(1.0, 0.158655254)]
    public void Normal_tails_are_those_of_the_tables(double value, double expected) =>
        Assert.That(TailProbability.OfNormal(value), Is.EqualTo(expected).Within(1e-7));

    [TestCase(5, 2.866516e-7), TestCase(8, 6.220961e-16)]
    public void A_far_tail_keeps_its_digits(double value, double expected) =>
        Assert.That(TailProbability.OfNormal(value), Is.EqualTo(expected).Within(1e-4).Percent);

    [TestCase(0.68268949, 1.0), TestCase(0.95, 3.841459), TestCase(0.99, 6.634897)]
    public void The_quantile_of_chi_squared_is_that_of_the_tables(double level, double expected) =>
        Assert.That(TailProbability.ChiSquaredOneQuantile(level), Is.EqualTo(expected).Within(1e-6));

    [TestCase(0.1), TestCase(0.5), TestCase(0.9999)]
    public void Quantile_and_tail_undo_each_other(double level) =>
        Assert.That(TailProbability.OfChiSquared(TailProbability.ChiSquaredOneQuantile(level), 1), Is.EqualTo(1 - level).Within(1e-12));
}
