using System.Linq.Expressions;
using System.Reflection;
using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>A field or property of a row class as a column: how it is read into, and filled from, data view values.</summary>
internal sealed class Member<TRow>
{
    private readonly MemberInfo _info;
    private readonly Type _type;

    private Member(SchemaDefinition.Column definition)
    {
        _info = (MemberInfo)typeof(TRow).GetField(definition.MemberName) ?? typeof(TRow).GetProperty(definition.MemberName)
            ?? throw new ArgumentOutOfRangeException(nameof(definition), $"{typeof(TRow)} has no member {definition.MemberName}.");
        _type = SchemaDefinition.MemberType(_info);
        Name = string.IsNullOrEmpty(definition.ColumnName) ? definition.MemberName : definition.ColumnName;
        Type item = SchemaDefinition.ItemType(_type, out bool isVector);
        Type raw = item == typeof(string) ? typeof(ReadOnlyMemory<char>) : item;
        Type = definition.ColumnType;
        if (isVector != Type is VectorDataViewType || ((Type as VectorDataViewType)?.ItemType ?? Type).RawType != raw)
        {
            throw new ArgumentOutOfRangeException(
                nameof(definition), $"Column '{Name}' is defined as {Type}, but member {_info.Name} is {_type}.");
        }
    }

    public string Name { get; }

    public DataViewType Type { get; }

    public static Member<TRow>[] All(SchemaDefinition definition, SchemaDefinition.Direction direction)
        => (definition ?? SchemaDefinition.Create(typeof(TRow), direction)).Select(column => new Member<TRow>(column)).ToArray();

    public static DataViewSchema Schema(Member<TRow>[] members)
    {
        var schema = new DataViewSchema.Builder();
        foreach (Member<TRow> member in members)
        {
            schema.AddColumn(member.Name, member.Type);
        }

        return schema.ToSchema();
    }

    /// <summary>A <see cref="ValueGetter{TValue}"/> that reads the member of the row that <paramref name="row"/> gives.</summary>
    public Delegate Getter(Func<TRow> row)
    {
        ParameterExpression instance = Expression.Parameter(typeof(TRow));
        Delegate read = Expression.Lambda(Expression.MakeMemberAccess(instance, _info), instance).Compile();
        Type item = SchemaDefinition.ItemType(_type, out bool isVector);
        string name = (isVector, _type.IsArray, item == typeof(string)) switch
        {
            (false, _, true) => nameof(Text),
            (false, _, false) => nameof(Direct),
            (true, true, true) => nameof(Texts),
            (true, true, false) => nameof(Array),
            _ => nameof(Buffer),
        };
        return (Delegate)TypeMap.Call(typeof(Member<TRow>), name, item, read, row);
    }

    /// <summary>An action that fills the member of a row object from a data view row, or an error if the types differ.</summary>
    public Action<TRow> Filler(DataViewRow source, DataViewSchema.Column column)
    {
        CheckType(column);
        ParameterExpression instance = Expression.Parameter(typeof(TRow));
        ParameterExpression value = Expression.Parameter(_type);
        Delegate write = Expression.Lambda(
            typeof(Action<,>).MakeGenericType(typeof(TRow), _type),
            Expression.Assign(Expression.MakeMemberAccess(instance, _info), value),
            instance,
            value).Compile();
        Type item = SchemaDefinition.ItemType(_type, out bool isVector);
        string name = (isVector, _type.IsArray, item == typeof(string)) switch
        {
            (false, _, true) => nameof(FillText),
            (false, _, false) => nameof(FillDirect),
            (true, true, true) => nameof(FillTexts),
            (true, true, false) => nameof(FillArray),
            _ => nameof(FillBuffer),
        };
        return (Action<TRow>)TypeMap.Call(typeof(Member<TRow>), name, item, write, source, column);
    }

    public void CheckType(DataViewSchema.Column column)
    {
        var wanted = Type as VectorDataViewType;
        var found = column.Type as VectorDataViewType;
        if ((wanted == null) != (found == null)
            || (wanted?.ItemType ?? Type).RawType != (found?.ItemType ?? column.Type).RawType)
        {
            throw new InvalidOperationException(
                $"Column '{column.Name}' is {column.Type} and cannot fill member {_info.Name} of type {_type}.");
        }
    }

    private static ValueGetter<T> Direct<T>(Func<TRow, T> read, Func<TRow> row) => (ref T value) => value = read(row());

    private static ValueGetter<ReadOnlyMemory<char>> Text<T>(Func<TRow, string> read, Func<TRow> row)
        => (ref ReadOnlyMemory<char> value) => value = read(row()).AsMemory();

    private static ValueGetter<VBuffer<T>> Buffer<T>(Func<TRow, VBuffer<T>> read, Func<TRow> row)
        => (ref VBuffer<T> value) => read(row()).CopyTo(ref value);

    private static ValueGetter<VBuffer<T>> Array<T>(Func<TRow, T[]> read, Func<TRow> row)
        => (ref VBuffer<T> value) =>
        {
            T[] source = read(row()) ?? [];
            VBuffer<T>.Copy(source, 0, ref value, source.Length);
        };

    private static ValueGetter<VBuffer<ReadOnlyMemory<char>>> Texts<T>(Func<TRow, string[]> read, Func<TRow> row)
        => (ref VBuffer<ReadOnlyMemory<char>> value) =>
        {
            ReadOnlyMemory<char>[] source = [.. (read(row()) ?? []).Select(text => text.AsMemory())];
            value = new VBuffer<ReadOnlyMemory<char>>(source.Length, source);
        };

    private static Action<TRow> FillDirect<T>(Action<TRow, T> write, DataViewRow source, DataViewSchema.Column column)
    {
        ValueGetter<T> getter = source.GetGetter<T>(column);
        T value = default;
        return row =>
        {
            getter(ref value);
            write(row, value);
        };
    }

    private static Action<TRow> FillText<T>(Action<TRow, string> write, DataViewRow source, DataViewSchema.Column column)
    {
        ValueGetter<ReadOnlyMemory<char>> getter = source.GetGetter<ReadOnlyMemory<char>>(column);
        ReadOnlyMemory<char> value = default;
        return row =>
        {
            getter(ref value);
            write(row, value.ToString());
        };
    }

    private static Action<TRow> FillBuffer<T>(Action<TRow, VBuffer<T>> write, DataViewRow source, DataViewSchema.Column column)
    {
        ValueGetter<VBuffer<T>> getter = source.GetGetter<VBuffer<T>>(column);
        return row =>
        {
            VBuffer<T> value = default;
            getter(ref value);
            write(row, value);
        };
    }

    private static Action<TRow> FillArray<T>(Action<TRow, T[]> write, DataViewRow source, DataViewSchema.Column column)
    {
        ValueGetter<VBuffer<T>> getter = source.GetGetter<VBuffer<T>>(column);
        VBuffer<T> value = default;
        return row =>
        {
            getter(ref value);
            write(row, value.DenseValues().ToArray());
        };
    }

    private static Action<TRow> FillTexts<T>(Action<TRow, string[]> write, DataViewRow source, DataViewSchema.Column column)
    {
        ValueGetter<VBuffer<ReadOnlyMemory<char>>> getter = source.GetGetter<VBuffer<ReadOnlyMemory<char>>>(column);
        VBuffer<ReadOnlyMemory<char>> value = default;
        return row =>
        {
            getter(ref value);
            write(row, value.DenseValues().Select(text => text.ToString()).ToArray());
        };
    }
}
