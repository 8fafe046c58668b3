using Gbi.Events;
using Gbi.Events.IO;
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
        PeakFit fit = PeakFit.Of(events["mass"], [], PeakSample.Window, Linear with { Form = PeakForm.DoubleGaussian });

        Assert.Multiple(() =>
        {
            Assert.That(fit.Shape.Mean, Is.EqualTo(PeakSample.Mean).Within(4 * fit.Result.Errors[0]));
            Assert.That(fit.Shape.FormParameters[1], Is.EqualTo(0.3).Within(4 * fit.Result.Errors[2]));
            Assert.That(Math.Log(fit.Shape.FormParameters[0]), Is.EqualTo(Math.Log(3)).Within(4 * fit.Result.Errors[1]));
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
    public void Too_few_events_are_refused() => Assert.That(
        () => PeakFit.Of(PeakSample.Draw(10, 20, seed: 4)["mass"], [], PeakSample.Window, Linear),
        Throws.TypeOf<DataException>().With.Message.Contains("too few for a peak over this background (40 are needed)"));

    [Test]
    public void A_category_with_too_few_events_joins_its_neighbour()
    {
        EventTable events = PeakSample.Draw(500, 2000, seed: 4);
        int[] lonely = [.. Enumerable.Range(0, events.Count).Select(row => row < 5 ? 1 : 0)];
        PeakFit fit = PeakFit.Of(events["mass"], lonely, PeakSample.Window, Linear);
        PeakFit one = PeakFit.Of(events["mass"], [], PeakSample.Window, Linear);

        Assert.Multiple(() =>
        {
            Assert.That(fit.Members, Is.EqualTo(new int[][] { [0, 1] }));
            Assert.That(fit.Yield.Value, Is.EqualTo(one.Yield.Value).Within(1e-6).Percent);
            Assert.That(fit.Remarks.Single(), Is.EqualTo(
                "Category 1 holds 5 events, too few for a background of its own; it is fitted together with category 0."));
        });
    }

    [Test]
    public void A_category_without_a_peak_has_the_width_of_its_neighbour()
    {
        EventTable events = PeakSample.DrawStrong(800, 4000, seed: 5);
        int[] isolated = [.. events["isolation"].ToArray().Select(value => value < 0.4f ? 1 : 0)];
        PeakFit fit = PeakFit.Of(events["mass"], isolated, PeakSample.Window, Linear);

        Assert.Multiple(() =>
        {
            Assert.That(fit.Yields[0].Value, Is.EqualTo(0).Within(5 * fit.Yields[0].Error));
            Assert.That(fit.IsWidthShared(0), Is.True);
            Assert.That(fit.Yield.Value, Is.EqualTo(800).Within(4 * fit.Yield.Error));
            Assert.That(fit.WidthIn(1).Value, Is.EqualTo(PeakSample.Width).Within(4 * fit.WidthIn(1).Error));
        });
    }

    [Test]
    public void A_category_with_almost_no_background_is_fitted_with_one_that_is_not_negative()
    {
        // 2,000 events of the peak and 12 of the background: a parabola through 0.
        EventTable events = PeakSample.Draw(2000, 12, seed: 6);
        PeakFit fit = PeakFit.Of(events["mass"], [], PeakSample.Window, new PeakFitOptions());

        Assert.That(fit.Yield.Value, Is.EqualTo(2000).Within(4 * fit.Yield.Error));
        for (double mass = 0; mass <= 10; mass += 0.05)
        {
            Assert.That(fit.BackgroundDensity(mass), Is.GreaterThanOrEqualTo(0));
        }
    }

    [Test]
    public void Without_a_peak_position_and_width_are_held_and_the_pulls_are_standard()
    {
        const int toys = 100;
        PeakFit[] fits =
        [
            .. Enumerable.Range(0, toys)
                .Select(toy => PeakFit.Of(PeakSample.Draw(0, 2000, seed: 300 + toy)["mass"], [], PeakSample.Window, Linear))
        ];
        double[] pulls = [.. fits.Select(fit => fit.Yield.Value / fit.Yield.Error)];
        double mean = pulls.Average();

        Assert.Multiple(() =>
        {
            Assert.That(fits.Count(fit => fit.IsShapeHeld), Is.GreaterThanOrEqualTo(toys - 1));
            Assert.That(
                fits[0].Remarks.Single(), Does.StartWith("The masses alone show no peak of 4 σ: its position 5 and width 0.3 are held"));
            Assert.That(mean, Is.EqualTo(0).Within(3 / Math.Sqrt(toys)));
            Assert.That(Math.Sqrt(pulls.Average(pull => (pull - mean) * (pull - mean))), Is.EqualTo(1).Within(3 / Math.Sqrt(2 * toys)));
            Assert.That(fits.Average(fit => fit.Significance), Is.EqualTo(0).Within(3 / Math.Sqrt(toys)));
        });
    }

    [Test]
    public void A_known_position_and_width_are_held()
    {
        EventTable events = PeakSample.Draw(500, 2000, seed: 7);
        PeakFit fit = PeakFit.Of(
            events["mass"], [], PeakSample.Window, Linear with { Mean = PeakSample.Mean, Width = PeakSample.Width });

        Assert.That((fit.Mean, fit.WidthIn(0).Value), Is.EqualTo((new Estimate(PeakSample.Mean, 0), PeakSample.Width)).Within(1e-12));
        Assert.That(fit.Yield.Value, Is.EqualTo(500).Within(4 * fit.Yield.Error));
    }

    [Test]
    public void The_upsilon_has_the_yield_that_SciPy_finds()
    {
        // benchmarks/peers/peak/fit_scipy.py on the same file.
        EventTable events = new ParquetEventReader(SharedData.Path("cms/upsilon_dimuon.parquet")).Read(["mass"]);
        PeakFit fit = PeakFit.Of(events["mass"], [], new MassWindow(9.2, 9.65, 9, 9.7), new PeakFitOptions());

        Assert.Multiple(() =>
        {
            Assert.That(fit.Yield.Value, Is.EqualTo(7480.898319).Within(1e-6).Percent);
            Assert.That(fit.Yield.Error, Is.EqualTo(275.052).Within(1e-3).Percent);
            Assert.That(fit.Mean.Value, Is.EqualTo(9.44935512).Within(1e-6).Percent);
            Assert.That(fit.WidthIn(0).Value, Is.EqualTo(0.07927584088).Within(1e-6).Percent);
        });
    }
}
