using Gbi.Numerics.Probability;

namespace Gbi.Tests.Numerics.Probability;

[TestFixture]
internal sealed class QuantileTableTests
{
    private static readonly double[] Probabilities = [.. Enumerable.Range(1, 199).Select(i => i / 200.0)];

    [TestCase(-1.5), TestCase(0.0), TestCase(0.77), TestCase(2.0)]
    public void Between_its_points_it_follows_the_distribution_that_they_are_of(double score)
    {
        // Q(p) = −ln(1 − p) of the exponential, so that x(z) = −ln P(n > z).
        var table = new QuantileTable(Probabilities, [.. Probabilities.Select(p => -Math.Log(1 - p))]);
        Assert.That(table.At(score), Is.EqualTo(-Math.Log(TailProbability.OfNormal(score))).Within(1e-3));
    }

    [Test]
    public void It_never_falls_and_keeps_its_outer_values_beyond_its_points()
    {
        var table = new QuantileTable([0.1, 0.5, 0.6, 0.9], [0, 1, 50, 51]);
        double[] values = [.. Enumerable.Range(-600, 1201).Select(i => table.At(i / 100.0))];
        Assert.That(values.Zip(values.Skip(1), (left, right) => right - left), Has.All.GreaterThanOrEqualTo(0));
        Assert.That((values[0], values[^1]), Is.EqualTo((0.0, 51.0)));
    }

    [TestCase(new[] { 0.1, 0.5 }, new[] { 1.0, 2.0 })]
    [TestCase(new[] { 0.1, 0.5, 0.9 }, new[] { 1.0, 2.0 })]
    [TestCase(new[] { 0.1, 0.5, 0.5 }, new[] { 1.0, 2.0, 3.0 })]
    [TestCase(new[] { 0.1, 0.5, 0.9 }, new[] { 1.0, 0.5, 3.0 })]
    [TestCase(new[] { 0.0, 0.5, 0.9 }, new[] { 1.0, 2.0, 3.0 })]
    [TestCase(new[] { 0.1, 0.5, 0.9 }, new[] { 1.0, double.NaN, 3.0 })]
    public void What_is_no_set_of_quantiles_is_refused(double[] probabilities, double[] values) =>
        Assert.That(() => new QuantileTable(probabilities, values), Throws.ArgumentException);
}
