namespace Gbi.Reports;

/// <summary>The report of a search as one HTML file without scripts or links.</summary>
public static class SearchReport
{
    /// <summary>The HTML.</summary>
    public static string Write(SearchRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return "<!DOCTYPE html>";
    }
}
