using Gbi.Events.IO.Footers;
using Gbi.Events.IO.Pages;
using Gbi.Events.IO.RowGroups;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Events.IO;

/// <summary>
/// Reads events from a Parquet file, whole or by row group, and only the requested columns, in parallel. Numbers of every type become
/// features (float) or weights (double); nulls become missing values (NaN). A folder of parts, or a glob such as <c>events/*.parquet</c>,
/// is read as one file: parts in ordinal order of their paths without those that begin with _ or ., columns by their names, a folder
/// <c>year=2016</c> as the column <c>year</c> of its parts. Holds no open file between calls.
/// </summary>
public sealed class ParquetEventReader
{
    private readonly RowGroupSource _source;

    /// <summary>Reads the schema of a file, or of all parts of a folder or a glob.</summary>
    /// <exception cref="DataException">A file is missing, no Parquet file, or damaged; or there are no parts.</exception>
    public ParquetEventReader(string path)
        : this(RowGroupSource.Of(path))
    {
    }

    internal ParquetEventReader(RowGroupSource source)
    {
        _source = source;
        Columns = [.. source.Columns.Select(ParquetColumn.Of)];
    }

    /// <summary>Columns of the file, nested ones too, in order.</summary>
    public IReadOnlyList<ParquetColumn> Columns { get; }

    /// <summary>Key-value metadata of the file.</summary>
    public IReadOnlyDictionary<string, string> Metadata => _source.Metadata;

    /// <summary>Number of rows.</summary>
    public long RowCount => _source.RowCount;

    /// <summary>Number of rows of each row group.</summary>
    public IReadOnlyList<long> RowCounts => _source.RowCounts;

    /// <summary>Reads the features, mass and weight of a schema, all events.</summary>
    /// <exception cref="DataException">See <see cref="Read(IReadOnlyList{string}, EventReadOptions?, CancellationToken)"/>.</exception>
    public static EventTable Read(string path, EventSchema schema, CancellationToken cancellationToken = default) =>
        new ParquetEventReader(path).Read(Observables(schema), EventReadOptions.For(schema), cancellationToken);

    /// <summary>Reads columns of all row groups into one table.</summary>
    /// <exception cref="DataException">
    /// A column is unknown, not numeric or unreadable; a value is NaN or infinite (count and first row in the message); there are no
    /// events; the sum of weights is not above 0.
    /// </exception>
    public EventTable Read(IReadOnlyList<string> columns, EventReadOptions? options = null, CancellationToken cancellationToken = default)
    {
        LoadingChecks.RequireOnce(columns);
        options ??= new EventReadOptions();
        if (RowCount > Array.MaxLength)
        {
            throw new DataException(Text(
                $"{_source.Name} has {RowCount:N0} events, more than one table holds ({Array.MaxLength:N0}); read it by row group."));
        }

        using RowGroupReader file = _source.Open();
        StoredColumn[] stored = TableBuffer.Find(file, columns, options, null, cancellationToken);
        var table = new TableBuffer(columns, (int)RowCount, options);
        var found = new NonFinite[RowCounts.Count, table.Width];
        int items = RowCounts.Count * table.Width;
        int workers = Math.Clamp(options.Threads, 1, Math.Max(1, items));
        int next = -1;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task[] tasks = [.. Enumerable.Range(0, workers).Select(_ => Task.Run(Work, CancellationToken.None))];
        WaitAll(tasks);
        for (int column = 0; column < table.Width; column++)
        {
            NonFinite total = default;
            for (int group = 0; group < RowCounts.Count; group++)
            {
                total += found[group, column];
            }

            LoadingChecks.RequireFinite(table.Name(column), _source.Name, total, options, table.IsWeight(column), _source.RowName);
        }

        return LoadingChecks.RequireEvents(table.ToTable(), _source.Name, options.WeightColumn);

        void Work()
        {
            try
            {
                for (int item = Interlocked.Increment(ref next); item < items; item = Interlocked.Increment(ref next))
                {
                    stop.Token.ThrowIfCancellationRequested();
                    (int group, int column) = Math.DivRem(item, table.Width);
                    long first = _source.FirstRows[group];
                    var part = new RowGroupPart(file, group, (int)first, (int)RowCounts[group], first);
                    found[group, column] = table.Read(part, stored[column], column, stop.Token);
                }
            }
            catch
            {
                stop.Cancel();
                throw;
            }
        }
    }

