using System.Collections.Concurrent;
using Gbi.Events;
using Gbi.Infer;
using Gbi.Jobs;
using Gbi.Numerics;
using Gbi.Posteriors.Autoregressive;
using Gbi.Posteriors.Models;
using Gbi.Simulators;
using Gbi.Simulators.Priors;

namespace Gbi.Tests.Infer;

/// <summary>What an inference says while it works, and of its simulations.</summary>
internal sealed class PosteriorInferenceTests
{
    [Test]
    public void Constant_features_are_named_and_every_part_that_is_learnt_is_told()
    {
        Prior prior = Prior.Independent(Prior.Uniform("a", 0, 1), Prior.Uniform("b", 0, 1));
        EventTable points = prior.Draw(400, new Seed(1));
        float[] x = [.. points["a"].ToArray().Select((value, row) => value + (0.1f * (float)new Seed(2).NormalPair(row).First))];
        EventTable observations = EventTable.FromColumns(("x", x), ("k", new float[400]), ("l", [.. Enumerable.Repeat(3f, 400)]));
        var told = new Told();
        InferredPosterior inferred = PosteriorInference.Infer(
            new Simulations(points, observations), prior, new Seed(3),
            new PosteriorInferenceOptions { Training = new TreePosteriorOptions { MemberCount = 2 }, TestDrawCount = 19 }, told);
        Assert.Multiple(() =>
        {
            Assert.That(inferred.Warnings, Is.EqualTo(new[]
            {
                "Features k, l have the same value in all of 360 simulations, and cannot determine parameters; leave out what is constant.",
            }));
            Assert.That(told.Fractions("Learning the posterior").Order(), Is.EqualTo((double[])[0.2, 0.4, 0.6, 0.8, 1]).Within(1e-12));
            Assert.That(inferred.Ranks.PairCount, Is.EqualTo(inferred.Report.PairCount));
        });
    }

    [TestCase(false), TestCase(true)]
    public void Failed_simulations_are_part_of_the_observation_unless_they_are_technical(bool areTechnical)
    {
        // θ ~ N(0, 1), x ~ N(θ, 1), P(valid|θ) = exp(−(θ − ½)²/4), 78 % on average: the posterior of x = −1 has the precision 2 and the
        // mean −½, with P(valid|θ) as a factor 2½ and (−1 + ½·½)/2½.
        Prior prior = Prior.Normal("t", 0, 1);
        var simulator = new FunctionSimulator(["t"], ["x"], (theta, random, x) =>
        {
            double noise = MathNet.Numerics.Distributions.Normal.Sample(random, 0, 1);
            bool isValid = random.NextDouble() < Math.Exp(-(theta[0] - 0.5) * (theta[0] - 0.5) / 4);
            x[0] = isValid ? theta[0] + noise : double.NaN;
        });
        InferredPosterior inferred = PosteriorInference.Infer(
            simulator, prior, 10_000, new Seed(1),
            new PosteriorInferenceOptions
            {
                FailuresAreTechnical = areTechnical,
                Training = new TreePosteriorOptions { MemberCount = 2 },
                TestDrawCount = 99,
            });
        Posterior posterior = inferred.Posterior.Given(EventTable.FromColumns(("x", [-1f])));
        ParameterSummary found = posterior.Summarise(20_000, new Seed(2)).Parameters[0];
        (double mean, double deviation) = areTechnical
            ? (-0.5, Math.Sqrt(0.5))
            : (-0.3, Math.Sqrt(0.4));
        Assert.Multiple(() =>
        {
            Assert.That(inferred.Failures.FailedCount / 10_000.0, Is.EqualTo(0.217).Within(0.015));
            Assert.That(found.Mean, Is.EqualTo(mean).Within(0.07));
            Assert.That(found.StandardDeviation, Is.EqualTo(deviation).Within(0.03));
            Assert.That(inferred.Report.IsOverConfident, Is.False);
        });
    }

    private sealed class Told : IProgress<SearchProgress>
    {
        private readonly ConcurrentBag<SearchProgress> _all = [];

        public IEnumerable<double> Fractions(string step) => _all.Where(one => one.Step == step).Select(one => one.Fraction);

        public void Report(SearchProgress value) => _all.Add(value);
    }
}
