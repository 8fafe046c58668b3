using System.Diagnostics;
using Gbi.Events;
using Gbi.Numerics;
using Gbi.Posteriors.Misspecification;

namespace Gbi.Tests.Posteriors.Misspecification;

[TestFixture]
internal sealed class MisspecificationAlarmTests
{
    private const int Width = 10;
    private const int TestCount = 400;

    // The prior predictive of x | θ ~ N(θ, 0.1 I), θ ~ N(0, 0.1 I).
    private static readonly double Deviation = Math.Sqrt(0.2);

    private static readonly Lazy<MisspecificationAlarm> OfGaussians =
        new(() => MisspecificationAlarm.Learn(Draw(10_000, new Seed(1)), Names, new Seed(2)));

    private static string[] Names => [.. Enumerable.Range(0, Width).Select(k => $"x{k}")];

    [Test]
    public void Simulations_raise_the_alarm_as_often_as_its_level_at_most()
    {
        // 1,000 simulations: 1 % + 3σ is 1.9 %.
        Assert.That(Caught(Draw(1000, new Seed(3))), Is.LessThan(0.02));
    }

    [Test]
    public void One_feature_off_by_6_standard_deviations_is_caught_and_named()
    {
        EventTable shifted = With(Draw(TestCount, new Seed(4)), (k, value) => k == 3 ? value + (6 * (float)Deviation) : value);
        Assert.That(Caught(shifted), Is.AtLeast(0.95));
        string warning = OfGaussians.Value.Check(shifted)[0].Warnings[0];
        Assert.That(warning, Does.Match(@"^x3 lies \+[45678]\.\d standard deviations from .*; p = 0\.000\d+\.$"));
    }

    [Test]
    public void All_features_three_times_as_far_from_their_mean_are_caught() =>
        Assert.That(Caught(With(Draw(TestCount, new Seed(5)), (_, value) => 3 * value)), Is.AtLeast(0.95));

    [Test]
    public void Three_standard_deviations_of_one_of_ten_features_are_caught_about_as_often_as_can_be()
    {
        // Known feature and sign: Φ(3 − 2.33) = 75 %. The largest of ten with unknown sign at 1 %: Φ(3 − 3.29) = 39 %.
        double caught = Caught(With(Draw(TestCount, new Seed(6)), (k, value) => k == 0 ? value + (3 * (float)Deviation) : value));
        Assert.That(caught, Is.InRange(0.2, 0.45));
    }

    [Test]
    public void A_feature_that_breaks_a_correlation_is_caught_within_its_own_range()
    {
        // b = a + 0.1 n: a value of b that is 1 from a is 10 standard deviations from what a predicts, and usual by itself.
        EventTable training = Correlated(4000, new Seed(7));
        var alarm = MisspecificationAlarm.Learn(training, ["a", "b"], new Seed(8));
        MisspecificationCheck check = alarm.Check(EventTable.FromColumns(("a", [0.5f]), ("b", [-0.5f])))[0];
        Assert.That(check.IsAlarm, Is.True);
        Assert.That(check.Warnings[0], Does.Contain("from what the other features predict"));
        Assert.That(alarm.Check(EventTable.FromColumns(("a", [0.5f]), ("b", [0.45f])))[0].IsAlarm, Is.False);
    }

    [Test]
    public void One_feature_with_long_tails_does_not_hide_another()
    {
        EventTable tails = With(Draw(10_000, new Seed(9)), LongTails);
        var alarm = MisspecificationAlarm.Learn(tails, Names, new Seed(10));
        EventTable usual = With(Draw(TestCount, new Seed(11)), LongTails);
        EventTable shifted = With(usual, (k, value) => k == 3 ? value + (6 * (float)Deviation) : value);
        Assert.That(alarm.Check(usual).Count(check => check.IsAlarm), Is.AtMost(12));
        Assert.That(alarm.Check(shifted).Count(check => check.IsAlarm), Is.AtLeast(0.9 * TestCount));

        static float LongTails(int k, float value) => k == 0 ? (float)Math.Pow(value / Deviation, 7) : value;
    }

    [Test]
    public void Summaries_are_compared_where_the_alarm_has_some()
    {
        EventTable training = Correlated(4000, new Seed(12));
        EventTable difference = EventTable.FromColumns(
            ("m", [.. Enumerable.Range(0, 4000).Select(row => training["b"][row] - training["a"][row])]));
        var alarm = MisspecificationAlarm.Learn(training, ["a", "b"], new Seed(13), difference);
        var observation = EventTable.FromColumns(("a", [0.5f]), ("b", [0.5f]));
        Assert.That(alarm.Check(observation, EventTable.FromColumns(("m", [0f])))[0].IsAlarm, Is.False);
        MisspecificationCheck check = alarm.Check(observation, EventTable.FromColumns(("m", [2f])))[0];
        Assert.That(check.Signs.Single(sign => sign.Probability * 4 <= 0.01).Name, Is.EqualTo("summaries"));
        Assert.That(
            () => alarm.Check(observation), Throws.TypeOf<DataException>().With.Message.Contains("1 observations and 0 rows of m"));
    }

    [Test]
    public void Features_that_were_never_missing_and_values_outside_the_range_are_named()
    {
        EventTable one = Draw(1, new Seed(14));
        string missing = OfGaussians.Value.Check(With(one, (k, value) => k < 2 ? float.NaN : value))[0].Warnings[^1];
        string outside = OfGaussians.Value.Check(With(one, (k, value) => k == 1 ? 50 : value))[0].Warnings[^1];
        Assert.That(missing, Does.StartWith("Unlike any simulation: x0, x1 are missing, which no training observation shows; p = 0.002"));
        Assert.That(outside, Does.Match(@"^Unlike any simulation: x1 = 50 lies outside \[-1\.\d+, 1\.\d+\]; p = 0\.002"));
    }

