using Gbi.Events;
using Gbi.Inference.GlobalProbability;
using Gbi.Jobs;
using Gbi.Numerics;
using Gbi.Numerics.Probability;
using Gbi.Searches;
using Gbi.Searches.Hunt;

namespace Gbi.Tests.Searches.Hunt;

/// <summary>Hand-made outcomes of windows and toys, and events of weight 1 from a generator whose law is written here.</summary>
[TestFixture]
internal sealed class BumpHuntResultTests
{
    private static readonly BumpHuntOptions Settings = new()
    {
        Scan = new BumpScan(2, 5, 1, 0.5),
        Search = DijetDemo.SearchOptions(new Seed(1))
    };

    [Test]
    public void The_largest_significance_is_compared_with_that_of_each_toy()
    {
        BumpHuntResult result = BumpHuntResult.Of(
            Settings, Windows(0, 2, -1, 0.5), Toys([2.5, 0, 0, 0], [0, 0, -3, 1.9], [-1, 2, -1, -1], [0, 0, 0, 3]));

        Assert.Multiple(() =>
        {
            Assert.That(result.Best.Window.Centre, Is.EqualTo(3));
            Assert.That(result.LocalProbability, Is.EqualTo(TailProbability.OfNormal(2)));
            Assert.That(result.FromToys, Is.EqualTo(new ToyGlobalProbability(result.LocalProbability, 4, 3, 0)));
            Assert.That(result.OfIndependentWindows.Value, Is.EqualTo(1 - Math.Pow(1 - result.LocalProbability, 4)).Within(1e-12));
        });
    }

    [Test]
    public void Upcrossings_of_the_toys_bound_the_global_probability()
    {
        // q = Z² of excesses rises through 1 once in each of the last three scans and never in the first, which begins above it.
        BumpHuntResult result = BumpHuntResult.Of(
            Settings, Windows(0, 2, -1, 0.5), Toys([2.5, 0, 0, 0], [0, 0, -3, 1.9], [-1, 2, -1, -1], [0, 0, 0, 3]));

        Assert.That(result.Upcrossings, Is.EqualTo(new UpcrossingMean(1, 0.75, Math.Sqrt(3) / 4, 4)));
        Assert.That(result.FromUpcrossings!.Value, Is.EqualTo(TailProbability.OfNormal(2) + (0.75 * Math.Exp(-1.5))).Within(1e-12));
    }

    [Test]
    public void An_excess_below_the_level_of_the_upcrossings_is_not_bounded_by_them()
    {
        BumpHuntResult small = BumpHuntResult.Of(Settings, Windows(0, 0.5, -1, -2), Toys([0, 2, 0, 0]));
        BumpHuntResult flat = BumpHuntResult.Of(Settings, Windows(0, 2, -1, -2), Toys([0, 0, 0, 0]));

        Assert.That((small.FromUpcrossings, small.Upcrossings!.Value), Is.EqualTo(((LookElsewhere?)null, 1.0)));
        Assert.That(small.Remarks, Has.Some.Contains("is below the upcrossing level 1"));
        Assert.That((flat.FromUpcrossings, flat.Upcrossings), Is.EqualTo(((LookElsewhere?)null, (UpcrossingMean?)null)));
        Assert.That(flat.Remarks, Has.Some.StartWith("No toy crosses q = 1 upwards"));
    }

    [TestCase(1, ", the most significant one among them")]
    [TestCase(2, "")]
    public void Windows_whose_spectrum_does_not_fit_are_said_to_be_unreliable(int wrong, string best)
    {
        JobOutcome<BumpPoint>[] windows = Windows(0, 2, 0, 1);
        windows[wrong] = windows[wrong] with { Result = windows[wrong].Result! with { SpectrumGoodnessOfFit = 1e-9 } };

        Assert.That(BumpHuntResult.Of(Settings, windows).Remarks, Has.Some.StartWith(
            $"In 1 of 4 windows the mass spectrum does not describe the sidebands (χ² probability below 0.0025){best}: "));

        // One of four windows below 0.01 is no rare chance.
        windows[wrong] = windows[wrong] with { Result = windows[wrong].Result! with { SpectrumGoodnessOfFit = 0.003 } };
        Assert.That(BumpHuntResult.Of(Settings, windows).Remarks, Has.None.Contains("mass spectrum does not describe"));
    }

    [Test]
    public void Windows_without_result_count_in_no_toy_and_toys_that_lack_another_are_left_out()
    {
        JobOutcome<BumpPoint>[] windows = Windows(0, 2, 0, 1);
        windows[2] = new JobOutcome<BumpPoint>(2, null, "It failed.");
        BumpHuntResult result = BumpHuntResult.Of(Settings, windows, Toys([0, 0, 9, 0], [0, 0, double.NaN, 3], [double.NaN, 9, 9, 9]));

        Assert.That((result.FromToys!.ToyCount, result.FromToys.AtLeastAsExtreme, result.FromToys.FailureCount), Is.EqualTo((2, 1, 1)));
        Assert.That(result.Remarks, Has.Some.StartWith("1 of 4 windows failed").And.Some.StartWith("1 of 3 toys failed"));
        Assert.That(result.OfIndependentWindows.TrialsFactor, Is.EqualTo(3).Within(5).Percent);
        Assert.That(
            () => BumpHuntResult.Of(Settings, [.. windows.Select(outcome => new JobOutcome<BumpPoint>(outcome.Job, null, "It failed."))]),
            Throws.TypeOf<DataException>().With.Message.EqualTo("None of 4 windows could be searched. The first, [1.5, 2.5): It failed."));
    }

    private static JobOutcome<BumpPoint>[] Windows(params double[] significances) =>
        [
            .. significances.Select(
                (z, window) => new JobOutcome<BumpPoint>(window, new BumpPoint(z, 0.01, 10, new Estimate(9, 1), 0.5, []), null))
        ];

    private static JobOutcome<BumpToy>[] Toys(params double[][] significances) =>
        [.. significances.Select((scan, toy) => new JobOutcome<BumpToy>(toy, new BumpToy(scan), null))];
}
