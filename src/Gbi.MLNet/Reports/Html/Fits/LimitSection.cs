using Gbi.Reports.Figures.Fits;
using Gbi.Reports.Json.Fits;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Reports.Html.Fits;

/// <summary>The page of upper limits: CLs over the strength, the limits, the test of no signal.</summary>
internal static class LimitSection
{
    public static void Add(ReportPage page, LimitDocument limit)
    {
        string level = Text($"{100 * limit.ConfidenceLevel:G4} %");
        string name = limit.ParameterOfInterest;
        page.Paragraph($"CLs upper limits on {name} {FitText.By(limit.Method, limit.Toys)}; "
            + FitText.Origin(limit));
        page.Cards(Cards(limit, level));
        page.Paragraphs(limit.Failures, "warning");
        if (ClsFigure.Of(limit) is { } figure)
        {
            page.Heading($"CLs over {name}");
            page.Figures(figure);
        }

        page.Heading("Limits");
        page.Table(
            $"Upper limits on {name} at {level} CL.", ["limit", name, .. limit.ExpectedUpperLimitError is null ? (string[])[] : ["error"]],
            FitText.Bands.Select((band, at) => Row(
                band, limit.ExpectedUpperLimit[at], limit.ExpectedUpperLimitError?.ElementAtOrDefault(at)))
                .Prepend(Row("observed", limit.UpperLimit, limit.ExpectedUpperLimitError is null ? null : limit.UpperLimitError)));
        TestSections.AddDiscovery(page, limit.Discovery, name);
    }

    private static IEnumerable<(string Number, string Meaning)> Cards(LimitDocument limit, string level)
    {
        string name = System.Net.WebUtility.HtmlEncode(limit.ParameterOfInterest);
        yield return (Digits(limit.UpperLimit), $"observed upper limit on {name} at {level} CL");
        IReadOnlyList<double> expected = limit.ExpectedUpperLimit;
        yield return (Digits(expected[2]),
            $"expected without signal<br>68 %: {Digits(expected[1])} to {Digits(expected[3])}<br>95 %: {Digits(expected[0])} to "
                + $"{Digits(expected[4])}");
        yield return (Digits(limit.MuHat), $"best value of {name}");
        if (limit.Discovery is { } discovery)
        {
            yield return (Text($"{discovery.Z:F2} σ"), Text($"significance, p₀ = {discovery.P0:G3}"));
        }
    }

    private static string[] Row(string name, double value, double? error) =>
        error is { } known ? [name, Digits(value), Digits(known)] : [name, Digits(value)];

    private static string Digits(double value) => double.IsFinite(value) ? Text($"{value:G4}").Replace('-', '−') : "not found";
}
