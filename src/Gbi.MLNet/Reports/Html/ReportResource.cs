namespace Gbi.Reports.Html;

/// <summary>Files of the page that are embedded in the library.</summary>
internal static class ReportResource
{
    /// <summary>The text, with line feeds at the ends of its lines.</summary>
    public static string Text(string name)
    {
        using Stream stream = typeof(ReportResource).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The library lacks its embedded file {name}; build it again.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
