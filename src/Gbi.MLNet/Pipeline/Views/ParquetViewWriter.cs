using Gbi.Events;
using Gbi.Events.IO;
using Gbi.Pipeline.Views.Exact;
using Microsoft.ML;
using Microsoft.ML.Data;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Pipeline.Views;

/// <summary>Writes the columns of numbers and text of a view to a Parquet file, row group by row group.</summary>
internal static class ParquetViewWriter
{
    /// <summary>Writes and gives the number of rows.</summary>
    public static long Write(IDataView view, string path, IReadOnlyList<string>? columns, ParquetWriteOptions options)
    {
        DataViewSchema.Column[] chosen = columns is null
            ? [.. view.Schema.Where(column => !column.IsHidden)]
            : [.. columns.Select(name => view.Schema.GetColumnOrNull(name) ?? throw NoSuchColumn(name, view.Schema))];
        string[] names = [.. chosen.SelectMany(Names)];
        if (chosen.Any(ExactCells.Takes))
        {
            return WriteExactly(view, path, chosen, options);
        }

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

    /// <summary>Columns in their own types next to those of single precision.</summary>
    private static long WriteExactly(IDataView view, string path, DataViewSchema.Column[] columns, ParquetWriteOptions options)
    {
        DataViewSchema.Column[] singles = [.. columns.Where(column => !ExactCells.Takes(column))];
        int width = singles.Sum(column => Names(column).Count());
        using var writer = new ParquetArrayWriter(
            path,
            columns.SelectMany(column => Names(column).Select(
                name => (name, ExactCells.Takes(column) ? column.Type.RawType : typeof(float)))),
            options);
        using DataViewRowCursor cursor = view.GetRowCursor(columns);
        InputReader[] readers = Open(cursor, singles);
        ExactCells[] cells = [.. columns.Where(ExactCells.Takes).Select(column => ExactCells.Open(cursor, column))];
        float[] rows = new float[options.RowGroupSize * width];
        long total = 0;
        int count = 0;
        while (cursor.MoveNext())
        {
            Span<float> row = rows.AsSpan(count * width, width);
            foreach (InputReader reader in readers)
            {
                reader(row);
            }

            Array.ForEach(cells, cell => cell.Read());
            total++;
            if (++count == options.RowGroupSize)
            {
                Append();
            }
        }

        Append();
        writer.Complete();
        return total;

        void Append()
        {
            var exact = new Queue<Array>(cells.Select(cell => cell.Take()));
            int slot = 0;
            writer.Append([.. columns.SelectMany(column => Names(column).Select(
                _ => ExactCells.Takes(column) ? exact.Dequeue() : Slot(slot++)))]);
            count = 0;
        }

        Array Slot(int slot)
        {
            float[] values = new float[count];
            for (int row = 0; row < count; row++)
            {
                values[row] = rows[(row * width) + slot];
            }

            return values;
        }
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
        NumberDataViewType or BooleanDataViewType or TextDataViewType => [column.Name],
        _ => throw new DataException(
            $"Column '{column.Name}' is {column.Type}, expected numbers or text; leave it out of the columns to write, or convert it "
                + "before."),
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

        return column.Type is BooleanDataViewType
            ? Scalar<bool>(row, column, start, value => value ? 1 : 0)
            : Scalar<float>(row, column, start, value => value);
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
