using Gbi.Diagnostics.Posteriors;
using Gbi.Events;

namespace Gbi.Tests.Diagnostics.Posteriors;

[TestFixture]
internal sealed class PredictiveCheckTests
{
    private static readonly EventTable Simulated = EventTable.FromColumns(
        ("a", [.. Enumerable.Range(1, 99).Select(i => (float)i)]),
        ("b", [.. Enumerable.Range(1, 99).Select(i => i > 49 ? float.NaN : i)]));

    [Test]
    public void Probabilities_count_simulations_and_one_more()
    {
        PredictiveCheck check = PredictiveCheck.Of(
            PredictiveKind.Prior, Simulated, Observed(90, 25), ["a", "b"],
            new Dictionary<string, Func<IReadOnlyList<float>, double>> { ["twice a"] = values => 2 * values[0] });
        Assert.Multiple(() =>
        {
            Assert.That(check.Features.Select(feature => feature.Name), Is.EqualTo(new[] { "a", "b", "twice a" }));
            Assert.That(check.Features[0].ProbabilityAbove, Is.EqualTo(11 / 100.0));
            Assert.That(check.Features[0].ProbabilityBelow, Is.EqualTo(91 / 100.0));
            Assert.That(check.Features[0].Probability, Is.EqualTo(0.22));
            Assert.That(check.Features[0].Median, Is.EqualTo(50));
            Assert.That(check.Features[1].SimulationCount, Is.EqualTo(49));
            Assert.That(check.Features[1].Probability, Is.EqualTo(1));
            Assert.That(check.Features[2].Probability, Is.EqualTo(0.22));
            Assert.That(check.Probability, Is.EqualTo(0.66).Within(1e-15));
            Assert.That(check.Worst.Name, Is.EqualTo("a"));
        });
    }

    [Test]
    public void What_cannot_be_compared_is_refused()
    {
        Assert.That(
            () => PredictiveCheck.Of(PredictiveKind.Prior, Simulated, Observed(1, float.NaN), ["a", "b"]),
            Throws.TypeOf<DataException>().With.Message.Contains("'b' is NaN in the observation and known in 49 of 99 simulations"));
        Assert.That(
            () => PredictiveCheck.Of(PredictiveKind.Prior, Simulated, Simulated, ["a"]),
            Throws.TypeOf<DataException>().With.Message.Contains("There are 99 observations"));
    }

    private static EventTable Observed(float a, float b) => EventTable.FromColumns(("a", [a]), ("b", [b]));
}
