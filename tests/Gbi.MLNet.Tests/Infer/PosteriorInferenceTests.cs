using System.Collections.Concurrent;
using Gbi.Events;
using Gbi.Infer;
using Gbi.Jobs;
using Gbi.Numerics;
using Gbi.Posteriors.Autoregressive;
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

    private sealed class Told : IProgress<SearchProgress>
    {
        private readonly ConcurrentBag<SearchProgress> _all = [];

        public IEnumerable<double> Fractions(string step) => _all.Where(one => one.Step == step).Select(one => one.Fraction);

        public void Report(SearchProgress value) => _all.Add(value);
    }
}
