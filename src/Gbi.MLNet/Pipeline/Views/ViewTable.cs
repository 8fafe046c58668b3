using Gbi.Events;
using Microsoft.ML;
using Microsoft.ML.Data;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Pipeline.Views;

/// <summary>Reads what a room learns from out of a view into a table of events: features, a flag, weights, the mass, targets.</summary>
internal sealed class ViewTable
{
    private readonly List<float>[] _features;
    private readonly List<bool> _labels = [];
    private readonly List<float> _masses = [];
    private readonly List<double> _weights = [];
    private readonly List<float> _targets = [];
    private readonly bool _hasWeights;

    private ViewTable(int featureCount, bool hasWeights)
    {
        _features = [.. Enumerable.Range(0, featureCount).Select(_ => new List<float>())];
        _hasWeights = hasWeights;
    }

    /// <summary>Names of the features in the table: the vector's own slot names, or its name and a number.</summary>
    public required string[] FeatureNames { get; init; }

    /// <summary>Name of the mass in the table.</summary>
    public const string Mass = "mass of the event";

    public bool[] Labels => [.. _labels];

    /// <summary>Values of the target columns, row by row.</summary>
    public float[] Targets => [.. _targets];

    /// <summary>Reads a view.</summary>
    /// <param name="input">The view; NaN in a feature is a missing value.</param>
    /// <param name="features">Vector column of features.</param>
    /// <param name="label">Boolean column, or null.</param>
    /// <param name="weight">Single column of weights, or null.</param>
    /// <param name="mass">Single column of the mass, or null.</param>
    /// <param name="keepsMass">Which masses are kept; null for all.</param>
    /// <param name="targets">Columns of numbers that must be finite, or null.</param>
    /// <exception cref="DataException">A column is missing or of another type, or a value is infinite.</exception>
    public static ViewTable Read(
        IDataView input,
        string features,
        string? label,
        string? weight,
        string? mass = null,
        Func<float, bool>? keepsMass = null,
        ColumnBinding? targets = null)
    {
        int width = InputColumns.RequireVector(input.Schema, features).Size;
        DataViewSchema.Column vector = input.Schema[features];
        DataViewSchema.Column? labels = Optional(input.Schema, label, BooleanDataViewType.Instance);
        DataViewSchema.Column? weights = Optional(input.Schema, weight, NumberDataViewType.Single);
        DataViewSchema.Column? masses = Optional(input.Schema, mass, NumberDataViewType.Single);
        DataViewSchema.Column[] targetColumns = targets?.Resolve(input.Schema) ?? [];
        var table = new ViewTable(width, weight is not null) { FeatureNames = FeatureNamesOf(vector, width) };
        IEnumerable<DataViewSchema.Column> needed = new[] { vector, labels, weights, masses }.OfType<DataViewSchema.Column>();
        using DataViewRowCursor cursor = input.GetRowCursor(needed.Concat(targetColumns));
        ValueGetter<VBuffer<float>> x = cursor.GetGetter<VBuffer<float>>(vector);
        ValueGetter<bool>? y = labels is { } l ? cursor.GetGetter<bool>(l) : null;
        ValueGetter<float>? w = weights is { } c ? cursor.GetGetter<float>(c) : null;
        ValueGetter<float>? m = masses is { } d ? cursor.GetGetter<float>(d) : null;
        InputReader t = InputReaders.Open(cursor, targetColumns, targets?.Inputs ?? []);
        VBuffer<float> buffer = default;
        float[] row = new float[width];
        float[] target = new float[targets?.Width ?? 0];
        float weightOf = 1;
        float massOf = 0;
        bool isNumerator = false;
        while (cursor.MoveNext())
        {
            m?.Invoke(ref massOf);
            if (keepsMass is not null && !keepsMass(massOf))
            {
                continue;
            }

            x(ref buffer);
            buffer.CopyTo(row);
            y?.Invoke(ref isNumerator);
            w?.Invoke(ref weightOf);
            t(target);
            RequireNotInfinite(features, row, cursor.Position);
            RequireFinite(weight, [weightOf], cursor.Position);
            RequireFinite(targets?.InputNames, target, cursor.Position);
            table.Add(row, isNumerator, weightOf, massOf);
            table._targets.AddRange(target);
        }

        return table;
    }

    /// <summary>The features, with the mass where it was read, and the weights where they were.</summary>
    public EventTable ToEvents()
    {
        List<KeyValuePair<string, ReadOnlyMemory<float>>> columns =
            [.. FeatureNames.Select((name, i) => KeyValuePair.Create(name, new ReadOnlyMemory<float>([.. _features[i]])))];
        columns.Add(KeyValuePair.Create(Mass, new ReadOnlyMemory<float>([.. _masses])));
        ReadOnlyMemory<double>? weights = null;
        if (_hasWeights)
        {
            weights = _weights.ToArray();
        }

        return new EventTable(columns, _masses.Count, weights);
    }

    /// <summary>Rows of features, shape [count × width], as the columns of a table.</summary>
    public static EventTable OfRows(ReadOnlyMemory<float> rows, int count, int width, IReadOnlyList<string> featureNames)
    {
        var columns = new KeyValuePair<string, ReadOnlyMemory<float>>[featureNames.Count];
        for (int feature = 0; feature < columns.Length; feature++)
        {
            float[] values = new float[count];
            for (int row = 0; row < count; row++)
            {
                values[row] = rows.Span[(row * width) + feature];
            }

            columns[feature] = KeyValuePair.Create(featureNames[feature], new ReadOnlyMemory<float>(values));
        }

        return new EventTable(columns, count);
    }

    private void Add(ReadOnlySpan<float> row, bool isNumerator, float weight, float mass)
    {
        for (int i = 0; i < _features.Length; i++)
        {
            _features[i].Add(row[i]);
        }

        _labels.Add(isNumerator);
        _weights.Add(weight);
        _masses.Add(mass);
    }

    private static void RequireNotInfinite(string? column, ReadOnlySpan<float> values, long row)
    {
        foreach (float value in values)
        {
            if (float.IsInfinity(value))
            {
                throw NotFinite(column, row);
            }
        }
    }

    private static void RequireFinite(string? column, ReadOnlySpan<float> values, long row)
    {
        foreach (float value in values)
        {
            if (!float.IsFinite(value))
            {
                throw NotFinite(column, row);
            }
        }
    }

    private static DataException NotFinite(string? column, long row) =>
        new(Text($"Column '{column}' is infinite or no number in row {row:N0}, expected a finite number; drop such rows before."));

    private static DataViewSchema.Column? Optional(DataViewSchema schema, string? name, DataViewType type) =>
        name is null ? null : InputColumns.Require(schema, name, type);

    /// <summary>The slot names of a vector column where they are complete and unique; otherwise null.</summary>
    public static string[]? SlotNames(DataViewSchema.Column column, int width)
    {
        string[] names = [];
        if (column.Annotations.Schema.GetColumnOrNull("SlotNames") is { Type: VectorDataViewType { ItemType: TextDataViewType } })
        {
            VBuffer<ReadOnlyMemory<char>> slots = default;
            column.Annotations.GetValue("SlotNames", ref slots);
            names = [.. slots.DenseValues().Select(slot => slot.ToString()).Where(name => name.Length > 0).Distinct()];
        }

        return names.Length == width ? names : null;
    }

    private static string[] FeatureNamesOf(DataViewSchema.Column column, int width) =>
        SlotNames(column, width) is { } names && !names.Contains(Mass)
            ? names
            : [.. Enumerable.Range(0, width).Select(slot => Text($"{column.Name}{slot}"))];
}
