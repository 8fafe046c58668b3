using System.Globalization;
using System.Numerics;
using Gbi.Events.IO.Footers;
using Gbi.Events.IO.Pages;
using Gbi.Events.IO.RowGroups;

namespace Gbi.Events.IO.Csv;

/// <summary>A column of a row group as cells of text, from which the same values can be read again.</summary>
internal abstract class CsvColumn(StoredColumn column)
{
    private const string MostDigitsOfSeconds = "yyyy-MM-ddTHH:mm:ss.FFFFFFF";

    /// <summary>Its name.</summary>
    public string Name => column.Name;

    /// <summary>The column of the file.</summary>
    protected StoredColumn Stored => column;

    /// <summary>Whether a column can be written as text.</summary>
    public static bool IsText(StoredColumn column) => column.IsFlat && column.Kind is not (ValueKind.Bytes or ValueKind.Interval);

    /// <summary>
    /// Integers and decimals with all of their digits, other numbers with the fewest that read back the same, truth values as 1 and 0,
    /// times as ISO 8601.
    /// </summary>
    public static CsvColumn Of(StoredColumn column) => column.Kind switch
    {
        ValueKind.Boolean => new CsvColumn<bool>(column, (value, text) => text.Write(value ? '1' : '0')),
        ValueKind.Int8 => Number<sbyte>(column),
        ValueKind.UInt8 => Number<byte>(column),
        ValueKind.Int16 => Number<short>(column),
        ValueKind.UInt16 => Number<ushort>(column),
        ValueKind.Int32 => Number<int>(column),
        ValueKind.UInt32 => Number<uint>(column),
        ValueKind.Int64 => Number<long>(column),
        ValueKind.UInt64 => Number<ulong>(column),
        ValueKind.Half or ValueKind.Float => Number<float>(column),
        ValueKind.Double => Number<double>(column),
        ValueKind.Decimal => Number<decimal>(column),
        ValueKind.Date => new CsvColumn<DateTime>(column, (value, text) => text.Write(Formatted(value, "yyyy-MM-dd"))),
        ValueKind.Timestamp => new CsvColumn<DateTime>(
            column, (value, text) => text.Write(Formatted(value, column.IsUtc ? $"{MostDigitsOfSeconds}Z" : MostDigitsOfSeconds))),
        ValueKind.Time when column.Unit == TimeUnit.Milliseconds => new CsvColumn<int>(
            column, (value, text) => text.Write(TimeSpan.FromMilliseconds(value).ToString("c", CultureInfo.InvariantCulture))),
        ValueKind.Time => new CsvColumn<long>(column, (value, text) => text.Write(
            new TimeSpan(column.Unit == TimeUnit.Microseconds ? 10 * value : value / 100).ToString("c", CultureInfo.InvariantCulture))),
        ValueKind.Guid => new CsvColumn<Guid>(column, (value, text) => text.Write(value)),
        _ => new CsvColumn<ReadOnlyMemory<char>>(column, (value, text) => text.Write(CsvOutput.Quoted(value.ToString()))),
    };

    /// <summary>Reads a row group.</summary>
    public abstract void Load(RowGroupReader file, int rowGroup, CancellationToken cancellationToken);

    /// <summary>Takes values that are not of a file.</summary>
    /// <param name="values">An array of the type of the column.</param>
    /// <param name="file">The file to be written, for messages.</param>
    /// <param name="firstRow">Row of the first of them, for messages.</param>
    public abstract void Take(Array values, string file, long firstRow);

    /// <summary>Writes the cell of a row; false, and nothing, where it is missing.</summary>
    public abstract bool Write(int row, TextWriter text);

    private static CsvColumn<T> Number<T>(StoredColumn column)
        where T : struct, INumber<T> => new(
            column,
            (value, text) =>
            {
                Span<char> digits = stackalloc char[40];
                value.TryFormat(digits, out int length, default, CultureInfo.InvariantCulture);
                text.Write(digits[..length]);
            },
            T.IsNaN,
            T.IsInfinity);

    private static string Formatted(DateTime value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}

/// <summary>Cells of values of one type.</summary>
/// <param name="column">The column of the file.</param>
/// <param name="write">Writes a value.</param>
/// <param name="isMissing">Tells values that are missing as nulls are.</param>
/// <param name="isRefused">Tells values that no text may hold.</param>
internal sealed class CsvColumn<T>(
    StoredColumn column, Action<T, TextWriter> write, Func<T, bool>? isMissing = null, Func<T, bool>? isRefused = null)
    : CsvColumn(column), IValueSink<T>
    where T : struct
{
    private readonly List<T?> _values = [];

    public override void Load(RowGroupReader file, int rowGroup, CancellationToken cancellationToken)
    {
        _values.Clear();
        file.RequireRows(rowGroup, Stored, cancellationToken);
        file.ReadExactly(rowGroup, Stored, this, cancellationToken);
        Require(file.Name, file.Source.FirstRows[rowGroup], file.Source.RowName);
    }

    public override void Take(Array values, string file, long firstRow)
    {
        _values.Clear();
        Take((T[])values, [], values.Length);
        Require(file, firstRow, null);
    }

    private void Require(string file, long firstRow, Func<long, string>? rowName)
    {
        if (isRefused is null)
        {
            return;
        }

        NonFinite found = default;
        for (int row = 0; row < _values.Count; row++)
        {
            found += _values[row] is { } value && isRefused(value) ? new NonFinite(1, firstRow + row) : default;
        }

        // NaN is a missing value of text, so that no other needs to be declared.
        LoadingChecks.RequireFinite(Name, file, found, new EventReadOptions { MissingValue = double.NaN }, isWeight: false, rowName);
    }

    public void Take(ReadOnlySpan<T> values, ReadOnlySpan<byte> present, int rows)
    {
        int next = 0;
        for (int row = 0; row < rows; row++)
        {
            bool isPresent = present.IsEmpty ? !values.IsEmpty : present[row] != 0;
            _values.Add(isPresent && values[next++] is var value && isMissing?.Invoke(value) != true ? value : null);
        }
    }

    public override bool Write(int row, TextWriter text)
    {
        if (_values[row] is not { } value)
        {
            return false;
        }

        write(value, text);
        return true;
    }
}
