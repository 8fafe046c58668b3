namespace Gbi.Events;

/// <summary>
/// A set of events: named single-precision columns of equal length and, optionally, double-precision weights. The only carrier
/// of data between rooms. Immutable; copies share the columns. NaN in a column is a missing value: readers turn a declared
/// missing value into NaN and refuse a NaN that was not declared.
/// </summary>
public sealed class EventTable
{
    private readonly Dictionary<string, ReadOnlyMemory<float>> _columns;
    private readonly ReadOnlyMemory<double>? _weights;

    /// <summary>A table over existing columns, which are not copied.</summary>
    /// <exception cref="ArgumentException">Lengths disagree or a name occurs twice; the message names both.</exception>
    public EventTable(
        IEnumerable<KeyValuePair<string, ReadOnlyMemory<float>>> columns, int count, ReadOnlyMemory<double>? weights = null)
    {
        ArgumentNullException.ThrowIfNull(columns);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        _columns = new Dictionary<string, ReadOnlyMemory<float>>(StringComparer.Ordinal);
        var names = new List<string>();
        foreach ((string name, ReadOnlyMemory<float> values) in columns)
        {
            RequireLength(values.Length, count, $"Column '{name}'");
            if (!_columns.TryAdd(name, values))
            {
                throw new ArgumentException($"Column '{name}' occurs twice in the table.", nameof(columns));
            }

            names.Add(name);
        }

        if (weights is { } given)
        {
            RequireLength(given.Length, count, "The weight column");
        }

        ColumnNames = names;
        Count = count;
        _weights = weights;
    }

    /// <summary>A table over arrays: (name, values) pairs of equal length.</summary>
    public static EventTable FromColumns(params (string Name, float[] Values)[] columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        return new EventTable(
            columns.Select(column => KeyValuePair.Create(column.Name, new ReadOnlyMemory<float>(column.Values))),
            columns.Length == 0 ? 0 : columns[0].Values.Length);
    }

    /// <summary>Names of the columns, in order.</summary>
    public IReadOnlyList<string> ColumnNames { get; }

    /// <summary>Number of events.</summary>
    public int Count { get; }

    /// <summary>Whether events carry weights of their own; otherwise each counts 1.</summary>
    public bool HasWeights => _weights is not null;

    /// <summary>The weights, one per event; empty where <see cref="HasWeights"/> is false.</summary>
    public ReadOnlySpan<double> Weights => _weights is { } weights ? weights.Span : default;

    /// <summary>Values of a column.</summary>
    /// <exception cref="DataException">There is no such column; the message lists the columns.</exception>
    public ReadOnlySpan<float> this[string name] => Memory(name).Span;

    /// <summary>Values of a column, as memory that outlives the call.</summary>
    /// <exception cref="DataException">There is no such column; the message lists the columns.</exception>
    public ReadOnlyMemory<float> Memory(string name) => _columns.TryGetValue(name, out ReadOnlyMemory<float> values)
        ? values
        : throw new DataException($"There is no column '{name}'; the table has {string.Join(", ", ColumnNames)}.");

    /// <summary>Weight of one event; 1 where the table has none.</summary>
    public double Weight(int row) => _weights is { } weights ? weights.Span[row] : 1;

    /// <summary>Σ wᵢ.</summary>
    public double SumOfWeights => _weights is { } weights ? Sum(weights.Span) : Count;

    /// <summary>The chosen events, in the given order.</summary>
    public EventTable Select(ReadOnlySpan<int> rows)
    {
        int[] chosen = rows.ToArray();
        var columns = ColumnNames.Select(name => KeyValuePair.Create(name, Gather(_columns[name], chosen)));
        ReadOnlyMemory<double>? chosenWeights = _weights is { } weights ? Gather(weights, chosen) : (ReadOnlyMemory<double>?)null;
        return new EventTable([.. columns], chosen.Length, chosenWeights);
    }

    /// <summary>A range of consecutive events, which shares memory with this table.</summary>
    public EventTable Slice(int start, int count) => new(
        _columns.Count == 0 ? [] : ColumnNames.Select(name => KeyValuePair.Create(name, _columns[name].Slice(start, count))),
        count,
        _weights?.Slice(start, count));

    /// <summary>The same events with other weights; null for none.</summary>
    public EventTable WithWeights(ReadOnlyMemory<double>? weights) =>
        new(ColumnNames.Select(name => KeyValuePair.Create(name, _columns[name])), Count, weights);

    /// <summary>The same events with one more column.</summary>
    public EventTable WithColumn(string name, ReadOnlyMemory<float> values) => new(
        ColumnNames.Select(column => KeyValuePair.Create(column, _columns[column])).Append(KeyValuePair.Create(name, values)),
        Count,
        _weights);

    /// <summary>The same events with the columns of a table of equal length behind theirs; a column of the same name is an error.</summary>
    internal EventTable Beside(EventTable other) => new(
        [
            .. ColumnNames.Select(name => KeyValuePair.Create(name, _columns[name])),
            .. other.ColumnNames.Select(name => KeyValuePair.Create(name, other._columns[name])),
        ],
        Count,
        _weights);

    /// <summary>The same events with these columns alone.</summary>
    /// <exception cref="DataException">There is no such column; the message lists the columns.</exception>
    public EventTable WithColumns(IReadOnlyList<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        return new(names.Select(name => KeyValuePair.Create(name, Memory(name))), Count, _weights);
    }

    /// <summary>The events of this table followed by those of another, with the columns of this table; the other must have them.</summary>
    public EventTable Append(EventTable other)
    {
        ArgumentNullException.ThrowIfNull(other);
        int count = Count + other.Count;
        var columns = ColumnNames.Select(name => KeyValuePair.Create(name, Join(Memory(name), other.Memory(name)))).ToArray();
        if (!HasWeights && !other.HasWeights)
        {
            return new EventTable(columns, count);
        }

        double[] weights = new double[count];
        for (int row = 0; row < count; row++)
        {
            weights[row] = row < Count ? Weight(row) : other.Weight(row - Count);
        }

        return new EventTable(columns, count, weights);
    }

    private static ReadOnlyMemory<float> Join(ReadOnlyMemory<float> first, ReadOnlyMemory<float> second)
    {
        float[] joined = new float[first.Length + second.Length];
        first.CopyTo(joined);
        second.CopyTo(joined.AsMemory(first.Length));
        return joined;
    }

    private static ReadOnlyMemory<T> Gather<T>(ReadOnlyMemory<T> values, int[] rows)
    {
        T[] chosen = new T[rows.Length];
        ReadOnlySpan<T> source = values.Span;
        for (int i = 0; i < rows.Length; i++)
        {
            chosen[i] = source[rows[i]];
        }

        return chosen;
    }

    /// <summary>So many rows, evenly out of all.</summary>
    internal static int[] EvenRows(int count, int most) => count <= most
        ? [.. Enumerable.Range(0, count)]
        : [.. Enumerable.Range(0, most).Select(i => (int)((long)i * count / most))];

    private static double Sum(ReadOnlySpan<double> values)
    {
        double sum = 0;
        foreach (double value in values)
        {
            sum += value;
        }

        return sum;
    }

    private static void RequireLength(int found, int expected, string what)
    {
        if (found != expected)
        {
            throw new ArgumentException($"{what} has {found} values, expected {expected}: one per event.");
        }
    }
}
