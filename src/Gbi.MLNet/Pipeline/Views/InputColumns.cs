using Gbi.Events;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Gbi.Pipeline.Views;

/// <summary>Looks up columns by name and type, and says what is wrong where they do not fit.</summary>
internal static class InputColumns
{
    /// <summary>The column of that name and type.</summary>
    /// <exception cref="DataException">It is missing or of another type.</exception>
    public static DataViewSchema.Column Require(DataViewSchema schema, string name, DataViewType type)
    {
        DataViewSchema.Column column = schema.GetColumnOrNull(name)
            ?? throw Missing(name, schema.Where(present => !present.IsHidden).Select(present => present.Name));
        return column.Type.Equals(type) ? column : throw WrongType(name, column.Type.ToString(), type.ToString());
    }

    /// <summary>The size of a vector column of numbers.</summary>
    /// <exception cref="DataException">It is missing, no vector of Single, or of unknown size.</exception>
    public static InputColumn RequireVector(DataViewSchema schema, string name)
    {
        DataViewSchema.Column column = schema.GetColumnOrNull(name)
            ?? throw Missing(name, schema.Where(present => !present.IsHidden).Select(present => present.Name));
        return column.Type is VectorDataViewType { IsKnownSize: true } vector && vector.ItemType == NumberDataViewType.Single
            ? new InputColumn(name, vector.Size)
            : throw WrongType(name, column.Type.ToString(), VectorText);
    }

    /// <summary>A column of numbers: Single, or a vector of Single of known size.</summary>
    /// <exception cref="DataException">It is missing or of another type.</exception>
    public static InputColumn RequireNumbers(DataViewSchema schema, string name) =>
        schema.GetColumnOrNull(name)?.Type is VectorDataViewType
            ? RequireVector(schema, name)
            : new InputColumn(Require(schema, name, NumberDataViewType.Single).Name, 0);

    /// <summary>Requires a column of a shape to be Single, or a vector of Single of known size.</summary>
    /// <exception cref="DataException">It is missing or of another type.</exception>
    public static void RequireNumbers(SchemaShape shape, string name)
    {
        if (Find(shape, name).Kind == SchemaShape.Column.VectorKind.Scalar)
        {
            Require(shape, name, NumberDataViewType.Single);
        }
        else
        {
            RequireVector(shape, name);
        }
    }

    /// <summary>Requires a column of a shape to be a single value of <paramref name="type"/>.</summary>
    /// <exception cref="DataException">It is missing or of another type.</exception>
    public static void Require(SchemaShape shape, string name, DataViewType type)
    {
        SchemaShape.Column column = Find(shape, name);
        if (column.Kind != SchemaShape.Column.VectorKind.Scalar || column.IsKey || !column.ItemType.Equals(type))
        {
            throw WrongType(name, TypeText(column), type.ToString());
        }
    }

    /// <summary>Requires a column of a shape to be a vector of numbers of known size.</summary>
    /// <exception cref="DataException">It is missing or of another type.</exception>
    public static void RequireVector(SchemaShape shape, string name)
    {
        SchemaShape.Column column = Find(shape, name);
        if (column.Kind != SchemaShape.Column.VectorKind.Vector || column.IsKey
            || !column.ItemType.Equals(NumberDataViewType.Single))
        {
            throw WrongType(name, TypeText(column), VectorText);
        }
    }

    private const string VectorText = "a vector of Single of known size";

    private static SchemaShape.Column Find(SchemaShape shape, string name)
    {
        SchemaShape.Column column = shape.FirstOrDefault(present => present.Name == name);
        return column.Name is null ? throw Missing(name, shape.Select(present => present.Name)) : column;
    }

    private static DataException Missing(string name, IEnumerable<string> present) =>
        new($"There is no column '{name}'; the input has {string.Join(", ", present)}.");

    private static DataException WrongType(string name, string? found, string? expected) =>
        new($"Column '{name}' is {found}, expected {expected}; name another column or convert it before "
            + "(Transforms.Conversion.ConvertType, Transforms.Concatenate).");

    private static string TypeText(SchemaShape.Column column)
    {
        string item = column.IsKey ? $"Key<{column.ItemType}>" : $"{column.ItemType}";
        return column.Kind switch
        {
            SchemaShape.Column.VectorKind.Vector => $"Vector<{item}>",
            SchemaShape.Column.VectorKind.VariableVector => $"Vector<{item}> of unknown size",
            _ => item,
        };
    }
}
