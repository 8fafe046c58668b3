using System.Net;
using Gbi.Inference.Fits;
using Gbi.Reports.Figures;
using Gbi.Reports.Figures.Fits;
using Gbi.Reports.Json.Fits;
using Gbi.Reports.Plots;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Reports.Html.Fits;

/// <summary>
/// The page of a fit: best values, likelihood scans and contours, what the error of the parameter of interest is made of, pulls,
/// correlations, data and model of each channel.
/// </summary>
internal static class FitSection
{
    private const int MostPulls = 30;

    public static void Add(ReportPage page, FitDocument fit)
    {
        string data = fit.Asimov switch
        {
            null => "",
            { Mu: { } mu } => Text($"Fit of Asimov data at {fit.ParameterOfInterest} = {mu:G6}, not of the observed data; "),
            _ => "Fit of Asimov data at the initial parameters, not of the observed data; ",
        };
        page.Paragraph(data + FitText.Origin(fit));
        page.Cards(Cards(fit));
        page.Paragraphs(fit.Remarks, "warning");
        AddLikelihood(page, fit);
        AddSources(page, fit);
        AddPulls(page, fit);
        AddCorrelations(page, fit);
        ChannelSection.Add(page, fit);
        page.Heading("Minimisation");
        page.Paragraph(Text($"−2 ln L = {fit.TwiceNll:F6}; estimated distance to the minimum {fit.EstimatedDistance:G2}. ") + fit.Reason
            + (fit.HasWeightedEvents ? " Errors are those of weighted events (sandwich covariance)." : ""));
    }

    private static IEnumerable<(string Number, string Meaning)> Cards(FitDocument fit)
    {
        if (fit.Parameters.FirstOrDefault(parameter => parameter.Name == fit.ParameterOfInterest) is { } mu)
        {
            string minos = mu is { MinosLower: { } low, MinosUpper: { } high }
                ? Text($"<br>MINOS: {FitText.Number(low)} to {FitText.Number(high)}")
                : "";
            yield return (FitText.WithError(mu.Value, mu.Error), $"{WebUtility.HtmlEncode(mu.Name)}, best value{minos}");
        }

        if (fit.GoodnessOfFit is { } goodness)
        {
            yield return (
                double.IsFinite(goodness.Probability) ? Text($"p = {goodness.Probability:G3}") : "not tested",
                Text($"goodness of fit: saturated χ² = {goodness.ChiSquared:F1}<br>for ")
                    + Counted(goodness.DegreesOfFreedom, "degree of freedom", "degrees of freedom"));
        }

        FittedParameterDocument[] pulled = [.. fit.Parameters.Where(parameter => parameter.Pull is not null)];
        if (pulled.Length > 0)
        {
            FittedParameterDocument largest = pulled.MaxBy(parameter => Math.Abs(parameter.Pull!.Value))!;
            yield return (
                Text($"{largest.Pull:F2} σ").Replace('-', '−'), $"largest pull: {WebUtility.HtmlEncode(PlotText.Shortened(largest.Name))}");
        }

        if (fit.ErrorSources is { Count: > 1 } sources)
        {
            double others = Math.Sqrt(sources.Skip(1).Sum(source => source.Error * source.Error));
            yield return (
                Text($"{sources[0].Error:G3}"),
                Text($"error from the number of events<br>from constrained parameters: {others:G3}"));
        }
    }

    private static void AddLikelihood(ReportPage page, FitDocument fit)
    {
        List<PlotFigure> figures = [];
        if (fit is { Scan: { Count: > 0 } scan, ParameterOfInterest: { } name })
        {
            figures.Add(ScanFigure.Of(name, BestOf(fit, name), scan, []));
        }

        figures.AddRange((fit.Scans ?? []).Select(one => ScanFigure.Of(one.Parameter, one.Best, one.Points, [])));
        figures.AddRange((fit.Contours ?? []).Where(contour => contour.FirstValues.Count > 0)
            .GroupBy(contour => (contour.First, contour.Second)).Select(pair => ContoursFigure.Of([.. pair])));
        if (figures.Count > 0)
        {
            page.Heading("Likelihood");
            page.Figures(figures);
        }
    }

    private static double BestOf(FitDocument fit, string name) => fit.Parameters.First(parameter => parameter.Name == name).Value;

