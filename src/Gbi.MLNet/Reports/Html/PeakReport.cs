using Gbi.Events;
using Gbi.Peaks;
using Gbi.Reports.Figures;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Reports.Html;

/// <summary>The report of a measured peak as one HTML file.</summary>
/// <remarks>Same measurement, same bytes.</remarks>
public static class PeakReport
{
    /// <summary>The HTML.</summary>
    public static string Write(PeakRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        PeakMeasurement measurement = run.Measurement;
        PeakMeasurementOptions settings = measurement.Options;
        string mass = settings.Schema.Mass!;
        var page = new ReportPage($"Peak in {run.Events}");
        page.Paragraph(
            Text(
                $"Peak in {settings.Window} of {mass}, fitted from {measurement.MassOnly.Low:G6} to {measurement.MassOnly.High:G6}; "
                    + $"features {string.Join(", ", settings.Schema.Features)}. Gbi.MLNet {SearchRun.PackageVersion}, seed "
                    + $"{settings.Seed.Value}."));
        page.Cards(Cards(measurement));
        page.Heading("The mass alone");
        page.Figures(PeakFigures.Spectrum(measurement.Curves.MassOnly, mass, "Mass spectrum with the fit, and pulls",
            Text(
                $"Data, background and the sum of peak and background; below, (data − fit) / Poisson error of the fit. χ² probability "
                    + $"{measurement.MassOnly.GoodnessOfFit:G2}."), isWide: true));
        page.Heading("With features");
        page.Figures(PeakFigures.Score(measurement.Curves));
        AddCategories(page, measurement, mass);
        AddChecks(page, measurement);
        return page.ToString();
    }

    private static IEnumerable<(string Number, string Meaning)> Cards(PeakMeasurement measurement)
    {
        (PeakFit mass, PeakFit features) = (measurement.MassOnly, measurement.WithFeatures);
        yield return (RoundedNumber.WithError(features.Yield.Value, features.Yield.Error), double.IsNaN(measurement.GeneratorError)
            ? "yield with features"
            : $"yield with features; the generator adds ± {RoundedNumber.Like(measurement.GeneratorError, measurement.GeneratorError)}");
        yield return (RoundedNumber.WithError(mass.Yield.Value, mass.Yield.Error), "yield from the mass alone");
        yield return (
            Text($"{features.Significance:F1} σ"), Text($"significance with features; {mass.Significance:F1} σ from the mass alone"));
        yield return (Text($"{measurement.Gain:F3}"), "gain in significance");
    }

    private static void AddCategories(ReportPage page, PeakMeasurement measurement, string mass)
    {
        PeakFit fit = measurement.WithFeatures;
        IReadOnlyList<double> shares = measurement.Options.BackgroundShares;
        page.Figures(Enumerable.Range(0, fit.CategoryCount).Select(category => PeakFigures.Spectrum(
            measurement.Curves.Categories[category], mass, $"Mass spectrum in category {category}",
            Text(
                $"Category with {100 * shares[category]:G3} % of the background: yield of the peak "
                    + $"{fit.Yields[category].Value:N0} ± {fit.Yields[category].Error:N0}."),
            isWide: false)));
        page.Table("Categories of the score.", ["background in category", "events", "peak", "background", "width"],
            Enumerable.Range(0, fit.CategoryCount).Select(category => (string[])
            [
                Text($"{100 * shares[category]:G3} %"),
                Text($"{fit.EventsIn(category):N0}"),
                RoundedNumber.WithError(fit.Yields[category].Value, fit.Yields[category].Error),
                Text($"{fit.Expected(fit.Low, fit.High, category).Background:N0}"),
                Text($"{fit.Shape.WidthIn(category):G4}"),
            ]));
    }

    private static void AddChecks(ReportPage page, PeakMeasurement measurement)
    {
        Estimate area = measurement.SidebandArea;
        List<string[]> rows =
        [
            ["χ² probability of the fit in categories", Text($"{measurement.WithFeatures.GoodnessOfFit:G2}"), "above 0.01"],
            [
                "Features between lower and upper sideband", $"area under the curve {RoundedNumber.WithError(area.Value, area.Error)}",
                "0.5 for features independent of the mass, 1 for features that determine it"
            ],
        ];
        if (measurement.NullTest is { } test)
        {
            rows.Add(
                [
                    Text($"Yield without a peak, {test.WithFeatures.Count} samples"),
                    RoundedNumber.WithError(test.MeanYield.Value, test.MeanYield.Error), "0: the score sculpts no peak"
                ]);
            rows.Add(
                [
                    "Its pull, mean and width",
                    Text($"{test.MeanPull:F2} ± {test.MeanPullError:F2}, {test.PullWidth:F2}").Replace('-', '−'),
                    "0 and 1"
                ]);
        }

        page.Heading("Checks");
        page.Table("Checks of the measurement.", ["check", "found", "expected"], rows, isWords: true);
    }
}
