using System.Buffers;
using System.IO.Compression;
using Gbi.Events.IO.Outputs;

namespace Gbi.Events.IO.Csv;

/// <summary>
/// A text file of separated values under way: a header line, then rows. A file named .tsv has tabs, others commas; one named .gz is
/// compressed. The file appears on <see cref="Complete"/>, and not at all otherwise.
/// </summary>
internal sealed class CsvOutput : IDisposable
{
    private static readonly SearchValues<char> Special = SearchValues.Create(",;\t|\"\n\r");

    private readonly PendingFile _file;
    private readonly StreamWriter _text;
    private readonly char _separator;

    /// <summary>Begins a file.</summary>
    /// <exception cref="DataException">It exists and may not be replaced, or cannot be written.</exception>
    public CsvOutput(string path, OutputTerms terms, IEnumerable<string> columns)
    {
        _file = new PendingFile(path, terms);
        _separator = TextNames.Separator(path);
        bool isGzip = TextNames.IsGzip(path);
        Stream stream = isGzip ? new GZipStream(_file.Stream, CompressionLevel.Optimal, leaveOpen: true) : _file.Stream;
        _text = new StreamWriter(stream, leaveOpen: !isGzip) { NewLine = "\n" };
        _text.Write(string.Join(_separator, columns.Select(Quoted)));
        _text.Write('\n');
    }

    /// <summary>Writes the next rows.</summary>
    public void Write(IReadOnlyList<CsvColumn> columns, int rows)
    {
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < columns.Count; column++)
            {
                if (column > 0)
                {
                    _text.Write(_separator);
                }

                if (!columns[column].Write(row, _text) && columns.Count == 1)
                {
                    // An empty line would be skipped on reading.
                    _text.Write("\"\"");
                }
            }

            _text.Write('\n');
        }
    }

    /// <summary>Ends the file and gives it its name.</summary>
    public void Complete()
    {
        _text.Dispose();
        _file.Complete();
    }

    /// <summary>Throws away a file that was not completed.</summary>
    public void Dispose() => _file.Dispose();

    /// <summary>A text as a cell, quoted where it has to be.</summary>
    public static string Quoted(string text) => NeedsQuotes(text) ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;

    // Blanks at the ends of a cell would be trimmed on reading, and a line that begins with # be taken for a comment.
    private static bool NeedsQuotes(string text) => text.AsSpan().ContainsAny(Special) || text is ['#', ..]
        || (text.Length > 0 && (char.IsWhiteSpace(text[0]) || char.IsWhiteSpace(text[^1])));
}
