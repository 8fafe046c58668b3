using Gbi.Inference.Contours;
using Gbi.Likelihoods.Model;
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
        if (run.Search.Likelihood is not { } likelihood)
        {
            return;
        }

        ResonanceSearchResult result = run.Search.Result;
        page.Heading("Signal fraction");
        List<PlotFigure> figures = [LikelihoodFigure.Of(result.SignalFraction, likelihood.Fits)];
        if (result.Sensitivity is { } expected)
        {
            figures.Add(SensitivityFigure.Of(expected, expected.Curve(likelihood)));
        }

        string? lost = AddContours(figures, likelihood);
        if (likelihood.Fits.Fit().Pulls is { Count: > 0 } pulls)
        {
            figures.Add(PullFigure.Of(pulls));
        }

        page.Figures(figures);
        if (lost is not null)
        {
            page.Paragraph(lost, "warning");
        }

        AddBudget(
            page, result.ErrorBudget,
            "Where the error of the signal fraction comes from, in the parabola at the best fit. The squares add up.");
        AddExpectation(page, result);
    }

    private static string? AddContours(List<PlotFigure> figures, SignalLikelihood likelihood)
    {
        try
        {
            IReadOnlyList<ProfileContour> contours = ContourFigure.Contours(
                likelihood.Fits, likelihood.Model.IndexOf(SignalLikelihood.BackgroundRate));
            figures.Add(ContourFigure.Of(contours, "signal fraction", "background over expectation"));
            return null;
        }
        catch (FitException cause)
        {
            return $"There are no contours of signal fraction and background: {cause.Message}";
        }
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
            budget.Parts.Append(("together", total)).Select(part => (string[])
                [part.Item1, RoundedNumber.Like(part.Item2, total), Text($"{100 * part.Item2 * part.Item2 / (total * total):F1} %")]));
    }

    private static void AddExpectation(ReportPage page, ResonanceSearchResult result)
    {
        if (result.Sensitivity is not { } expected)
        {
            return;
        }

        string fitted = expected.AtEstimate is { } at
            ? Text($", of the fitted fraction {at.Significance:F1} σ, and {result.Significance:F1} σ was found")
            : "";
        page.Paragraph(Text(
            $"Expected before the events were compared, from the template alone: an error of "
                + $"{RoundedNumber.Like(expected.Error, expected.Error)} and a 95 % upper limit of "
                + $"{RoundedNumber.Like(expected.UpperLimit, expected.Error)} without a signal; a median significance of "
                + $"{expected.AtRootBackground.Significance:F1} σ of S = √B (fraction "
                + $"{RoundedNumber.Like(expected.AtRootBackground.Fraction, expected.Error)}){fitted}."));
    }
}
