using Microsoft.ML.Data;

namespace Microsoft.ML;

public sealed class DataOperationsCatalog
{
    private readonly LocalHost _host;

    internal DataOperationsCatalog(LocalHost host) => _host = host;

    public IDataView LoadFromEnumerable<TRow>(IEnumerable<TRow> data, SchemaDefinition schemaDefinition = null)
        where TRow : class
    {
        ArgumentNullException.ThrowIfNull(data);
        return new EnumerableView<TRow>(data, schemaDefinition);
    }

    public IEnumerable<TRow> CreateEnumerable<TRow>(
        IDataView data, bool reuseRowObject, bool ignoreMissingColumns = false, SchemaDefinition schemaDefinition = null)
        where TRow : class, new()
    {
        ArgumentNullException.ThrowIfNull(data);
        return Rows(data, new RowFiller<TRow>(data.Schema, ignoreMissingColumns, schemaDefinition), reuseRowObject);
    }

    public IDataView Cache(IDataView input, params string[] columnsToPrefetch) => CachedView.Of(input);

    public IDataView FilterRowsByColumn(
        IDataView input,
        string columnName,
        double lowerBound = double.NegativeInfinity,
        double upperBound = double.PositiveInfinity)
    {
        DataViewSchema.Column column = input.Schema[columnName];
        if (column.Type != NumberDataViewType.Single && column.Type != NumberDataViewType.Double)
        {
            throw Mismatch.Type("filter", columnName, "Single or Double", column.Type.ToString());
        }

        return new FilteredView(input, [column], row =>
        {
            Func<double> read = column.Type == NumberDataViewType.Single
                ? Reader<float>(row, column, value => value)
                : Reader<double>(row, column, value => value);
            return () => read() is var value && value >= lowerBound && value < upperBound;
        });
    }

    public IDataView TakeRows(IDataView input, long count)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        return new FilteredView(input, [], _ => Countdown(count, taken: true), canShuffle: false);
    }

    public IDataView SkipRows(IDataView input, long count)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        return new FilteredView(input, [], _ => Countdown(count, taken: false), canShuffle: false);
    }

    public TrainTestData TrainTestSplit(
        IDataView data, double testFraction = 0.1, string samplingKeyColumnName = null, int? seed = null)
    {
        CheckNoKey(samplingKeyColumnName);
        return new TrainTestData(
            Fold(data, Seed(seed), 0, testFraction, inside: false), Fold(data, Seed(seed), 0, testFraction, inside: true));
    }

    public IReadOnlyList<TrainTestData> CrossValidationSplit(
        IDataView data, int numberOfFolds = 5, string samplingKeyColumnName = null, int? seed = null)
    {
        CheckNoKey(samplingKeyColumnName);
        int chosen = Seed(seed);
        return Enumerable.Range(0, numberOfFolds)
            .Select(fold => (Low: (double)fold / numberOfFolds, High: (double)(fold + 1) / numberOfFolds))
            .Select(fold => new TrainTestData(
                Fold(data, chosen, fold.Low, fold.High, inside: false), Fold(data, chosen, fold.Low, fold.High, inside: true)))
            .ToArray();
    }

    private static IEnumerable<TRow> Rows<TRow>(IDataView data, RowFiller<TRow> filler, bool reuse)
        where TRow : class, new()
    {
        using DataViewRowCursor cursor = data.GetRowCursor(filler.Columns);
        Action<TRow> fill = filler.Bind(cursor);
        TRow row = null;
        while (cursor.MoveNext())
        {
            row = reuse && row != null ? row : new TRow();
            fill(row);
            yield return row;
        }
    }

    private static Func<double> Reader<T>(DataViewRow row, DataViewSchema.Column column, Func<T, double> widen)
    {
        ValueGetter<T> getter = row.GetGetter<T>(column);
        return () =>
        {
            T value = default;
            getter(ref value);
            return widen(value);
        };
    }

    private static Func<bool> Countdown(long count, bool taken) => () => count-- > 0 == taken;

    /// <summary>Rows whose draw, one for each row in order, falls in [low, high), or those whose draw does not.</summary>
    private static FilteredView Fold(IDataView data, int seed, double low, double high, bool inside)
        => new(
            data,
            [],
            _ =>
            {
                var random = new Random(seed);
                return () => random.NextDouble() is var draw && (draw >= low && draw < high) == inside;
            },
            canShuffle: false);

    private static void CheckNoKey(string column)
    {
        if (column != null)
        {
            throw new NotSupportedException("This stand-in of Microsoft.ML splits rows at random only, not by a key column.");
        }
    }

    private int Seed(int? seed) => seed ?? _host.Seed ?? Random.Shared.Next();

    public struct TrainTestData
    {
        public readonly IDataView TrainSet;
        public readonly IDataView TestSet;

        internal TrainTestData(IDataView trainSet, IDataView testSet)
        {
            TrainSet = trainSet;
            TestSet = testSet;
        }
    }
}
