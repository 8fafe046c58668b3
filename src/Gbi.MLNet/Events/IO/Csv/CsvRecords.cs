using Gbi.Events.IO.Parts;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Events.IO.Csv;

/// <summary>
/// The records of a text, or of all parts of a folder or a glob as one text: columns by their names, the keys of folders as columns where
/// the parts do not hold them.
/// </summary>
internal sealed class CsvRecords : IDisposable
{
    private readonly EventParts _parts;

    // A column that a part lacks, with the name of that part.
    private readonly Dictionary<string, string> _lacking = new(StringComparer.Ordinal);
    private readonly List<long> _firstRows = [0];
    private CsvText _text;
    private int _part;
    private int[] _cells = [];
    private long _rows;

    private CsvRecords(EventParts parts, CsvText first)
    {
        _parts = parts;
        _text = first;
    }

    /// <summary>Name of the file, folder or glob.</summary>
    public string File => _parts.Name;

    /// <summary>Names of the columns, as they stand in the first part, then others: a name of a file may be empty or occur twice.</summary>
    public string[] Header { get; private set; } = [];

    /// <summary>Line on which the current record begins, and the name of its file.</summary>
    public string Where => Text($"line {_text.Current.LineNumberFrom:N0} of {_text.File}");

    /// <summary>Opens a file, or the first part, and reads the headers of all.</summary>
    /// <exception cref="DataException">
    /// A file is missing, unreadable, no text or empty, or its first line holds numbers instead of names; a folder has no parts.
    /// </exception>
    public static CsvRecords Open(string path)
    {
        var parts = EventParts.Of(path);
        var records = new CsvRecords(parts, Open(parts.Files[0]));
        try
        {
            records.ReadHeaders();
            return records;
        }
        catch
        {
            records.Dispose();
            throw;
        }
    }

    /// <summary>Goes to the next record; false at the end of the last part.</summary>
    /// <exception cref="DataException">
    /// The record has a cell too many or too few or a quotation that does not end, or cannot be read.
    /// </exception>
    public bool Next()
    {
        while (!_text.Next())
        {
            if (_part + 1 == _parts.Files.Count)
            {
                return false;
            }

            _text.Dispose();
            _text = Open(_parts.Files[++_part]);
            _firstRows.Add(_rows);
            BindCells();
        }

        _rows++;
        return true;
    }

    /// <summary>A row for messages; rows are counted from 0, in each part.</summary>
    public string RowName(long row)
    {
        int part = _firstRows.FindLastIndex(first => first <= row);
        return _parts.IsSet ? Text($"row {row - _firstRows[part]:N0} of {_parts.Files[part].Name}") : Text($"row {row:N0}");
    }

    /// <summary>The cell of a column that is asked for by its name.</summary>
    /// <exception cref="DataException">No column, or more than one, has the name, or a part lacks it.</exception>
    public int CellOf(string name)
    {
        int cell = Array.IndexOf(Header, name);
        if (cell < 0)
        {
            throw LoadingChecks.NoSuchColumn(name, File, Header);
        }

        if (_lacking.TryGetValue(name, out string? part))
        {
            throw new DataException(
                $"Column '{name}' of {File} is not in {part}, and in other parts it is; write all parts with it, or leave it out.");
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

    /// <summary>The text in a cell of the current record; missing where it is empty.</summary>
    public ReadOnlySpan<char> Cell(int cell) => _cells[cell] >= 0 ? _text.Current[_cells[cell]].Span
        : _parts.Files[_part].Keys.GetValueOrDefault(Header[cell]);

    /// <summary>The number in a cell of the current record, rounded to nearest.</summary>
    public bool TryNumber(int cell, out double number) =>
        (_cells[cell] >= 0 && _text.Current[_cells[cell]].TryParse(out number)) || CsvNumber.TryParse(Cell(cell), out number);

    /// <summary>The number in a cell of the current record, rounded to nearest; NaN where the cell is empty.</summary>
    /// <exception cref="DataException">The cell holds something else.</exception>
    public double Number(int cell, out bool isEmpty)
    {
        isEmpty = false;
        if (TryNumber(cell, out double number))
        {
            return number;
        }

        ReadOnlySpan<char> text = Cell(cell).Trim();
        isEmpty = text.IsEmpty;
        return isEmpty ? double.NaN : throw (CsvNumber.HasDecimalComma(text)
            ? DecimalComma(cell, Where, text)
            : new DataException(
                $"Column '{Header[cell]}' on {Where} holds '{CsvNumber.Shown(text)}' where a number is expected; correct the cell or leave "
                    + "it empty."));
    }

    /// <summary>The error for a number that is written with a decimal comma.</summary>
    public DataException DecimalComma(int cell, string where, ReadOnlySpan<char> text) => new(
        $"Column '{Header[cell]}' on {where} holds '{CsvNumber.Shown(text)}' with a decimal comma; write numbers with a decimal point.");

    public void Dispose() => _text.Dispose();

    private static CsvText Open(EventPart part) => CsvText.Open(part.Path, part.Name);

    private void ReadHeaders()
    {
        List<string> names = [.. _text.Header];
        string[][] headers = [_text.Header, .. _parts.Files.Skip(1).Select(HeaderOf)];
        string[][] held = [.. headers.Select((header, part) => (string[])[.. header, .. _parts.Files[part].Keys.Keys])];
        names.AddRange(held.SelectMany(header => header).Distinct().Except(_text.Header));
        foreach (string name in names.Where(name => name.Length > 0))
        {
            int part = Array.FindIndex(held, header => !header.Contains(name));
            if (part >= 0)
            {
                _lacking[name] = _parts.Files[part].Name;
            }
        }

        Header = [.. names];
        BindCells();
    }

    private static string[] HeaderOf(EventPart part)
    {
        using CsvText text = Open(part);
        return text.Header;
    }

    private void BindCells()
    {
        // Of the first file columns may share a name: each is its own.
        _cells = [.. Header.Select((name, cell) => _part == 0
            ? (cell < _text.Header.Length ? cell : -1)
            : Array.IndexOf(_text.Header, name))];
        if (_part > 0 && _text.Header.GroupBy(name => name).FirstOrDefault(same => same.Key.Length > 0 && same.Count() > 1) is { } twice)
        {
            throw new DataException($"Column '{twice.Key}' occurs twice in the header of {_text.File}; rename one of the two.");
        }
    }
}
