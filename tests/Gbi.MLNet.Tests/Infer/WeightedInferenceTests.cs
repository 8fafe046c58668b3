using Gbi.Events;
using Gbi.Infer;
using Gbi.Numerics;
using Gbi.Posteriors.Autoregressive;
using Gbi.Posteriors.Models;
using Gbi.Simulators;
using Gbi.Simulators.Priors;

namespace Gbi.Tests.Infer;

/// <summary>Simulations at points that were not drawn from the prior, with weights that make up for it.</summary>
internal sealed class WeightedInferenceTests
{
    private static readonly PosteriorInferenceOptions Options =
        new() { Training = new TreePosteriorOptions { MemberCount = 2 }, TestDrawCount = 99 };

    /// <summary>θ ~ N(½, 1.5²) as a proposal of the prior N(0, 1), with its weights, and x ~ N(θ, 1).</summary>
    private static (EventTable Points, double[] Weights, EventTable Observations) Proposed(int count, ulong seed)
    {
        Prior proposal = Prior.Normal("t", 0.5, 1.5);
        EventTable points = proposal.Draw(count, new Seed(seed));
        Prior prior = Prior.Normal("t", 0, 1);
        double[] weights =
            [.. prior.LogDensities(points).Zip(proposal.LogDensities(points), (wanted, drawn) => 5 * Math.Exp(wanted - drawn))];
        float[] x = [.. points["t"].ToArray().Select((theta, row) => theta + (float)new Seed(seed).Child("noise").NormalPair(row).First)];
        return (points, weights, EventTable.FromColumns(("x", x)));
    }

    [TestCase(8000, false), TestCase(4000, true)]
    public void Weights_turn_a_proposal_into_the_prior_for_the_posterior_and_its_tests(int count, bool isCorrected)
    {
        // The posterior of x under the prior is N(x/2, ½); under the proposal it is N((x + ½/2.25)/(1 + 1/2.25), 1/(1 + 1/2.25)), at x = 1
        // of the mean 0.846 and the deviation 0.832.
        (EventTable points, double[] weights, EventTable x) = Proposed(count, 1);
        Prior prior = Prior.Normal("t", 0, 1);
        InferredPosterior inferred = PosteriorInference.Infer(
            new Simulations(points.WithWeights(weights), x), prior, new Seed(2),
            Options with { IsCorrected = isCorrected, Training = new TreePosteriorOptions { MemberCount = isCorrected ? 1 : 2 } });
        ParameterSummary found = inferred.Model.Given(EventTable.FromColumns(("x", [1f]))).Summarise(20_000, new Seed(3)).Parameters[0];
        Assert.Multiple(() =>
        {
            Assert.That(found.Mean, Is.EqualTo(0.5).Within(0.05));
            Assert.That(found.StandardDeviation, Is.EqualTo(Math.Sqrt(0.5)).Within(0.03));
            Assert.That(inferred.Warnings, Is.Empty);

            double worth = weights.Sum() * weights.Sum() / weights.Sum(weight => weight * weight) / count;
            Assert.That(inferred.WeightedCounts!.EffectiveTrainingCount / (0.9 * count), Is.EqualTo(worth).Within(0.02));
            Assert.That(inferred.WeightedCounts.TestedCount, Is.EqualTo(inferred.Report.PairCount));

            // So many are kept in proportion to their weights, within three standard deviations of a binomial number.
            double kept = weights.Sum() / count / weights.Max();
            Assert.That(inferred.WeightedCounts.HeldOutCount, Is.EqualTo(count / 10));
            Assert.That(inferred.Report.PairCount, Is.EqualTo(count / 10 * kept).Within(3 * Math.Sqrt(count / 10 * kept * (1 - kept))));
            double[] truths = [.. inferred.Ranks.Truths[0]];
            Assert.That(truths.Average(), Is.EqualTo(0).Within(3 / Math.Sqrt(truths.Length)), "the tests' parameters are of the prior");
            Assert.That(inferred.Report.IsOverConfident, Is.False);

            // The information gain of the exact posterior is ½ ln 2.
            Assert.That(inferred.Report.InformationGain!.Value.Value, Is.EqualTo(Math.Log(2) / 2).Within(0.08));
        });
    }