    [Test]
    public void Features_that_are_missing_at_random_raise_no_alarm()
    {
        // Half of ten features missing: 1,024 patterns, of which a training of 1,000 has many once.
        EventTable training = Missing(Draw(1000, new Seed(15)), new Seed(16));
        var alarm = MisspecificationAlarm.Learn(training, Names, new Seed(17));
        EventTable usual = Missing(Draw(TestCount, new Seed(18)), new Seed(19));
        Assert.That(alarm.Check(usual).Count(check => check.IsAlarm), Is.AtMost(12));

        static EventTable Missing(EventTable table, Seed seed) => EventTable.FromColumns(
        [
            .. table.ColumnNames.Select((name, k) => (
                name, table[name].ToArray().Select((value, row) => seed.Child(k).Uniform(row) < 0.5 ? float.NaN : value).ToArray())),
        ]);
    }

    [Test]
    public void Too_few_simulations_are_inconclusive()
    {
        var alarm = MisspecificationAlarm.Learn(Draw(200, new Seed(20)), Names, new Seed(21));
        MisspecificationCheck check = alarm.Check(With(Draw(1, new Seed(22)), (_, value) => value + 100))[0];
        Assert.Multiple(() =>
        {
            Assert.That(alarm.SmallestLevel, Is.EqualTo(3.0 / 101));
            Assert.That(check.IsAlarm, Is.False);
            Assert.That(check.IsInconclusive, Is.True);
            Assert.That(check.Warnings[0], Does.StartWith("Whether the observation is like the simulations cannot be checked"));
        });
    }

    [Test]
    public void An_alarm_of_the_same_state_says_the_same_and_is_quick()
    {
        var again = new MisspecificationAlarm(OfGaussians.Value.State);
        EventTable observations = Draw(100, new Seed(23));
        Assert.That(
            again.Check(observations).Select(check => check.Probability),
            Is.EqualTo(OfGaussians.Value.Check(observations).Select(check => check.Probability)));
        long start = Stopwatch.GetTimestamp();
        again.Check(observations);
        TestContext.Out.WriteLine($"{Stopwatch.GetElapsedTime(start).TotalMilliseconds / 100:F2} ms an observation");
    }

    [Test]
    public void Weighted_simulations_count_by_their_weight()
    {
        // N(0, 0.2) with the weights of N(0, 0.05): an observation at 4 of its standard deviations is 2 of the unweighted ones.
        EventTable simulated = Draw(20_000, new Seed(25)).WithColumns(["x0"]);
        double[] weights = Array.ConvertAll(simulated["x0"].ToArray(), x => Math.Exp(-x * x * ((1 / 0.1) - (1 / 0.4))));
        EventTable observation = EventTable.FromColumns(("x0", [(float)(4 * Math.Sqrt(0.05))]));
        Assert.That(MisspecificationAlarm.Learn(simulated, ["x0"], new Seed(26)).Check(observation)[0].IsAlarm, Is.False);
        Assert.That(
            MisspecificationAlarm.Learn(simulated.WithWeights(weights), ["x0"], new Seed(26)).Check(observation)[0].IsAlarm, Is.True);
    }

    [Test]
    public void A_damaged_state_is_refused() => Assert.That(
        () => new MisspecificationAlarm(OfGaussians.Value.State with { Lowest = [1] }),
        Throws.TypeOf<DataException>().With.Message.Contains("the model file is damaged"));

    [Test]
    public void What_would_mislead_is_refused()
    {
        EventTable table = Draw(100, new Seed(24));
        EventTable infinite = With(table, (k, value) => k == 2 ? float.PositiveInfinity : value);
        Assert.Multiple(() =>
        {
            Refused(() => MisspecificationAlarm.Learn(infinite, Names, new Seed(1)), "Feature 'x2' of a training observation is infinite");
            Refused(() => OfGaussians.Value.Check(infinite), "'x2' of observation 0 is infinite");
            Refused(() => MisspecificationAlarm.Learn(table.Slice(0, 10), Names, new Seed(1)), "There are 10 observations of 10 features");
            Refused(() => OfGaussians.Value.Check(Correlated(1, new Seed(1))), "There is no column 'x0'");
        });

        static void Refused(Action call, string sentence) =>
            Assert.That(call, Throws.TypeOf<DataException>().With.Message.Contains(sentence));
    }

    private static double Caught(EventTable observations) =>
        (double)OfGaussians.Value.Check(observations).Count(check => check.IsAlarm) / observations.Count;

    private static EventTable Draw(int count, Seed seed) => EventTable.FromColumns([.. Names.Select((name, k) => (
        name, Enumerable.Range(0, count).Select(row => (float)(Deviation * seed.Child(k).NormalPair(row).First)).ToArray()))]);

    private static EventTable Correlated(int count, Seed seed)
    {
        (double First, double Second)[] pairs = [.. Enumerable.Range(0, count).Select(row => seed.NormalPair(row))];
        return EventTable.FromColumns(
            ("a", Array.ConvertAll(pairs, pair => (float)pair.First)),
            ("b", Array.ConvertAll(pairs, pair => (float)(pair.First + (0.1 * pair.Second)))));
    }

    private static EventTable With(EventTable table, Func<int, float, float> change) => EventTable.FromColumns(
        [.. table.ColumnNames.Select((name, k) => (name, table[name].ToArray().Select(value => change(k, value)).ToArray()))]);
}
