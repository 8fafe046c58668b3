using System.Globalization;
using nietras.SeparatedValues;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Events.IO.Csv;

/// <summary>
/// The records of a text file of separated values, plain or gzip, one at a time. The first record names the columns. Cells may be quoted
/// as in RFC 4180; lines end with LF, CR LF or CR; empty lines are skipped.
/// </summary>
internal sealed class CsvRecords : IDisposable
{
    private const int HeadLength = 1 << 18;
    private static readonly NumberFormatInfo DecimalCommaFormat = new() { NumberDecimalSeparator = ",", NumberGroupSeparator = "'" };
    private static readonly CultureInfo Culture = WithoutThousands();
    private readonly Stream _stream;
    private readonly SepReader _reader;

    private CsvRecords(string file, Stream stream, char separator)
    {
        File = file;
        _stream = stream;
        _reader = Sep.New(separator)
            .Reader(options => options with
            {
                CultureInfo = Culture,
                HasHeader = false,
                DisableColCountCheck = true,
                Unescape = true,
                Trim = SepTrim.All,
            })
            .From(new StreamReader(Decoded(stream)));
    }

    /// <summary>Name of the file, without its folder.</summary>
    public string File { get; }

    /// <summary>Names of the columns, as they stand in the file: a name may be empty or occur twice.</summary>
    public string[] Header { get; private set; } = [];

    /// <summary>The current record.</summary>
    public SepReader.Row Current => _reader.Current;

    /// <summary>Opens a file and reads its header.</summary>
    /// <exception cref="DataException">
    /// The file is missing, unreadable, no text or empty, or its first line holds numbers instead of names.
    /// </exception>
    public static CsvRecords Open(string path)
    {
        Stream? stream = null;
        try
        {
            stream = OpenStream(path);
            string file = Path.GetFileName(path);
            var records = new CsvRecords(file, stream, CsvSeparator.Find(Head(stream, file)));
            records.ReadHeader();
            return records;
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

    /// <summary>The cell of a column that is asked for by its name.</summary>
    /// <exception cref="DataException">No column, or more than one, has the name.</exception>
    public int CellOf(string name)
    {
        int cell = Array.IndexOf(Header, name);
        if (cell < 0)
        {
            throw LoadingChecks.NoSuchColumn(name, File, Header);
        }

        return Array.IndexOf(Header, name, cell + 1) < 0
            ? cell
            : throw new DataException($"Column '{name}' occurs twice in the header of {File}; rename one of the two.");
    }

    /// <summary>Refuses a header with an empty name or one that occurs twice: its columns cannot all be told apart.</summary>
    public void RequireNames()
    {
        int unnamed = Array.IndexOf(Header, "");
        if (unnamed >= 0)
        {
            throw new DataException(Text(
                $"Column {unnamed + 1} of {File} has no name in the header; name it, or write the file without it ")
                + "(an index of pandas: index=False).");
        }

        Array.ForEach(Header, name => CellOf(name));
    }

    /// <summary>The number in a cell of the current record, rounded to nearest; NaN where the cell is empty.</summary>
    /// <exception cref="DataException">The cell holds something else.</exception>
    public double Number(int cell, out bool isEmpty)
    {
        SepReader.Col column = _reader.Current[cell];
        if (column.TryParse(out double number))
        {
            isEmpty = false;
            return number;
        }

        ReadOnlySpan<char> text = column.Span.Trim();
        isEmpty = text.IsEmpty;
        if (isEmpty)
        {
            return double.NaN;
        }

        if (Infinity(text) is { } infinity)
        {
            return infinity;
        }

        throw HasDecimalComma(text)
            ? DecimalComma(cell, _reader.Current.LineNumberFrom, text)
            : new DataException(Text(
                $"Column '{Header[cell]}' on line {_reader.Current.LineNumberFrom:N0} of {File} holds '{Shown(text)}' where ")
                + "a number is expected; correct the cell or leave it empty.");
    }

    /// <summary>What C and Python print for numbers that are not finite; .NET reads its own words alone.</summary>
    private static double? Infinity(ReadOnlySpan<char> text) => text.TrimStart("+-") switch
    {
        var word when word.Equals("inf", StringComparison.OrdinalIgnoreCase) =>
            text[0] == '-' ? double.NegativeInfinity : double.PositiveInfinity,
        var word when word.Equals("nan", StringComparison.OrdinalIgnoreCase) => double.NaN,
        _ => null,
    };

    /// <summary>The error for a number that is written with a decimal comma.</summary>
    public DataException DecimalComma(int cell, int line, ReadOnlySpan<char> text) => new(Text(
        $"Column '{Header[cell]}' on line {line:N0} of {File} holds '{Shown(text)}' with a decimal comma; ")
        + "write numbers with a decimal point.");

    /// <summary>Whether a text is a number but for a comma in place of the decimal point.</summary>
    public static bool HasDecimalComma(ReadOnlySpan<char> text) => double.TryParse(text, NumberStyles.Float, DecimalCommaFormat, out _);

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
        using var text = new StreamReader(decoded, leaveOpen: decoded == stream);
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
            numbers += row[cell].TryParse<double>(out _) ? 1 : 0;
            names[cell] = row[cell].Span.Trim().ToString();
            unnamed += names[cell].Length == 0 ? 1 : 0;
        }

        if (numbers > 0 && numbers + unnamed == names.Length)
        {
            throw new DataException(
                $"The first line of {File} holds only numbers ({string.Join(", ", names.Take(3))}{(names.Length > 3 ? ", …" : "")}); "
                + "add a line above it that names the columns.");
        }

        Header = names;
    }

    private bool NextOfAnyWidth()
    {
        try
        {
            while (_reader.MoveNext())
            {
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

            return false;
        }
        catch (Exception cause) when (Explained(cause, File) is { } explained)
        {
            throw explained;
        }
    }

    // In the invariant culture "1,5" would be read as 15: a comma separates thousands there. No text has this character.
    private static CultureInfo WithoutThousands()
    {
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        culture.NumberFormat.NumberGroupSeparator = "\uFFFF";
        return culture;
    }

    private static string Shown(ReadOnlySpan<char> text) => text.Length <= 40 ? text.ToString() : $"{text[..40]}…";

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
