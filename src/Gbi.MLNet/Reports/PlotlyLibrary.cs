namespace Gbi.Reports;

/// <summary>The JavaScript library that draws the plots of a report: plotly.js, its basic bundle.</summary>
/// <remarks>Embedded where npm could fetch it before the build; otherwise the page loads it from a content delivery network.</remarks>
internal static class PlotlyLibrary
{
    /// <summary>The version that Reports/Page/package.json asks for.</summary>
    public const string Version = "4.1.1";

    /// <summary>SHA-384 of the file, by which a browser refuses another one.</summary>
    public const string Integrity = "sha384-N2HZsG+IG/3J8CwhGGYz/kmzZ0sprpPWwjhor9ZI4lxuf47i9DXK2/NDGxMaJiEb";

    private const string Link = $"https://cdn.jsdelivr.net/npm/plotly.js-basic-dist-min@{Version}/plotly-basic.min.js";

    /// <summary>Whether this build holds the library.</summary>
    public static bool IsEmbedded { get; } = ReportResource.Exists("plotly.js");

    /// <summary>The script element of a page: the library with its licence, or a link to it.</summary>
    public static string Script { get; } = IsEmbedded
        ? $"<script>\n/*\n{ReportResource.Text("plotly.licence").Trim()}\n*/\n{ReportResource.Text("plotly.js").Trim()}\n</script>\n"
        : $"<script src=\"{Link}\" integrity=\"{Integrity}\" crossorigin=\"anonymous\"></script>\n";
}
