using Gbi.Events.IO.Csv;
using Gbi.Events.IO.Footers;
using Gbi.Events.IO.Outputs;
using Gbi.Events.IO.RowGroups;
using Parquet;
using Parquet.Schema;

namespace Gbi.Events.IO.Appending;

/// <summary>An output under way that takes columns of an input and new ones next to them, row group by row group.</summary>
internal abstract class AppendTarget : IDisposable
{
    /// <summary>Writes a row group.</summary>
    /// <param name="input">Where columns are copied from.</param>
    /// <param name="rowGroup">The row group of the input.</param>
    /// <param name="added">One float[], double[] or int[] for each new column.</param>
    /// <param name="cancellationToken">Stops the copy.</param>
    public abstract void Write(RowGroupReader input, int rowGroup, IReadOnlyList<Array> added, CancellationToken cancellationToken);

    /// <summary>Ends the output and gives it its name.</summary>
    public abstract void Complete();

    /// <summary>Throws away an output that was not completed.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected abstract void Dispose(bool disposing);
}

/// <summary>An output in Parquet.</summary>
internal sealed class ParquetTarget : AppendTarget
{
    // Both describe exactly the columns of the input, so they would contradict the output.
    private static readonly string[] DescriptionsOfInput = ["ARROW:schema", "pandas"];

    private readonly StoredColumn[] _kept;
    private readonly DataField[] _keptFields;
    private readonly DataField[] _addedFields;
    private readonly ParquetOutput _output;

    public ParquetTarget(string path, RowGroupSource input, StoredColumn[] kept, IReadOnlyList<NewColumn> added, AppendOptions options)
    {
        _kept = kept;
        _keptFields = [.. kept.Select(ParquetColumnCopy.FieldOf)];
        _addedFields = [.. added.Select(column => new DataField(column.Name, column.ValueType))];
        var metadata = input.Metadata.Where(pair => !DescriptionsOfInput.Contains(pair.Key)).Concat(options.Metadata)
            .GroupBy(pair => pair.Key).ToDictionary(pairs => pairs.Key, pairs => pairs.Last().Value);
        _output = new ParquetOutput(path, options.Terms, [.. _keptFields, .. _addedFields], metadata);
    }

    public override void Write(RowGroupReader input, int rowGroup, IReadOnlyList<Array> added, CancellationToken cancellationToken) =>
        _output.WriteRowGroup(async group =>
        {
            for (int i = 0; i < _kept.Length; i++)
            {
                await ParquetColumnCopy.CopyAsync(input, rowGroup, _kept[i], _keptFields[i], group, cancellationToken)
                    .ConfigureAwait(false);
            }

            for (int i = 0; i < added.Count; i++)
            {
                await WriteAsync(group, _addedFields[i], added[i], cancellationToken).ConfigureAwait(false);
            }
        });

    public override void Complete() => _output.Complete();

    protected override void Dispose(bool disposing) => _output.Dispose();

    private static Task WriteAsync(ParquetRowGroupWriter group, DataField field, Array values, CancellationToken cancellationToken) =>
        values switch
        {
            float[] numbers => group.WriteAsync<float>(field, numbers.AsMemory(), null, null, cancellationToken),
            double[] numbers => group.WriteAsync<double>(field, numbers.AsMemory(), null, null, cancellationToken),
            _ => group.WriteAsync<int>(field, ((int[])values).AsMemory(), null, null, cancellationToken),
        };
}

/// <summary>An output in separated values.</summary>
internal sealed class CsvTarget : AppendTarget
{
    private readonly CsvColumn[] _kept;
    private readonly CsvColumn[] _added;
    private readonly CsvOutput _output;
    private readonly string _name;

    public CsvTarget(string path, StoredColumn[] kept, IReadOnlyList<NewColumn> added, OutputTerms terms)
    {
        _name = Path.GetFileName(path);
        _kept = [.. kept.Select(CsvColumn.Of)];
        _added = [.. added.Select(column => CsvColumn.Of(new StoredColumn
        {
            Name = column.Name,
            Kind = column.ValueType == typeof(float) ? ValueKind.Float : column.ValueType == typeof(double) ? ValueKind.Double
                : ValueKind.Int32,
            IsNullable = false,
        }))];
        _output = new CsvOutput(path, terms, [.. kept.Select(column => column.Name), .. added.Select(column => column.Name)]);
    }

    public override void Write(RowGroupReader input, int rowGroup, IReadOnlyList<Array> added, CancellationToken cancellationToken)
    {
        foreach (CsvColumn column in _kept)
        {
            cancellationToken.ThrowIfCancellationRequested();
            column.Load(input, rowGroup, cancellationToken);
        }

        for (int i = 0; i < _added.Length; i++)
        {
            _added[i].Take(added[i], _name, input.Source.FirstRows[rowGroup]);
        }

        _output.Write([.. _kept, .. _added], (int)input.RowCounts[rowGroup]);
    }

    public override void Complete() => _output.Complete();

    protected override void Dispose(bool disposing) => _output.Dispose();
}
