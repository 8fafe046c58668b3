using Gbi.Diagnostics.Posteriors;
using Gbi.Events;
using Gbi.Numerics;

namespace Gbi.Tests.Diagnostics.Posteriors;

[TestFixture]
internal sealed class ParameterRecoveryTests
{
    [TestCase(1, 0), TestCase(0.7, 0), TestCase(1, 0.5)]
    public void Recovery_of_a_normal_posterior_is_that_of_the_closed_form(double widthFactor, double shift)
    {
        var posterior = new GaussianPosterior(1) { WidthFactor = widthFactor, Shift = shift };
        PosteriorRanks ranks = PosteriorRanks.Of(posterior, GaussianTask.Pairs(2000, 1, 3), 499, new Seed(4));
        ParameterRecovery recovery = ParameterRecovery.Of(ranks).Single();
        double variance = GaussianTask.PosteriorVariance;
        double square = 1 + (shift * shift);
        Assert.Multiple(() =>
        {
            // z ~ N(b/c, 1/c²); contraction 1 − c² 0.05/0.1; the mean is x/2, of which a half of the prior's variance remains.
            Assert.That(recovery.MeanZScore.Value, Is.EqualTo(shift / widthFactor).Within(3 * recovery.MeanZScore.Error));
            Assert.That(recovery.ZScoreSize, Is.EqualTo(Math.Sqrt(square) / widthFactor).Within(6).Percent);
            Assert.That(recovery.MeanContraction.Value, Is.EqualTo(1 - (widthFactor * widthFactor / 2)).Within(0.03));
            Assert.That(recovery.Correlation, Is.EqualTo(Math.Sqrt(0.5)).Within(0.04));
            Assert.That(recovery.RootMeanSquareError, Is.EqualTo(Math.Sqrt(square * variance)).Within(6).Percent);
        });
    }

    [Test]
    public void One_draw_has_no_width() => Assert.That(
        () => ParameterRecovery.Of(PosteriorRanks.Of(new GaussianPosterior(1), GaussianTask.Pairs(20, 1, 3), 1, new Seed(4))),
        Throws.TypeOf<DataException>().With.Message.Contains("20 pairs with 1 draws each"));
}
