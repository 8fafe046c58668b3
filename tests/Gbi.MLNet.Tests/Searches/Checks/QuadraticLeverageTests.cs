using Gbi.Events;
using Gbi.Searches.Checks;

namespace Gbi.Tests.Searches.Checks;

[TestFixture]
internal sealed class QuadraticLeverageTests
{
    [Test]
    public void A_polynomial_through_three_masses_is_known_at_each_as_well_as_its_value_there()
    {
        var leverage = new QuadraticLeverage(Events([2, 3, 7], [1, 4, 0.5f]), "m");

        Assert.Multiple(() =>
        {
            Assert.That(leverage.At([2]), Is.EqualTo(1).Within(1e-10));
            Assert.That(leverage.At([3]), Is.EqualTo(0.25).Within(1e-10));
            Assert.That(leverage.At([7]), Is.EqualTo(2).Within(1e-10));
        });
    }

    [Test]
    public void Between_two_sidebands_of_equal_masses_it_is_the_closed_form_of_even_moments()
    {
        // Masses ±1 and ±2 around 5, one event each: at the centre h = Σt⁴/(n Σt⁴ − (Σt²)²), with t in any unit.
        var leverage = new QuadraticLeverage(Events([3, 4, 6, 7], [1, 1, 1, 1]), "m");

        Assert.That(leverage.At([5]), Is.EqualTo(34.0 / ((4 * 34) - (10 * 10))).Within(1e-10));
    }

    [Test]
    public void Two_masses_do_not_determine_it() => Assert.That(
        () => new QuadraticLeverage(Events([3, 3, 4], [1, 1, 1]), "m"),
        Throws.TypeOf<DataException>().With.Message.Contains("three different masses"));

    private static EventTable Events(float[] masses, float[] weights) =>
        EventTable.FromColumns(("m", masses)).WithWeights(Array.ConvertAll(weights, weight => (double)weight));
}
