using Gbi.Numerics;
using Gbi.Onnx.Sessions;
using Gbi.Pipeline.Views;
using Microsoft.ML;

namespace Gbi.Pipeline.Appending;

/// <summary>Blocks of columns with a model's outputs among them.</summary>
internal static class AppendedBlocks
{
    /// <summary>The columns of a view with a model's outputs behind its own; null where they can only be had row by row.</summary>
    public static IEnumerable<ColumnBlock>? Of(IDataView source, AppendingMapper mapper, IReadOnlyList<DataViewSchema.Column> columns)
    {
        if (source is not IColumnView view || mapper.Outputs.AreVectors || mapper.Binding.Inputs.Any(input => input.Size > 0))
        {
            return null;
        }

        DataViewSchema.Column[] needed = [.. mapper.GetDependencies(columns)];
        if (!columns.Any(column => mapper.OutputOf(column) >= 0))
        {
            return view.Blocks([.. columns.Select(column => mapper.InputSchema[column.Index])]);
        }

        return view.Blocks(needed) is { } blocks ? Evaluate(blocks, mapper, columns, needed) : null;
    }

    private static IEnumerable<ColumnBlock> Evaluate(
        IEnumerable<ColumnBlock> blocks, AppendingMapper mapper, IReadOnlyList<DataViewSchema.Column> columns,
        DataViewSchema.Column[] needed)
    {
        int[] inputs = [.. mapper.Inputs.Select(IndexOf)];
        float[] rows = [];
        foreach (ColumnBlock block in blocks)
        {
            float[][] outputs = [.. mapper.Binding.Outputs.Select(_ => new float[block.Count])];
            for (int start = 0; start < block.Count; start += mapper.Model.BlockSize)
            {
                int count = Math.Min(mapper.Model.BlockSize, block.Count - start);
                if (rows.Length < count * inputs.Length)
                {
                    rows = new float[count * inputs.Length];
                }

                Join(TensorColumns.Of([.. inputs.Select(index => block.Columns[index])]), start, count, inputs.Length, rows);
                Evaluate(mapper.Model, rows.AsMemory(0, count * inputs.Length), start, count, outputs);
            }

            yield return new ColumnBlock(block.Count, [.. columns.Select(column =>
                mapper.OutputOf(column) is >= 0 and var output
                    ? outputs[output]
                    : block.Columns[IndexOf(mapper.InputSchema[column.Index])])]);
        }

        int IndexOf(DataViewSchema.Column column) => Array.FindIndex(needed, other => other.Index == column.Index);
    }

    private static void Join(TensorColumns columns, int start, int count, int width, float[] rows) => EventBlocks.ForEach(
        count, (first, length) => columns.Write(start + first, length, rows.AsSpan(first * width, length * width)));

    private static void Evaluate(IRowModel model, ReadOnlyMemory<float> rows, int start, int count, float[][] outputs)
    {
        if (outputs.Length == 1)
        {
            model.Evaluate(rows, count, outputs[0].AsMemory(start, count));
            return;
        }

        float[] together = new float[count * outputs.Length];
        model.Evaluate(rows, count, together);
        for (int i = 0; i < together.Length; i++)
        {
            outputs[i % outputs.Length][start + (i / outputs.Length)] = together[i];
        }
    }
}
