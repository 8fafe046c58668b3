using Gbi.Events.IO.Csv;
using Gbi.Events.IO.Footers;
using Gbi.Events.IO.RowGroups;

namespace Gbi.Events.IO.Appending;

/// <summary>
/// Copies a file of events column by column, row group by row group, and appends new columns: one row group in memory at a time. The output
/// is text where it is named so, otherwise Parquet. It appears under its name on <see cref="Complete"/>; disposing without it leaves
/// nothing behind. Copied values are equal; times are kept to 100 ns, and unannotated bytes of fixed length become bytes of any length.
/// </summary>
internal sealed class ColumnAppender : IDisposable
{
    private readonly StagedEvents _events;
    private readonly RowGroupReader _input;
    private readonly NewColumn[] _added;
    private readonly AppendTarget _output;
    private int _nextRowGroup;

    /// <summary>Opens the input and begins the output.</summary>
    /// <exception cref="DataException">
    /// The input is missing or damaged, has a column that is to be kept and cannot be copied, or one of the new names; or the output exists
    /// and may not be replaced, or cannot be written.
    /// </exception>
    public ColumnAppender(
        string inputPath, string outputPath, IReadOnlyList<NewColumn> newColumns, AppendOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(newColumns);
        options ??= new AppendOptions();
        LoadingChecks.RequireOnce([.. newColumns.Select(column => column.Name)]);
        _added = [.. newColumns];
        _events = StagedEvents.Of(inputPath, outputPath, options.Remark, cancellationToken);
        try
        {
            bool isText = options.IsText ?? TextNames.IsText(outputPath);
            (StoredColumn[] kept, LeftOut) = Kept(Source, options.KeepColumns, isText, _added);
            _input = Source.Open();
            try
            {
                _output = isText
                    ? new CsvTarget(outputPath, kept, newColumns, options.Terms)
                    : new ParquetTarget(outputPath, Source, kept, newColumns, options);
            }
            catch
            {
                _input.Dispose();
                throw;
            }
        }
        catch
        {
            _events.Dispose();
            throw;
        }
    }

    /// <summary>Number of rows of each row group of the input.</summary>
    public IReadOnlyList<long> RowCounts => Source.RowCounts;

    /// <summary>Columns of the input that cannot be copied and, where none are named to be kept, are left out.</summary>
    public IReadOnlyList<ParquetColumn> LeftOut { get; }

    private RowGroupSource Source => _events.Source;

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
    /// <returns>Columns of the input that cannot be copied and are left out.</returns>
    public static IReadOnlyList<ParquetColumn> Append(
        string inputPath, string outputPath, IReadOnlyList<string> features, IReadOnlyList<NewColumn> newColumns,
        Func<EventTable, Array[]> compute, AppendOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(compute);
        using var appender = new ColumnAppender(inputPath, outputPath, newColumns, options, cancellationToken);
        IEnumerable<EventTable> groups = new ParquetEventReader(appender.Source).ReadRowGroups(features, options?.Read, cancellationToken);
        foreach (Array[] values in ReadAhead.Of(groups.Select(compute)))
        {
            appender.AppendRowGroup(values, cancellationToken);
        }

        appender.Complete();
        return appender.LeftOut;
    }

    /// <summary>Refuses an input that cannot be scored or copied, before any work. Text is looked at when it is read.</summary>
    /// <exception cref="DataException">
    /// It is missing or damaged, lacks a feature, has a column that is to be kept and cannot be copied, or one of the new names.
    /// </exception>
    public static void Require(
        string inputPath, string outputPath, IReadOnlyList<string> features, IReadOnlyList<NewColumn> newColumns,
        IReadOnlyList<string>? keepColumns)
    {
        if (TableFile.IsText(inputPath))
        {
            return;
        }

        var source = RowGroupSource.Of(inputPath);
        foreach (string feature in features)
        {
            source.Find(feature, numeric: true);
        }

        Kept(source, keepColumns, TextNames.IsText(outputPath), newColumns);
    }