    [Test]
    public void The_same_tests_find_that_the_weights_were_left_out()
    {
        (EventTable points, double[] weights, EventTable x) = Proposed(2000, 4);
        Prior prior = Prior.Normal("t", 0, 1);
        InferredPosterior without = PosteriorInference.Infer(new Simulations(points, x), prior, new Seed(2), Options);
        InferredPosterior wrong = PosteriorInference.Infer(
            new Simulations(points.WithWeights(Array.ConvertAll(weights, weight => weight * weight)), x), prior, new Seed(2), Options);
        Assert.Multiple(() =>
        {
            Assert.That(without.Warnings, Has.One.StartsWith("Parameter 't' of the simulations is not distributed as in the prior"));
            Assert.That(wrong.Warnings, Has.One.Contains("or weights that turn them into it"));
        });
    }

    [Test]
    public void Equal_weights_give_the_bytes_of_no_weights()
    {
        (EventTable points, _, EventTable x) = Proposed(400, 5);
        Prior prior = Prior.Normal("t", 0.5, 1.5);
        using var folder = new ScratchFolder();
        InferredPosterior plain = PosteriorInference.Infer(new Simulations(points, x), prior, new Seed(6), Options);
        InferredPosterior tenths = PosteriorInference.Infer(
            new Simulations(points.WithWeights(Enumerable.Repeat(0.1, 400).ToArray()), x), prior, new Seed(6), Options);
        plain.Save(folder["plain.zip"]);
        tenths.Save(folder["tenths.zip"]);
        Assert.Multiple(() =>
        {
            Assert.That(File.ReadAllBytes(folder["tenths.zip"]), Is.EqualTo(File.ReadAllBytes(folder["plain.zip"])));
            Assert.That(tenths.Ranks.OfDensity, Is.EqualTo(plain.Ranks.OfDensity));
            Assert.That(plain.WeightedCounts, Is.Null);
            Assert.That(tenths.WeightedCounts, Is.EqualTo(new WeightedCounts(360, 40, 40)));
        });
    }

    [Test]
    public void Weights_and_technical_failures_multiply()
    {
        // P(valid|θ) is ½ above 0: the proposal's weights and those of the failures both count; the posterior of x = 0 stays N(0, ½).
        (EventTable points, double[] weights, EventTable x) = Proposed(6000, 7);
        float[] values = x["x"].ToArray();
        for (int row = 0; row < values.Length; row++)
        {
            values[row] = points["t"][row] > 0 && new Seed(8).Uniform(row) < 0.5 ? float.NaN : values[row];
        }

        InferredPosterior inferred = PosteriorInference.Infer(
            new Simulations(points.WithWeights(weights), EventTable.FromColumns(("x", values))), Prior.Normal("t", 0, 1), new Seed(2),
            Options with { FailuresAreTechnical = true });
        ParameterSummary found = inferred.Model.Given(EventTable.FromColumns(("x", [0f]))).Summarise(20_000, new Seed(3)).Parameters[0];
        Assert.That(found.Mean, Is.EqualTo(0).Within(0.06), "−0.2 without the weights of the failures");
        Assert.That(found.StandardDeviation, Is.EqualTo(Math.Sqrt(0.5)).Within(0.04));
    }

    [Test]
    public void Weights_that_stand_for_no_prior_are_refused()
    {
        (EventTable points, double[] weights, EventTable x) = Proposed(200, 9);
        Prior prior = Prior.Normal("t", 0, 1);
        Assert.Multiple(() =>
        {
            Refused(-1, "The weight of the simulations is -1 in row 7, expected a finite number above 0; simulations with negative");
            Refused(0, "The weight of the simulations is 0 in row 7, expected a finite number above 0; leave out");
            Refused(double.NaN, "The weight of the simulations is NaN in row 7");
            Refused(double.PositiveInfinity, "The weight of the simulations is Infinity in row 7");
            Assert.That(
                () => new Simulations(points, x.WithWeights(weights)),
                Throws.TypeOf<DataException>().With.Message.StartsWith("The observations have other weights than the points"));
            Assert.That(
                () => TreePosterior.Train(prior, points.WithWeights(With(0)), x, Options.Training, new Seed(1)),
                Throws.TypeOf<DataException>().With.Message.EqualTo(
                    "The weight of the simulations is 0 in row 7, expected a finite number above 0; leave out "
                    + "simulations that the prior does not allow."));
            Assert.That(
                () => TreePosterior.Train(prior, points.WithWeights(With(1e6)), x, Options.Training, new Seed(1)),
                Throws.TypeOf<DataException>().With.Message.StartsWith("The 200 simulations are worth 1.0 without weights, as a few have"));
        });

        void Refused(double weight, string sentence) => Assert.That(
            () => new Simulations(points.WithWeights(With(weight)), x),
            Throws.TypeOf<DataException>().With.Message.StartsWith(sentence));

        double[] With(double weight) => [.. weights.Select((value, row) => row == 7 ? weight : value)];
    }
}
