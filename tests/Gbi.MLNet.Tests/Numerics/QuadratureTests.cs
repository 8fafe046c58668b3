using Gbi.Numerics;

namespace Gbi.Tests.Numerics;

[TestFixture]
internal sealed class QuadratureTests
{
    [TestCase(1), TestCase(2), TestCase(6), TestCase(64), TestCase(128)]
    public void A_rule_of_n_nodes_is_exact_up_to_degree_2n_minus_1(int order)
    {
        // ∫ x^d dx over [−½, 1] = (1 − (−½)^(d+1))/(d+1).
        Quadrature rule = Quadrature.OnInterval(-0.5, 1, order);
        for (int degree = 0; degree <= (2 * order) - 1; degree++)
        {
            double found = rule.Nodes.Zip(rule.Weights, (x, w) => w * Math.Pow(x, degree)).Sum();
            Assert.That(found, Is.EqualTo((1 - Math.Pow(-0.5, degree + 1)) / (degree + 1)).Within(1e-13), $"degree {degree}");
        }
    }

    [Test]
    public void A_rule_of_n_nodes_is_not_exact_at_degree_2n()
    {
        // The error of the Legendre rule of 2 nodes for x⁴ on [−1, 1] is 2/5 − 2/9 = 8/45.
        Quadrature rule = Quadrature.OnInterval(-1, 1, 2);
        double found = rule.Nodes.Zip(rule.Weights, (x, w) => w * Math.Pow(x, 4)).Sum();
        Assert.That((2 / 5.0) - found, Is.EqualTo(8 / 45.0).Within(1e-14));
    }

    [Test]
    public void Nodes_ascend_inside_the_interval_and_weights_are_positive()
    {
        Quadrature rule = Quadrature.OnInterval(3.3, 3.7, 6);
        Assert.That(rule.Nodes, Is.Ordered.Ascending.And.All.InRange(3.3, 3.7));
        Assert.That(rule.Weights, Has.All.Positive);
    }
}
