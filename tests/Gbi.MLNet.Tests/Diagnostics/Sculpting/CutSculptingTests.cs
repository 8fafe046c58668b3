using Gbi.Diagnostics.Sculpting;
using Gbi.Events;
using Gbi.Numerics;

namespace Gbi.Tests.Diagnostics.Sculpting;

/// <summary>Masses uniform in [0, 4] without [1.5, 2.5), which events pass with ln ε/(1−ε) = a + b (m − 2) + c (m − 2)².</summary>
[TestFixture]
internal sealed class CutSculptingTests
{
    private static readonly MassWindow Window = new(1.5, 2.5);

    // Means of the efficiency over uniform masses are integrals, here by 64 Gauss–Legendre nodes.
    [TestCase(0, 0), TestCase(0.5, 0), TestCase(0, -0.8), TestCase(0.4, 0.3)]
    public void The_fake_excess_is_that_of_the_interpolated_efficiency_with_its_error(double slope, double bend)
    {
        const int Toys = 200;
        const double Level = -3;
        double inside = Mean(1.5, 2.5);
        double outside = (Mean(0, 1.5) + Mean(2.5, 4)) / 2;
        double[] pulls = [.. Enumerable.Range(0, Toys).Select(toy =>
        {
            CutSculpting cut = Toy(4000, mass => Efficiency(mass), new Seed(7).Child(toy), weighted: toy % 2 == 1);
            return (cut.FakeExcess - ((inside / outside) - 1)) / cut.Error;
        })];

        // A ratio of few events is skewed, so that pulls lie below 0 by about half the relative error.
        Assert.That(pulls.Average(), Is.EqualTo(0).Within((4 / Math.Sqrt(Toys)) + 0.05));
        Assert.That(Math.Sqrt(pulls.Average(pull => pull * pull)), Is.EqualTo(1).Within(4 / Math.Sqrt(2.0 * Toys)));

        double Efficiency(double mass) => 1 / (1 + Math.Exp(-(Level + (slope * (mass - 2)) + (bend * (mass - 2) * (mass - 2)))));

        double Mean(double low, double high)
        {
            Quadrature rule = Quadrature.OnInterval(low, high, 64);
            return rule.Nodes.Zip(rule.Weights, (mass, weight) => weight * Efficiency(mass)).Sum() / (high - low);
        }
    }

    [Test]
    public void The_fake_significance_grows_with_the_root_of_the_background()
    {
        CutSculpting few = Toy(4000, _ => 0.1, new Seed(1), weighted: false, regionBackground: 100);
        CutSculpting many = Toy(4000, _ => 0.1, new Seed(1), weighted: false, regionBackground: 10_000);
        Assert.That(many.FakeExcess, Is.EqualTo(few.FakeExcess));
        Assert.That(many.FakeSignificance, Is.EqualTo(10 * few.FakeSignificance).Within(1e-12));
        Assert.That(few.ExpectedBackground, Is.EqualTo(100 * few.BackgroundEfficiency).Within(1e-12));
    }

    [Test]
    public void Events_of_the_region_are_refused() =>
        Assert.That(
            () => CutSculpting.Of([1, 2, 3], [], [0, 1, 2], Window, 10, 0.4),
            Throws.TypeOf<DataException>().With.Message.Contains("1 lie below and 1 above the signal region [1.5, 2.5)"));

    [Test]
    public void Equal_scores_are_refused() =>
        Assert.That(
            () => CutSculpting.Of([0, 1, 3, 4], [], [5, 5, 5, 5], Window, 10, 0.4),
            Throws.TypeOf<DataException>().With.Message.Contains("None or all"));

    private static CutSculpting Toy(int count, Func<double, double> efficiency, Seed seed, bool weighted, double regionBackground = 1000)
    {
        float[] masses = new float[count];
        float[] scores = new float[count];
        double[] weights = new double[count];
        double passing = 0;
        for (int row = 0; row < count; row++)
        {
            double place = 3 * seed.Uniform(4L * row);
            masses[row] = (float)(place < 1.5 ? place : place + 1);
            bool passes = seed.Uniform((4L * row) + 1) < efficiency(masses[row]);
            weights[row] = weighted ? 2 * seed.Uniform((4L * row) + 2) : 1;
            scores[row] = (float)((passes ? 1 : 0) + (0.9 * seed.Uniform((4L * row) + 3)));
            passing += passes ? weights[row] : 0;
        }

        return CutSculpting.Of(masses, weighted ? weights : [], scores, Window, regionBackground, passing * (1 + 1e-12) / weights.Sum());
    }
}
