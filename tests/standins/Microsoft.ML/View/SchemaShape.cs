using System.Collections;
using Microsoft.ML.Data;

namespace Microsoft.ML;

public sealed class SchemaShape : IReadOnlyList<SchemaShape.Column>
{
    private static readonly SchemaShape Empty = new([]);
    private readonly Column[] _columns;

    public SchemaShape(IEnumerable<Column> columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        _columns = columns.ToArray();
        if (_columns.Any(column => column.Name == null))
        {
            throw new ArgumentOutOfRangeException(nameof(columns), "A column of the shape was never initialised.");
        }
    }

    public int Count => _columns.Length;

    public Column this[int index] => _columns[index];

    public IEnumerator<Column> GetEnumerator() => ((IEnumerable<Column>)_columns).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal static SchemaShape Create(DataViewSchema schema) => new(schema
        .Where(column => !column.IsHidden)
        .Select(column => Column.Of(column.Name, column.Type, Create(column.Annotations.Schema))));

    internal bool TryFind(string name, out Column column)
    {
        column = _columns.FirstOrDefault(candidate => candidate.Name == name);
        return column.Name != null;
    }

    internal Column Find(string role, string name) => TryFind(name, out Column column)
        ? column
        : throw Mismatch.Missing(role, name);

    /// <summary>This shape with columns set, in the place of a same-named one or at the end.</summary>
    internal SchemaShape With(params Column[] columns)
    {
        Dictionary<string, Column> result = _columns.ToDictionary(column => column.Name);
        foreach (Column column in columns)
        {
            result[column.Name] = column;
        }

        return new SchemaShape(result.Values);
    }

    public struct Column
    {
        public readonly string Name;
        public readonly VectorKind Kind;
        public readonly DataViewType ItemType;
        public readonly bool IsKey;
        public readonly SchemaShape Annotations;

        internal Column(string name, VectorKind kind, DataViewType itemType, bool isKey, SchemaShape annotations = null)
        {
            Name = name;
            Kind = kind;
            ItemType = itemType;
            IsKey = isKey;
            Annotations = annotations ?? Empty;
        }

        public enum VectorKind
        {
            Scalar,
            Vector,
            VariableVector,
        }

        internal static Column Of(string name, DataViewType type, SchemaShape annotations = null)
        {
            var vector = type as VectorDataViewType;
            VectorKind kind = vector == null ? VectorKind.Scalar
                : vector.IsKnownSize ? VectorKind.Vector : VectorKind.VariableVector;
            DataViewType item = vector?.ItemType ?? type;
            return item is KeyDataViewType
                ? new Column(name, kind, TypeMap.Primitive(item.RawType), true, annotations)
                : new Column(name, kind, item, false, annotations);
        }

        internal Column Renamed(string name) => new(name, Kind, ItemType, IsKey, Annotations);

        internal bool Accepts(Column source)
            => Kind == source.Kind && ItemType.Equals(source.ItemType) && IsKey == source.IsKey;

        internal string TypeText()
        {
            string item = IsKey ? $"Key<{ItemType}>" : ItemType.ToString();
            return Kind switch
            {
                VectorKind.Vector => $"Vector<{item}>",
                VectorKind.VariableVector => $"VarVector<{item}>",
                _ => item,
            };
        }
    }
}

internal static class Mismatch
{
    public static Exception Missing(string role, string name)
        => new ArgumentOutOfRangeException("inputSchema", $"The input has no {role} column '{name}'.");

    public static Exception Type(string role, string name, string expected, string found)
        => new ArgumentOutOfRangeException(
            "inputSchema", $"The {role} column '{name}' is {found}, where {expected} is needed.");
}
