using Gbi.Reports.Figures;
using Gbi.Reports.Plots;
using Gbi.Searches.Results;
using Gbi.Searches.Signal;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Reports.Html;

/// <summary>The part of a search's report about the fitted signal fraction: likelihood, nuisance parameters, error and what was
/// expected.</summary>
internal static class SignalSection
{
    public static void Add(ReportPage page, SearchRun run)
    {
        ResonanceSearchResult result = run.Search.Result;
        if (result.LikelihoodCurves is not { } curves)
        {
            return;
        }

        page.Heading("Signal fraction");
        List<PlotFigure> figures = [LikelihoodFigure.Of(result.SignalFraction, curves.Scan)];
        if (result.Sensitivity is { } expected)
        {
            figures.Add(SensitivityFigure.Of(expected, curves.Sensitivity));
        }

        if (curves.Contours.Count > 0)
        {
            figures.Add(ContourFigure.Of(curves.Contours, "signal fraction", "background over expectation"));
        }

        if (curves.Pulls.Count > 0)
        {
            figures.Add(PullFigure.Of(curves.Pulls));
        }

        page.Figures(figures);
        if (curves.ContourFailure is { } lost)
        {
            page.Paragraph(lost, "warning");
        }

        AddBudget(
            page, result.ErrorBudget,
            "Error of the signal fraction by source, from the Hessian at the best fit; the squares add up.");
        AddExpectation(page, result);
    }

    internal static void AddBudget(ReportPage page, SignalErrorBudget? budget, string caption)
    {
        if (budget is null)
        {
            return;
        }

        double total = budget.Total;
        page.Table(
            caption,
            ["source", "error", "share of the variance"],
            budget.Parts.Append(("total", total)).Select(part => (string[])
                [part.Item1, RoundedNumber.Like(part.Item2, total), Text($"{100 * part.Item2 * part.Item2 / (total * total):F1} %")]));
    }

    private static void AddExpectation(ReportPage page, ResonanceSearchResult result)
    {
        if (result.Sensitivity is not { } expected)
        {
            return;
        }

        string fitted = expected.AtEstimate is { } at
            ? Text($", {at.Significance:F1} σ for the fitted fraction; observed: {result.Significance:F1} σ")
            : "";
        page.Paragraph(Text(
            $"Expected from the template alone: without a signal, an error of {RoundedNumber.Like(expected.Error, expected.Error)} and a "
                + $"95 % upper limit of {RoundedNumber.Like(expected.UpperLimit, expected.Error)}; a median significance of "
                + $"{expected.AtRootBackground.Significance:F1} σ for S = √B (fraction "
                + $"{RoundedNumber.Like(expected.AtRootBackground.Fraction, expected.Error)}){fitted}."));
    }
}
