using System.Buffers;
using System.Runtime.CompilerServices;
using Gbi.Events.IO.Footers;
using Gbi.Events.IO.Pages;
using Gbi.Events.IO.RowGroups;
using Parquet;
using Parquet.Schema;

namespace Gbi.Events.IO.Appending;

/// <summary>Copies a flat column of any type from one file's row group to another's.</summary>
internal static class ParquetColumnCopy
{
    private static readonly Dictionary<Type, Func<Copy, Task>> Copiers = new()
    {
        [typeof(bool)] = CopyAsync<bool>,
        [typeof(sbyte)] = CopyAsync<sbyte>,
        [typeof(byte)] = CopyAsync<byte>,
        [typeof(short)] = CopyAsync<short>,
        [typeof(ushort)] = CopyAsync<ushort>,
        [typeof(int)] = CopyAsync<int>,
        [typeof(uint)] = CopyAsync<uint>,
        [typeof(long)] = CopyAsync<long>,
        [typeof(ulong)] = CopyAsync<ulong>,
        [typeof(float)] = CopyAsync<float>,
        [typeof(double)] = CopyAsync<double>,
        [typeof(decimal)] = CopyAsync<decimal>,
        [typeof(DateTime)] = CopyAsync<DateTime>,
        [typeof(Guid)] = CopyAsync<Guid>,
        [typeof(ReadOnlyMemory<char>)] = CopyAsync<ReadOnlyMemory<char>>,
        [typeof(ReadOnlyMemory<byte>)] = CopyAsync<ReadOnlyMemory<byte>>,
    };

    private readonly record struct Copy(
        RowGroupReader Source, int RowGroup, StoredColumn Column, DataField Field, ParquetRowGroupWriter Target,
        CancellationToken Cancellation);

    public static bool CanCopy(StoredColumn column) => column.IsFlat && column.Kind != ValueKind.Interval;

    /// <summary>The field of a written file that holds the same values. A float16 becomes a float, which has all of its values.</summary>
    public static DataField FieldOf(StoredColumn column) => column.Kind switch
    {
        ValueKind.Boolean => Plain<bool>(column),
        ValueKind.Int8 => Plain<sbyte>(column),
        ValueKind.UInt8 => Plain<byte>(column),
        ValueKind.Int16 => Plain<short>(column),
        ValueKind.UInt16 => Plain<ushort>(column),
        ValueKind.Int32 => Plain<int>(column),
        ValueKind.UInt32 => Plain<uint>(column),
        ValueKind.Int64 => Plain<long>(column),
        ValueKind.UInt64 => Plain<ulong>(column),
        ValueKind.Half or ValueKind.Float => Plain<float>(column),
        ValueKind.Double => Plain<double>(column),
        ValueKind.Decimal => new DecimalDataField(column.Name, Precision(column), column.Scale, isNullable: column.IsNullable),
        ValueKind.Guid => Plain<Guid>(column),
        ValueKind.Text => Plain<string>(column),
        ValueKind.Bytes => Plain<byte[]>(column),
        ValueKind.Time => new TimeDataField(
            column.Name,
            column.Unit switch
            {
                TimeUnit.Milliseconds => TimeUnitPrecision.Millis,
                TimeUnit.Microseconds => TimeUnitPrecision.Micros,
                _ => TimeUnitPrecision.Nanos,
            },
            column.IsNullable)
        {
            IsAdjustedToUtc = column.IsUtc,
        },
        _ => Dated(column),
    };

    /// <summary>Copies a column.</summary>
    /// <exception cref="DataException">It cannot be read, or not be written as it is.</exception>
    public static Task CopyAsync(
        RowGroupReader source, int rowGroup, StoredColumn column, DataField field, ParquetRowGroupWriter target,
        CancellationToken cancellation) =>
        Copiers[field.ClrType](new Copy(source, rowGroup, column, field, target, cancellation));

