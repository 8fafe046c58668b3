using System.Numerics;
using System.Runtime.InteropServices;
using Gbi.Events.IO.Footers;
using Gbi.Events.IO.Pages;

namespace Gbi.Events.IO.RowGroups;

/// <summary>Where a row group's rows come from and go to.</summary>
/// <param name="File">The open file.</param>
/// <param name="RowGroup">Number of the row group.</param>
/// <param name="Start">Row of the table that the first of them becomes.</param>
/// <param name="Rows">How many rows the row group has.</param>
/// <param name="FirstRow">Row of the file that is the first of them, for messages.</param>
internal readonly record struct RowGroupPart(RowGroupReader File, int RowGroup, int Start, int Rows, long FirstRow);

/// <summary>What counts as missing in a column: a declared value, and nulls where they are allowed.</summary>
internal readonly record struct MissingValues(double? Value, bool NullsAllowed);

/// <summary>
/// Takes numbers as float (features) or double (weights). A value equal to the declared missing value in single precision becomes NaN; a
/// null too. Any other NaN or infinity is counted.
/// </summary>
internal sealed class NumericColumn<T>(Memory<T> target, MissingValues missing, long firstRow) : IValueSink<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly float _missing = missing.Value is { } declared ? (float)declared : float.NaN;
    private readonly bool _nanIsMissing = missing.Value is { } value && double.IsNaN(value);
    private int _row;
    private long _count;
    private long _first = -1;

    /// <summary>Values that are NaN or infinite without being missing.</summary>
    public NonFinite Found => new(_count, _first);

    public void Take(ReadOnlySpan<T> values, ReadOnlySpan<byte> present, int rows)
    {
        Span<T> page = target.Span.Slice(_row, rows);
        if (present.IsEmpty && values.Length == rows)
        {
            values.CopyTo(page);
            if (!AllPlain(page))
            {
                Look(page, default);
            }
        }
        else
        {
            int next = 0;
            for (int row = 0; row < page.Length; row++)
            {
                page[row] = !present.IsEmpty && present[row] != 0 ? values[next++] : T.NaN;
            }

            Look(page, present.IsEmpty ? new byte[1] : present);
        }

        _row += rows;
    }

    /// <summary>Marks what is missing and counts what is not finite.</summary>
    /// <param name="page">The values.</param>
    /// <param name="present">1 where a value is present; empty where all are, one 0 where none is.</param>
    private void Look(Span<T> page, ReadOnlySpan<byte> present)
    {
        for (int row = 0; row < page.Length; row++)
        {
            bool isNull = !present.IsEmpty && present[present.Length == 1 ? 0 : row] == 0;
            T number = page[row];
            if (float.CreateTruncating(number) == _missing)
            {
                page[row] = T.NaN;
            }
            else if (!T.IsFinite(number) && !(isNull && missing.NullsAllowed) && !(_nanIsMissing && T.IsNaN(number)))
            {
                _first = _count++ == 0 ? firstRow + _row + row : _first;
            }
        }
    }

    /// <summary>Whether all are finite and none can be the missing value.</summary>
    private bool AllPlain(ReadOnlySpan<T> page)
    {
        if (typeof(T) != typeof(float) && !float.IsNaN(_missing))
        {
            // Equal in single precision is more than equal.
            return false;
        }

        int vectors = page.Length - (page.Length % Vector<T>.Count);
        Vector<T> mark = Vector.Create(T.CreateTruncating(_missing)), plain = Vector<T>.AllBitsSet;
        foreach (Vector<T> few in MemoryMarshal.Cast<T, Vector<T>>(page[..vectors]))
        {
            plain &= Vector.Equals(few - few, Vector<T>.Zero) & ~Vector.Equals(few, mark);
        }

        if (!Vector.EqualsAll(plain.As<T, byte>(), Vector<byte>.AllBitsSet))
        {
            return false;
        }

        foreach (T number in page[vectors..])
        {
            if (!T.IsFinite(number) || float.CreateTruncating(number) == _missing)
            {
                return false;
            }
        }

        return true;
    }
}

/// <summary>The arrays of a table that is being read: features first, then the weights where there are any.</summary>
internal sealed class TableBuffer
{
    private readonly IReadOnlyList<string> _columns;
    private readonly string? _weightColumn;
    private readonly double? _missingValue;
    private readonly int _count;
    private readonly float[][] _features;
    private readonly double[]? _weights;

    public TableBuffer(IReadOnlyList<string> columns, int count, EventReadOptions options)
    {
        _columns = columns;
        _weightColumn = options.WeightColumn;
        _missingValue = options.MissingValue;
        _count = count;
        _features = [.. columns.Select(_ => GC.AllocateUninitializedArray<float>(count))];
        _weights = _weightColumn is null ? null : GC.AllocateUninitializedArray<double>(count);
    }

    /// <summary>Number of columns to read, the weights among them.</summary>
    public int Width => _columns.Count + (_weights is null ? 0 : 1);

    public bool IsWeight(int column) => column == _columns.Count;

    public string Name(int column) => IsWeight(column) ? _weightColumn! : _columns[column];

    /// <summary>The columns of the file that a table of a row group, or of all of them, is read from.</summary>
    /// <exception cref="DataException">One is missing, holds no numbers, or has pages for another number of rows.</exception>
    public static StoredColumn[] Find(
        RowGroupReader file, IEnumerable<string> names, EventReadOptions options, int? rowGroup, CancellationToken cancellationToken)
    {
        IEnumerable<string> all = options.WeightColumn is { } weight ? names.Append(weight) : names;
        StoredColumn[] columns = [.. all.Select(name => file.Source.Find(name, numeric: true))];
        int first = rowGroup ?? 0, end = rowGroup + 1 ?? file.RowCounts.Count;
        for (int group = first; group < end; group++)
        {
            Array.ForEach(columns, column => file.RequireRows(group, column, cancellationToken));
        }

        return columns;
    }

    /// <summary>Reads one column of one row group into the table.</summary>
    public NonFinite Read(RowGroupPart part, StoredColumn column, int index, CancellationToken cancellationToken) =>
        IsWeight(index)
            ? Read(part, column, _weights.AsMemory(part.Start, part.Rows), new MissingValues(null, NullsAllowed: false), cancellationToken)
            : Read(
                part, column, _features[index].AsMemory(part.Start, part.Rows), new MissingValues(_missingValue, NullsAllowed: true),
                cancellationToken);

    public EventTable ToTable() => new(
        _columns.Select((name, i) => KeyValuePair.Create(name, new ReadOnlyMemory<float>(_features[i]))),
        _count,
        _weights is null ? default(ReadOnlyMemory<double>?) : _weights);

    private static NonFinite Read<T>(
        RowGroupPart part, StoredColumn column, Memory<T> target, MissingValues missing, CancellationToken cancellationToken)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var sink = new NumericColumn<T>(target, missing, part.FirstRow);
        part.File.ReadNumbers(part.RowGroup, column, sink, cancellationToken);
        return sink.Found;
    }
}
