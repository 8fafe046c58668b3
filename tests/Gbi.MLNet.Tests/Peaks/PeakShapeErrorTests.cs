using Gbi.Events;
using Gbi.Peaks;

namespace Gbi.Tests.Peaks;

/// <summary>The error of a yield by the functions that were chosen.</summary>
internal sealed class PeakShapeErrorTests
{
    private static readonly PeakFitOptions Linear = new() { Background = new() { ParameterCount = 2 } };

    [Test]
    public void It_covers_what_a_form_without_tails_loses()
    {
        // 30 % of the peak are three times as wide, in part taken for background by a single Gaussian.
        EventTable events = PeakSample.Draw(3000, 6000, seed: 1, tailShare: 0.3);
        PeakFit fit = PeakFit.Of(events["mass"], [], PeakSample.Window, Linear);
        PeakShapeError error = PeakShapeError.Of(fit, default);
        PeakAlternative tails = error.Alternatives.Single(alternative => alternative.Name == "double Gaussian");

        Assert.Multiple(() =>
        {
            Assert.That(3000 - fit.Yield.Value, Is.GreaterThan(3 * fit.Yield.Error));
            Assert.That(3000 - fit.Yield.Value, Is.LessThan(2 * double.Hypot(fit.Yield.Error, error.Total)));
            Assert.That(tails.IsCounted, Is.True);
            Assert.That(tails.TwiceNllChange, Is.LessThan(-20));
            Assert.That(error.Preferred, Is.Not.Null);
        });
    }

    [Test]
    public void Each_alternative_is_a_fit_of_its_own()
    {
        EventTable events = PeakSample.Draw(1000, 4000, seed: 2);
        PeakShapeError error = PeakShapeError.Of(PeakFit.Of(events["mass"], [], PeakSample.Window, Linear), default);
        PeakFit parabola = PeakFit.Of(events["mass"], [], PeakSample.Window, new PeakFitOptions());
        PeakAlternative found = error.Alternatives.Single(alternative => alternative.Name == "polynomial of degree 2");

        Assert.Multiple(() =>
        {
            // Ten widths from the ends of the range, all events of the peak are inside.
            Assert.That(found.Yield, Is.EqualTo(parabola.Yield.Value).Within(1e-4).Percent);
            Assert.That(found.Change, Is.EqualTo(found.Yield - error.Yield).Within(1e-9));
            Assert.That(found.TwiceNllChange, Is.LessThan(0));
            Assert.That(found.ParameterChange, Is.EqualTo(1));
            Assert.That(error.Total, Is.EqualTo(double.Hypot(error.Background, error.Signal)));

            // A constant does not describe a background that falls to a third.
            Assert.That(error.Alternatives.Single(alternative => alternative.Name == "polynomial of degree 0").IsCounted, Is.False);
        });
    }

    [Test]
    public void A_shape_that_is_held_has_no_other_forms()
    {
        EventTable events = PeakSample.Draw(0, 3000, seed: 3);
        PeakShapeError error = PeakShapeError.Of(PeakFit.Of(events["mass"], [], PeakSample.Window, Linear), default);

        Assert.That(error.Alternatives.All(alternative => alternative.IsBackground), Is.True);
        Assert.That(error.Signal, Is.Zero);
    }
}
