using Gbi.Numerics;
using Gbi.Numerics.Probability;
using Gbi.Searches.Family.Scans;
using MathNet.Numerics.Distributions;

namespace Gbi.Tests.Searches.Family;

/// <summary>Gains of data sets without signal at one point with the exact ratio of N(0.5, 1) over N(0, 1).</summary>
[TestFixture]
internal sealed class FamilyToysTests
{
    private const int BackgroundCount = 4000;
    private const int Expected = 400;
    private const int Toys = 3000;

    [Test]
    public void A_gain_is_half_a_chi_squared_widened_by_the_finite_background()
    {
        double[] gains = Gains(members: []);

        // P(gain > 2.7055 (1 + N/M)) = 5 %, and half of all gain nothing; three standard deviations of 3,000 toys.
        double widened = TailProbability.ChiSquaredOneQuantile(0.9) * (1 + ((double)Expected / BackgroundCount));
        Assert.Multiple(() =>
        {
            Assert.That(gains.Count(gain => gain > widened) / (double)Toys, Is.EqualTo(0.05).Within(0.012));
            Assert.That(gains.Count(gain => gain > 1e-9) / (double)Toys, Is.EqualTo(0.5).Within(0.03));
        });
    }

    [Test]
    public void Members_that_disagree_widen_it()
    {
        // ln of each member's density over their mean: steeper and flatter in x by a twentieth.
        float[] x = X();
        double[] gains = Gains([Array.ConvertAll(x, value => 0.05f * value), Array.ConvertAll(x, value => -0.05f * value)]);

        // The mean of r is e^(±0.5 × 0.05), off by a shift in units of its error √((e^0.25 − 1)/N).
        double shifted = Math.Sqrt(TailProbability.ChiSquaredOneQuantile(0.9));
        double width = Math.Sqrt(1 + ((double)Expected / BackgroundCount));
        double shift = 0.025 / Math.Sqrt((Math.Exp(0.25) - 1) / Expected);
        double share = (TailProbability.OfNormal((shifted - shift) / width) + TailProbability.OfNormal((shifted + shift) / width)) / 2;
        Assert.That(gains.Count(gain => gain > shifted * shifted) / (double)Toys, Is.EqualTo(share).Within(0.02));
    }

    [Test]
    public void Few_events_that_are_all_like_signal_are_all_signal_and_their_gain_is_a_number()
    {
        var events = new LikeSignalEvents([0, 1, 2], [4, 8, 6]);

        // Weights whose sum is not exactly that of all.
        (double fraction, double gain) = events.Gain(mean: 2, _ => 0.1, sum: 0.1 + 0.1 + 0.1);
        Assert.Multiple(() =>
        {
            Assert.That(fraction, Is.EqualTo(1).Within(1e-6));
            Assert.That(gain, Is.EqualTo(0.2 * Math.Log(2 * 4 * 3)).Within(1e-6));
            Assert.That(events.Gain(mean: 2, _ => 0, sum: 0), Is.EqualTo((0.0, 0.0)));
        });
    }

    private static double[] Gains(IReadOnlyList<float[]> members)
    {
        float[] x = X();
        var toys = new FamilyToys(
            Array.ConvertAll(x, _ => 1.0),
            [new LikeSignalEvents([.. Enumerable.Range(0, x.Length)], Array.ConvertAll(x, value => MathF.Exp((0.5f * value) - 0.125f)))],
            members, observed: 0);
        return [.. Enumerable.Range(0, Toys).Select(toy => toys.LargestGain(toy, Expected, new Seed(3).Child(toy)))];
    }

    /// <summary>Quantiles of N(0, 1), whose means are exact.</summary>
    private static float[] X() =>
        [.. Enumerable.Range(0, BackgroundCount).Select(at => (float)Normal.InvCDF(0, 1, (at + 0.5) / BackgroundCount))];
}