    private static DataField Plain<T>(StoredColumn column) => new(column.Name, typeof(T), column.IsNullable);

    private static DateTimeDataField Dated(StoredColumn column)
    {
        (DateTimeFormat format, DateTimeTimeUnit? unit) = (column.Kind, column.Physical, column.Unit) switch
        {
            (ValueKind.Date, _, _) => (DateTimeFormat.Date, default(DateTimeTimeUnit?)),
            (_, PhysicalType.Int96, _) => (DateTimeFormat.Impala, null),
            (_, _, TimeUnit.Milliseconds) when column.HasOldAnnotation => (DateTimeFormat.DateAndTime, null),
            (_, _, TimeUnit.Microseconds) when column.HasOldAnnotation => (DateTimeFormat.DateAndTimeMicros, null),
            (_, _, TimeUnit.Milliseconds) => (DateTimeFormat.Timestamp, DateTimeTimeUnit.Millis),
            (_, _, TimeUnit.Microseconds) => (DateTimeFormat.Timestamp, DateTimeTimeUnit.Micros),
            _ => (DateTimeFormat.Timestamp, DateTimeTimeUnit.Nanos),
        };
        return new DateTimeDataField(column.Name, format, column.IsUtc, unit, column.IsNullable);
    }

    private static int Precision(StoredColumn column) =>
        Math.Max(column.Scale, column.Precision > 0 ? column.Precision : column.Physical == PhysicalType.Int32 ? 9 : 18);

    private static async Task CopyAsync<T>(Copy copy)
        where T : struct
    {
        using var values = new PresentValues<T>((int)copy.Source.RowCounts[copy.RowGroup]);
        copy.Source.RequireRows(copy.RowGroup, copy.Column, copy.Cancellation);
        copy.Source.ReadExactly(copy.RowGroup, copy.Column, values, copy.Cancellation);
        try
        {
            ReadOnlyMemory<int>? levels = copy.Field.IsNullable ? values.Levels : default(ReadOnlyMemory<int>?);
            await copy.Target.WriteAllPartsAsync(copy.Field, values.Values, levels, null, copy.Cancellation).ConfigureAwait(false);
        }
        catch (Exception cause) when (cause is not (OperationCanceledException or DataException or IOException))
        {
            throw new DataException(
                $"Column '{copy.Column.Name}' in {copy.Source.Name} cannot be copied ({cause.Message.Trim().TrimEnd('.')}); leave it out "
                    + "with --columns.",
                cause);
        }
    }

    /// <summary>The values of a row group that are present, and a level for each row: 1 where one is, 0 where not.</summary>
    private sealed class PresentValues<T>(int rows) : IValueSink<T>, IDisposable
        where T : struct
    {
        private T[] _values = [];
        private int[] _levels = [];
        private int _count;
        private int _row;

        public ReadOnlyMemory<T> Values => _values.AsMemory(0, _count);

        public ReadOnlyMemory<int> Levels => _levels.AsMemory(0, _row);

        public void Take(ReadOnlySpan<T> values, ReadOnlySpan<byte> present, int pageRows)
        {
            if (_values.Length == 0)
            {
                _values = ArrayPool<T>.Shared.Rent(rows);
                _levels = ArrayPool<int>.Shared.Rent(rows);
            }

            values.CopyTo(_values.AsSpan(_count));
            Span<int> levels = _levels.AsSpan(_row, pageRows);
            levels.Fill(values.IsEmpty ? 0 : 1);
            for (int row = 0; row < present.Length; row++)
            {
                levels[row] = present[row];
            }

            _count += values.Length;
            _row += pageRows;
        }

        public void Dispose()
        {
            if (_values.Length > 0)
            {
                ArrayPool<T>.Shared.Return(_values, RuntimeHelpers.IsReferenceOrContainsReferences<T>());
                ArrayPool<int>.Shared.Return(_levels);
            }
        }
    }
}
