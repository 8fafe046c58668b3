using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Gbi.Reports.Plots;

namespace Gbi.Reports.Html;

/// <summary>A page that is put together from headings, words, tables and figures, and needs no other file where the library is
/// embedded.</summary>
internal sealed partial class ReportPage
{
    private readonly string _title;
    private readonly StringBuilder _body = new();
    private readonly List<PlotFigure> _figures = [];

    public ReportPage(string title) => _title = Encoded(title);

    public void Heading(string words) => _body.Append("<h2>").Append(Encoded(words)).Append("</h2>\n");

    /// <summary>Begins the part of one of several results.</summary>
    public void Part(string words) => _body.Append("<h1 class=\"part\">").Append(Encoded(words)).Append("</h1>\n");

    /// <summary>A sentence; names between `backticks`, as a terminal shows them, are set as code.</summary>
    public void Paragraph(string words, string style = "dim") =>
        _body.Append($"<p class=\"{style}\">{NameInBackticks().Replace(Encoded(words), "<code>$1</code>")}</p>\n");

    public void Paragraphs(IEnumerable<string> all, string style = "dim")
    {
        foreach (string words in all)
        {
            Paragraph(words, style);
        }
    }

    /// <summary>A number with what it means; both are markup.</summary>
    public void Cards(params IEnumerable<(string Number, string Meaning)> cards)
    {
        _body.Append("<div class=\"cards\">\n");
        foreach ((string number, string meaning) in cards)
        {
            _body.Append($"<div class=\"card\"><b>{number}</b><span>{meaning}</span></div>\n");
        }

        _body.Append("</div>\n");
    }

    /// <summary>A table whose first column names its rows.</summary>
    /// <param name="caption">What it holds.</param>
    /// <param name="columns">Names of the columns.</param>
    /// <param name="rows">One text a column.</param>
    /// <param name="isWords">Whether it holds words, which begin at the left.</param>
    public void Table(string caption, IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<string>> rows, bool isWords = false)
    {
        _body.Append(
            $"<div class=\"wide\"><table{(isWords ? " class=\"words\"" : "")}>\n<caption>{Encoded(caption)}</caption>\n<thead><tr>");
        _body.AppendJoin("", columns.Select(column => $"<th scope=\"col\">{Encoded(column)}</th>")).Append("</tr></thead>\n<tbody>\n");
        foreach (IReadOnlyList<string> row in rows)
        {
            _body.Append($"<tr><th scope=\"row\">{Encoded(row[0])}</th>");
            _body.AppendJoin("", row.Skip(1).Select(text => $"<td>{Encoded(text)}</td>")).Append("</tr>\n");
        }

        _body.Append("</tbody>\n</table></div>\n");
    }

    /// <summary>A table that is folded away, and of whose rows a word finds some.</summary>
    public void FoldedTable(
        string summary, string caption, IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<string>> rows, bool isWords = false)
    {
        _body.Append($"<details>\n<summary>{Encoded(summary)}</summary>\n")
            .Append("<input type=\"search\" placeholder=\"Find in this table\" aria-label=\"Find in this table\">\n");
        Table(caption, columns, rows, isWords);
        _body.Append("</details>\n");
    }

    /// <summary>Figures, the wide ones each on a line of its own, the others side by side where there is room.</summary>
    public void Figures(params IEnumerable<PlotFigure> figures)
    {
        bool isInPair = false;
        foreach (PlotFigure figure in figures)
        {
            _body.Append(
                (isInPair, figure.Wide) switch { (false, false) => "<div class=\"pair\">\n", (true, true) => "</div>\n", _ => "" });
            isInPair = !figure.Wide;
            _figures.Add(figure);
            string size = figure switch
            {
                { Layout.Cells: not null } => "plot matrix",
                { Square: true } => "plot square",
                { Wide: true } => "plot large",
                _ => "plot",
            };
            string height = figure.Height is { } pixels ? $" style=\"height:{pixels}px\"" : "";
            _body.Append(
                $"<figure>\n<div class=\"holder\"><div class=\"{size}\"{height} role=\"img\" "
                    + $"aria-label=\"{Encoded(figure.Title)}\"></div></div>\n"
                    + $"<figcaption>{Encoded(figure.Caption)}</figcaption>\n</figure>\n");
        }

        _body.Append(isInPair ? "</div>\n" : "");
    }

    public override string ToString() => $"""
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <link rel="icon" href="data:,">
        <title>{_title}</title>
        <style>
        {ReportResource.Text("report.css").TrimEnd()}
        </style>
        </head>
        <body>
        <h1>{_title}</h1>
        {_body}<noscript><p class="warning">The plots need JavaScript.</p></noscript>
        <script type="application/json" id="figures">{Json()}</script>
        {PlotlyLibrary.Script}<script>
        {ReportResource.Text("report.js").TrimEnd()}
        </script>
        </body>
        </html>

        """.ReplaceLineEndings("\n");

    // The serializer escapes <, > and &, so that no text of a figure ends the script element.
    private string Json() => JsonSerializer.Serialize(_figures, PlotContext.Default.IReadOnlyListPlotFigure);

    private static string Encoded(string text) => WebUtility.HtmlEncode(text);

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex NameInBackticks();
}
