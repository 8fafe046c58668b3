using Gbi.Events;
using Gbi.Numerics;
using Gbi.Searches.Hunt;
using Gbi.Searches.Options;

namespace Gbi.Tests.Generators.Sidebands;

/// <summary>Toys of the data: every event once, masses of the spectrum, features that go with the mass as in the data.</summary>
[TestFixture]
internal sealed class RedrawnMassesTests
{
    private const int Count = 40_000;

    private static readonly MassWindow Window = new(3.3, 3.7, 2.8, 4.2);

    private static readonly ResonanceSearchOptions Search = new()
    {
        Schema = new EventSchema { Features = ["x"], Mass = "m" },
        Window = Window,
    };

    [TestCase(0.0), TestCase(0.8)]
    public void Toys_have_the_events_and_the_drift_of_the_data(double slope)
    {
        // m uniform on [2.8, 4.2), x = slope (m − 3.5) + N(0,1): Cov(x, m) = slope Var m = slope 1.4²/12.
        EventTable data = Data(slope);
        EventTable toy = BackgroundToys.FromData(data, Search, Window, new Seed(2)).Draw(new Seed(3));
        float[] x = toy["x"].ToArray();
        float[] mass = toy["m"].ToArray();

        Assert.That(x.Order(), Is.EqualTo(data["x"].ToArray().Order()));
        Assert.That(mass.Distinct().Count(), Is.GreaterThan(Count / 2));

        // Five standard errors of the mean and of the covariance; the learnt drift is one of trees, hence a tenth of it besides.
        double sd = 1.4 / Math.Sqrt(12);
        Assert.That(mass.Average(), Is.EqualTo(3.5).Within(5 * sd / Math.Sqrt(Count)));
        double meanX = x.Average();
        double covariance = Enumerable.Range(0, Count).Average(row => (x[row] - meanX) * (mass[row] - 3.5));
        Assert.That(covariance, Is.EqualTo(slope * sd * sd).Within((5 * 1.05 * sd / Math.Sqrt(Count)) + (0.1 * slope * sd * sd)));
    }

    [Test]
    public void A_toy_of_fewer_events_has_each_once_and_one_of_more_is_refused()
    {
        EventTable data = Data(0);
        EventTable toy = BackgroundToys.FromData(data, Search, Window, new Seed(2), 10_000).Draw(new Seed(3));
        Assert.That(toy.Count, Is.EqualTo(10_000));
        Assert.That(toy["x"].ToArray().Distinct().Count(), Is.EqualTo(10_000).Within(10));
        Assert.That(
            () => BackgroundToys.FromData(data, Search, Window, new Seed(2), Count + 1),
            Throws.TypeOf<DataException>().With.Message.Contains("40,001 events cannot be drawn without replacement from 40,000"));
    }

    private static EventTable Data(double slope)
    {
        float[] mass = new float[Count];
        float[] x = new float[Count];
        var seed = new Seed(1);
        for (int row = 0; row < Count; row++)
        {
            mass[row] = (float)(2.8 + (1.4 * seed.Child("m").Uniform(row)));
            x[row] = (float)((slope * (mass[row] - 3.5)) + seed.Child("x").NormalPair(row).First);
        }

        return EventTable.FromColumns(("m", mass), ("x", x));
    }
}
