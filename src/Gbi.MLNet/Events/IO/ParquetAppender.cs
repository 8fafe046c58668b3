using Gbi.Events.IO.Footers;
using Gbi.Events.IO.Outputs;
using Parquet;
using Parquet.Schema;

namespace Gbi.Events.IO;

/// <summary>A column to append.</summary>
internal sealed record NewColumn
{
    private NewColumn(string name, Type type)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        Name = name;
        ValueType = type;
    }

    /// <summary>Its name, which the input must not have.</summary>
    public string Name { get; }

    /// <summary>Type of its values: float, double or int.</summary>
    public Type ValueType { get; }

    /// <summary>A column of float; NaN is written as NaN.</summary>
    public static NewColumn Single(string name) => new(name, typeof(float));

    /// <summary>A column of double; NaN is written as NaN.</summary>
    public static NewColumn Double(string name) => new(name, typeof(double));

    /// <summary>A column of 32-bit integers.</summary>
    public static NewColumn Int32(string name) => new(name, typeof(int));
}

/// <summary>How columns are appended.</summary>
internal sealed record ParquetAppendOptions
{
    /// <summary>Whether an existing output may be replaced, and on what terms.</summary>
    public OutputTerms Terms { get; init; } = false;

    /// <summary>Columns of the input to copy, in this order; null for all of them in their own.</summary>
    public IReadOnlyList<string>? KeepColumns { get; init; }

    /// <summary>How the features are read that the new columns are computed from.</summary>
    public EventReadOptions Read { get; init; } = new();

    /// <summary>Key-value metadata to add to the input's.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();
}

/// <summary>
/// Copies a Parquet file column by column, row group by row group, and appends new columns: one row group in memory at a time.
/// The output appears under its name on <see cref="Complete"/>; disposing without it leaves nothing behind. Copied values are
/// equal; times are kept to 100 ns, and unannotated bytes of fixed length become bytes of any length.
/// </summary>
internal sealed class ParquetAppender : IDisposable
{
    // Both describe exactly the columns of the input, so they would contradict the output.
    private static readonly string[] DescriptionsOfInput = ["ARROW:schema", "pandas"];

    private readonly ParquetFile _input;
    private readonly StoredColumn[] _kept;
    private readonly DataField[] _keptFields;
    private readonly NewColumn[] _added;
    private readonly DataField[] _addedFields;
    private readonly ParquetOutput _output;
    private int _nextRowGroup;

    /// <summary>Opens the input and begins the output.</summary>
    /// <exception cref="DataException">
    /// The input is missing or damaged, has a column that cannot be copied or one of the new names; or the output exists and may
    /// not be replaced, or cannot be written.
    /// </exception>
    public ParquetAppender(string inputPath, string outputPath, IReadOnlyList<NewColumn> newColumns, ParquetAppendOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(newColumns);
        options ??= new ParquetAppendOptions();
        LoadingChecks.RequireOnce([.. newColumns.Select(column => column.Name)]);
        _added = [.. newColumns];
        _addedFields = [.. newColumns.Select(column => new DataField(column.Name, column.ValueType))];
        _input = ParquetFile.Open(inputPath);
        try
        {
            _kept = [.. Kept(_input, options.KeepColumns)];
            _keptFields = [.. _kept.Select(ParquetColumnCopy.FieldOf)];
            RequireNewNames(_added, _kept, _input.Name);
            var metadata = _input.Footer.Metadata.Where(pair => !DescriptionsOfInput.Contains(pair.Key)).Concat(options.Metadata)
                .GroupBy(pair => pair.Key).ToDictionary(pairs => pairs.Key, pairs => pairs.Last().Value);
            _output = new ParquetOutput(outputPath, options.Terms, [.. _keptFields, .. _addedFields], metadata);
        }
        catch
        {
            _input.Dispose();
            throw;
        }
    }

    /// <summary>Refuses an input that cannot be scored or copied, before any work.</summary>
    /// <exception cref="DataException">
    /// It is missing or damaged, lacks a feature, has a column that cannot be copied or one of the new names.
    /// </exception>
    public static void Require(
        string inputPath, IReadOnlyList<string> features, IReadOnlyList<NewColumn> newColumns, IReadOnlyList<string>? keepColumns)
    {
        using ParquetFile input = ParquetFile.Open(inputPath);
        foreach (string feature in features)
        {
            input.Find(feature, numeric: true);
        }

        RequireNewNames(newColumns, [.. Kept(input, keepColumns)], input.Name);
    }

    /// <summary>Number of rows of each row group of the input.</summary>
    public IReadOnlyList<long> RowCounts => _input.RowCounts;

