using Gbi.Diagnostics.Power;
using Gbi.Numerics;
using Gbi.Numerics.Probability;

namespace Gbi.Tests.Diagnostics.Power;

[TestFixture]
internal sealed class RocCurveTests
{
    // Pairs (first, second), a win counts 1 and a tie ½. First {3, 1}, second {2, 1, 0}: 3 beats all three, 1 ties 1 and beats 0.
    [Test]
    public void A_tie_counts_half() => Assert.That(RocCurve.Area(new([3, 1]), new([2, 1, 0])), Is.EqualTo(4.5 / 6).Within(1e-15));

    // Weights of pairs multiply. First 3 (w 2), 1 (w 1); second 2 (w 1), 1 (w 4), 0 (w 5): 2·10 + 1·(4/2 + 5) = 27 of 3·10.
    [Test]
    public void Pairs_count_with_the_product_of_their_weights() =>
        Assert.That(RocCurve.Area(new([3, 1], [2, 1]), new([2, 1, 0], [1, 4, 5])), Is.EqualTo(27.0 / 30).Within(1e-15));

    // As above with the weight of 2 at −1: 2·8 + 1·7 = 23 of 3·8.
    [Test]
    public void Signed_weights_count_with_their_sign() =>
        Assert.That(RocCurve.Area(new([3, 1], [2, 1]), new([2, 1, 0], [-1, 4, 5])), Is.EqualTo(23.0 / 24).Within(1e-15));

    [Test]
    public void Equal_scores_give_one_half_and_separated_ones_1_and_0()
    {
        Assert.That(RocCurve.Area(new([7, 7]), new([7, 7, 7])), Is.EqualTo(0.5));
        Assert.That(RocCurve.Area(new([2, 3]), new([0, 1])), Is.EqualTo(1));
        Assert.That(RocCurve.Area(new([0, 1]), new([2, 3])), Is.EqualTo(0));
    }

    [Test]
    public void Two_unit_gaussians_a_distance_d_apart_give_the_normal_probability_of_d_over_root_2()
    {
        // The difference of the two scores is N(d, 2); Var(area) ≤ 1/(4n) by the smaller sample, three of its roots.
        const int Count = 40_000;
        const double Distance = 0.7;
        var random = new Seed(1).CreateRandom();
        float[] first = [.. Enumerable.Range(0, Count).Select(_ => (float)random.NextNormal(Distance, 1))];
        float[] second = [.. Enumerable.Range(0, Count).Select(_ => (float)random.NextNormal(0, 1))];
        double expected = 1 - TailProbability.OfNormal(Distance / Math.Sqrt(2));
        Assert.That(RocCurve.Area(new(first), new(second)), Is.EqualTo(expected).Within(3 / Math.Sqrt(4.0 * Count)));
    }
}
