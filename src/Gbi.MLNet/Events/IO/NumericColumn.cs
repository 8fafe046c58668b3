using System.Buffers;
using System.Numerics;
using System.Runtime.InteropServices;
using Parquet.Schema;

namespace Gbi.Events.IO;

/// <summary>Reads a numeric column of any type as float (features) or double (weights). Nulls become NaN.</summary>
internal static class NumericColumn
{
    /// <summary>
    /// Fills <paramref name="target"/> with a row group's values. A value equal to <paramref name="missing"/> in single precision
    /// becomes NaN; a null too. Any other NaN or infinity is counted, its row from <paramref name="firstRow"/> on.
    /// </summary>
    public static ValueTask<NonFinite> ReadAsync<TOut>(
        ParquetFile file, int rowGroup, DataField field, Memory<TOut> target, double? missing, bool nullsAllowed, long firstRow,
        CancellationToken cancellationToken)
        where TOut : unmanaged, IFloatingPointIeee754<TOut>
    {
        var request = new Request<TOut>(file, rowGroup, field, target, missing, nullsAllowed, firstRow, cancellationToken);
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
        ParquetFile File, int RowGroup, DataField Field, Memory<TOut> Target, double? Missing, bool NullsAllowed, long FirstRow,
        CancellationToken CancellationToken)
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
                await File.ReadAsync(RowGroup, Field, stored.AsMemory(0, rows), levelMemory, CancellationToken).ConfigureAwait(false);
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
            float missing = Missing is { } declared ? (float)declared : float.NaN;
            bool nanIsMissing = Missing is { } value && double.IsNaN(value);
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
                else if (!TOut.IsFinite(number) && !(isNull && NullsAllowed) && !(nanIsMissing && TOut.IsNaN(number)))
                {
                    first = count++ == 0 ? FirstRow + row : first;
                }

                target[row] = number;
            }

            return new NonFinite(count, first);
        }
    }
}
