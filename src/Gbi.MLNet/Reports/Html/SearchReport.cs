using System.Net;
using System.Runtime.InteropServices;
using Gbi.Events;
using Gbi.Generators.Spectra;
using Gbi.Inference.Fits;
using Gbi.Reports.Figures;
using Gbi.Reports.Plots;
using Gbi.Searches.Family;
using Gbi.Searches.Options;
using Gbi.Searches.Results;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Reports.Html;

/// <summary>The report of a search as one HTML file: numbers, warnings, cuts, plots, checks, options and times.</summary>
/// <remarks>
/// The plots are drawn by plotly.js, which is part of the page. Same search, same bytes.
/// </remarks>
public static class SearchReport
{
    /// <summary>The HTML.</summary>
    public static string Write(SearchRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        var page = new ReportPage($"Resonance search in {run.Events}");
        ResonanceSearchResult result = run.Search.Result;
        page.Paragraph(
            Text(
                $"Signal region {run.Search.Options.Window} in {run.Search.Options.Schema.Mass}, background "
                    + $"{run.Inputs.BackgroundInWords}. Gbi.MLNet {SearchRun.PackageVersion}, seed {run.Search.Options.Seed.Value}."));
        page.Cards(Cards(result));
        page.Paragraphs(result.Statements);
        page.Paragraphs(result.Warnings, "warning");
        page.Paragraphs(result.Inconclusive);

        SearchFigures? figures = result.Curves is { } curves ? new SearchFigures(run.Search, curves) : null;
        if (result.Curves?.MassSpectrum is { } spectrum)
        {
            page.Heading("Mass spectrum");
            page.Figures(figures!.Spectrum(spectrum, Text(
                $"Data, and the {run.Inputs.SpectrumInWords} fitted to the sidebands with its 1 σ band. Below, pulls: (data − fit) / "
                    + $"Poisson error of the fit, with the band in the same unit. χ² probability in the sidebands: "
                    + $"{SpectrumText.Probability(result.SpectrumGoodnessOfFit)}.")));
        }

        AddCuts(page, result);
        SignalSection.Add(page, run);
        FamilySection.Add(page, run);
        if (figures is not null)
        {
            AddScores(page, result.Curves!, figures);
            AddFeatures(page, run, figures);
        }

        AddChecks(page, run);
        AddOptions(page, run.Inputs, run.Search.Spectrum is not null);
        return page.ToString();
    }

    private static IEnumerable<(string Number, string Meaning)> Cards(ResonanceSearchResult result)
    {
        SignalFraction fraction = result.SignalFraction;
        double error = fraction.Error;
        double events = result.EventsInRegion;
        bool isExcess = fraction.Method == "excess";
        string method = isExcess ? "from the excess over the background" : "fitted to every event's ratio";
        string significance = result.Family is null ? "significance" : "local significance";
        yield return (Text($"{result.Significance:F1} σ"), $"{significance} of the {(isExcess ? "excess" : "signal")}");
        if (result.Family?.Global is { } global)
        {
            yield return (
                Text($"{(global.AtLeastAsExtreme == 0 ? "≤ " : "")}{global.Value:G2}"),
                Text($"global p-value, from {global.ToyCount:N0} data sets without signal"));
        }

        yield return (RoundedNumber.Like(fraction.Value, error),
        $"signal fraction, {method}<br>68 %: {Range(fraction.Interval68, error, 1)}<br>95 %: {Range(fraction.Interval95, error, 1)}");
        yield return (RoundedNumber.Like(result.SignalYield, events * error) + " events",
        $"signal yield<br>68 %: {Range(fraction.Interval68, events * error, events)}<br>95 %: "
            + $"{Range(fraction.Interval95, events * error, events)}");
        foreach (FamilyParameter parameter in result.Family?.Parameters.Skip(1) ?? [])
        {
            yield return (WebUtility.HtmlEncode(RoundedNumber.WithError(parameter.Value, parameter.Error)),
            WebUtility.HtmlEncode($"{parameter.Name}, fitted together with the fraction"));
        }

        yield return (Text($"{Counted(events, "event")}"),
        Text(
            $"in the signal region, of {result.EventCount:N0} read<br>expected background "
                + $"{RoundedNumber.WithError(result.ExpectedBackground.Value, result.ExpectedBackground.Error)}"));
    }

    private static void AddCuts(ReportPage page, ResonanceSearchResult result)
    {
        page.Heading("Excess after cuts on the score");
        page.Table(
            "Events in the signal region above cuts on the score.",
            ["background kept", "ln r ≥", "observed", "expected", "excess", "significance"],
            result.Excess.Select(cut => (string[])
            [
                Text($"{100 * cut.BackgroundEfficiency:G3} %"),
                double.IsFinite(cut.Threshold) ? Text($"{cut.Threshold:F2}").Replace('-', '−') : "no cut",
                Text($"{cut.Observed:N0}"),
                RoundedNumber.WithError(cut.Expected.Value, cut.Expected.Error),
                RoundedNumber.Like(cut.Excess, cut.Expected.Error),
                Text($"{cut.Significance:F2} σ").Replace('-', '−'),
            ]));
    }

