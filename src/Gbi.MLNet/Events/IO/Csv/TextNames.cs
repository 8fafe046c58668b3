namespace Gbi.Events.IO.Csv;

/// <summary>What the name of a file of separated values says: .csv, .csv.gz, .tsv, .tsv.gz.</summary>
internal static class TextNames
{
    private const string Gzip = ".gz", Tabs = ".tsv";
    private static readonly string[] Endings = [".csv", Tabs];

    /// <summary>Whether a file of this name is text.</summary>
    public static bool IsText(string path) => Endings.Any(ending => EndsWith(Inner(path), ending));

    /// <summary>Whether a file of this name is compressed.</summary>
    public static bool IsGzip(string path) => EndsWith(path, Gzip);

    /// <summary>The separator of a file of this name that is written: a tab or a comma.</summary>
    public static char Separator(string path) => EndsWith(Inner(path), Tabs) ? '\t' : ',';

    private static string Inner(string path) => IsGzip(path) ? path[..^Gzip.Length] : path;

    private static bool EndsWith(string path, string ending) => path.EndsWith(ending, StringComparison.OrdinalIgnoreCase);
}
