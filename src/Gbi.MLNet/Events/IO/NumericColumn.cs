using System.Buffers;
using System.Numerics;
using System.Runtime.InteropServices;
using Parquet.Schema;

namespace Gbi.Events.IO;

/// <summary>Where a row group's rows come from and go to.</summary>
/// <param name="File">The file.</param>
/// <param name="RowGroup">Number of the row group.</param>
/// <param name="Start">Row of the table that the first of them becomes.</param>
/// <param name="Rows">How many rows the row group has.</param>
/// <param name="FirstRow">Row of the file that is the first of them, for messages.</param>
internal readonly record struct RowGroupPart(ParquetFile File, int RowGroup, int Start, int Rows, long FirstRow);

/// <summary>What counts as missing in a column: a declared value, and nulls where they are allowed.</summary>
internal readonly record struct MissingValues(double? Value, bool NullsAllowed);

/// <summary>Reads a numeric column of any type as float (features) or double (weights). Nulls become NaN.</summary>
internal static class NumericColumn
{
    /// <summary>
    /// Fills <paramref name="target"/> with a row group's values. A value equal to the declared missing value in single precision
    /// becomes NaN; a null too. Any other NaN or infinity is counted.
    /// </summary>
    public static ValueTask<NonFinite> ReadAsync<TOut>(
        RowGroupPart part, DataField field, Memory<TOut> target, MissingValues missing, CancellationToken cancellationToken)
        where TOut : unmanaged, IFloatingPointIeee754<TOut>
    {
        var request = new Request<TOut>(part, field, target, missing, cancellationToken);
        return Type.GetTypeCode(field.ClrType) switch
        {
            TypeCode.Single => request.ReadAsync<float, float>(),
            TypeCode.Double => request.ReadAsync<double, double>(),
            TypeCode.Int32 => request.ReadAsync<int, int>(),
            TypeCode.Int64 => request.ReadAsync<long, long>(),
            TypeCode.Boolean => request.ReadAsync<bool, byte>(),
            TypeCode.Byte => request.ReadAsync<byte, byte>(),
            TypeCode.SByte => request.ReadAsync<sbyte, sbyte>(),
            TypeCode.Int16 => request.ReadAsync<short, short>(),
            TypeCode.UInt16 => request.ReadAsync<ushort, ushort>(),
            TypeCode.UInt32 => request.ReadAsync<uint, uint>(),
            TypeCode.UInt64 => request.ReadAsync<ulong, ulong>(),
            _ => throw new ArgumentException($"Column '{field.Name}' is not numeric.", nameof(field)),
        };
    }

    private readonly record struct Request<TOut>(
        RowGroupPart Part, DataField Field, Memory<TOut> Target, MissingValues Missing, CancellationToken CancellationToken)
        where TOut : unmanaged, IFloatingPointIeee754<TOut>
    {
        public async ValueTask<NonFinite> ReadAsync<TStored, TNumber>()
            where TStored : unmanaged
            where TNumber : unmanaged, INumberBase<TNumber>
        {
            int rows = Target.Length;
            TStored[] stored = ArrayPool<TStored>.Shared.Rent(rows);
            int[]? levels = Field.IsNullable ? ArrayPool<int>.Shared.Rent(rows) : null;
            try
            {
                // A page that a damaged file cut short must not show what the pool's last user left: NaN, 0 for integers.
                MemoryMarshal.Cast<TStored, TNumber>(stored.AsSpan(0, rows)).Fill(TNumber.CreateTruncating(double.NaN));
                Memory<int>? levelMemory = levels is null ? default(Memory<int>?) : levels.AsMemory(0, rows);
                await Part.File.ReadAsync(Part.RowGroup, Field, stored.AsMemory(0, rows), levelMemory, CancellationToken)
                    .ConfigureAwait(false);
                return Convert<TStored, TNumber>(stored.AsSpan(0, rows), levelMemory is { } memory ? memory.Span : default);
            }
            finally
            {
                ArrayPool<TStored>.Shared.Return(stored);
                if (levels is not null)
                {
                    ArrayPool<int>.Shared.Return(levels);
                }
            }
        }

        private NonFinite Convert<TStored, TNumber>(Span<TStored> stored, Span<int> levels)
            where TStored : unmanaged
            where TNumber : unmanaged, INumberBase<TNumber>
        {
            // A boolean is read as its byte; every other type is its own number.
            Span<TNumber> numbers = MemoryMarshal.Cast<TStored, TNumber>(stored);
            Span<TOut> target = Target.Span;
            float missing = Missing.Value is { } declared ? (float)declared : float.NaN;
            bool nanIsMissing = Missing.Value is { } value && double.IsNaN(value);
            long count = 0, first = -1;
            int next = 0;
            for (int row = 0; row < target.Length; row++)
            {
                bool isNull = !levels.IsEmpty && levels[row] == 0;
                TOut number = isNull ? TOut.NaN : TOut.CreateTruncating(numbers[next++]);
                if (float.CreateTruncating(number) == missing)
                {
                    number = TOut.NaN;
                }
                else if (!TOut.IsFinite(number) && !(isNull && Missing.NullsAllowed) && !(nanIsMissing && TOut.IsNaN(number)))
                {
                    first = count++ == 0 ? Part.FirstRow + row : first;
                }

                target[row] = number;
            }

            return new NonFinite(count, first);
        }
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

    public DataField[] Fields(ParquetFile file) => [.. Enumerable.Range(0, Width).Select(column => file.Find(Name(column), numeric: true))];

    /// <summary>Reads one column of one row group into the table.</summary>
    public ValueTask<NonFinite> ReadAsync(RowGroupPart part, DataField field, int column, CancellationToken cancellationToken) =>
        IsWeight(column)
            ? NumericColumn.ReadAsync(
                part, field, _weights.AsMemory(part.Start, part.Rows), new MissingValues(null, NullsAllowed: false), cancellationToken)
            : NumericColumn.ReadAsync(
                part, field, _features[column].AsMemory(part.Start, part.Rows), new MissingValues(_missingValue, NullsAllowed: true),
                cancellationToken);

    public EventTable ToTable() => new(
        _columns.Select((name, i) => KeyValuePair.Create(name, new ReadOnlyMemory<float>(_features[i]))),
        _count,
        _weights is null ? default(ReadOnlyMemory<double>?) : _weights);
}
