using Gbi.Events;
using Gbi.Inference.Fits;
using Gbi.Inference.GlobalProbability;
using Gbi.Inference.Tests;
using Gbi.Numerics;
using Gbi.Numerics.Probability;

namespace Gbi.Tests.Inference.GlobalProbability;

[TestFixture]
internal sealed class GlobalProbabilityTests
{
    [Test]
    public void The_observed_scan_counts_among_the_toys()
    {
        var global = ToyGlobalProbability.Of(0.02, [0.5, 0.02, double.NaN, 0.01, 0.9]);
        Assert.That((global.ToyCount, global.AtLeastAsExtreme, global.FailureCount, global.Value), Is.EqualTo((4, 2, 1, 3.0 / 5)));
    }

    [Test]
    public void Shards_add_up()
    {
        double[] toys = [.. Enumerable.Range(0, 100).Select(toy => new Seed(1).Uniform(toy))];
        var whole = ToyGlobalProbability.Of(0.1, toys);
        var joined = ToyGlobalProbability.Joined([ToyGlobalProbability.Of(0.1, toys[..30]), ToyGlobalProbability.Of(0.1, toys[30..])]);
        Assert.That(joined, Is.EqualTo(whole));
        Assert.That(
            () => ToyGlobalProbability.Joined([whole, ToyGlobalProbability.Of(0.2, toys)]),
            Throws.TypeOf<DataException>().With.Message.Contains("0.1 and another with 0.2"));
    }

    [Test]
    public void It_is_at_or_below_a_level_at_most_as_often_as_the_level_says()
    {
        // Observed and toys of one distribution: P((1 + k)/(1 + n) ≤ α) = ⌊α (n + 1)⌋/(n + 1), here 5/100 for n = 99.
        const int Trials = 4000;
        int below = Enumerable.Range(0, Trials).Count(trial =>
        {
            Seed seed = new Seed(5).Child(trial);
            return ToyGlobalProbability.Of(seed.Uniform(0), [.. Enumerable.Range(1, 99).Select(toy => seed.Uniform(toy))]).Value <= 0.05;
        });
        Assert.That((double)below / Trials, Is.EqualTo(0.05).Within(4 * Math.Sqrt(0.05 * 0.95 / Trials)));
    }

    [TestCase(0, 10), TestCase(1, 10), TestCase(3, 200), TestCase(10, 10), TestCase(57, 99)]
    public void The_tails_beyond_the_interval_of_a_probability_have_half_of_what_is_left_out(int successes, int trials)
    {
        ConfidenceInterval interval = BinomialInterval.ClopperPearson(successes, trials, 0.9);
        double orMore = Enumerable.Range(successes, trials - successes + 1).Sum(k => Binomial(k, trials, interval.Lower));
        double orFewer = Enumerable.Range(0, successes + 1).Sum(k => Binomial(k, trials, interval.Upper));
        Assert.That(orMore, Is.EqualTo(successes == 0 ? 1 : 0.05).Within(1e-6));
        Assert.That(orFewer, Is.EqualTo(successes == trials ? 1 : 0.05).Within(1e-6));
    }

    // Sorted 0.1, 0.4, 0.8: F − p is at most 1/3 − 0.1, 2/3 − 0.4 = 4/15, 1 − 0.8, and p − F at most 0.1, 0.4 − 1/3, 0.8 − 2/3.
    [Test]
    public void The_distance_from_uniform_is_the_largest_on_either_side_of_a_step() =>
        Assert.That(UniformityTest.Of([0.8, 0.1, 0.4]).Distance, Is.EqualTo(4.0 / 15).Within(1e-15));

    [Test]
    public void Uniform_values_are_called_so_as_often_as_the_probability_says_and_squares_of_them_are_not()
    {
        const int Trials = 2000;
        double[][] samples =
        [
            .. Enumerable.Range(0, Trials)
                .Select(trial => Enumerable.Range(0, 200).Select(at => new Seed(9).Child(trial).Uniform(at)).ToArray())
        ];
        double rejected = (double)samples.Count(sample => UniformityTest.Of(sample).Probability < 0.05) / Trials;
        Assert.That(rejected, Is.EqualTo(0.05).Within(4 * Math.Sqrt(0.05 * 0.95 / Trials)));
        Assert.That(UniformityTest.Of([.. samples[0].Select(value => value * value)]).Probability, Is.LessThan(1e-6));
    }

    [Test]
    public void What_is_no_probability_is_refused()
    {
        Assert.That(
            () => UniformityTest.Of([0.5, double.NaN, 2]), Throws.TypeOf<DataException>().With.Message.Contains("of 3 given, 2 are not"));
        Assert.That(
            () => ToyGlobalProbability.Of(0.5, [double.NaN]), Throws.TypeOf<DataException>().With.Message.Contains("None of 1 toys"));
        Assert.That(
            () => BinomialInterval.ClopperPearson(3, 2),
            Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("3 successes in 2"));
    }

    private static double Binomial(int k, int n, double p) => p switch
    {
        0 => k == 0 ? 1 : 0,
        1 => k == n ? 1 : 0,
        _ =>
            Math.Exp(
                LogMath.Gamma(n + 1) - LogMath.Gamma(k + 1) - LogMath.Gamma(n - k + 1) + (k * Math.Log(p)) + ((n - k) * Math.Log(1 - p))),
    };
}
