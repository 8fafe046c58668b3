using Parquet.Meta;
using SType = System.Type;

namespace Parquet.Schema;

public enum SchemaType { Data, Map, Struct, List }

public enum DateTimeFormat { Impala, DateAndTime, DateAndTimeMicros, Date, Timestamp }

public enum DateTimeTimeUnit { Millis, Micros, Nanos }

public enum TimeUnitPrecision { Millis, Micros, Nanos }

public sealed class FieldPath : IEquatable<FieldPath>
{
    private readonly List<string> _parts;

    public FieldPath(string firstPart) => _parts = [firstPart];

    public FieldPath(IEnumerable<string> parts) => _parts = [.. parts];

    public int Length => _parts.Count;

    public List<string> ToList() => [.. _parts];

    public bool Equals(FieldPath? other) => other is not null && _parts.SequenceEqual(other._parts);

    public override bool Equals(object? obj) => Equals(obj as FieldPath);

    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    public override string ToString() => string.Join("/", _parts);
}

public abstract class Field
{
    protected Field(string name, SchemaType schemaType)
    {
        Name = name ?? throw new ArgumentNullException(nameof(name));
        SchemaType = schemaType;
        Path = new FieldPath(name);
    }

    public SchemaType SchemaType { get; }

    public string Name { get; }

    public FieldPath Path { get; internal set; }

    public virtual bool IsNullable { get; internal set; }

    public int MaxRepetitionLevel { get; internal set; }

    public int MaxDefinitionLevel { get; internal set; }

    public SchemaElement? SchemaElement { get; internal set; }

    public override string ToString() => $"{Path} ({SchemaType}, RL: {MaxRepetitionLevel}, DL: {MaxDefinitionLevel})";
}

/// <summary>Any nested column: the stand-in shows that it is there, and cannot read it.</summary>
public class StructField : Field
{
    private readonly Field[] _children;

    public StructField(string name, params Field[] elements) : this(name, SchemaType.Struct, elements) { }

    internal StructField(string name, SchemaType type, Field[] elements) : base(name, type) => _children = elements;

    public IReadOnlyList<Field> Fields => _children;
}

public class DataField : Field
{
    private static readonly HashSet<SType> Known =
    [
        typeof(bool), typeof(byte), typeof(sbyte), typeof(short), typeof(ushort), typeof(int), typeof(uint), typeof(long),
        typeof(ulong), typeof(float), typeof(double), typeof(decimal), typeof(DateTime), typeof(Guid),
        typeof(ReadOnlyMemory<char>), typeof(ReadOnlyMemory<byte>),
    ];

    public DataField(string name, SType clrType, bool? isNullable = null, bool? isArray = null, string? propertyName = null)
        : base(name, SchemaType.Data)
    {
        SType? inner = Nullable.GetUnderlyingType(clrType);
        SType type = inner ?? clrType;
        if (type == typeof(string)) type = typeof(ReadOnlyMemory<char>);
        if (type == typeof(byte[])) type = typeof(ReadOnlyMemory<byte>);
        if (!Known.Contains(type)) throw new NotSupportedException($"This stand-in of Parquet.Net does not know columns of type {clrType}.");
        ClrType = type;
        IsNullable = isNullable ?? inner is not null || clrType == typeof(string) || clrType == typeof(byte[]);
        IsArray = isArray ?? false;
    }

    public SType ClrType { get; }

    public bool IsArray { get; internal set; }

    internal bool IsAttached { get; set; }

    public override string ToString() => $"{Path} ({ClrType}{(IsNullable ? "?" : "")}{(IsArray ? "[]" : "")})";
}

public class DataField<T> : DataField
{
    public DataField(string name, bool? nullable = null) : base(name, typeof(T), nullable) { }
}

public class DecimalDataField : DataField
{
    public DecimalDataField(string name, int precision, int scale = 0, bool forceByteArrayEncoding = false,
        bool? isNullable = null, bool? isArray = null, string? propertyName = null, SType? clrType = null)
        : base(name, clrType ?? typeof(decimal), isNullable, isArray, propertyName)
    {
        if (precision < 1) throw new ArgumentException("Precision must be at least 1.", nameof(precision));
        if (scale < 0 || scale > precision) throw new ArgumentException("Scale must be from 0 to the precision.", nameof(scale));
        Precision = precision;
        Scale = scale;
        ForceByteArrayEncoding = forceByteArrayEncoding;
    }

    public int Precision { get; }

    public int Scale { get; }

    public bool ForceByteArrayEncoding { get; }
}

public class DateTimeDataField : DataField
{
    public DateTimeDataField(string name, DateTimeFormat format, bool isAdjustedToUTC = true, DateTimeTimeUnit? unit = null,
        bool? isNullable = null, bool? isArray = null, string? propertyName = null)
        : base(name, typeof(DateTime), isNullable, isArray, propertyName)
    {
        DateTimeFormat = format;
        IsAdjustedToUTC = isAdjustedToUTC;
        Unit = format switch
        {
            DateTimeFormat.DateAndTime => DateTimeTimeUnit.Millis,
            DateTimeFormat.DateAndTimeMicros => DateTimeTimeUnit.Micros,
            _ => unit ?? DateTimeTimeUnit.Millis,
        };
    }

    public DateTimeFormat DateTimeFormat { get; }

    public bool IsAdjustedToUTC { get; }

    public DateTimeTimeUnit Unit { get; }
}

public class TimeDataField : DataField
{
    public TimeDataField(string name, TimeUnitPrecision precision, bool? isNullable = null, bool? isArray = null, string? propertyName = null)
        : base(name, precision == TimeUnitPrecision.Millis ? typeof(int) : typeof(long), isNullable, isArray, propertyName)
        => Precision = precision;

    public bool IsAdjustedToUtc { get; set; } = true;

    public TimeUnitPrecision Precision { get; }
}

public class ParquetSchema
{
    private readonly List<Field> _fields;

    public ParquetSchema(IEnumerable<Field> fields)
    {
        _fields = [.. fields];
        if (_fields.Count == 0) throw new ArgumentException("A schema needs at least one field.", nameof(fields));
        foreach (Field field in _fields) Attach(field, 0, 0);
    }

    public ParquetSchema(params Field[] fields) : this((IEnumerable<Field>)fields) { }

    public IReadOnlyList<Field> Fields => _fields;

    public Field this[int i] => _fields[i];

    public DataField[] DataFields => GetDataFields();

    public DataField[] GetDataFields()
    {
        var leaves = new List<DataField>();
        Collect(_fields, leaves);
        return [.. leaves];
    }

    private static void Collect(IReadOnlyList<Field> fields, List<DataField> leaves)
    {
        foreach (Field field in fields)
        {
            if (field is DataField leaf) leaves.Add(leaf);
            else Collect(((StructField)field).Fields, leaves);
        }
    }

    private static void Attach(Field field, int repetition, int definition)
    {
        bool repeated = field is DataField { IsArray: true } || field.SchemaType is SchemaType.List or SchemaType.Map;
        field.MaxRepetitionLevel = repetition + (repeated ? 1 : 0);
        field.MaxDefinitionLevel = definition + (repeated || field.IsNullable ? 1 : 0);
        if (field is DataField leaf) leaf.IsAttached = true;
        else foreach (Field child in ((StructField)field).Fields) Attach(child, field.MaxRepetitionLevel, field.MaxDefinitionLevel);
    }
}