    /// <summary>
    /// Reads the row groups as tables, in order; at most <see cref="EventReadOptions.Threads"/> of them are in memory. Checks as
    /// <see cref="Read(IReadOnlyList{string}, EventReadOptions?, CancellationToken)"/> makes them, but for each row group and without the
    /// sum of weights.
    /// </summary>
    public IEnumerable<EventTable> ReadRowGroups(
        IReadOnlyList<string> columns, EventReadOptions? options = null, CancellationToken cancellationToken = default)
    {
        LoadingChecks.RequireOnce(columns);
        return Stream(columns, options ?? new EventReadOptions(), cancellationToken);
    }

    /// <summary>Reads one row group as a table. Checks as <see cref="ReadRowGroups"/> makes them. May be called from several threads at
    /// once.</summary>
    /// <param name="rowGroup">Number of the row group, from 0.</param>
    /// <param name="columns">Columns to read; with none, the table has only a count.</param>
    /// <param name="options">How to read.</param>
    /// <param name="cancellationToken">Stops between columns.</param>
    /// <exception cref="DataException">See <see cref="ReadRowGroups"/>.</exception>
    public EventTable ReadRowGroup(
        int rowGroup, IReadOnlyList<string> columns, EventReadOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rowGroup);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(rowGroup, RowCounts.Count);
        LoadingChecks.RequireOnce(columns);
        return ReadGroup(rowGroup, columns, options ?? new EventReadOptions(), cancellationToken);
    }

    /// <summary>Type of the arrays that <see cref="ReadExactly"/> gives for a column; null where it cannot be read so.</summary>
    internal Type? ExactType(string column) =>
        _source.Columns.FirstOrDefault(candidate => candidate.Name == column) is { } stored ? ExactColumn.TypeOf(stored) : null;

    /// <summary>Reads columns of a row group in their own types.</summary>
    /// <exception cref="DataException">One is damaged, or has nulls where its type has no value for them.</exception>
    internal Array[] ReadExactly(int rowGroup, IEnumerable<string> columns)
    {
        using RowGroupReader file = _source.Open();
        return [.. columns.Select(column => ExactColumn.Read(file, rowGroup, _source.Find(column, numeric: false)))];
    }

    internal static T Wait<T>(Task<T> task) => task.GetAwaiter().GetResult();

    internal static void Wait(Task task) => task.GetAwaiter().GetResult();

    private static IReadOnlyList<string> Observables(EventSchema schema)
    {
        ArgumentNullException.ThrowIfNull(schema);
        return schema.Observables;
    }

    private IEnumerable<EventTable> Stream(IReadOnlyList<string> columns, EventReadOptions options, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var ahead = new Queue<Task<EventTable>>();
        int started = 0;
        try
        {
            for (int group = 0; group < RowCounts.Count; group++)
            {
                for (; started < RowCounts.Count && ahead.Count < options.Threads; started++)
                {
                    int wanted = started;
                    ahead.Enqueue(Task.Run(() => ReadGroup(wanted, columns, options, stop.Token), CancellationToken.None));
                }

                yield return Wait(ahead.Dequeue());
            }
        }
        finally
        {
            stop.Cancel();
            foreach (Task<EventTable> task in ahead)
            {
                ((IAsyncResult)task).AsyncWaitHandle.WaitOne();
            }
        }
    }

    private EventTable ReadGroup(
        int group, IReadOnlyList<string> columns, EventReadOptions options, CancellationToken cancellationToken)
    {
        using RowGroupReader file = _source.Open();
        StoredColumn[] stored = TableBuffer.Find(file, columns, options, group, cancellationToken);
        int rows = (int)RowCounts[group];
        var table = new TableBuffer(columns, rows, options);
        var part = new RowGroupPart(file, group, 0, rows, _source.FirstRows[group]);
        for (int column = 0; column < table.Width; column++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            NonFinite found = table.Read(part, stored[column], column, cancellationToken);
            LoadingChecks.RequireFinite(table.Name(column), _source.Name, found, options, table.IsWeight(column), _source.RowName);
        }

        return table.ToTable();
    }

    // The first failure that is not the cancellation it caused in the other workers.
    private static void WaitAll(Task[] tasks)
    {
        try
        {
            Task.WaitAll(tasks, CancellationToken.None);
        }
        catch (AggregateException all)
        {
            Exception first = all.InnerExceptions.FirstOrDefault(one => one is not OperationCanceledException) ?? all.InnerExceptions[0];
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(first);
        }
    }
}
