using Gbi.Events;
using Gbi.Peaks;

namespace Gbi.Tests.Peaks;

/// <summary>Masses of a peak in bins, next to their fit.</summary>
internal sealed class PeakSpectrumTests
{
    private static readonly EventTable Events = PeakSample.Draw(600, 5000, seed: 1);

    private static readonly PeakFit Fit = PeakFit.Of(
        Events["mass"], [], new MassWindow(4.1, 5.9, 1, 9), new PeakFitOptions { Background = new() { ParameterCount = 2 } });

    [Test]
    public void Bins_hold_all_events_and_the_fit_as_many()
    {
        var spectrum = PeakSpectrum.Of(Fit);
        Assert.Multiple(() =>
        {
            Assert.That(spectrum.Data.Sums.Sum(), Is.EqualTo(Fit.EventsIn(0)));

            // At the minimum of an extended likelihood the expected number of events is the observed one.
            Assert.That(spectrum.Total.Sums.Sum(), Is.EqualTo(Fit.EventsIn(0)).Within(1e-3));
            Assert.That(
                spectrum.Total.Sums.Zip(spectrum.Background.Sums, (all, background) => all - background).Sum(),
                Is.EqualTo(Fit.Yield.Value).Within(1e-3).Percent);
        });
    }

    [Test]
    public void A_pull_is_data_less_fit_over_the_root_of_the_fit()
    {
        var spectrum = PeakSpectrum.Of(Fit);
        for (int bin = 0; bin < spectrum.Pulls.Count; bin++)
        {
            (double data, double total) = (spectrum.Data.Sums[bin], spectrum.Total.Sums[bin]);
            Assert.That(total, Is.GreaterThan(1));
            Assert.That(spectrum.Pulls[bin], Is.EqualTo((data - total) / Math.Sqrt(total)).Within(1e-12));
        }
    }
}
