using Gbi.Events;
using Gbi.Events.IO;
using Gbi.Events.IO.Parts;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Gbi.Pipeline.Views;

/// <summary>Which columns of a Parquet file a view has, and what counts as missing.</summary>
public sealed record ParquetViewOptions
{
    /// <summary>Columns of the view, in order; null for every column of numbers or truth values.</summary>
    public IReadOnlyList<string>? Columns { get; init; }

    /// <summary>Columns of numbers that become Boolean, true where the value is not 0: labels written as 0 and 1.</summary>
    public IReadOnlyList<string> BooleanColumns { get; init; } = [];

    /// <summary>
    /// Columns of integers, doubles or text that keep their type instead of becoming Single, such as event numbers above 2²⁴ and names; by
    /// <see cref="Columns"/> or in addition to the columns of numbers.
    /// </summary>
    public IReadOnlyList<string> ExactColumns { get; init; } = [];

    /// <summary>A number that stands for a missing value, such as −25, and becomes NaN; NaN declares NaN itself.</summary>
    public double? MissingValue { get; init; }
}

/// <summary>
/// A Parquet file as a view. A batch is a row group, so cursors of a set share no row group; shuffling puts the row groups and the
/// rows within each in a random order.
/// </summary>
internal sealed class ParquetView : IColumnView
{
    private readonly ParquetEventReader _reader;
    private readonly EventReadOptions _options;
    private readonly long[] _firstRows;

    private ParquetView(ParquetEventReader reader, DataViewSchema schema, EventReadOptions options)
    {
        _reader = reader;
        _options = options;
        Schema = schema;
        _firstRows = new long[reader.RowCounts.Count];
        for (int group = 1; group < _firstRows.Length; group++)
        {
            _firstRows[group] = _firstRows[group - 1] + reader.RowCounts[group - 1];
        }
    }

    public bool CanShuffle => true;

    public DataViewSchema Schema { get; }

    public static ParquetView Open(string path, ParquetViewOptions options)
    {
        var reader = new ParquetEventReader(path);
        Dictionary<string, ParquetColumn> present = reader.Columns.ToDictionary(column => column.Name, StringComparer.Ordinal);
        IEnumerable<string> names = options.Columns ?? [.. reader.Columns
            .Where(column => column.IsNumeric || options.ExactColumns.Contains(column.Name, StringComparer.Ordinal))
            .Select(column => column.Name)];
        var schema = new DataViewSchema.Builder();
        foreach (string name in names.Concat(options.ExactColumns).Distinct())
        {
            if (options.ExactColumns.Contains(name, StringComparer.Ordinal))
            {
                schema.AddColumn(name, ExactType(reader.ExactType(name) ?? throw new DataException(
                    $"Column '{name}' in {EventParts.NameOf(path)} is {present.GetValueOrDefault(name)?.TypeName ?? "not there"}, expected "
                        + "integers, float, double or text; leave it out of ExactColumns.")));
                continue;
            }

            if (!present.TryGetValue(name, out ParquetColumn? column) || !column.IsNumeric)
            {
                throw new DataException(
                    $"Column '{name}' in {EventParts.NameOf(path)} is {column?.TypeName ?? "not there"}, expected numbers; the file has "
                    + $"{string.Join(", ", reader.Columns.Where(other => other.IsNumeric).Select(other => other.Name))}.");
            }

            bool isBoolean = column.TypeName == "bool" || options.BooleanColumns.Contains(name, StringComparer.Ordinal);
            schema.AddColumn(name, isBoolean ? BooleanDataViewType.Instance : NumberDataViewType.Single);
        }

        return new ParquetView(reader, schema.ToSchema(), new EventReadOptions { MissingValue = options.MissingValue });
    }

    public long? GetRowCount() => _reader.RowCount;

    /// <summary>Row groups, read ahead; of columns of truth values there are none.</summary>
    public IEnumerable<ColumnBlock>? Blocks(IReadOnlyList<DataViewSchema.Column> columns) =>
        columns.Count > 0 && columns.All(column => column.Type == NumberDataViewType.Single)
            ? _reader.ReadRowGroups([.. columns.Select(column => column.Name).Distinct()], _options).Select(
                group => new ColumnBlock(group.Count, [.. columns.Select(column => group.Memory(column.Name))]))
            : null;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
        new ParquetCursor(this, columnsNeeded, OrderOfGroups(rand), rand);

    public DataViewRowCursor[] GetRowCursorSet(
        IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
    {
        DataViewSchema.Column[] columns = [.. columnsNeeded];
        int[] groups = OrderOfGroups(rand);
        int count = Math.Clamp(n, 1, Math.Max(1, groups.Length));

        // Every cursor draws from a generator of its own, because cursors run on threads of their own.
        return [.. Enumerable.Range(0, count).Select(cursor => new ParquetCursor(
            this, columns, groups, rand is null ? null : new Random(rand.Next()), cursor, count))];
    }

    /// <summary>Row group of the file with those columns.</summary>
    public EventTable Read(int group, IReadOnlyList<string> columns) => _reader.ReadRowGroup(group, columns, _options);

    /// <summary>Columns of a row group in their own types.</summary>
    public Array[] ReadExactly(int group, IEnumerable<string> columns) => _reader.ReadExactly(group, columns);

    public int RowCountOf(int group) => (int)_reader.RowCounts[group];

    public long FirstRowOf(int group) => _firstRows[group];

    private int[] OrderOfGroups(Random? random)
    {
        int[] groups = [.. Enumerable.Range(0, _reader.RowCounts.Count)];
        random?.Shuffle(groups);
        return groups;
    }

    private static DataViewType ExactType(Type type) => type == typeof(ReadOnlyMemory<char>) ? TextDataViewType.Instance
        : Type.GetTypeCode(type) switch
        {
            TypeCode.SByte => NumberDataViewType.SByte,
            TypeCode.Byte => NumberDataViewType.Byte,
            TypeCode.Int16 => NumberDataViewType.Int16,
            TypeCode.UInt16 => NumberDataViewType.UInt16,
            TypeCode.Int32 => NumberDataViewType.Int32,
            TypeCode.UInt32 => NumberDataViewType.UInt32,
            TypeCode.Int64 => NumberDataViewType.Int64,
            TypeCode.UInt64 => NumberDataViewType.UInt64,
            TypeCode.Double => NumberDataViewType.Double,
            _ => NumberDataViewType.Single,
        };
}