    /// <summary>Copies a file to another format, or parts to one file.</summary>
    /// <param name="inputPath">File, folder or glob to read.</param>
    /// <param name="outputPath">File to write.</param>
    /// <param name="options">Which columns are copied, and how the output is written.</param>
    /// <param name="cancellationToken">Stops the work; no output is left then.</param>
    /// <returns>The number of rows, and columns that cannot be copied and are left out.</returns>
    /// <exception cref="DataException">A file cannot be read or written, or a named column cannot be copied.</exception>
    public static (long Rows, IReadOnlyList<ParquetColumn> LeftOut) Copy(
        string inputPath, string outputPath, AppendOptions? options = null, CancellationToken cancellationToken = default)
    {
        using var appender = new ColumnAppender(inputPath, outputPath, [], options, cancellationToken);
        for (int group = 0; group < appender.RowCounts.Count; group++)
        {
            appender.AppendRowGroup([], cancellationToken);
        }

        appender.Complete();
        return (appender.RowCounts.Sum(), appender.LeftOut);
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
            throw new InvalidOperationException($"{Source.Name} has {RowCounts.Count} row groups, all of them written already.");
        }

        RequireMatching(values);
        int rowGroup = _nextRowGroup++;
        if (RowCounts[rowGroup] > 0)
        {
            _output.Write(_input, rowGroup, values, cancellationToken);
        }
    }

    /// <summary>Ends the output and gives it its name.</summary>
    /// <exception cref="InvalidOperationException">Row groups of the input are still to be written.</exception>
    public void Complete()
    {
        if (_nextRowGroup < RowCounts.Count)
        {
            throw new InvalidOperationException(
                $"Only {_nextRowGroup} of the {RowCounts.Count} row groups of {Source.Name} were written.");
        }

        _output.Complete();
    }

    /// <summary>Closes the input and throws away an output that was not completed.</summary>
    public void Dispose()
    {
        _output.Dispose();
        _input.Dispose();
        _events.Dispose();
    }

    /// <summary>The columns to copy, and those that cannot be copied and are left out.</summary>
    private static (StoredColumn[] Kept, IReadOnlyList<ParquetColumn> LeftOut) Kept(
        RowGroupSource source, IReadOnlyList<string>? wanted, bool isText, IReadOnlyList<NewColumn> added)
    {
        Func<StoredColumn, bool> canCopy = isText ? CsvColumn.IsText : ParquetColumnCopy.CanCopy;
        if (wanted is not null)
        {
            LoadingChecks.RequireOnce(wanted);
            return (RequireNewNames(source, added, [.. wanted.Select(source.Find).Select(column => canCopy(column) ? column
                : throw new DataException(
                    $"Column '{column.Name}' in {source.Name} is of type {column.TypeName}, which "
                        + $"{(isText ? "text cannot hold" : "cannot be copied")}; leave it out."))]), []);
        }

        // A column that is not in all parts is no less wanted than others: what is left out is only what no output can hold.
        StoredColumn[] all = [.. source.Columns.Where(canCopy).Select(column => source.Find(column.Name))];
        return all.Length > 0 || added.Count > 0
            ? (RequireNewNames(source, added, all), [.. source.Columns.Where(column => !canCopy(column)).Select(ParquetColumn.Of)])
            : throw new DataException(
                $"{source.Name} has no column that {(isText ? "text" : "the output")} can hold: all are nested or of types such as bytes.");
    }

    private static StoredColumn[] RequireNewNames(RowGroupSource source, IReadOnlyList<NewColumn> newColumns, StoredColumn[] kept)
    {
        NewColumn? taken = newColumns.FirstOrDefault(added => kept.Any(column => column.Name == added.Name));
        return taken is null ? kept : throw new DataException(
            $"Column '{taken.Name}' is in {source.Name} already; rename one of the two, or leave the old one out with --columns.");
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
