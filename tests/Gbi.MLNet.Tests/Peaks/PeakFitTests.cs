using Gbi.Events;
using Gbi.Generators.Spectra;
using Gbi.Peaks;

namespace Gbi.Tests.Peaks;

[TestFixture]
internal sealed class PeakFitTests
{
    private static readonly PeakFitOptions Linear = new() { Background = new MassSpectrumOptions { ParameterCount = 2 } };

    [Test]
    public void Yields_and_errors_of_toys_are_right()
    {
        const int toys = 60;
        double[] pulls = [.. Enumerable.Range(0, toys).Select(toy =>
        {
            Estimate yield = PeakFit.Of(PeakSample.Draw(400, 2000, seed: 100 + toy)["mass"], [], PeakSample.Window, Linear).Yield;
            return (yield.Value - 400) / yield.Error;
        })];

        double mean = pulls.Average();
        double width = Math.Sqrt(pulls.Sum(pull => (pull - mean) * (pull - mean)) / (toys - 1));
        Assert.That(mean, Is.EqualTo(0).Within(3 / Math.Sqrt(toys)));
        Assert.That(width, Is.EqualTo(1).Within(3 / Math.Sqrt(2 * toys)));
    }

    [Test]
    public void Mean_width_and_tails_are_found()
    {
        EventTable events = PeakSample.Draw(20_000, 20_000, seed: 1, tailShare: 0.3);
        PeakFit fit = PeakFit.Of(events["mass"], [], PeakSample.Window, Linear with { HasTails = true });

        Assert.Multiple(() =>
        {
            Assert.That(fit.Shape.Mean, Is.EqualTo(PeakSample.Mean).Within(4 * fit.Result.Errors[0]));
            Assert.That(fit.Shape.TailShare, Is.EqualTo(0.3).Within(4 * fit.Result.Errors[2]));
            Assert.That(Math.Log(fit.Shape.TailScale), Is.EqualTo(Math.Log(3)).Within(4 * fit.Result.Errors[1]));
            Assert.That(Math.Log(fit.Shape.Width[0]), Is.EqualTo(Math.Log(PeakSample.Width)).Within(4 * fit.Result.Errors[3]));
            Assert.That(fit.Yield.Value, Is.EqualTo(20_000).Within(4 * fit.Yield.Error));
            Assert.That(fit.GoodnessOfFit, Is.GreaterThan(0.001));
        });
    }

    [Test]
    public void A_shape_that_does_not_fit_is_told_by_its_probability()
    {
        EventTable events = PeakSample.Draw(20_000, 20_000, seed: 1, tailShare: 0.3);

        Assert.That(PeakFit.Of(events["mass"], [], PeakSample.Window, Linear).GoodnessOfFit, Is.LessThan(1e-6));
    }

    [Test]
    public void Categories_at_random_change_neither_yield_nor_error_nor_significance()
    {
        EventTable events = PeakSample.Draw(2000, 6000, seed: 2);
        int[] atRandom = [.. events["noise"].ToArray().Select(noise => noise < 0.3f ? 0 : 1)];
        PeakFit one = PeakFit.Of(events["mass"], [], PeakSample.Window, Linear);
        PeakFit two = PeakFit.Of(events["mass"], atRandom, PeakSample.Window, Linear with { HasWidthPerCategory = false });

        Assert.Multiple(() =>
        {
            Assert.That(two.Yield.Value, Is.EqualTo(one.Yield.Value).Within(0.5 * one.Yield.Error));
            Assert.That(two.Yield.Error, Is.EqualTo(one.Yield.Error).Within(3).Percent);
            Assert.That(two.Significance, Is.EqualTo(one.Significance).Within(0.7));
        });
    }

    [Test]
    public void Categories_that_tell_the_peak_raise_the_significance_and_lower_the_error()
    {
        EventTable events = PeakSample.Draw(300, 6000, seed: 3);
        int[] sorted = [.. events["feature"].ToArray().Select(feature => feature > 1 ? 1 : 0)];
        PeakFit one = PeakFit.Of(events["mass"], [], PeakSample.Window, Linear);
        PeakFit two = PeakFit.Of(events["mass"], sorted, PeakSample.Window, Linear with { HasWidthPerCategory = false });

        // With S of B events in a window, Z² = Σ S²/B over categories: 0.69² / 0.16 + 0.31² / 0.84 = 3.1 = 1.76².
        Assert.That(two.Significance / one.Significance, Is.EqualTo(1.76).Within(0.35));
        Assert.That(two.Yield.Error, Is.LessThan(one.Yield.Error));
    }

    [Test]
    public void The_parts_sum_to_what_was_fitted()
    {
        // At the minimum of an extended likelihood the expected events sum to those observed.
        EventTable events = PeakSample.Draw(500, 2000, seed: 4);
        PeakFit fit = PeakFit.Of(events["mass"], [], PeakSample.Window, Linear);
        (double peak, double background) = fit.Expected(fit.Low, fit.High);

        Assert.That(peak + background, Is.EqualTo(events.Count).Within(0.01));
    }

    [Test]
    public void Too_few_events_are_refused()
    {
        EventTable events = PeakSample.Draw(500, 2000, seed: 4);
        int[] lonely = [.. Enumerable.Range(0, events.Count).Select(row => row < 5 ? 1 : 0)];

        Assert.That(() => PeakFit.Of(events["mass"], lonely, PeakSample.Window, Linear),
            Throws.TypeOf<DataException>().With.Message.Contains("Category 1 holds 5 events"));
    }
}
