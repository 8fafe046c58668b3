using Microsoft.ML;
using Microsoft.ML.Data;

namespace Gbi.Pipeline.Views;

/// <summary>
/// A view whose cursors throw <see cref="OperationCanceledException"/> once cancellation is requested, so that every reader of it stops: an
/// estimator of ours as well as a trainer of ML.NET, which takes no token.
/// </summary>
internal sealed class StoppableView : IDataView
{
    private readonly IDataView _source;
    private readonly CancellationToken _cancellation;

    private StoppableView(IDataView source, CancellationToken cancellation)
    {
        _source = source;
        _cancellation = cancellation;
    }

    public bool CanShuffle => _source.CanShuffle;

    public DataViewSchema Schema => _source.Schema;

    /// <summary>A view, stoppable where the token can be cancelled.</summary>
    /// <exception cref="OperationCanceledException">It is cancelled already.</exception>
    public static IDataView Of(IDataView source, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return cancellation.CanBeCanceled ? new StoppableView(source, cancellation) : source;
    }

    /// <summary>Runs what reads a stoppable view. Threads of ML.NET that read ahead wrap what stopped them in an exception of their own; it
    /// comes out as a cancellation.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static T Run<T>(Func<T> read, CancellationToken cancellation)
    {
        try
        {
            T result = read();
            cancellation.ThrowIfCancellationRequested();
            return result;
        }
        catch (Exception failure) when (cancellation.IsCancellationRequested && failure is not OperationCanceledException)
        {
            throw new OperationCanceledException("The fit was cancelled.", failure, cancellation);
        }
    }

    public long? GetRowCount() => _source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
        new Cursor(_source.GetRowCursor(columnsNeeded, rand), _cancellation);

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [.. _source.GetRowCursorSet(columnsNeeded, n, rand).Select(cursor => new Cursor(cursor, _cancellation))];

    private sealed class Cursor(DataViewRowCursor source, CancellationToken cancellation) : DataViewRowCursor
    {
        public override DataViewSchema Schema => source.Schema;

        public override long Position => source.Position;

        public override long Batch => source.Batch;

        public override bool MoveNext()
        {
            cancellation.ThrowIfCancellationRequested();
            return source.MoveNext();
        }

        public override bool IsColumnActive(DataViewSchema.Column column) => source.IsColumnActive(column);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => source.GetGetter<TValue>(column);

        public override ValueGetter<DataViewRowId> GetIdGetter() => source.GetIdGetter();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                source.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