    /// <summary>
    /// Scores a file: reads the features of each row group ahead and in parallel, computes the new columns
    /// from them while those before are written, and writes both.
    /// Memory does not depend on the size of the file.
    /// </summary>
    /// <param name="inputPath">File to read.</param>
    /// <param name="outputPath">File to write.</param>
    /// <param name="features">Columns that <paramref name="compute"/> needs.</param>
    /// <param name="newColumns">Columns to append.</param>
    /// <param name="compute">The values of the new columns for a row group: one float[], double[] or int[] each.</param>
    /// <param name="options">How the features are read and the output is written.</param>
    /// <param name="cancellationToken">Stops the work; no output is left then.</param>
    public static void Append(
        string inputPath, string outputPath, IReadOnlyList<string> features, IReadOnlyList<NewColumn> newColumns,
        Func<EventTable, Array[]> compute, ParquetAppendOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(compute);
        using var appender = new ParquetAppender(inputPath, outputPath, newColumns, options);
        IEnumerable<EventTable> groups = new ParquetEventReader(inputPath).ReadRowGroups(features, options?.Read, cancellationToken);
        foreach (Array[] values in ReadAhead.Of(groups.Select(compute)))
        {
            appender.AppendRowGroup(values, cancellationToken);
        }

        appender.Complete();
    }

    /// <summary>Copies the next row group of the input and writes the new columns next to it.</summary>
    /// <param name="values">One float[], double[] or int[] for each new column, in order, one value a row.</param>
    /// <param name="cancellationToken">Stops the copy.</param>
    /// <exception cref="ArgumentException">Number, type or length of the arrays is not that of the columns and rows.</exception>
    public void AppendRowGroup(IReadOnlyList<Array> values, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (_nextRowGroup >= RowCounts.Count)
        {
            throw new InvalidOperationException($"{_input.Name} has {RowCounts.Count} row groups, all of them written already.");
        }

        RequireMatching(values);
        int rowGroup = _nextRowGroup++;
        if (RowCounts[rowGroup] == 0)
        {
            return;
        }

        _output.WriteRowGroup(async group =>
        {
            for (int i = 0; i < _kept.Length; i++)
            {
                await ParquetColumnCopy.CopyAsync(_input, rowGroup, _kept[i], _keptFields[i], group, cancellationToken)
                    .ConfigureAwait(false);
            }

            for (int i = 0; i < _added.Length; i++)
            {
                await WriteAsync(group, _addedFields[i], values[i], cancellationToken).ConfigureAwait(false);
            }
        });
    }

    /// <summary>Ends the output and gives it its name.</summary>
    /// <exception cref="InvalidOperationException">Row groups of the input are still to be written.</exception>
    public void Complete()
    {
        if (_nextRowGroup < RowCounts.Count)
        {
            throw new InvalidOperationException($"Only {_nextRowGroup} of the {RowCounts.Count} row groups of {_input.Name} were written.");
        }

        _output.Complete();
    }

    /// <summary>Closes the input and throws away an output that was not completed.</summary>
    public void Dispose()
    {
        _output.Dispose();
        _input.Dispose();
    }

    private static Task WriteAsync(ParquetRowGroupWriter group, DataField field, Array values, CancellationToken cancellationToken) =>
        values switch
        {
            float[] numbers => group.WriteAsync<float>(field, numbers.AsMemory(), null, null, cancellationToken),
            double[] numbers => group.WriteAsync<double>(field, numbers.AsMemory(), null, null, cancellationToken),
            _ => group.WriteAsync<int>(field, ((int[])values).AsMemory(), null, null, cancellationToken),
        };

    private static IEnumerable<StoredColumn> Kept(ParquetFile input, IReadOnlyList<string>? wanted)
    {
        string[] names = [.. wanted ?? [.. input.Footer.Columns.Select(column => column.Name)]];
        LoadingChecks.RequireOnce(names);
        foreach (string name in names)
        {
            StoredColumn column = input.Footer.Columns.FirstOrDefault(candidate => candidate.Name == name)
                ?? throw LoadingChecks.NoSuchColumn(name, input.Name, [.. input.Footer.Columns.Select(candidate => candidate.Name)]);
            yield return ParquetColumnCopy.CanCopy(column) ? column : throw new DataException(
                $"Column '{name}' in {input.Name} is of type {column.TypeName}, which cannot be copied; name the columns "
                    + "to keep with --columns.");
        }
    }

    private static void RequireNewNames(IReadOnlyList<NewColumn> newColumns, StoredColumn[] kept, string name)
    {
        NewColumn? taken = newColumns.FirstOrDefault(added => kept.Any(column => column.Name == added.Name));
        if (taken is not null)
        {
            throw new DataException(
                $"Column '{taken.Name}' is in {name} already; rename one of the two, or leave the old one out with --columns.");
        }
    }

    private void RequireMatching(IReadOnlyList<Array> values)
    {
        if (values.Count != _added.Length)
        {
            throw new ArgumentException($"{values.Count} arrays were given for {_added.Length} new columns.", nameof(values));
        }

        for (int i = 0; i < _added.Length; i++)
        {
            if (values[i].GetType().GetElementType() != _added[i].ValueType || values[i].Length != RowCounts[_nextRowGroup])
            {
                throw new ArgumentException(
                    $"Column '{_added[i].Name}' takes {RowCounts[_nextRowGroup]} values of {_added[i].ValueType.Name} for this row group, "
                        + $"but {values[i].Length} of {values[i].GetType().GetElementType()?.Name} were given.",
                    nameof(values));
            }
        }
    }
}
