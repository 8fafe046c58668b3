using Gbi.Events;
using Gbi.Numerics;
using Gbi.Ratios.Parametric;
using Gbi.Systematics;

namespace Gbi.Tests.Ratios.Parametric;

/// <summary>
/// p(x|θ)/p(x|0) as a polynomial in parameters of interest, from separate samples at several θ: x ~ N(a, 1), y ~ N(b, 1) have
/// ln r = a x + b y − a²/2 − b²/2.
/// </summary>
internal sealed class PolynomialRatioTests
{
    private static EventTable Sample(int count, float a, float b, ulong seed)
    {
        (double First, double Second)[] normal = [.. Enumerable.Range(0, count).Select(row => new Seed(seed).NormalPair(row))];
        return EventTable.FromColumns(
            ("x", [.. normal.Select(pair => a + (float)pair.First)]), ("y", [.. normal.Select(pair => b + (float)pair.Second)]));
    }

    [Test]
    public void Samples_at_several_parameters_give_the_coefficients_of_all_others()
    {
        double[][] points = [[0, 0], [1, 0], [-1, 0], [0, 1], [0, -1], [1, 1]];
        var basePoints = new BasePoints(["a", "b"], points);
        var samples = SystematicSamples.Join(
            basePoints, ["x", "y"],
            [.. points.Select((point, i) => Sample(10_000, (float)point[0], (float)point[1], (ulong)i + 1))]);
        ParametricRatio ratio = SystematicTrainer.Train(samples, ["x", "y"], new SystematicTrainingOptions(), new Seed(1)).Ratio;
        EventTable events = Sample(5000, 0, 0, 100);
        float[] coefficients = ratio.Coefficients(events);
        Dictionary<string, double> errors = ratio.Monomials.Select((monomial, k) => (monomial.Name, k)).ToDictionary(
            one => one.Name,
            one => Math.Sqrt(Enumerable.Range(0, events.Count).Average(row =>
                Math.Pow(coefficients[(row * ratio.Monomials.Count) + one.k] - Exact(one.Name, row), 2))));

        // At a point that is no sample, of ln r with a standard deviation of 0.7.
        float[] logRatios = ratio.LogRatios(events, [0.5, -0.5]);
        double off = Math.Sqrt(Enumerable.Range(0, events.Count).Average(row =>
            Math.Pow(logRatios[row] - (((events["x"][row] - events["y"][row]) / 2) - 0.25), 2)));
        Assert.Multiple(() =>
        {
            Assert.That(errors.Keys, Is.EquivalentTo(new[] { "a", "b", "a^2", "a*b", "b^2" }));
            Assert.That(errors["a"], Is.LessThan(0.2));
            Assert.That(errors["b"], Is.LessThan(0.2));
            Assert.That(off, Is.LessThan(0.18));
        });

        double Exact(string monomial, int row) => monomial switch
        {
            "a" => events["x"][row],
            "b" => events["y"][row],
            "a*b" => 0,
            _ => -0.5,
        };
    }
}
