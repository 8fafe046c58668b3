using Gbi.Diagnostics.Posteriors;
using Gbi.Events;
using Gbi.Numerics;

namespace Gbi.Tests.Diagnostics.Posteriors;

[TestFixture]
internal sealed class LocalClassifierTestTests
{
    private static readonly LocalClassifierOptions Options = new()
    {
        Trees = new() { TreeCount = 20, LeafCount = 6, MinLeafHessian = 5 },
        PermutationCount = 50,
        ScaleDraws = 50,
        EvaluationDraws = 200,
    };

    private static readonly EventTable Observations = EventTable.FromColumns(("x0", [-0.4f, 0.4f]), ("x1", [0.1f, 0.1f]));

    [Test]
    public void A_posterior_that_is_wrong_for_some_x_alone_fails_there_alone()
    {
        var wrong = new GaussianPosterior(2) { WidthFactor = 0.5, IsWrongAt = x => x > 0 };
        IReadOnlyList<LocalClassifierTest> tests = Run(wrong, 600, 1);
        Assert.That(tests[1].Probability, Is.EqualTo(1 / 51.0));
        Assert.That(tests[0].Probability, Is.GreaterThan(0.05));
        Assert.That(tests[1].Statistic, Is.GreaterThan(5 * tests[0].Statistic));
    }

    [Test]
    public void Exact_posteriors_have_any_p_value()
    {
        double[] probabilities = [.. Enumerable.Range(0, 12).Select(set => Run(new GaussianPosterior(2), 200, (ulong)set)[0].Probability)];
        Assert.That(probabilities.Average(), Is.EqualTo(0.5).Within(3 * 0.29 / Math.Sqrt(12)));
        Assert.That(probabilities.Count(p => p < 0.05), Is.AtMost(3));
    }

    [Test]
    public void Too_few_pairs_are_refused() => Assert.That(
        () => Run(new GaussianPosterior(2), 50, 1), Throws.TypeOf<DataException>().With.Message.Contains("100 or more"));

    private static IReadOnlyList<LocalClassifierTest> Run(GaussianPosterior posterior, int pairs, ulong seed) =>
        LocalClassifierTest.Run(posterior, GaussianTask.Pairs(pairs, 2, seed), Observations, Options, new Seed(seed));
}
