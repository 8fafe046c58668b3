using Gbi.Events;
using Gbi.Events.IO;
using Microsoft.ML;
using Microsoft.ML.Data;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Pipeline.Views;

/// <summary>Writes the number columns of a view to a Parquet file, row group by row group.</summary>
internal static class ParquetViewWriter
{
    /// <summary>Writes and gives the number of rows.</summary>
    public static long Write(IDataView view, string path, IReadOnlyList<string>? columns, ParquetWriteOptions options)
    {
        DataViewSchema.Column[] chosen = columns is null
            ? [.. view.Schema.Where(column => !column.IsHidden)]
            : [.. columns.Select(name => view.Schema.GetColumnOrNull(name) ?? throw NoSuchColumn(name, view.Schema))];
        string[] names = [.. chosen.SelectMany(Names)];
        using var writer = new ParquetEventWriter(path, names, hasWeights: false, options);
        long total = view is IColumnView columnar && names.Length == chosen.Length && columnar.Blocks(chosen) is { } blocks
            ? WriteBlocks(blocks, names, writer, options.RowGroupSize)
            : WriteRows(view, chosen, names, writer, options.RowGroupSize);
        writer.Complete();
        return total;
    }

    private static long WriteRows(
        IDataView view, DataViewSchema.Column[] columns, string[] names, ParquetEventWriter writer, int rowGroupSize)
    {
        using DataViewRowCursor cursor = view.GetRowCursor(columns);
        InputReader[] readers = Open(cursor, columns);
        float[] rows = new float[rowGroupSize * names.Length];
        long total = 0;
        int count = 0;
        while (cursor.MoveNext())
        {
            Span<float> row = rows.AsSpan(count * names.Length, names.Length);
            foreach (InputReader reader in readers)
            {
                reader(row);
            }

            total++;
            if (++count == rowGroupSize)
            {
                writer.Append(ViewTable.OfRows(rows, count, names.Length, names));
                count = 0;
            }
        }

        writer.Append(ViewTable.OfRows(rows, count, names.Length, names));
        return total;
    }

    /// <summary>Row groups of the size asked for, whatever that of the blocks; the next block is made while one is written.</summary>
    private static long WriteBlocks(IEnumerable<ColumnBlock> blocks, string[] names, ParquetEventWriter writer, int rowGroupSize)
    {
        float[][] group = [.. names.Select(_ => new float[rowGroupSize])];
        long total = 0;
        int count = 0;
        foreach (ColumnBlock block in ReadAhead.Of(blocks))
        {
            total += block.Count;
            for (int start = 0; start < block.Count;)
            {
                int taken = Math.Min(rowGroupSize - count, block.Count - start);
                if (taken == rowGroupSize)
                {
                    writer.Append(Table([.. block.Columns.Select(column => column.Slice(start, taken))], taken));
                    start += taken;
                    continue;
                }

                for (int column = 0; column < group.Length; column++)
                {
                    block.Columns[column].Span.Slice(start, taken).CopyTo(group[column].AsSpan(count));
                }

                start += taken;
                count += taken;
                if (count == rowGroupSize)
                {
                    Append();
                }
            }
        }

        Append();
        return total;

        void Append()
        {
            writer.Append(Table([.. group.Select(column => new ReadOnlyMemory<float>(column, 0, count))], count));
            count = 0;
        }

        EventTable Table(ReadOnlyMemory<float>[] columns, int rows) =>
            new(names.Select((name, column) => KeyValuePair.Create(name, columns[column])), rows);
    }

    private static IEnumerable<string> Names(DataViewSchema.Column column) => column.Type switch
    {
        VectorDataViewType { IsKnownSize: true } vector when vector.ItemType == NumberDataViewType.Single =>
            Enumerable.Range(0, vector.Size).Select(slot => SlotName(column, vector.Size, slot)),
        NumberDataViewType or BooleanDataViewType => [column.Name],
        _ => throw new DataException(
            $"Column '{column.Name}' is {column.Type}, expected numbers; leave it out of the columns to write, or convert it before."),
    };

    private static string SlotName(DataViewSchema.Column column, int size, int slot) =>
        Text($"{column.Name}.{ViewTable.SlotNames(column, size)?[slot] ?? $"{slot}"}");

    private static InputReader[] Open(DataViewRow row, DataViewSchema.Column[] columns)
    {
        var readers = new InputReader[columns.Length];
        int start = 0;
        for (int i = 0; i < columns.Length; i++)
        {
            readers[i] = Open(row, columns[i], start);
            start += columns[i].Type is VectorDataViewType vector ? vector.Size : 1;
        }

        return readers;
    }

    private static InputReader Open(DataViewRow row, DataViewSchema.Column column, int start)
    {
        if (column.Type is VectorDataViewType vector)
        {
            ValueGetter<VBuffer<float>> getter = row.GetGetter<VBuffer<float>>(column);
            VBuffer<float> buffer = default;
            return values =>
            {
                getter(ref buffer);
                buffer.CopyTo(values.Slice(start, vector.Size));
            };
        }

        return Type.GetTypeCode(column.Type.RawType) switch
        {
            TypeCode.Single => Scalar<float>(row, column, start, value => value),
            TypeCode.Double => Scalar<double>(row, column, start, value => (float)value),
            TypeCode.Boolean => Scalar<bool>(row, column, start, value => value ? 1 : 0),
            TypeCode.SByte => Scalar<sbyte>(row, column, start, value => value),
            TypeCode.Byte => Scalar<byte>(row, column, start, value => value),
            TypeCode.Int16 => Scalar<short>(row, column, start, value => value),
            TypeCode.UInt16 => Scalar<ushort>(row, column, start, value => value),
            TypeCode.Int32 => Scalar<int>(row, column, start, value => value),
            TypeCode.UInt32 => Scalar<uint>(row, column, start, value => value),
            TypeCode.Int64 => Scalar<long>(row, column, start, value => value),
            _ => Scalar<ulong>(row, column, start, value => value),
        };
    }

    private static InputReader Scalar<T>(DataViewRow row, DataViewSchema.Column column, int start, Func<T, float> convert)
    {
        ValueGetter<T> getter = row.GetGetter<T>(column);
        T value = default!;
        return values =>
        {
            getter(ref value);
            values[start] = convert(value);
        };
    }

    private static DataException NoSuchColumn(string name, DataViewSchema schema) =>
        new(
            Text(
                $"There is no column '{name}' to write; the view has "
                    + $"{string.Join(", ", schema.Where(c => !c.IsHidden).Select(c => c.Name))}."));
}
