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
        string features = settings.Features.Count > 0 ? $"features {string.Join(", ", settings.Features)}" : "no features";
        page.Paragraph(
            Text(
                $"Peak in {settings.Window} of {mass}, fitted from {measurement.MassOnly.Low:G6} to {measurement.MassOnly.High:G6}; "
                    + $"{features}. Gbi.MLNet {SearchRun.PackageVersion}, seed {settings.Seed.Value}."));
        page.Cards(Cards(measurement));
        foreach (string remark in measurement.Remarks)
        {
            page.Paragraph(remark);
        }

        page.Heading("The mass alone");
        page.Figures(PeakFigures.Spectrum(measurement.MassOnlySpectrum, mass, "Mass spectrum with the fit, and pulls",
            Text(
                $"Data, background and the sum of peak and background; below, (data − fit) / Poisson error of the fit. χ² probability "
                    + $"{SpectrumText.Probability(measurement.MassOnly.GoodnessOfFit)}."), isWide: true));
        AddAlternatives(page, measurement.MassOnlyShape, "Other functions, mass alone.");
        if (measurement.Features is { } found)
        {
            page.Heading("With features");
            page.Figures(PeakFigures.Score(found.Curves));
            AddCategories(page, found, settings.CategoryNames, mass);
            AddAlternatives(page, found.Shape, "Other functions, with features.");
            AddChecks(page, found);
        }

        return page.ToString();
    }

    private static IEnumerable<(string Number, string Meaning)> Cards(PeakMeasurement measurement)
    {
        PeakFit mass = measurement.MassOnly;
        if (measurement.Features is { } features)
        {
            yield return (
                RoundedNumber.WithError(features.Fit.Yield.Value, features.TotalError), "yield with features and its total error");
            yield return (
                Parts(features.Fit.Yield.Error, features.GeneratorError, features.Shape), "its statistical, generator and shape error");
            yield return (
                Text($"{features.Fit.Significance:F1} σ").Replace('-', '−'),
                Text($"significance with features; {mass.Significance:F1} σ from the mass alone").Replace('-', '−'));
            if (double.IsFinite(measurement.Gain))
            {
                yield return (Text($"{measurement.Gain:F3}"), "gain in significance");
            }
        }

        yield return (
            RoundedNumber.WithError(mass.Yield.Value, measurement.MassOnlyError),
            $"yield from the mass alone: statistical error {RoundedNumber.Like(mass.Yield.Error, mass.Yield.Error)}, shape error "
                + $"{RoundedNumber.Like(measurement.MassOnlyShape.Total, mass.Yield.Error)}");
        if (measurement.Features is null)
        {
            yield return (Text($"{mass.Significance:F1} σ").Replace('-', '−'), "significance");
        }
    }

    private static string Parts(double statistical, double generator, PeakShapeError shape)
    {
        string Of(double error) => double.IsNaN(error) ? "not computed" : RoundedNumber.Like(error, statistical);
        return $"{Of(statistical)}, {Of(generator)}, {Of(shape.Total)}";
    }

    private static void AddAlternatives(ReportPage page, PeakShapeError shape, string title) => page.Table(
        title, ["function", "of", "change of the yield", "change of −2 ln L", "parameters", "in the shape error"],
        shape.Alternatives.Select(alternative => (string[])
        [
            alternative.Name,
            alternative.IsBackground ? "background" : "peak",
            alternative.Failure is null ? Text($"{alternative.Change:+#,0;−#,0;0}") : "no fit",
            alternative.Failure is null ? Text($"{alternative.TwiceNllChange:+0.0;−0.0;0.0}") : "",
            alternative.Failure is null ? Text($"{alternative.ParameterChange:+0;−0;0}") : "",
            alternative.Failure ?? (alternative.IsCounted ? "yes" : "no: the data exclude it"),
        ]),
        isWords: true);

    private static void AddCategories(ReportPage page, PeakFeatures features, IReadOnlyList<string> names, string mass)
    {
        PeakFit fit = features.Fit;
        string NameOf(int category) => string.Join(" + ", fit.Members[category].Select(member => names[member]));
        page.Figures(Enumerable.Range(0, fit.CategoryCount).Select(category => PeakFigures.Spectrum(
            features.Curves.Categories[category], mass, $"Mass spectrum in category {category}",
            Text(
                $"Category with {NameOf(category)} of the background: yield of the peak "
                    + $"{fit.Yields[category].Value:N0} ± {fit.Yields[category].Error:N0}."),
            isWide: false)));
        page.Table("Categories of the score.", ["background in category", "events", "peak", "background", "width"],
            Enumerable.Range(0, fit.CategoryCount).Select(category => (string[])
            [
                NameOf(category),
                Text($"{fit.EventsIn(category):N0}"),
                RoundedNumber.WithError(fit.Yields[category].Value, fit.Yields[category].Error),
                Text($"{fit.Expected(fit.Low, fit.High, category).Background:N0}"),
                Text($"{fit.WidthIn(category).Value:G4}{(fit.IsWidthShared(category) ? " (shared)" : "")}"),
            ]));
    }

    private static void AddChecks(ReportPage page, PeakFeatures features)
    {
        Estimate area = features.SidebandArea;
        List<string[]> rows =
        [
            ["χ² probability of the fit in categories", SpectrumText.Probability(features.Fit.GoodnessOfFit), "above 0.01"],
            [
                "Features between lower and upper sideband", $"area under the curve {RoundedNumber.WithError(area.Value, area.Error)}",
                "0.5 for features independent of the mass, 1 for features that determine it"
            ],
        ];
        if (features.NullTest is { } test)
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
