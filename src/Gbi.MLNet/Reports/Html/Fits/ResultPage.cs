using Gbi.Reports.Json;
using Gbi.Reports.Json.Fits;

namespace Gbi.Reports.Html.Fits;

/// <summary>Results as one page, from their documents alone: the same page is made of a result written before.</summary>
/// <remarks>Same documents and command, same bytes.</remarks>
internal static class ResultPage
{
    /// <summary>The documents that have a page.</summary>
    public static IReadOnlyList<Type> Kinds { get; } =
    [
        typeof(FitDocument), typeof(LimitDocument), typeof(HypotestDocument), typeof(SignificanceDocument), typeof(IntervalDocument),
        typeof(ToysDocument),
    ];

    /// <summary>The HTML.</summary>
    /// <param name="results">One result or several.</param>
    /// <param name="command">The command line that made the page.</param>
    public static string Write(IReadOnlyList<ResultDocument> results, string command)
    {
        var page = new ReportPage(results.Count == 1 ? TitleOf(results[0]) : $"{results.Count} results");
        foreach (ResultDocument result in results)
        {
            if (results.Count > 1)
            {
                page.Part(TitleOf(result));
            }

            Add(page, result);
        }

        page.Heading("Command");
        page.Paragraph(command);
        return page.ToString();
    }

    private static string TitleOf(ResultDocument result)
    {
        string of = result is ModelResultDocument { Model: { } model } ? $" of {model}" : "";
        return result switch
        {
            FitDocument => $"Fit{of}",
            LimitDocument => $"Upper limits{of}",
            HypotestDocument => $"Test of a signal strength{of}",
            SignificanceDocument => $"Significance{of}",
            IntervalDocument => $"Confidence intervals{of}",
            _ => $"Test by toys{of}",
        };
    }

    private static void Add(ReportPage page, ResultDocument result)
    {
        switch (result)
        {
            case FitDocument fit:
                FitSection.Add(page, fit);
                break;
            case LimitDocument limit:
                LimitSection.Add(page, limit);
                break;
            case HypotestDocument test:
                TestSections.Add(page, test);
                break;
            case SignificanceDocument significance:
                TestSections.Add(page, significance);
                break;
            case IntervalDocument interval:
                IntervalSection.Add(page, interval);
                break;
            case ToysDocument toys:
                TestSections.Add(page, toys);
                break;
            default:
                throw new ArgumentException($"A document of the type {result.GetType().Name} has no page.", nameof(result));
        }
    }
}
