using System.Globalization;
using Gbi.Events.IO.Footers;
using Gbi.Events.IO.Pages;
using Gbi.Events.IO.RowGroups;

namespace Gbi.Events.IO.Parts;

/// <summary>Reads parts as one file. A few of them are open at a time.</summary>
internal sealed class PartsReader(PartsSource parts) : RowGroupReader(parts)
{
    private const int RowsAtOnce = 4096;

    private readonly OpenParts _open = new(parts.Sources);

    public override void ReadNumbers<T>(int rowGroup, StoredColumn column, IValueSink<T> sink, CancellationToken cancellationToken)
    {
        (int part, int group) = parts.Locate(rowGroup);
        if (parts.ColumnOf(part, column.Name) is { } own)
        {
            _open.Use(part, reader => reader.ReadNumbers(group, own, sink, cancellationToken));
        }
        else
        {
            double? number = KeyOf(part, column) is { } value && PartKey.IsNumber(value, out double key) ? key : null;
            Repeat(number is { } some ? T.CreateTruncating(some) : default(T?), RowCounts[rowGroup], sink);
        }
    }

    public override void ReadExactly<T>(int rowGroup, StoredColumn column, IValueSink<T> sink, CancellationToken cancellationToken)
    {
        (int part, int group) = parts.Locate(rowGroup);
        if (parts.ColumnOf(part, column.Name) is not { } own)
        {
            ReadKey(KeyOf(part, column), RowCounts[rowGroup], sink);
        }
        else if (own.HoldsNulls && own.Kind != column.Kind)
        {
            // A column without a type is of any: it holds no value.
            Nulls(RowCounts[rowGroup], sink);
        }
        else
        {
            _open.Use(part, reader => Widening.Read(reader, group, own, column, sink, cancellationToken));
        }
    }

    public override void RequireRows(int rowGroup, StoredColumn column, CancellationToken cancellationToken)
    {
        (int part, int group) = parts.Locate(rowGroup);
        if (parts.ColumnOf(part, column.Name) is { } own)
        {
            _open.Use(part, reader => reader.RequireRows(group, own, cancellationToken));
        }
    }

    protected override void Dispose(bool disposing) => _open.Dispose();

    private string? KeyOf(int part, StoredColumn column) => parts.Parts.Files[part].Keys[column.Name];

    private static void ReadKey<T>(string? value, long rows, IValueSink<T> sink)
    {
        switch (sink)
        {
            case IValueSink<long> whole:
                Repeat(value is null ? default(long?) : long.Parse(value, CultureInfo.InvariantCulture), rows, whole);
                break;
            case IValueSink<double> number:
                Repeat(value is null ? default(double?) : double.Parse(value, CultureInfo.InvariantCulture), rows, number);
                break;
            case IValueSink<ReadOnlyMemory<char>> text:
                Repeat(value?.AsMemory(), rows, text);
                break;
            default:
                throw new NotSupportedException($"A key of folders is no {typeof(T).Name}.");
        }
    }

    private static void Repeat<T>(T? value, long rows, IValueSink<T> sink)
        where T : struct
    {
        if (value is not { } some)
        {
            Nulls(rows, sink);
            return;
        }

        T[] values = new T[Math.Min(rows, RowsAtOnce)];
        Array.Fill(values, some);
        for (long row = 0; row < rows; row += values.Length)
        {
            int count = (int)Math.Min(values.Length, rows - row);
            sink.Take(values.AsSpan(0, count), [], count);
        }
    }

    private static void Nulls<T>(long rows, IValueSink<T> sink)
    {
        if (rows > 0)
        {
            sink.Take([], [], (int)rows);
        }
    }
}

/// <summary>Readers of parts that are open; those of the least numbers are closed where there are many.</summary>
internal sealed class OpenParts(IReadOnlyList<RowGroupSource> sources) : IDisposable
{
    private const int Most = 32;

    private readonly Lock _lock = new();
    private readonly SortedDictionary<int, Lease> _leases = [];

    /// <summary>Reads a part, which stays open meanwhile.</summary>
    public void Use(int part, Action<RowGroupReader> read)
    {
        Lease lease;
        lock (_lock)
        {
            if (!_leases.TryGetValue(part, out lease!))
            {
                _leases[part] = lease = new Lease(sources[part].Open());
            }

            lease.Count++;
        }

        try
        {
            read(lease.Reader);
        }
        finally
        {
            Return(lease);
        }
    }

    public void Dispose()
    {
        foreach (Lease lease in _leases.Values)
        {
            lease.Reader.Dispose();
        }

        _leases.Clear();
    }

    private void Return(Lease returned)
    {
        lock (_lock)
        {
            returned.Count--;
            if (_leases.Count <= Most)
            {
                return;
            }

            foreach ((int part, Lease idle) in _leases.Where(lease => lease.Value.Count == 0).Take(_leases.Count - Most).ToArray())
            {
                idle.Reader.Dispose();
                _leases.Remove(part);
            }
        }
    }

    private sealed class Lease(RowGroupReader reader)
    {
        public RowGroupReader Reader { get; } = reader;

        public int Count { get; set; }
    }
}
