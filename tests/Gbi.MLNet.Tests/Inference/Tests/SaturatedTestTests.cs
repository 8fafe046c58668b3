using Gbi.Inference.Fits;
using Gbi.Inference.Tests;
using Gbi.Likelihoods;
using Gbi.Likelihoods.Factors;
using Gbi.Likelihoods.Model;
using Gbi.Numerics;
using Gbi.Numerics.Probability;
using Gbi.Tests.Inference.MixtureFraction;

namespace Gbi.Tests.Inference.Tests;

[TestFixture]
internal sealed class SaturatedTestTests
{
    [Test]
    public void Two_counts_of_one_mean_have_the_deviance_of_Poisson()
    {
        // μ̂ = (12 + 20)/20 expects 16 in each: 2 [12 ln(12/16) + 20 ln(20/16)].
        LikelihoodModel model = Scaled(10, 10);
        SaturatedTestResult found = Test(model, model.DataOf(12, 20));
        double expected = 2 * ((12 * Math.Log(12.0 / 16)) + (20 * Math.Log(20.0 / 16)));
        Assert.Multiple(() =>
        {
            Assert.That(found.Statistic, Is.EqualTo(expected).Within(1e-10));
            Assert.That(found.DegreesOfFreedom, Is.EqualTo(1));
            Assert.That(found.Probability, Is.EqualTo(2 * TailProbability.OfNormal(Math.Sqrt(expected))).Within(1e-10));
            Assert.That(found.ToyProbability, Is.NaN);
        });
    }

    [Test]
    public void A_perfect_fit_has_a_statistic_of_zero_and_an_empty_bin_counts_for_nothing()
    {
        LikelihoodModel model = Scaled(10, 0);
        SaturatedTestResult found = Test(model, model.DataOf(7, 0));
        Assert.That((found.Statistic, found.DegreesOfFreedom), Is.EqualTo((0.0, 0)).Within(1e-10));
        Assert.That(found.Probability, Is.NaN);
    }

    [Test]
    public void A_pull_adds_its_square()
    {
        // λ = 1e6 exp(1e-3 α): n = 1e6 + 2000 lies 2σ off; a unit constraint of the same size takes half of it: χ² = 2²/2 to a part in a
        // thousand.
        var model = new LikelihoodModel(
            [new NuisanceParameter("alpha")],
            [new BinnedChannel("c", [new BinnedSample("b", [1e6]) { YieldFactors = [YieldFactor.Exponential("alpha", 1e-3)] }])],
            "alpha");
        SaturatedTestResult found = Test(model, model.DataOf(1e6 + 2000));
        Assert.That(found.Statistic, Is.EqualTo(2).Within(0.005));
        Assert.That(found.DegreesOfFreedom, Is.EqualTo(1));
    }

    [Test]
    public void Toys_agree_with_chi_squared_where_counts_are_large()
    {
        LikelihoodModel model = Scaled(400, 300, 500, 200);
        ModelData data = model.DataOf(430, 270, 520, 205);
        FitResult fit = new StrengthTest(model, data).Observed.Fit();
        (SaturatedTestResult one, SaturatedTestResult two) = ThreadLimit.Compare(
            () => SaturatedTest.Of(model, data, fit, toyCount: 2000, new Seed(3)));
        double p = one.Probability;
        Assert.Multiple(() =>
        {
            Assert.That(one.DegreesOfFreedom, Is.EqualTo(3));
            Assert.That(p, Is.InRange(0.02, 0.5));
            Assert.That(one.ToyProbability, Is.EqualTo(p).Within(4 * Math.Sqrt(p * (1 - p) / 2000)));
            Assert.That(one.ToyProbabilityError, Is.EqualTo(Math.Sqrt(p * (1 - p) / 2000)).Within(20).Percent);
            Assert.That(one.Failures, Is.Empty);
            Assert.That(two.Toys, Is.EqualTo(one.Toys));
        });
    }

    [Test]
    public void Events_without_bins_have_no_saturated_likelihood()
    {
        LikelihoodModel model = MixtureToys.Model(hasNuisances: false);
        ModelData data = MixtureToys.Draw(model, [0.1], new Seed(1), 0);
        FitResult fit = new StrengthTest(model, data).Observed.Fit();
        Assert.That(() => SaturatedTest.Of(model, data, fit), Throws.TypeOf<FitException>().With.Message.Contains("EventGoodnessOfFit"));
    }

    private static SaturatedTestResult Test(LikelihoodModel model, ModelData data) =>
        SaturatedTest.Of(model, data, new StrengthTest(model, data).Observed.Fit());

    private static LikelihoodModel Scaled(params double[] yields) => new(
        [new FitParameter { Name = "mu", Initial = 1, Lower = 0 }],
        [new BinnedChannel("c", [new BinnedSample("s", yields) { YieldFactors = [YieldFactor.Strength("mu")] }])],
        "mu");
}