    private static void AddScores(ReportPage page, SearchCurves curves, SearchFigures figures)
    {
        page.Heading("Score in the signal region");
        List<PlotFigure> all = [figures.Score()];
        if (curves.AnomalyScore is { } anomaly)
        {
            all.Add(figures.AnomalyScore(anomaly));
        }

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

    private static void AddFeatures(ReportPage page, SearchRun run, SearchFigures figures)
    {
        SearchCurves curves = run.Search.Result.Curves!;
        page.Heading("Features in the signal region");
        string near = run.Search.Family is null ? "" : " near the best fit";
        string signal = curves.Score.Signal is null
            ? ""
            : $" Thick line: signal simulation{near}, scaled to the sum of the data.";
        (string sidebands, string above) = curves.Features.Any(feature => feature.Sidebands is not null)
            ? (" Dashed line: sidebands as they are, scaled to the same sum.", "data and sidebands")
            : ("", "data");
        page.Paragraph(
            $"Points: data. Area: background with its statistical error.{sidebands}{signal} Below, {above} over background.");
        page.Figures(curves.Features.Select(figures.Feature));
    }

    private static void AddChecks(ReportPage page, SearchRun run)
    {
        ResonanceSearchResult result = run.Search.Result;
        page.Heading("Checks");
        CheckTable.Add(page, result.Checks);
        List<string[]> rows =
        [
            [
                "Classifier between data and background template, out of fold",
                double.IsNaN(result.Closure.Auc) ? "not trained" : Text($"area under the curve {result.Closure.Auc:F4}"),
                "0.5 where they are indistinguishable; a signal raises it"
            ],
            ["Signal contamination of the background template", Contamination(run), "0"],
        ];
        if (result.Curves?.Calibration is { Points.Count: > 2 } curve)
        {
            rows.Add(
                [
                    "Slope of the calibration of signal over background", RoundedNumber.WithError(curve.Slope, curve.SlopeError),
                    "1 if it is calibrated"
                ]);
        }

        if (result.Curves?.Selection is { } selection)
        {
            rows.Add(
                [
                    "Largest significance improvement with the background known to 20 %",
                    Text($"{selection.Best.Improvement:F2} at background efficiency {selection.Best.BackgroundEfficiency:G2}"), "above 1"
                ]);
            rows.Add(
                [
                    "Significance improvement at background efficiency 0.001",
                    selection.AtThousandth is { } low ? Text($"{low.Improvement:F2}") : "too little background", "above 1"
                ]);
        }

        page.Table("Further measures.", ["measure", "found", "expected"], rows, isWords: true);
    }

    private static string Contamination(SearchRun run) => (run.Search.Template.HoldsSidebands, run.Search.Result.SignalInTemplate) switch
    {
        (false, _) => SearchInputs.NoSidebandsInTemplate,
        (_, { } found) => Text(
            $"{100 * found.TemplateFraction:G2} % of it; {(found.IsCorrected ? "without the correction " : "")}the signal fraction "
                + $"{(found.IsCorrected ? "would be" : "is")} {found.FractionShift:G2} too low"),
        _ => "not known without a signal simulation",
    };

    /// <summary>The options that determine the result.</summary>
    /// <param name="page">The page.</param>
    /// <param name="run">What the search was given.</param>
    /// <param name="hasSpectrum">Whether a mass spectrum was fitted.</param>
    internal static void AddOptions(ReportPage page, SearchInputs run, bool hasSpectrum)
    {
        ResonanceSearchOptions options = run.Options;
        EventSchema schema = options.Schema;
        page.Heading("Options and versions");
        page.Table("Options that determine the result.", ["option", "value"], (string[][])
        [
            ["Events", run.Events],
            ["Signal simulation", run.Signal ?? "none"],
            ["Background", run.BackgroundInWords],
            ["Features", string.Join(", ", schema.Features)],
            ["Event weights", schema.Weight ?? "1 each"],
            [
                "Mass spectrum",
                (hasSpectrum, options.Spectrum.Shape) switch
                {
                    (false, _) => "none: the data have no sidebands",
                    (_, SpectrumShape.Automatic) => run.SpectrumInWords,
                    _ => Text($"{run.SpectrumInWords}, {Counted(options.Spectrum.ParameterCount, "parameter")}"),
                }
            ],
            .. run.LearnsAnomaly ? (string[][])[["Data over background", Training(options.Anomaly)]] : [],
            .. Signal(run),
            ["Seed", Text($"{options.Seed.Value}")],
            ["Gbi.MLNet", SearchRun.PackageVersion],
            [".NET", RuntimeInformation.FrameworkDescription],
            ["plotly.js", PlotlyLibrary.Version],
        ], isWords: true);
    }

    private static IEnumerable<string[]> Signal(SearchInputs run)
    {
        if (run.Options.Family is { Training: var how } family)
        {
            yield return
            [
                "Parameters of the signal family",
                string.Join(", ", family.Parameters) + (how.IsInterchangeable ? ", interchangeable" : "")
            ];
            yield return
            [
                "Aligned features",
                how.Aligned.Count == 0 ? "none" : string.Join(", ", how.Aligned.Select(pair => $"{pair.Feature} with {pair.Parameter}"))
            ];
            yield return
            [
                "Signal family over background",
                Text($"{Training(how.FoldCount, how.MemberCount, how.Trees)}, half-width {how.HalfWidth:G3}")
            ];
        }
        else if (run.Signal is not null)
        {
            yield return ["Signal over background", Training(run.Options.Signal)];
        }
    }

    private static string Training(Ratios.RatioOptions options) => Training(options.FoldCount, options.MemberCount, options.Trees)
        + (options.SignalFraction is { } share ? Text($", data as a mixture with {100 * share:G3} % of signal") : "");

    private static string Training(int folds, int members, Trees.TreeOptions trees) =>
        Text(
            $"{Counted(folds, "fold")}, {Counted(members, "member")}, up to {trees.TreeCount} trees of {trees.LeafCount} leaves, "
                + $"learning rate "
                + $"{trees.LearningRate:G3}");

    private static string Range(ConfidenceInterval interval, double error, double scale) =>
        $"{RoundedNumber.Like(scale * interval.Lower, error)} to {RoundedNumber.Like(scale * interval.Upper, error)}";
}
