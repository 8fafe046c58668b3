using Gbi.Events;
using Gbi.Infer;
using Gbi.Numerics;
using Gbi.Posteriors.Autoregressive;
using Gbi.Posteriors.Models;
using Gbi.Simulators;
using Gbi.Simulators.EventSets;
using Gbi.Simulators.Priors;
using Gbi.Simulators.Processes;

namespace Gbi.Tests.Simulators.EventSets;

/// <summary>Sets of independent events by a simulator of one event, and the posterior that is learnt from them.</summary>
internal sealed class EventSetSimulatorTests
{
    private static readonly Prior Flat = Prior.Uniform("t", -5, 5);

    private static readonly FunctionSimulator Normal = new(
        ["t"], ["x"], (theta, random, x) => x[0] = MathNet.Numerics.Distributions.Normal.Sample(random, theta[0], 1))
    {
        Fingerprint = "n",
    };

    [Test]
    public void Sizes_are_of_the_range_and_each_factor_of_two_has_as_many()
    {
        var sets = new EventSetSimulator(Normal, new EventSetSize(1, 1023));
        (Simulations first, Simulations again) = ThreadLimit.Compare(() => Simulations.Run(sets, Flat, 2000, new Seed(1)));
        float[] sizes = first.Observations["count"].ToArray();
        int[] ofFactor = [.. Enumerable.Range(0, 10).Select(k => sizes.Count(size => (int)Math.Log2(size) == k))];
        Assert.Multiple(() =>
        {
            // 200 each, and a standard deviation of √(200 · 0.9).
            Assert.That(ofFactor, Is.All.EqualTo(200).Within(4 * Math.Sqrt(180)));
            Assert.That(sizes, Has.All.InRange(1, 1023));
            Assert.That(again.Observations["mean(x)"].ToArray(), Is.EqualTo(first.Observations["mean(x)"].ToArray()));
            Assert.That(sets.BatchSize, Is.EqualTo(97));
            Assert.That(new EventSetSimulator(Normal, new EventSetSize(10)).BatchSize, Is.EqualTo(200));
        });
    }

    [Test]
    public void The_posterior_of_many_events_is_that_of_their_mean()
    {
        // x ~ N(θ, 1) and a flat prior: N events have the posterior N(x̄, 1/N).
        var sets = new EventSetSimulator(Normal, new EventSetSize(20, 500));
        InferredPosterior inferred = PosteriorInference.Infer(
            sets, Flat, 6000, new Seed(2),
            new PosteriorInferenceOptions { Training = new TreePosteriorOptions { MemberCount = 1 }, TestDrawCount = 199 });
        Assert.Multiple(() =>
        {
            Assert.That(inferred.Warnings, Is.Empty);
            Assert.That(inferred.Report.IsOverConfident, Is.False);
            foreach (int count in (int[])[25, 100, 400])
            {
                EventTable events = Normal.Simulate(
                    EventTable.FromColumns(("t", [.. Enumerable.Repeat(1.5f, count)])), new Seed((ulong)count));
                double mean = events["x"].ToArray().Average();
                Posterior posterior = inferred.Posterior.Given(sets.Summary.Of(events));
                ParameterSummary found = posterior.Summarise(4000, new Seed(2)).Parameters[0];
                double width = 1 / Math.Sqrt(count);
                Assert.That(posterior.Warnings, Is.Empty);
                Assert.That(found.Mean, Is.EqualTo(mean).Within(0.12 * width), $"{count} events");
                Assert.That(found.StandardDeviation, Is.EqualTo(width).Within(0.12 * width), $"{count} events");
            }

            EventTable many = Normal.Simulate(EventTable.FromColumns(("t", new float[5000])), new Seed(9));
            Assert.That(
                inferred.Posterior.Given(sets.Summary.Of(many)).Warnings, Has.Some.Contains("count"), "no set had as many events");
        });
    }

    [Test]
    public void Sets_of_a_fixed_size_warn_of_no_constant_and_of_another_size()
    {
        var sets = new EventSetSimulator(Normal, new EventSetSize(10), ["x"]);
        InferredPosterior inferred = PosteriorInference.Infer(
            sets, Flat, 2000, new Seed(1),
            new PosteriorInferenceOptions { Training = new TreePosteriorOptions { MemberCount = 1 }, TestDrawCount = 19 });
        IReadOnlyList<string> Warnings(int count) => inferred.Posterior.Given(sets.Summary.Of(
            Normal.Simulate(EventTable.FromColumns(("t", new float[count])), new Seed(3)))).Warnings;
        Assert.Multiple(() =>
        {
            Assert.That(inferred.Warnings, Is.Empty);
            Assert.That(Warnings(10), Is.Empty);
            Assert.That(Warnings(11), Has.Some.Contains("count = 11 lies outside [10, 10]"));
        });
    }

