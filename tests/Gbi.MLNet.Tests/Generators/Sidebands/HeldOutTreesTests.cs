using Gbi.Events;
using Gbi.Generators.Sidebands;
using Gbi.Numerics;

namespace Gbi.Tests.Generators.Sidebands;

/// <summary>The held-out loss decides how much a generator learns: nothing where features do not depend on the mass.</summary>
[TestFixture]
internal sealed class HeldOutTreesTests
{
    [TestCase(0.0, 0), TestCase(0.8, 5)]
    public void Trees_are_kept_where_features_depend_on_the_mass(double slope, int fewest)
    {
        // x = slope (m − 3.5) + N(0,1) at masses uniform beside [3.3, 3.7).
        const int count = 20_000;
        var seed = new Seed(1);
        float[] mass = new float[count];
        float[] x = new float[count];
        for (int row = 0; row < count; row++)
        {
            double u = seed.Child("m").Uniform(row);
            mass[row] = (float)(u < 0.5 ? 2.8 + u : 3.2 + u);
            x[row] = (float)((slope * (mass[row] - 3.5)) + seed.Child("x").NormalPair(row).First);
        }

        LearntSideband learnt = SidebandGenerator.Fit(
            new SidebandData(EventTable.FromColumns(("m", mass), ("x", x)), "m", ["x"], new MassWindow(3.3, 3.7, 2.8, 4.2)),
            new SidebandGeneratorOptions { MemberCount = 2 }, new Seed(2));

        Assert.That(learnt.Generator.TreeCount, fewest > 0 ? Is.GreaterThanOrEqualTo(fewest) : Is.LessThanOrEqualTo(2));
        Assert.That(learnt.MemberLogRatios(), learnt.Generator.TreeCount > 0 ? Has.Length.EqualTo(2) : Is.Empty);
    }

    [Test]
    public void The_number_of_trees_is_a_multiple_of_that_of_the_least_mean_loss_and_a_model_that_stopped_stays_at_its_last()
    {
        Assert.That(TreeCountChoice.Of([[1, 0.5, 0.8], [1, 0.9]], 2), Is.EqualTo(2));
        Assert.That(TreeCountChoice.Of([[1, 1.1], [1, 1.2, 1.3]], 2), Is.Zero);
        Assert.That(TreeCountChoice.Of([[1, 0.9, 0.7], [1, 0.9]], 2), Is.EqualTo(4));
    }
}
