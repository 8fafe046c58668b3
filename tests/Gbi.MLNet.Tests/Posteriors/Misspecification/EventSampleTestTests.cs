using Gbi.Events;
using Gbi.Numerics;
using Gbi.Posteriors.Misspecification;

namespace Gbi.Tests.Posteriors.Misspecification;

[TestFixture]
internal sealed class EventSampleTestTests
{
    private const int EventCount = 1000;

    [Test]
    public void Events_of_which_5_per_cent_lie_5_standard_deviations_away_are_caught()
    {
        // N(θ, 1) with 5 % of N(θ + 5, 1); the posterior of θ by the mean is N(θ + 0.25, 1/1000).
        int caught = 0;
        for (int set = 0; set < 5; set++)
        {
            var seed = new Seed((ulong)set);
            EventTable observed = Events(EventCount, 0, seed.Child("observed"), outliers: EventCount / 20);
            double mean = observed["x"].ToArray().Average();
            EventTable predicted = Events(EventCount, mean, seed.Child("predicted"));
            caught += EventSampleTest.Of(observed, predicted, ["x"], seed, 150).Probability < 0.01 ? 1 : 0;
        }

        Assert.That(caught, Is.EqualTo(5));
    }

    [Test]
    public void Equal_distributions_have_a_statistic_about_0_and_any_p_value()
    {
        EventSampleTest[] tests = [.. Enumerable.Range(0, 40).Select(set => EventSampleTest.Of(
            Events(200, 0, new Seed(5).Child(set)), Events(100, 0, new Seed(6).Child(set)), ["x"], new Seed(7).Child(set), 99))];
        Assert.Multiple(() =>
        {
            Moments statistics = Moments.Of([.. tests.Select(test => test.Statistic)]);
            Assert.That(statistics.Mean, Is.Zero.Within(3 * statistics.ErrorOfMean));
            Assert.That(tests.Count(test => test.Probability < 0.1), Is.InRange(0, 10));
            Assert.That(tests.Average(test => test.Probability), Is.EqualTo(0.5).Within(3 * 0.29 / Math.Sqrt(40)));
            Assert.That(tests.Min(test => test.Probability), Is.AtLeast(0.01));
        });
    }

    [Test]
    public void The_statistic_is_that_of_the_definition()
    {
        // Four points 0, 1 | 2, 4 in one feature, whose scale drops out: k = exp(−d²/(2 m²)) with m the median distance.
        EventSampleTest test = EventSampleTest.Of(Table(0, 1), Table(2, 4), ["x"], new Seed(1), 9);
        double[] candidates = [1, 2, 3, 4];
        double[] values = [.. candidates.Select(m => K(1, m) + K(2, m) - ((K(2, m) + K(4, m) + K(1, m) + K(3, m)) / 2))];
        Assert.That(values.Min(value => Math.Abs(value - test.Statistic)), Is.LessThan(1e-6));

        static double K(double distance, double width) => Math.Exp(-distance * distance / (2 * width * width));
    }

    [Test]
    public void Events_that_cannot_be_compared_are_refused()
    {
        Assert.That(
            () => EventSampleTest.Of(Table(0, float.NaN), Table(1, 2), ["x"], new Seed(1)),
            Throws.TypeOf<DataException>().With.Message.Contains("'x' of observed event 1 is NaN"));
        Assert.That(
            () => EventSampleTest.Of(Table(0), Table(1, 2), ["x"], new Seed(1)),
            Throws.TypeOf<DataException>().With.Message.Contains("1 observed and 2 predicted events"));
    }

    private static EventTable Table(params float[] values) => EventTable.FromColumns(("x", values));

    private static EventTable Events(int count, double mean, Seed seed, int outliers = 0) => Table(
        [.. Enumerable.Range(0, count).Select(row => (float)(mean + seed.NormalPair(row).First + (row < outliers ? 5 : 0)))]);
}
