using Gbi.Inference.Fits;
using Gbi.Likelihoods;
using Gbi.Likelihoods.Factors;
using Gbi.Likelihoods.Model;
using MathNet.Numerics.RootFinding;

namespace Gbi.Tests.Inference.Fits;

/// <summary>Intervals of MINOS of all parameters where they are known in closed form.</summary>
[TestFixture]
internal sealed class MinosErrorsTests
{
    [Test]
    public void Every_parameter_has_the_interval_of_its_profile()
    {
        // Two counts of their own: t(μ) = 2 (μ − n − n ln(μ/n)) for each; the third parameter is fixed, and the fourth at its bound 0.
        LikelihoodModel model = Model();
        IReadOnlyList<MinosInterval> found = MinosErrors.Of(
            new ProfileLikelihood(new Likelihood(model, model.DataOf(5, 40, 0)), model.Parameters, 0));
        Assert.Multiple(() =>
        {
            Assert.That(found.Select(interval => interval.Parameter), Is.EqualTo(new[] { "a", "b", "d" }));
            Require(found[0], 5);
            Require(found[1], 40);
            Assert.That(found[2].Lower, Is.Zero, "the bound");
            Assert.That(found[2].Upper, Is.EqualTo(0.5).Within(1e-6), "2 μ rises by 1");
        });
    }

    private static void Require(MinosInterval interval, double n)
    {
        double Excess(double mu) => (2 * (mu - n - (n * Math.Log(mu / n)))) - 1;
        Assert.That(interval.Lower, Is.EqualTo(Brent.FindRoot(Excess, n / 10, n, 1e-10)).Within(1e-6));
        Assert.That(interval.Upper, Is.EqualTo(Brent.FindRoot(Excess, n, 4 * n, 1e-10)).Within(1e-6));
        Assert.That(interval.Failure, Is.Null);
    }

    private static LikelihoodModel Model() => new(
        [
            Parameter("a"), Parameter("b"), Parameter("c") with { IsFixed = true }, Parameter("d"),
        ],
        [
            new BinnedChannel(
                "first", [new BinnedSample("s", [1]) { YieldFactors = [YieldFactor.Strength("a"), YieldFactor.Strength("c")] }]),
            new BinnedChannel("second", [new BinnedSample("s", [1]) { YieldFactors = [YieldFactor.Strength("b")] }]),
            new BinnedChannel("third", [new BinnedSample("s", [1]) { YieldFactors = [YieldFactor.Strength("d")] }]),
        ]);

    private static FitParameter Parameter(string name) => new() { Name = name, Initial = 1, Lower = 0, Upper = 1000 };
}