    private static void AddSources(ReportPage page, FitDocument fit)
    {
        if (fit.ParameterOfInterest is not { } name || (fit.ErrorSources is null && fit.Impacts is null))
        {
            return;
        }

        page.Heading($"Where the error of {name} comes from");
        if (fit.ErrorSources is { Count: > 0 } sources)
        {
            double variance = sources.Sum(source => source.Error * source.Error);
            page.Table(
                $"Error of {name} by groups of parameters: cov({name}, θ)/σ of every constrained θ, σ the width of its constraint, and "
                    + "what is left for the number of events; the squares add up.",
                ["source", "parameters", "error", "share of the variance"],
                sources.Select(source => (string[])
                [
                    GroupName(source.Source), Text($"{source.Parameters:N0}"), Text($"{source.Error:G3}"),
                    Text($"{100 * source.Error * source.Error / variance:F1} %"),
                ]));
        }

        if (fit.Impacts is { Count: > 0 } impacts)
        {
            if (impacts.Any(Moves))
            {
                page.Figures(RankingFigure.Of(impacts, name));
            }
            else
            {
                page.Paragraph(
                    $"No parameter moves {name}{(fit.AtBounds.Contains(name) ? ", which is at its bound; a lower bound shows what would "
                        + $"(--bounds {name}=LO:HI)" : "")}.");
            }

            if (impacts.Count < fit.Parameters.Count(parameter => parameter.Error != 0 && parameter.Name != name))
            {
                page.Paragraph(
                    Text($"Only the {impacts.Count:N0} parameters that move {name} most by the covariance were held in fits; ")
                        + "`gbi fit --impacts` takes all.");
            }

            page.FoldedTable(
                Text($"Impacts of {Counted(impacts.Count, "parameter")}"), $"Changes of {name}.",
                ["parameter", "down", "up", "down before the fit", "up before the fit"],
                impacts.Select(impact => (string[])
                [
                    impact.Name, FitText.OrEmpty(impact.Down), FitText.OrEmpty(impact.Up), FitText.OrEmpty(impact.DownBefore),
                    FitText.OrEmpty(impact.UpBefore),
                ]));
        }
    }

    private static bool Moves(ImpactDocument impact) =>
        new[] { impact.Down, impact.Up, impact.DownBefore ?? 0, impact.UpBefore ?? 0 }
            .Any(change => double.IsFinite(change) && change != 0);

    private static string GroupName(string? source) => source switch
    {
        "events" => "number of events",
        "binFactors" => "factors of bins (gammas)",
        "shape" => "shapes",
        "rate" => "rates",
        "free" => "free",
        _ => source ?? "",
    };

    private static void AddPulls(ReportPage page, FitDocument fit)
    {
        page.Heading("Parameters");
        Dictionary<string, int> rank = (fit.Impacts ?? []).Where(Moves).Select((impact, at) => (impact.Name, at)).ToDictionary();
        FittedParameterDocument[] pulled =
        [
            .. fit.Parameters.Where(parameter => parameter.Pull is not null)
                .OrderBy(parameter => rank.GetValueOrDefault(parameter.Name, int.MaxValue))
                .ThenByDescending(parameter => Math.Abs(parameter.Pull!.Value)),
        ];
        if (pulled.Length > 0)
        {
            int left = Math.Max(0, pulled.Length - MostPulls);
            string order = rank.Count > 0 ? "the largest impacts first" : "the largest pulls first";
            page.Figures(PullFigure.Of(
                [.. pulled.Take(MostPulls).Select(one => new ParameterPull(one.Name, one.Pull!.Value, one.Constraint, null, null))],
                Text($"Order: {order}.") + (left > 0 ? Text($" {left:N0} more in the table.") : "")));
        }

        page.FoldedTable(
            Text($"All {Counted(fit.Parameters.Count, "parameter")}"), "Best values with errors, and what was known before the fit.",
            [
                "parameter", "group", "value", "error", "before the fit", "width before", "pull (σ)", "error / width", "MINOS from", "to",
                "remark",
            ],
            fit.Parameters.Select(parameter => (string[])
            [
                parameter.Name, GroupName(parameter.Group), FitText.Number(parameter.Value), FitText.OrEmpty(parameter.Error),
                FitText.OrEmpty(parameter.Before), FitText.OrEmpty(parameter.Width), FitText.OrEmpty(parameter.Pull, "F2"),
                FitText.OrEmpty(parameter.Constraint, "F3"), FitText.OrEmpty(parameter.MinosLower), FitText.OrEmpty(parameter.MinosUpper),
                Remark(fit, parameter),
            ]));
    }

    private static string Remark(FitDocument fit, FittedParameterDocument parameter) =>
        fit.AtBounds.Contains(parameter.Name) ? "at a bound"
        : fit.Degenerate.Contains(parameter.Name) ? "not determined"
        : parameter.MinosFailure ?? (parameter.Error == 0 ? "fixed" : "");

    private static void AddCorrelations(ReportPage page, FitDocument fit)
    {
        if (fit.Covariance is not { } matrix || matrix.Parameters.Count < 2)
        {
            return;
        }

        page.Heading("Correlations");
        if (CorrelationFigure.Of(matrix) is { } figure)
        {
            page.Figures(figure);
        }
        else
        {
            page.Paragraph(Text($"No two parameters have |ρ| of {CorrelationFigure.Threshold} or more."));
        }

        page.Table(
            "The strongest correlations.", ["parameter", "and", "ρ"],
            CorrelationFigure.Strongest(matrix).Select(
                pair => (string[])[pair.First, pair.Second, Text($"{pair.Rho:F3}").Replace('-', '−')]));
    }
}
