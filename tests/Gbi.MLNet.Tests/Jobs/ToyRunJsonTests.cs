using Gbi.Events;
using Gbi.Inference.Fits;
using Gbi.Inference.Tests;
using Gbi.Inference.Toys;
using Gbi.Jobs.Toys;
using Gbi.Likelihoods;
using Gbi.Likelihoods.Factors;
using Gbi.Likelihoods.Model;
using Gbi.Numerics;

namespace Gbi.Tests.Jobs;

/// <summary>Files of toys, among them toys whose fits fail.</summary>
[TestFixture]
internal sealed class ToyRunJsonTests
{
    private const int Toys = 400;

    [Test]
    public void Toys_whose_fits_fail_are_counted_with_their_reason_and_left_out_of_shares()
    {
        ToyFits fits = Fits(0, Toys);
        Assert.Multiple(() =>
        {
            // No signal is expected at μ = 0: e⁻¹ of the toys with one event on average have none; with any other count μ = 0 is
            // impossible.
            Assert.That(fits.FittedCount, Is.EqualTo(Toys / Math.E).Within(4 * Math.Sqrt(Toys * 0.368 * 0.632)));
            Assert.That(fits.FailureCount, Is.EqualTo(fits.Values.Count(double.IsNaN)).And.EqualTo(fits.MuHat.Count(double.IsNaN)));
            Assert.That(fits.Failures, Has.All.Matches<ToyFailure>(failure => double.IsNaN(fits.Values[(int)failure!.Number])));
            Assert.That(fits.Failures[0].Reason, Does.Contain("Bin 0 of channel 'c' holds"));
            Assert.That(fits.ShareAbove(0), Is.EqualTo(1));
            Assert.That(fits.Quantile(0.5).Value, Is.Zero.Within(1e-9));
        });
    }

    [Test]
    public void A_file_is_read_as_it_was_written()
    {
        string text = ToyRunJson.Write(Run(ToyShard.Whole));
        ToyRun read = ToyRunJson.Read(text);
        Assert.Multiple(() =>
        {
            Assert.That(ToyRunJson.Write(read), Is.EqualTo(text));
            Assert.That(read.Result.Tested.Values, Is.EqualTo(Fits(0, Toys).Values));
            Assert.That(read.Result.Tested.Failures, Is.EqualTo(Fits(0, Toys).Failures));
        });
    }

    [Test]
    public void Shards_keep_their_failures_when_they_are_merged()
    {
        ToyRun merged = ToyMerge.Of([.. Enumerable.Range(1, 3).Reverse().Select(i => ($"{i}.json", Run(new ToyShard(i, 3))))]);
        Assert.That(ToyRunJson.Write(merged), Is.EqualTo(ToyRunJson.Write(Run(ToyShard.Whole))));
    }

    [TestCase("\"format\":\"gbi-toys/1\"", "\"format\":\"gbi-toys/2\"", "Its format is 'gbi-toys/2', expected 'gbi-toys/1'")]
    [TestCase("\"statistic\":\"t\"", "\"statistic\":\"u\"", "There is no test statistic 'u'; expected one of q-tilde, q, t, q0.")]
    [TestCase("\"statistic\":\"t\"", "\"statistic\":\"q\"", "It has no toys without signal, which does not go with the statistic q.")]
    [TestCase("\"seed\":5,", "", "It is not what 'gbi toys --out' writes: it lacks 'seed'.")]
    [TestCase("\"toys\":400", "\"toys\":0", "It is not what 'gbi toys --out' writes")]
    public void A_changed_file_is_refused(string from, string to, string sentence)
    {
        string text = ToyRunJson.Write(Run(ToyShard.Whole));
        Assert.That(text, Does.Contain(from));
        Assert.That(() => ToyRunJson.Read(text.Replace(from, to)), Throws.TypeOf<DataException>().With.Message.StartsWith(sentence));
    }

    private static ToyRun Run(ToyShard shard)
    {
        (long first, int count) = shard.Range(Toys);
        return new ToyRun(
            new ToyTestResult
            {
                Mu = 0,
                Options = new ToyTestOptions { Statistic = TestStatistic.TMu, ToyCount = Toys, Shard = shard },
                Observed = 0.1,
                MuHat = 1.0 / 3,
                Tested = Fits(first, count),
                Background = null,
            },
            "mu", "0123", 5, "0.2.0");
    }

    private static ToyFits Fits(long first, int count)
    {
        var model = new LikelihoodModel(
            [new FitParameter { Name = "mu", Initial = 1, Lower = 0 }],
            [new BinnedChannel("c", [new BinnedSample("signal", [1]) { YieldFactors = [YieldFactor.Strength("mu")] }])],
            "mu");
        return ToyFits.Of(model, first, count, new ToySource(model, [1], new Seed(5)).Draw, mu: 0, TestStatistic.TMu);
    }
}
