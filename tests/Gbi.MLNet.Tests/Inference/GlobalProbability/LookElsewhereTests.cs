using Gbi.Events;
using Gbi.Inference.GlobalProbability;
using Gbi.Numerics;
using Gbi.Numerics.Probability;

namespace Gbi.Tests.Inference.GlobalProbability;

/// <summary>
/// Scans of q₀ = max(0, z)², z a stationary Gaussian process of covariance exp(−τ²/2ℓ²) over T = 30 ℓ. By Rice's formula it rises through a
/// level u on average T/(2π ℓ) e^(−u/2) times.
/// </summary>
[TestFixture]
internal sealed class LookElsewhereTests
{
    private const int Length = 30;
    private const int StepsInOne = 10;

    private static readonly Lazy<double[][]> Scans = new(() => [.. Enumerable.Range(0, 4000).Select(toy => Scan(new Seed(11).Child(toy)))]);

    [TestCase(1), TestCase(4)]
    public void Upcrossings_follow_the_formula_of_Rice(double level)
    {
        var found = UpcrossingMean.Of(Scans.Value, level);
        double expected = Length / (2 * Math.PI) * Math.Exp(-level / 2);

        // Steps of a tenth of ℓ lose a few in a thousand.
        Assert.That(found.Value, Is.EqualTo(expected).Within((4 * found.Error) + (0.005 * expected)));
        Assert.That(found.Error, Is.EqualTo(Math.Sqrt(found.Value / Scans.Value.Length)).Within(1e-12));
    }

    [TestCase(6), TestCase(9)]
    public void Few_scans_at_a_low_level_tell_how_often_the_largest_excess_reaches_a_high_one(double observed)
    {
        var few = UpcrossingMean.Of(Scans.Value[..50], 1);
        var global = LookElsewhere.OfUpcrossings(TailProbability.OfNormal(Math.Sqrt(observed)), observed, few);
        double share = (double)Scans.Value.Count(scan => scan.Max() > observed) / Scans.Value.Length;

        // Upcrossings at high levels are Poisson, and one or more of them have the probability 1 − e^(−p).
        double expected = 1 - Math.Exp(-global.Value);
        double error = Math.Sqrt((share * (1 - share) / Scans.Value.Length) + (global.Error * global.Error));
        Assert.That(share, Is.EqualTo(expected).Within(3 * error));
        Assert.That(global.Value, Is.GreaterThan(share - (3 * error)));
    }

    [Test]
    public void Windows_that_do_not_overlap_stay_below_the_bound_and_at_Sidaks_value()
    {
        // For independent windows the mean number of upcrossings is (n − 1) p(u₀) (1 − p(u₀)) exactly.
        const int Windows = 20;
        double at = TailProbability.OfNormal(1);
        var mean = new UpcrossingMean(1, (Windows - 1) * at * (1 - at), 0, 1000);
        foreach (double significance in new[] { 2.0, 3, 4, 5 })
        {
            double local = TailProbability.OfNormal(significance);
            double exact = LookElsewhere.OfIndependentTrials(local, Windows).Value;
            Assert.That(LookElsewhere.OfUpcrossings(local, significance * significance, mean).Value, Is.GreaterThan(exact));
        }
    }

    [TestCase(0.1, 5, 0.40951), TestCase(0.5, 2, 0.75), TestCase(1, 3, 1)]
    public void Independent_places_have_Sidaks_probability(double local, int trials, double expected) =>
        Assert.That(LookElsewhere.OfIndependentTrials(local, trials).Value, Is.EqualTo(expected).Within(1e-14));

    // n p − n(n−1)/2 p² to second order.
    [TestCase(1e-9, 1000), TestCase(1e-12, 7), TestCase(3e-8, 300)]
    public void Small_probabilities_keep_their_digits(double local, int trials) =>
        Assert.That(
            LookElsewhere.OfIndependentTrials(local, trials).Value,
            Is.EqualTo((trials * local) - (trials * (trials - 1.0) / 2 * local * local)).Within(1e-8).Percent);

    [Test]
    public void More_degrees_of_freedom_raise_the_bound_by_the_powers_of_Davies()
    {
        var mean = new UpcrossingMean(2, 1.5, 0.1, 10);
        LookElsewhere one = LookElsewhere.OfUpcrossings(1e-5, 18, mean);
        LookElsewhere three = LookElsewhere.OfUpcrossings(1e-5, 18, mean, degreesOfFreedom: 3);
        Assert.That(one.Value, Is.EqualTo(1e-5 + (1.5 * Math.Exp(-8))).Within(1e-15));
        Assert.That(three.Value - 1e-5, Is.EqualTo(9 * (one.Value - 1e-5)).Within(1e-12));
        Assert.That(one.Error, Is.EqualTo(0.1 * Math.Exp(-8)).Within(1e-15));
    }

    // Above the level, at it, above, below, above: two rises; a start above it is none.
    [TestCase(new double[] { 3, 1, 2, 0, 5 }, 2), TestCase(new double[] { 5, 4, 3 }, 0), TestCase(new double[] { }, 0)]
    public void A_rise_goes_from_at_or_below_the_level_to_above_it(double[] scan, int expected) =>
        Assert.That(UpcrossingMean.Count(scan, 1), Is.EqualTo(expected));

    [Test]
    public void A_level_above_all_scans_and_a_failed_fit_are_refused()
    {
        Assert.That(() => UpcrossingMean.Of([[0, 1], [1, 0]], 3), Throws.TypeOf<DataException>().With.Message.Contains("lower level"));
        Assert.That(() => UpcrossingMean.Count([0, double.NaN], 1), Throws.TypeOf<DataException>().With.Message.Contains("Value 1"));
        Assert.That(
            () => LookElsewhere.OfUpcrossings(0.1, 0.5, new UpcrossingMean(1, 1, 0, 1)),
            Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("below it"));
    }

    // White noise smoothed with exp(−x²/ℓ²) has the covariance exp(−τ²/2ℓ²).
    private static double[] Scan(Seed seed)
    {
        const int Reach = 3 * StepsInOne;
        double[] kernel = [.. Enumerable.Range(-Reach, (2 * Reach) + 1).Select(at => Math.Exp(-Math.Pow((double)at / StepsInOne, 2)))];
        double norm = Math.Sqrt(kernel.Sum(value => value * value));
        double[] noise = new double[(Length * StepsInOne) + 1 + (2 * Reach)];
        for (int at = 0; at < noise.Length; at++)
        {
            noise[at] = seed.NormalPair(at).First;
        }

        double[] scan = new double[(Length * StepsInOne) + 1];
        for (int at = 0; at < scan.Length; at++)
        {
            double z = System.Numerics.Tensors.TensorPrimitives.Dot<double>(kernel, noise.AsSpan(at, kernel.Length)) / norm;
            scan[at] = z > 0 ? z * z : 0;
        }

        return scan;
    }
}
