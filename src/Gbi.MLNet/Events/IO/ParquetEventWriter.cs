using Gbi.Events.IO.Outputs;
using Parquet;
using Parquet.Schema;

namespace Gbi.Events.IO;

/// <summary>How a Parquet file of events is written.</summary>
public sealed record ParquetWriteOptions
{
    /// <summary>Whether an existing file may be replaced.</summary>
    public bool Overwrite { get; init; }

    /// <summary>On what terms it is written; null for those of <see cref="Overwrite"/>.</summary>
    internal OutputTerms? Terms { get; init; }

    /// <summary>Largest number of events in a row group. Range: [1, ∞). Readers decode row groups in parallel.</summary>
    public int RowGroupSize
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(
            nameof(RowGroupSize), value, "RowGroupSize must be at least 1: it bounds the events of a row group.");
    } = 65_536;

    /// <summary>Name of the weight column of a table that has weights.</summary>
    public string WeightColumn { get; init; } = "weight";

    /// <summary>Key-value metadata of the file.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();
}

/// <summary>
/// Writes tables of events to a new Parquet file: features as nullable float (a missing value is a null), weights as double. The
/// file appears under its name on <see cref="Complete"/>; disposing without it leaves nothing behind.
/// </summary>
public sealed class ParquetEventWriter : IDisposable
{
    private readonly ParquetWriteOptions _options;
    private readonly DataField[] _features;
    private readonly DataField<double>? _weight;
    private readonly ParquetOutput _output;

    /// <summary>Begins a file with these columns, and with weights if <paramref name="hasWeights"/> is true.</summary>
    /// <exception cref="DataException">The file exists and may not be replaced, or its folder is missing or cannot be written
    /// to.</exception>
    public ParquetEventWriter(string path, IReadOnlyList<string> columns, bool hasWeights, ParquetWriteOptions? options = null)
    {
        LoadingChecks.RequireOnce(columns);
        _options = options ?? new ParquetWriteOptions();
        _features = [.. columns.Select(name => new DataField<float>(name, true))];
        _weight = hasWeights ? new DataField<double>(_options.WeightColumn) : null;
        if (_weight is not null && columns.Contains(_weight.Name, StringComparer.Ordinal))
        {
            throw new ArgumentException(
                $"Column '{_weight.Name}' is also the name of the weight column; rename one of them.", nameof(columns));
        }

        Field[] fields = _weight is null ? [.. _features] : [.. _features, _weight];
        _output = new ParquetOutput(path, _options.Terms ?? _options.Overwrite, fields, _options.Metadata);
    }

    /// <summary>Writes a whole table.</summary>
    /// <exception cref="DataException">The file exists and may not be replaced, or its folder is missing or cannot be written
    /// to.</exception>
    public static void Write(
        string path, EventTable table, ParquetWriteOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(table);
        using var writer = new ParquetEventWriter(path, table.ColumnNames, table.HasWeights, options);
        writer.Append(table, cancellationToken);
        writer.Complete();
    }

    /// <summary>
    /// Writes a table as the next row groups. The table must have the columns of the file; its other columns are not written.
    /// </summary>
    public void Append(EventTable table, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(table);
        for (int start = 0; start < table.Count; start += _options.RowGroupSize)
        {
            cancellationToken.ThrowIfCancellationRequested();
            EventTable part = table.Slice(start, Math.Min(_options.RowGroupSize, table.Count - start));
            _output.WriteRowGroup(group => WriteAsync(group, part, cancellationToken));
        }
    }

    /// <summary>Completes the file and gives it its name.</summary>
    public void Complete() => _output.Complete();

    /// <summary>Deletes a file that was not completed.</summary>
    public void Dispose() => _output.Dispose();

    private async Task WriteAsync(ParquetRowGroupWriter group, EventTable part, CancellationToken cancellationToken)
    {
        foreach (DataField feature in _features)
        {
            await ParquetOutput.WriteAsync(group, feature, part.Memory(feature.Name), cancellationToken).ConfigureAwait(false);
        }

        if (_weight is not null)
        {
            double[] weights = new double[part.Count];
            for (int row = 0; row < weights.Length; row++)
            {
                weights[row] = part.Weight(row);
            }

            await group.WriteAsync<double>(_weight, weights.AsMemory(), null, null, cancellationToken).ConfigureAwait(false);
        }
    }
}
