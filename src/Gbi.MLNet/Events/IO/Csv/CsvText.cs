using nietras.SeparatedValues;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Events.IO.Csv;

/// <summary>
/// The records of a text file of separated values, plain or gzip, one at a time. The first record names the columns. Cells may be quoted
/// as in RFC 4180; lines end with LF, CR LF or CR; empty lines and those that begin with # are skipped.
/// </summary>
internal sealed class CsvText : IDisposable
{
    private const int HeadLength = 1 << 18;
    private readonly Stream _stream;
    private readonly CsvComments _comments;
    private readonly SepReader _reader;

    private CsvText(string file, Stream stream, char separator)
    {
        File = file;
        Separator = separator;
        _stream = stream;
        _comments = new CsvComments(new StreamReader(Decoded(stream)));
        _reader = Sep.New(separator)
            .Reader(options => options with
            {
                CultureInfo = CsvNumber.Culture,
                HasHeader = false,
                DisableColCountCheck = true,
                Unescape = true,
                Trim = SepTrim.Outer,
            })
            .From(_comments);
    }

    /// <summary>Name of the file in messages.</summary>
    public string File { get; }

    /// <summary>What separates cells.</summary>
    public char Separator { get; }

    /// <summary>Names of the columns, as they stand in the file: a name may be empty or occur twice.</summary>
    public string[] Header { get; private set; } = [];

    /// <summary>The current record.</summary>
    public SepReader.Row Current => _reader.Current;

    /// <summary>Opens a file and reads its header.</summary>
    /// <param name="path">The file.</param>
    /// <param name="name">Its name in messages.</param>
    /// <exception cref="DataException">
    /// The file is missing, unreadable, no text or empty, or its first line holds numbers instead of names.
    /// </exception>
    public static CsvText Open(string path, string name)
    {
        Stream? stream = null;
        try
        {
            stream = OpenStream(path);
            ReadOnlySpan<char> head = Head(stream, name);
            if (CsvSeparator.IsOfSeveralSpaces(head))
            {
                throw new DataException(
                    $"The columns of {name} are separated by several spaces; separate them by commas, tabs or single spaces.");
            }

            var text = new CsvText(name, stream, CsvSeparator.Find(head));
            text.ReadHeader();
            return text;
        }
        catch (Exception cause)
        {
            stream?.Dispose();
            if (Explained(cause, path) is { } explained)
            {
                throw explained;
            }

            throw;
        }
    }

    /// <summary>Goes to the next record; false at the end of the file.</summary>
    /// <exception cref="DataException">
    /// The record has a cell too many or too few or a quotation that does not end, or cannot be read.
    /// </exception>
    public bool Next()
    {
        if (!NextOfAnyWidth())
        {
            return false;
        }

        SepReader.Row row = _reader.Current;
        if (row.ColCount != Header.Length)
        {
            throw new DataException(Text(
                $"Line {row.LineNumberFrom:N0} of {File} has {row.ColCount} cells where the header has {Header.Length}; correct the "
                    + $"line."));
        }

        return true;
    }

    public void Dispose()
    {
        _reader.Dispose();
        _stream.Dispose();
    }

    // The beginning is read twice, so a pipe is kept in memory.
    private static Stream OpenStream(string path)
    {
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        if (file.CanSeek)
        {
            return file;
        }

        using (file)
        {
            var copy = new MemoryStream();
            file.CopyTo(copy);
            copy.Position = 0;
            return copy;
        }
    }

    private static ReadOnlySpan<char> Head(Stream stream, string file)
    {
        Stream decoded = Decoded(stream);
        using var text = new CsvComments(new StreamReader(decoded, leaveOpen: decoded == stream));
        char[] head = new char[HeadLength];
        int length = text.ReadBlock(head, 0, head.Length);
        stream.Position = 0;
        return !head.AsSpan(0, length).Contains('\0')
            ? head.AsSpan(0, length)
            : throw new DataException($"{file} is not a text file of separated values; give a CSV file, plain or compressed by gzip.");
    }

    // Gzip is recognised by its first two bytes, not by the name of the file.
    private static Stream Decoded(Stream stream)
    {
        bool isGzip = stream.ReadByte() == 0x1F && stream.ReadByte() == 0x8B;
        stream.Position = 0;
        return isGzip ? new WholeGzipStream(stream) : stream;
    }

    private void ReadHeader()
    {
        if (!NextOfAnyWidth())
        {
            throw new DataException($"{File} is empty; its first line must name the columns.");
        }

        SepReader.Row row = _reader.Current;
        string[] names = new string[row.ColCount];
        int numbers = 0, unnamed = 0;
        for (int cell = 0; cell < names.Length; cell++)
        {
            names[cell] = row[cell].Span.Trim().ToString();
            numbers += CsvNumber.TryParse(names[cell], out _) ? 1 : 0;
            unnamed += names[cell].Length == 0 ? 1 : 0;
        }

        if (numbers > 0 && numbers + unnamed == names.Length)
        {
            throw new DataException(
                $"The first line of {File} holds only numbers ({string.Join(", ", names.Take(3))}{(names.Length > 3 ? ", …" : "")}); "
                + (_comments.Last.Length > 0
                    ? $"the comment above it, '{CsvNumber.Shown(_comments.Last)}', may name the columns: remove its #, or add such a line."
                    : "add a line above it that names the columns."));
        }

        Header = names;
    }

    /// <summary>Refuses a line that is a comment by its # and an event by its cells.</summary>
    private void RequireComments()
    {
        while (Header.Length > 0 && _comments.TryTake(out string? comment, out long line))
        {
            string[] cells = comment[1..].Split(Separator);
            if (cells.Length == Header.Length && cells.Length > 1 && !CsvNumber.TryParse(cells[0], out _)
                && cells.Skip(1).Any(cell => CsvNumber.TryParse(cell, out _)))
            {
                throw new DataException(Text(
                    $"Line {line:N0} of {File} begins with #, as a comment, and has the {cells.Length} cells of an event; put its first ")
                    + "cell in quotation marks, or delete the line.");
            }
        }
    }

    private bool NextOfAnyWidth()
    {
        try
        {
            while (_reader.MoveNext())
            {
                RequireComments();
                ReadOnlySpan<char> record = _reader.Current.Span;
                if (record.IsEmpty)
                {
                    continue;
                }

                if (record.Count('"') % 2 == 0)
                {
                    return true;
                }

                string where = Header.Length == 0
                    ? $"in the header of {File}"
                    : Text($"that begins on line {_reader.Current.LineNumberFrom:N0} of {File}");
                throw new DataException($"A quoted cell {where} does not end; add the closing quotation mark.");
            }

            RequireComments();
            return false;
        }
        catch (Exception cause) when (Explained(cause, File) is { } explained)
        {
            throw explained;
        }
    }

    private static DataException? Explained(Exception cause, string path) => cause switch
    {
        FileNotFoundException or DirectoryNotFoundException => new DataException($"There is no file {path}; check the path.", cause),
        InvalidDataException => new DataException(
            $"{path} is damaged: its gzip data are cut short or changed; write it again, as one gzip stream.", cause),
        NotSupportedException => new DataException(
            $"A record of {path} is longer than 16,777,216 characters; check for a quotation mark that is not closed.", cause),
        IOException or UnauthorizedAccessException => new DataException(
            $"{path} cannot be read ({cause.Message.Trim().TrimEnd('.')}); check that it is a file and that you may read it.", cause),
        _ => null,
    };
}