    [Test]
    public void A_set_fails_with_an_event_and_settings_are_in_the_fingerprint()
    {
        var failing = new FunctionSimulator(["t"], ["x"], (theta, random, x) => x[0] = random.NextDouble() < 0.02 ? double.NaN : 0);
        Simulations made = Simulations.Run(new EventSetSimulator(failing, new EventSetSize(10)), Flat, 2000, new Seed(1));
        var all = new FunctionSimulator(["t"], ["x"], (theta, random, x) => x[0] = double.NaN);
        string?[] texts =
        [
            .. ((EventSetSimulator[])
            [
                new(Normal, new EventSetSize(10)), new(Normal, new EventSetSize(10, 20)), new(Normal, new EventSetSize(10), ["x"]),
            ]).Select(sets => sets.Fingerprint),
        ];
        Assert.Multiple(() =>
        {
            // 1 − 0.98¹⁰ = 18.3 %.
            Assert.That(made.FailedCount, Is.EqualTo(366).Within(4 * Math.Sqrt(366 * 0.817)));
            Assert.That(
                () => Simulations.Run(new EventSetSimulator(all, new EventSetSize(3)), Flat, 20, new Seed(1)).Valid().Count,
                Throws.TypeOf<DataException>().With.Message.Contains("All 20 simulations failed"));
            Assert.That(texts.Distinct().Count(), Is.EqualTo(3));
            Assert.That(new EventSetSimulator(failing, new EventSetSize(1)).Fingerprint, Is.Null);
            Assert.That(
                () => new EventSetSimulator(new ProcessSimulator("cat {in} {out}", ["t"]), new EventSetSize(1)).Features,
                Throws.TypeOf<DataException>());
        });
    }

    [Test]
    public void Files_of_events_are_simulations_of_sets()
    {
        using var folder = new ScratchFolder();
        File.WriteAllText(folder["a.csv"], "t,x,y,set,seed\n1,2,0,0,7\n1,4,1,0,8\n2,3,1,1,9\n");
        File.WriteAllText(folder["b.csv"], "y,t,set,x\n5,3,0,1\n5,3,0,\n");
        Simulations both = EventSetFiles.Read([folder["a.csv"], folder["b.csv"]], ["t"], "set");
        Simulations one = EventSetFiles.Read([folder["b.csv"]], ["t"], "set", ["y"]);
        File.WriteAllText(folder["c.csv"], "t,x,set\n1,2,0\n2,4,0\n");
        Assert.Multiple(() =>
        {
            Assert.That(both.Parameters["t"].ToArray(), Is.EqualTo(new float[] { 1, 2, 3 }));
            Assert.That(both.Observations["count"].ToArray(), Is.EqualTo(new[] { 2, 1, float.NaN }));
            Assert.That(both.Observations["mean(x)"].ToArray(), Is.EqualTo(new[] { 3, 3, float.NaN }));
            Assert.That(both.FailedCount, Is.EqualTo(1));
            Assert.That(one.Observations.ColumnNames, Is.EqualTo(new EventSetSummary(["y"]).Features));
            Assert.That(() => EventSetFiles.Read([folder["c.csv"]], ["t"], "set"), Throws.TypeOf<DataException>().With.Message.EqualTo(
                "c.csv has two values of 't' in the set with 'set' = 0, 1 and, in row 1, 2; the events of a set have the same "
                    + "parameters."));
            Assert.That(() => EventSetFiles.Read([folder["c.csv"]], ["t"], "run"), Throws.TypeOf<DataException>().With.Message.EqualTo(
                "c.csv has no column 'run' of numbers, which should say to which set an event belongs; name another column."));
            Assert.That(
                () => EventSetFiles.Read([folder["a.csv"], folder["c.csv"]], ["t"], "set"),
                Throws.TypeOf<DataException>().With.Message.EqualTo(
                    "c.csv has the columns x and a.csv has x, y; name columns that all files have."));
        });
    }
}
