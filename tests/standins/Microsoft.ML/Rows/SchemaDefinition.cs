using System.Reflection;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property, AllowMultiple = false, Inherited = true)]
public sealed class ColumnNameAttribute : Attribute
{
    public ColumnNameAttribute(string name) => Name = name;

    internal string Name { get; }
}

[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property, AllowMultiple = false, Inherited = true)]
public sealed class VectorTypeAttribute : Attribute
{
    public VectorTypeAttribute()
    {
    }

    public VectorTypeAttribute(int size)
        : this([size])
    {
    }

    public VectorTypeAttribute(params int[] dimensions) => Dims = dimensions.Any(dimension => dimension < 0)
        ? throw new ArgumentOutOfRangeException(nameof(dimensions))
        : dimensions;

    internal int[] Dims { get; }
}

[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property, AllowMultiple = false, Inherited = true)]
public sealed class NoColumnAttribute : Attribute
{
}

[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property, AllowMultiple = false, Inherited = true)]
public sealed class KeyTypeAttribute : Attribute
{
    public KeyTypeAttribute(ulong count) => Count = count;

    internal ulong Count { get; }
}

public sealed class SchemaDefinition : List<SchemaDefinition.Column>
{
    private SchemaDefinition()
    {
    }

    [Flags]
    public enum Direction
    {
        Read = 1,
        Write = 2,
        Both = Read | Write,
    }

    public Column this[string columnName]
    {
        get => this.FirstOrDefault(column => column.ColumnName == columnName);
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            int index = FindIndex(column => column.ColumnName == columnName);
            if (index >= 0)
            {
                this[index] = value;
            }
            else
            {
                Add(value);
            }
        }
    }

    public static SchemaDefinition Create(Type userType, Direction direction = Direction.Both)
    {
        const BindingFlags open = BindingFlags.Public | BindingFlags.Instance;
        IEnumerable<MemberInfo> properties = userType.GetProperties(open).Where(property =>
            property.GetIndexParameters().Length == 0
            && ((direction.HasFlag(Direction.Read) && property.GetGetMethod() != null)
                || (direction.HasFlag(Direction.Write) && property.GetSetMethod() != null)));
        var definition = new SchemaDefinition();
        foreach (MemberInfo member in userType.GetFields(open).Where(field => !field.IsLiteral).Concat(properties))
        {
            Type type = MemberType(member);
            if (type == typeof(IChannel) || member.IsDefined(typeof(NoColumnAttribute)))
            {
                continue;
            }

            string name = member.GetCustomAttribute<ColumnNameAttribute>()?.Name ?? member.Name;
            if (definition.Any(column => column.ColumnName == name))
            {
                throw new ArgumentOutOfRangeException(nameof(userType), $"{userType} has two members for column '{name}'.");
            }

            definition.Add(new Column(member.Name, ColumnTypeOf(member, type), name));
        }

        return definition;
    }

    internal static Type MemberType(MemberInfo member)
        => member is FieldInfo field ? field.FieldType : ((PropertyInfo)member).PropertyType;

    internal static Type ItemType(Type type, out bool isVector)
    {
        isVector = type.IsArray || (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(VBuffer<>));
        return !isVector ? type : type.IsArray ? type.GetElementType() : type.GetGenericArguments()[0];
    }

    private static DataViewType ColumnTypeOf(MemberInfo member, Type type)
    {
        Type item = ItemType(type, out bool isVector);
        PrimitiveDataViewType primitive = TypeMap.PrimitiveOrNull(item)
            ?? throw new ArgumentOutOfRangeException(nameof(member), $"Member {member.Name} of type {type} has no data view type.");
        if (member.GetCustomAttribute<KeyTypeAttribute>() is { } key)
        {
            primitive = new KeyDataViewType(item, key.Count);
        }

        int[] dimensions = member.GetCustomAttribute<VectorTypeAttribute>()?.Dims;
        if (!isVector)
        {
            return dimensions == null
                ? primitive
                : throw new ArgumentOutOfRangeException(nameof(member), $"Member {member.Name} has a VectorType but is no vector.");
        }

        return dimensions is { Length: > 0 }
            ? new VectorDataViewType(primitive, dimensions)
            : new VectorDataViewType(primitive, 0);
    }

    public sealed class Column
    {
        internal Column(string memberName, DataViewType columnType, string columnName)
        {
            MemberName = memberName;
            ColumnType = columnType;
            ColumnName = columnName;
        }

        public string MemberName { get; }

        public string ColumnName { get; set; }

        public DataViewType ColumnType { get; set; }
    }
}
