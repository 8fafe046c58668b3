using System.Buffers;
using System.Runtime.CompilerServices;
using Parquet;
using Parquet.Schema;

namespace Gbi.Events.IO;

/// <summary>Copies a flat column of any type from one file's row group to another's.</summary>
internal static class ParquetColumnCopy
{
    private static readonly Dictionary<Type, Func<ParquetFile, int, DataField, ParquetRowGroupWriter, CancellationToken, Task>> Copiers =
        new()
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

    public static bool CanCopy(Field field) => field is DataField { IsArray: false } leaf && Copiers.ContainsKey(leaf.ClrType);

    public static Task CopyAsync(
        ParquetFile source, int rowGroup, DataField field, ParquetRowGroupWriter target, CancellationToken cancellationToken) =>
        Copiers[field.ClrType](source, rowGroup, field, target, cancellationToken);

    private static async Task CopyAsync<T>(
        ParquetFile source, int rowGroup, DataField field, ParquetRowGroupWriter target, CancellationToken cancellationToken)
        where T : struct
    {
        int rows = (int)source.RowCounts[rowGroup];
        T[] values = ArrayPool<T>.Shared.Rent(rows);
        int[]? levels = field.IsNullable ? ArrayPool<int>.Shared.Rent(rows) : null;
        try
        {
            values.AsSpan(0, rows).Clear();
            Memory<int>? levelMemory = levels is null ? default(Memory<int>?) : levels.AsMemory(0, rows);
            await source.ReadAsync(rowGroup, field, values.AsMemory(0, rows), levelMemory, cancellationToken).ConfigureAwait(false);
            int present = levels is null ? rows : levels.AsSpan(0, rows).Count(field.MaxDefinitionLevel);
            if (typeof(T) == typeof(DateTime))
            {
                KeepClockTime((DateTime[])(object)values, present);
            }

            ReadOnlyMemory<int>? writtenLevels = levels is null ? default(ReadOnlyMemory<int>?) : levels.AsMemory(0, rows);
            await target.WriteAllPartsAsync<T>(field, values.AsMemory(0, present), writtenLevels, null, cancellationToken)
                .ConfigureAwait(false);
        }
        catch (Exception cause) when (cause is not (OperationCanceledException or DataException or IOException))
        {
            throw new DataException(
                $"Column '{field.Name}' in {source.Name} cannot be copied ({cause.Message.Trim().TrimEnd('.')}); leave it out with "
                    + "--columns.",
                cause);
        }
        finally
        {
            ArrayPool<T>.Shared.Return(values, RuntimeHelpers.IsReferenceOrContainsReferences<T>());
            if (levels is not null)
            {
                ArrayPool<int>.Shared.Return(levels);
            }
        }
    }

    // A timestamp without a time zone is read as local time, and written converted to UTC: shifted by the machine's zone.
    private static void KeepClockTime(DateTime[] values, int count)
    {
        for (int i = 0; i < count; i++)
        {
            values[i] = DateTime.SpecifyKind(values[i], DateTimeKind.Utc);
        }
    }
}
