using Gbi.Diagnostics.Posteriors;
using Gbi.Events;
using Gbi.Numerics;
using Gbi.Posteriors.Models;

namespace Gbi.Tests.Diagnostics.Posteriors;

[TestFixture]
internal sealed class PosteriorRanksTests
{
    [Test]
    public void Given_draws_are_ranked_by_hand()
    {
        // Draws 1…4 around a truth of 2.5 (two below), and of 1 (equal to one of four, none below).
        TestPairs pairs = Pairs([2.5f, 1], [0, 0]);
        var draws = new PosteriorDraws(Table("a", 1, 2, 3, 4, 1, 2, 3, 4), [1, 2, 3, 4, 1, 1, 1, 1], 4);
        var ranks = PosteriorRanks.OfDraws(pairs, draws, [2.5, 1], new Seed(1));
        Assert.Multiple(() =>
        {
            Assert.That(ranks.OfParameters[0][0], Is.InRange(2 / 5.0, 3 / 5.0));
            Assert.That(ranks.OfParameters[0][1], Is.InRange(0, 2 / 5.0));
            Assert.That(ranks.OfDensity[0], Is.InRange(2 / 5.0, 3 / 5.0));
            Assert.That(ranks.OfDensity[1], Is.InRange(0, 1));
            Assert.That(ranks.Means[0], Is.EqualTo(new[] { 2.5, 2.5 }));
            Assert.That(ranks.Deviations[0][0], Is.EqualTo(Math.Sqrt(5.0 / 3)).Within(1e-14));
            Assert.That(ranks.LogDensities, Is.EqualTo(new[] { 2.5, 1 }));
            Assert.That(ranks.InformationGains, Is.Empty);
            Assert.That(ranks.RepeatedShare, Is.Zero);
        });
    }

    [Test]
    public void Without_densities_there_are_ranks_of_parameters_and_distances_alone()
    {
        TestPairs pairs = Pairs([2.5f, 1], [0, 0]);
        var draws = new PosteriorDraws(Table("a", 1, 1, 1, 4, 1, 2, 3, 4), new double[8], 4);
        var ranks = PosteriorRanks.OfDraws(pairs, draws, null, new Seed(1));
        PosteriorReport report = PosteriorTests.Run(ranks, new PosteriorTestOptions(), new Seed(1));
        Assert.Multiple(() =>
        {
            Assert.That(ranks.OfDensity, Is.Empty);
            Assert.That(ranks.OfDistance, Has.Count.EqualTo(2));
            Assert.That(ranks.RepeatedShare, Is.EqualTo(2.0 / 6));
            Assert.That(report.Density, Is.Null);
            Assert.That(report.InformationGain, Is.Null);
            Assert.That(report.Verdicts[^1].Text, Does.StartWith("inconclusive: 33 % of the draws repeat the one before"));
        });
    }

    [Test]
    public void Ranks_of_discrete_parameters_are_uniform()
    {
        // A fair coin whatever x: the posterior is the coin.
        const int Count = 1000;
        var seed = new Seed(4);
        float[] truths = [.. Enumerable.Range(0, Count).Select(row => (float)seed.Below(2, row))];
        float[] draws = [.. Enumerable.Range(0, 20 * Count).Select(row => (float)seed.Child("draws").Below(2, row))];
        double[] densities = [.. Enumerable.Repeat(Math.Log(0.5), 20 * Count)];
        var ranks = PosteriorRanks.OfDraws(
            Pairs(truths, new float[Count]), new PosteriorDraws(Table("a", draws), densities, 20), densities[..Count], seed);
        Assert.Multiple(() =>
        {
            Assert.That(UniformityTest.Of(ranks.OfParameters[0]).Probability, Is.GreaterThan(0.01));
            Assert.That(UniformityTest.Of(ranks.OfDensity).Probability, Is.GreaterThan(0.01));
            Assert.That(UniformityTest.Of(ranks.OfDistance).Probability, Is.GreaterThan(0.01));
        });
    }

    [Test]
    public void Ranks_do_not_depend_on_the_number_of_threads()
    {
        TestPairs pairs = GaussianTask.Pairs(100, 2, 3);
        PosteriorRanks many = PosteriorRanks.Of(new GaussianPosterior(2), pairs, 20, new Seed(7));
        using (ThreadLimit.To(1))
        {
            PosteriorRanks one = PosteriorRanks.Of(new GaussianPosterior(2), pairs, 20, new Seed(7));
            Assert.That(one.OfParameters[1], Is.EqualTo(many.OfParameters[1]));
            Assert.That(one.OfDistance, Is.EqualTo(many.OfDistance));
            Assert.That(one.OfDensity, Is.EqualTo(many.OfDensity));
        }
    }

    [Test]
    public void A_density_that_excludes_a_truth_is_over_confident()
    {
        TestPairs pairs = Pairs([2.5f, 1], [0, 0]);
        var draws = new PosteriorDraws(Table("a", 1, 2, 3, 4, 1, 2, 3, 4), [1, 2, 3, 4, 1, 1, 1, 1], 4);
        var ranks = PosteriorRanks.OfDraws(pairs, draws, [double.NegativeInfinity, 1], new Seed(1));
        PosteriorReport report = PosteriorTests.Run(ranks, new PosteriorTestOptions(), new Seed(1));
        Assert.That(report.ExcludedCount, Is.EqualTo(1));
        Assert.That(report.IsOverConfident, Is.True);
        Assert.That(report.Verdicts[1].Text, Is.EqualTo("over-confident: the density is 0 at the truth of 1 of 2 pairs"));
    }

    [Test]
    public void What_would_give_wrong_ranks_is_refused()
    {
        TestPairs pairs = GaussianTask.Pairs(50, 2, 3);
        var draws = new PosteriorDraws(Table("a", 1, 2, 3, float.NaN), [1, 2, 3, 4], 4);
        Assert.Multiple(() =>
        {
            Refused(() => PosteriorRanks.Of(new GaussianPosterior(1), pairs, 20, new Seed(1)), "name the same parameters");
            Refused(
                () => PosteriorRanks.Of(new GaussianPosterior(2) { DensityOfDrawsIsOffBy = 1 }, pairs, 20, new Seed(1)),
                "For 20 of 20 draws the posterior gives another density than it did while drawing");
            Refused(() => PosteriorRanks.OfDraws(Pairs([1], [0]), draws, null, new Seed(1)), "A draw of 'a' for test pair 0 is NaN");
            Refused(() => PosteriorRanks.OfDraws(Pairs([1, 2], [0, 0]), draws, null, new Seed(1)), "There are 2 test pairs, draws for 1");
            Refused(() => Pairs([1, float.NaN], [0, 0]), "The parameter 'a' of test pair 1 is NaN");
            Refused(() => Pairs([1], [float.PositiveInfinity]), "The feature 'x' of test pair 0 is ");
            Refused(() => Pairs([1, 2], [0]), "There are 2 rows of 1 parameters and 1 observations");
            Refused(
                () => _ = new TestPairs(Table("a", 1).WithWeights(new double[] { 2 }), Table("x", 1)), "The test pairs have weights");
            Refused(() => _ = new TestPairs(Table("a", 1), Table("x", 1), GaussianTask.Prior(1)), "The prior is one of theta0");
        });
    }

    private static void Refused(Action call, string sentence) =>
        Assert.That(call, Throws.TypeOf<DataException>().With.Message.Contains(sentence));

    private static TestPairs Pairs(float[] truths, float[] observations) => new(Table("a", truths), Table("x", observations));

    private static EventTable Table(string name, params float[] values) => EventTable.FromColumns((name, values));
}
