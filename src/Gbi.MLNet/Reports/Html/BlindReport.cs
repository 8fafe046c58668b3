using Gbi.Events;
using Gbi.Reports.Figures;
using Gbi.Reports.Plots;
using Gbi.Searches.Blind;
using Gbi.Searches.Results;
using Gbi.Searches.Signal;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Reports.Html;

/// <summary>The report of a blind search as one HTML file: what is expected, checks, plots without the signal region, options and
/// times.</summary>
/// <remarks>Same sidebands and simulation, same bytes. See <see cref="SearchReport"/>.</remarks>
public static class BlindReport
{
    private static readonly string[] Fluctuations = ["−2 σ", "−1 σ", "median", "+1 σ", "+2 σ"];

    /// <summary>The HTML.</summary>
    public static string Write(BlindRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        var page = new ReportPage($"Expected sensitivity of a search in {run.Events}");
        var figures = new BlindFigures(run.Search);
        BlindSearchResult result = run.Search.Result;
        page.Paragraph(
            Text(
                $"Blind: signal region {run.Search.Options.Window} in {run.Search.Options.Schema.Mass} blinded, background "
                    + $"{run.Inputs.BackgroundInWords}, signal {run.Signal}. Gbi.MLNet {SearchRun.PackageVersion}, seed "
                    + $"{run.Search.Options.Seed.Value}."));
        page.Cards(Cards(result));
        page.Paragraphs(result.Statements);
        page.Paragraphs(result.Warnings, "warning");
        page.Paragraphs(result.Inconclusive);

        AddSensitivity(page, result);
        if (result.Curves.MassSpectrum is { } spectrum)
        {
            page.Heading("Mass spectrum");
            page.Figures(figures.Spectrum(spectrum, Text(
                $"Sidebands, and the {run.Inputs.SpectrumInWords} fitted to them with its 1 σ band. Below, pulls: (sidebands − fit) / "
                    + $"Poisson error of the fit, with the band in the same unit. χ² probability: "
                    + $"{SpectrumText.Probability(result.SpectrumGoodnessOfFit)}.")));
        }

        AddScores(page, result.Curves, figures);
        page.Heading("Features in the signal region");
        (string sidebands, string below) = result.Curves.Features.Any(feature => feature.Sidebands is not null)
            ? (" Dashed line: sidebands as they are.", "sidebands over background")
            : ("", "the statistical error of the background");
        page.Paragraph(
            $"Area: background in the signal region with its statistical error.{sidebands} Thick line: signal simulation. All are scaled "
                + $"to the expected background. Below, {below}.");
        page.Figures(result.Curves.Features.Select(figures.Feature));
        AddChecks(page, run);
        SearchReport.AddOptions(page, run.Inputs, run.Search.Spectrum is not null);
        return page.ToString();
    }

    private static IEnumerable<(string Number, string Meaning)> Cards(BlindSearchResult result)
    {
        SignalSensitivity expected = result.Sensitivity;
        Estimate background = result.ExpectedBackground;
        IReadOnlyList<double> limits = expected.UpperLimitBand;
        yield return ("± " + Fraction(expected, expected.Error), "expected error of the signal fraction, without a signal");
        yield return (Fraction(expected, expected.UpperLimit),
        $"expected upper limit at 95 %, without a signal<br>68 % of experiments: {Fraction(expected, limits[1])} to "
            + $"{Fraction(expected, limits[3])}");
        yield return (Text($"{expected.AtRootBackground.Significance:F1} σ"),
        $"expected for S = √B<br>fraction {Fraction(expected, expected.AtRootBackground.Fraction)}");
        yield return (RoundedNumber.WithError(background.Value, background.Error), "background expected in the signal region");
    }

    private static void AddSensitivity(ReportPage page, BlindSearchResult result)
    {
        SignalSensitivity expected = result.Sensitivity;
        double background = result.ExpectedBackground.Value;
        page.Heading("Expected sensitivity");
        page.Figures(SensitivityFigure.Of(expected, result.SensitivityCurve));
        page.Table(
            "Median discovery significance of a signal.",
            ["signal fraction", "signal events", "significance"],
            result.SensitivityCurve.Skip(1).Select(point => (string[])
            [
                Fraction(expected, point.Fraction), Text($"{point.Fraction * background:F0}"), Text($"{point.Significance:F2} σ")
            ]));
        page.Table(
            "The upper limit at 95 % (CLs) without a signal, in the median experiment and where the data fluctuate.",
            ["data", "signal fraction", "signal events"],
            Fluctuations.Zip(
                expected.UpperLimitBand, (name, limit) => (string[])[name, Fraction(expected, limit), Text($"{limit * background:F0}")]));
        SignalSection.AddBudget(
            page, result.ErrorBudget, "Expected error of the signal fraction without a signal, by source; the squares add up.");
    }

    private static void AddScores(ReportPage page, SearchCurves curves, BlindFigures figures)
    {
        page.Heading("Score of background and signal");
        List<PlotFigure> all = [figures.Score()];
        if (curves.Calibration is { Points.Count: > 2 } calibration)
        {
            all.Add(CalibrationFigure.Of(calibration));
        }

        if (curves.Selection is { } selection)
        {
            all.AddRange([RocFigure.Of(selection), ImprovementFigure.Of(selection)]);
        }

        page.Figures(all);
    }

    private static void AddChecks(ReportPage page, BlindRun run)
    {
        BlindSearchResult result = run.Search.Result;
        page.Heading("Checks");
        CheckTable.Add(page, result.Checks);
        (double shape, double effect) = (result.Contamination.Shape, result.Contamination.Effect);
        page.Table("Further measures.", ["measure", "found", "expected"], (string[][])
        [
            [
                "Signal contamination of the background template, per signal event in the region",
                run.Search.Template.HoldsSidebands
                    ? Text($"{shape:G2}{(shape > 0 ? Text($", with the effect of {effect:G2}") : "")}")
                    : SearchInputs.NoSidebandsInTemplate,
                "0"
            ],
            .. result.Curves.Calibration is { Points.Count: > 2 } curve
                ? (string[][])
                [
                    [
                        "Slope of the calibration of signal over background", RoundedNumber.WithError(curve.Slope, curve.SlopeError),
                        "1 if it is calibrated"
                    ]
                ]
                : [],
        ], isWords: true);
    }

    private static string Fraction(SignalSensitivity expected, double value) => RoundedNumber.Like(value, expected.Error);
}
