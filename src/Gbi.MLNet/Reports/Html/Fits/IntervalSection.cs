using Gbi.Reports.Figures.Fits;
using Gbi.Reports.Json.Fits;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Reports.Html.Fits;

/// <summary>The page of confidence intervals: the likelihood along the parameter of interest, and the ends.</summary>
internal static class IntervalSection
{
    public static void Add(ReportPage page, IntervalDocument interval)
    {
        string name = interval.ParameterOfInterest;
        string method = interval.Belt is null ? "the profile likelihood" : "Feldman and Cousins, with toys";
        page.Paragraph($"Intervals of {name} by {method}; {FitText.Origin(interval)}");
        page.Cards(interval.Intervals.Select(ends => (
            $"{FitText.Number(ends.Lower)} to {FitText.Number(ends.Upper)}", Text($"interval at {100 * ends.ConfidenceLevel:G4} % CL")))
            .Prepend((FitText.Number(interval.MuHat), $"best value of {System.Net.WebUtility.HtmlEncode(name)}")));
        if (interval.Scan is { } scan)
        {
            page.Heading("Likelihood");
            page.Figures(ScanFigure.Of(name, interval.MuHat, scan, interval.Intervals));
        }

        page.Heading("Intervals");
        page.Table(
            $"Intervals of {name}; an end is a bound of the parameter where the likelihood does not rise enough before it.",
            ["confidence level", "lower end", "upper end", "remark"],
            interval.Intervals.Select(ends => (string[])
            [
                Text($"{100 * ends.ConfidenceLevel:G4} %"), FitText.WithError(ends.Lower, ends.LowerError ?? double.NaN),
                FitText.WithError(ends.Upper, ends.UpperError ?? double.NaN), Remark(ends),
            ]));
        if (interval.Belt is { } belt)
        {
            page.Table(
                $"Values of {name} that were tried with toys.", [name, "t of the data", "P(t ≥ observed)", "error", "toys", "failed"],
                belt.Select(row => (string[])
                [
                    FitText.Number(row.Mu), FitText.Number(row.T), FitText.Number(row.Probability),
                    FitText.OrEmpty(row.ProbabilityError, "G2"), Text($"{row.Toys:N0}"), Text($"{row.Failed:N0}"),
                ]));
        }
    }

    private static string Remark(IntervalEndsDocument ends) => string.Join(
        "; ", new[] { Of("lower", ends.LowerIs), Of("upper", ends.UpperIs) }.OfType<string>());

    private static string? Of(string side, string kind) => kind switch
    {
        "bound" => $"{side} end is a bound",
        "grid" => $"{side} end is beyond the values tried",
        _ => null,
    };
}
