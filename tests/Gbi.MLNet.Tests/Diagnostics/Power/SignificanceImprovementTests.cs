using Gbi.Diagnostics.Power;
using Gbi.Events;

namespace Gbi.Tests.Diagnostics.Power;

[TestFixture]
internal sealed class SignificanceImprovementTests
{
    private const int Count = 10_000;

    // Background uniform on (0, 1), signal with cumulative x^n: a cut at c gives ε_B = 1 − c and ε_S = 1 − cⁿ exactly (quantiles).
    private static readonly float[] Uniform = [.. Enumerable.Range(0, Count).Select(i => (i + 0.5f) / Count)];

    [TestCase(0.5), TestCase(0.1), TestCase(0.01)]
    public void The_improvement_at_a_background_efficiency_is_that_of_the_densities(double efficiency)
    {
        const int Power = 8;
        float[] signal = [.. Uniform.Select(x => (float)Math.Pow(x, 1.0 / Power))];
        SelectionPoint point = new SignificanceImprovement(new(signal), new(Uniform)).At(efficiency);
        Assert.That(point.BackgroundEfficiency, Is.EqualTo(efficiency).Within(1e-12));
        double expected = 1 - Math.Pow(1 - efficiency, Power);

        // Up to the next background event, 1e-4 lower, signal passes too: at most 8e-4 of it.
        Assert.That(point.SignalEfficiency, Is.InRange(expected - 1e-4, expected + 8.5e-4));
        Assert.That(point.Improvement, Is.EqualTo(point.SignalEfficiency / Math.Sqrt(efficiency)).Within(1e-12));
        Assert.That(point.BackgroundRelativeError, Is.EqualTo(1 / Math.Sqrt(efficiency * Count)).Within(1e-12));
    }

    [Test]
    public void A_score_that_tells_nothing_improves_nothing()
    {
        var improvement = new SignificanceImprovement(new(Uniform), new(Uniform));
        Assert.That(improvement.Maximum().Improvement, Is.EqualTo(1).Within(1e-12), "√ε is largest without a cut");
        Assert.That(improvement.Maximum().BackgroundEfficiency, Is.EqualTo(1));
        Assert.That(improvement.At(0.25).Improvement, Is.EqualTo(0.5).Within(1e-12));
    }

    [TestCase(0.2, 25), TestCase(0.1, 100), TestCase(0.5, 4)]
    public void The_maximum_asks_for_a_background_of_small_relative_error(double error, int events)
    {
        // All signal lies above all background: the improvement 1/√ε_B rises until too few background events are left.
        SelectionPoint point = new SignificanceImprovement(new([2, 3]), new(Uniform)).Maximum(error);
        Assert.That(point.BackgroundEfficiency, Is.EqualTo((double)events / Count).Within(1e-12));
        Assert.That(point.Improvement, Is.EqualTo(Math.Sqrt((double)Count / events)).Within(1e-9));
    }

    // Background weights 1 above 0.9 and 3 below: ε_B of the cut 0.9 is 1000 / (1000 + 27,000); a doubled weight of all is no change.
    [TestCase(1), TestCase(2)]
    public void Weights_count_in_efficiencies_and_errors(double scale)
    {
        double[] weights = [.. Uniform.Select(x => scale * (x > 0.9f ? 1 : 3))];
        SelectionPoint point = new SignificanceImprovement(new([0.95f, 0.5f], [1, 3]), new(Uniform, weights)).At(1.0 / 28);
        Assert.That(point.Threshold, Is.EqualTo(0.90005f));
        Assert.That(point.SignalEfficiency, Is.EqualTo(0.25));
        Assert.That(point.BackgroundEfficiency, Is.EqualTo(1.0 / 28).Within(1e-12));
        Assert.That(point.BackgroundRelativeError, Is.EqualTo(1 / Math.Sqrt(1000)).Within(1e-12));
    }

    [Test]
    public void Equal_scores_pass_together()
    {
        // A cut at 1 takes half of the background and all signal; there is none in between.
        var improvement = new SignificanceImprovement(new([1, 1]), new([1, 1, 0, 0]));
        Assert.That(improvement.At(0.5).SignalEfficiency, Is.EqualTo(1));
        Assert.That(() => improvement.At(0.4), Throws.TypeOf<DataException>().With.Message.Contains("0.4"));
    }

    [Test]
    public void What_cannot_be_measured_is_refused()
    {
        var improvement = new SignificanceImprovement(new([1]), new([0, 2]));
        Assert.That(() => improvement.Maximum(), Throws.TypeOf<DataException>().With.Message.Contains("0.2"));
        Assert.That(() => improvement.At(0), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => improvement.Maximum(0), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => new SignificanceImprovement(new([]), new([0])), Throws.TypeOf<DataException>().With.Message.Contains("signal"));
        Assert.That(
            () => new SignificanceImprovement(new([1]), new([0], [1, 1])),
            Throws.ArgumentException.With.Message.Contains("2 weights for 1 scores"));
        Assert.That(
            () => new SignificanceImprovement(new([1]), new([0, float.NaN])),
            Throws.ArgumentException.With.Message.Contains("Score 1 of the background"));
    }
}
