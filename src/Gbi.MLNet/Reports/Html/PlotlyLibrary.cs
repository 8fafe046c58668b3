namespace Gbi.Reports.Html;

/// <summary>The JavaScript library that draws the plots of a report: plotly.js (MIT licence), its basic bundle, in every page.</summary>
internal static class PlotlyLibrary
{
    private static readonly string Code = ReportResource.Text("plotly.js").Trim();

    /// <summary>The version that the first lines of the library name.</summary>
    public static string Version { get; } = ReadVersion(Code);

    /// <summary>The script element of a page.</summary>
    public static string Script { get; } = $"<script>\n{Code}\n</script>\n";

    private static string ReadVersion(string code)
    {
        string header = code[..code.IndexOf("*/", StringComparison.Ordinal)];
        int start = header.LastIndexOf(" v", StringComparison.Ordinal) + 2;
        return header[start..header.IndexOf('\n', start)].Trim();
    }
}
