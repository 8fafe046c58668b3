using Gbi.Diagnostics.Power;
using Gbi.Events;

namespace Gbi.Tests.Diagnostics.Power;

[TestFixture]
internal sealed class SelectionPowerTests
{
    private const int Count = 20_000;

    // Background uniform on (0, 1) at its quantiles; signal with cumulative x^n at its quantiles: ε_S = 1 − (1 − ε_B)ⁿ.
    private static readonly float[] Uniform = [.. Enumerable.Range(0, Count).Select(i => (i + 0.5f) / Count)];

    [Test]
    public void The_measures_are_those_of_the_densities()
    {
        const int Power = 40;
        float[] signal = [.. Uniform.Select(x => (float)Math.Pow(x, 1.0 / Power))];
        SelectionPower power = SelectionPower.Of(new(signal), new(Uniform));

        // A = ∫ ε_S dε_B = n/(n+1). The improvement is largest where 1 − (1−ε)ⁿ = 2 n ε (1−ε)ⁿ⁻¹.
        Assert.That(power.Area, Is.EqualTo(Power / (Power + 1.0)).Within(1e-4));
        Assert.That(power.AtTenth.SignalEfficiency, Is.EqualTo(1 - Math.Pow(0.9, Power)).Within(1e-4));
        Assert.That(power.AtThousandth.Improvement, Is.EqualTo((1 - Math.Pow(0.999, Power)) / Math.Sqrt(1e-3)).Within(0.08));
        Assert.That(power.Best.Improvement, Is.EqualTo(LargestImprovement(Power)).Within(0.02));
    }

    [Test]
    public void The_largest_improvement_counts_only_where_25_background_events_are_left()
    {
        // All signal above all background: 1/√ε_B at 25 events.
        SelectionPower power = SelectionPower.Of(new([2, 3]), new(Uniform));
        Assert.That(power.Best.Improvement, Is.EqualTo(Math.Sqrt(Count / 25.0)).Within(1e-9));
        Assert.That(power.Area, Is.EqualTo(1));
    }

    [Test]
    public void A_background_of_too_few_events_is_refused() =>
        Assert.That(
            () => SelectionPower.Of(new([1]), new(Uniform.AsSpan(0, 999))), Throws.TypeOf<DataException>().With.Message.Contains("0.001"));

    [TestCase(0, 0), TestCase(0.1, 0), TestCase(0.03, 0.04)]
    public void The_expected_significance_is_that_of_the_events_that_pass(double statistical, double systematic)
    {
        // b = 400, s = 40. Without error Z² = 2 [440 ln 1.1 − 40]; a relative error d/b leaves about s/√(b + d²).
        var point = new SelectionPoint(0, 0.4, 0.01, statistical);
        double expected = point.ExpectedSignificance(100, 40_000, systematic);
        double relative = Math.Sqrt((statistical * statistical) + (systematic * systematic));
        double gaussian = 40 / Math.Sqrt(400 + Math.Pow(400 * relative, 2));
        Assert.That(expected, Is.EqualTo(gaussian).Within(0.05 * gaussian));
        if (relative == 0)
        {
            Assert.That(expected, Is.EqualTo(Math.Sqrt(2 * ((440 * Math.Log(1.1)) - 40))).Within(1e-12));
        }
    }

    [Test]
    public void Without_a_cut_the_expected_significance_of_a_small_signal_is_its_number_over_the_root_of_the_background() =>
        Assert.That(new SelectionPoint(0, 1, 1, 0).ExpectedSignificance(10, 1e6), Is.EqualTo(0.01).Within(1e-6));

    /// <summary>The largest (1 − (1−ε)ⁿ)/√ε over a fine grid.</summary>
    private static double LargestImprovement(int power) => Enumerable.Range(1, 100_000)
        .Max(step => (1 - Math.Pow(1 - (step * 1e-5), power)) / Math.Sqrt(step * 1e-5));
}
