using Gbi.Reports.Json;
using Gbi.Reports.Json.Fits;

namespace Gbi.Reports.Html.Fits;

/// <summary>Results as one page, from their documents alone: the same page is made of a result written before.</summary>
/// <remarks>Same documents and command, same bytes.</remarks>
internal static class ResultPage
{
    private static readonly Section[] Sections =
    [
        Of<FitDocument>("Fit", FitSection.Add),
        Of<LimitDocument>("Upper limits", LimitSection.Add),
        Of<HypotestDocument>("Test of a signal strength", TestSections.Add),
        Of<SignificanceDocument>("Significance", TestSections.Add),
        Of<IntervalDocument>("Confidence intervals", IntervalSection.Add),
        Of<ToysDocument>("Test by toys", TestSections.Add),
    ];

    /// <summary>The documents that have a page.</summary>
    public static IReadOnlyList<Type> Kinds { get; } = [.. Sections.Select(section => section.Kind)];

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

            SectionOf(result).Add(page, result);
        }

        page.Heading("Command");
        page.Paragraph(command);
        return page.ToString();
    }

    private static string TitleOf(ResultDocument result) =>
        SectionOf(result).Title + (result is ModelResultDocument { Model: { } model } ? $" of {model}" : "");

    private static Section SectionOf(ResultDocument result) => Array.Find(Sections, section => section.Kind == result.GetType())
        ?? throw new ArgumentException($"A document of the type {result.GetType().Name} has no page.", nameof(result));

    private static Section Of<T>(string title, Action<ReportPage, T> add)
        where T : ResultDocument => new(typeof(T), title, (page, result) => add(page, (T)result));

    private sealed record Section(Type Kind, string Title, Action<ReportPage, ResultDocument> Add);
}
