using Parquet.Meta;
using Parquet.Schema;
using PType = Parquet.Meta.Type;
using SType = System.Type;

namespace Parquet.Codecs;

/// <summary>Between the schema of the file (a list of elements, depth first) and fields.</summary>
internal static class SchemaMapping
{
    public static ParquetSchema ToSchema(List<SchemaElement> elements)
    {
        if (elements.Count < 2) throw new ParquetException("Malformed Parquet metadata: the schema has no columns.");
        int next = 1;
        Field[] fields = ReadFields(elements, elements[0].NumChildren ?? 0, ref next, [], 0);
        return new ParquetSchema(fields);
    }

    public static List<SchemaElement> ToElements(ParquetSchema schema)
    {
        var elements = new List<SchemaElement> { new() { Name = "root", NumChildren = schema.Fields.Count } };
        foreach (Field field in schema.Fields)
        {
            if (field is not DataField { IsArray: false } leaf)
                throw new NotSupportedException($"Nested column '{field.Name}' cannot be written by this stand-in of Parquet.Net.");
            elements.Add(ToElement(leaf));
        }

        return elements;
    }

    private static Field[] ReadFields(List<SchemaElement> elements, int count, ref int next, List<string> path, int depth)
    {
        if (count < 0 || count > elements.Count - next || depth > 32) throw new ParquetException("Malformed Parquet metadata: the schema tree is broken.");
        var fields = new Field[count];
        for (int i = 0; i < count; i++)
        {
            if (next >= elements.Count) throw new ParquetException("Malformed Parquet metadata: the schema tree is broken.");
            SchemaElement element = elements[next++];
            List<string> childPath = [.. path, element.Name];
            Field field = element.Type is null
                ? new StructField(element.Name, GroupType(element), ReadFields(elements, element.NumChildren ?? 0, ref next, childPath, depth + 1))
                : ToField(element);
            field.Path = new FieldPath(childPath);
            field.IsNullable = element.RepetitionType != FieldRepetitionType.REQUIRED;
            field.SchemaElement = element;
            fields[i] = field;
        }

        return fields;
    }

    private static SchemaType GroupType(SchemaElement element) => element switch
    {
        { ConvertedType: ConvertedType.LIST } or { Logical.Kind: LogicalKind.List } or { RepetitionType: FieldRepetitionType.REPEATED } => SchemaType.List,
        { ConvertedType: ConvertedType.MAP or ConvertedType.MAP_KEY_VALUE } or { Logical.Kind: LogicalKind.Map } => SchemaType.Map,
        _ => SchemaType.Struct,
    };

    private static DataField ToField(SchemaElement element)
    {
        SType type = ClrType(element);
        LogicalAnnotation logical = element.Logical;
        DataField field;
        if (type == typeof(decimal)) field = new DecimalDataField(element.Name, element.Precision ?? 38, element.Scale ?? (element.Precision is null ? 18 : 0));
        else if (type == typeof(DateTime)) field = ToTimeField(element);
        else if (logical.Kind == LogicalKind.Time) field = new TimeDataField(element.Name, (TimeUnitPrecision)logical.Unit) { IsAdjustedToUtc = logical.IsAdjustedToUtc };
        else field = new DataField(element.Name, type);
        field.IsArray = element.RepetitionType == FieldRepetitionType.REPEATED;
        return field;
    }

    private static DateTimeDataField ToTimeField(SchemaElement element) => element switch
    {
        { Logical.Kind: LogicalKind.Timestamp } => new DateTimeDataField(
            element.Name, DateTimeFormat.Timestamp, element.Logical.IsAdjustedToUtc, element.Logical.Unit),
        { ConvertedType: ConvertedType.TIMESTAMP_MILLIS } => new DateTimeDataField(element.Name, DateTimeFormat.DateAndTime),
        { ConvertedType: ConvertedType.TIMESTAMP_MICROS } => new DateTimeDataField(element.Name, DateTimeFormat.DateAndTimeMicros),
        { Type: PType.INT32 } => new DateTimeDataField(element.Name, DateTimeFormat.Date),
        _ => new DateTimeDataField(element.Name, DateTimeFormat.Impala),
    };

    private static SType ClrType(SchemaElement element)
    {
        LogicalAnnotation logical = element.Logical;
        if (logical.Kind is LogicalKind.String or LogicalKind.Enum || element.ConvertedType == ConvertedType.UTF8) return typeof(string);
        if (logical.Kind == LogicalKind.Integer)
        {
            return (logical.BitWidth, logical.IsSigned) switch
            {
                (8, true) => typeof(sbyte), (8, false) => typeof(byte), (16, true) => typeof(short), (16, false) => typeof(ushort),
                (32, true) => typeof(int), (32, false) => typeof(uint), (64, true) => typeof(long), (64, false) => typeof(ulong),
                _ => throw new ParquetException($"Malformed Parquet metadata: an integer of {logical.BitWidth} bits."),
            };
        }

        switch (element.ConvertedType)
        {
            case ConvertedType.INT_8: return typeof(sbyte);
            case ConvertedType.UINT_8: return typeof(byte);
            case ConvertedType.INT_16: return typeof(short);
            case ConvertedType.UINT_16: return typeof(ushort);
            case ConvertedType.INT_32 or ConvertedType.TIME_MILLIS: return typeof(int);
            case ConvertedType.UINT_32: return typeof(uint);
            case ConvertedType.INT_64 or ConvertedType.TIME_MICROS: return typeof(long);
            case ConvertedType.UINT_64: return typeof(ulong);
            case ConvertedType.DECIMAL: return typeof(decimal);
            case ConvertedType.DATE or ConvertedType.TIMESTAMP_MILLIS or ConvertedType.TIMESTAMP_MICROS: return typeof(DateTime);
            case ConvertedType.INTERVAL: throw new NotSupportedException($"Column '{element.Name}' of type INTERVAL is not supported by this stand-in of Parquet.Net.");
        }

        switch (logical.Kind)
        {
            case LogicalKind.Decimal: return typeof(decimal);
            case LogicalKind.Date or LogicalKind.Timestamp: return typeof(DateTime);
            case LogicalKind.Time: return logical.Unit == DateTimeTimeUnit.Millis ? typeof(int) : typeof(long);
            case LogicalKind.Float16: throw new NotSupportedException($"Column '{element.Name}' of type FLOAT16 is not supported.");
        }

        return element.Type switch
        {
            PType.BOOLEAN => typeof(bool),
            PType.INT32 => typeof(int),
            PType.INT64 => typeof(long),
            PType.INT96 => typeof(DateTime),
            PType.FLOAT => typeof(float),
            PType.DOUBLE => typeof(double),
            PType.BYTE_ARRAY => typeof(byte[]),
            PType.FIXED_LEN_BYTE_ARRAY => logical.Kind == LogicalKind.Uuid ? typeof(Guid) : typeof(byte[]),
            _ => throw new NotSupportedException($"Column '{element.Name}' has the unknown physical type {element.Type}."),
        };
    }

    private static SchemaElement ToElement(DataField field)
    {
        var element = new SchemaElement
        {
            Name = field.Name,
            RepetitionType = field.IsNullable ? FieldRepetitionType.OPTIONAL : FieldRepetitionType.REQUIRED,
        };
        SType type = field.ClrType;
        if (field is TimeDataField time) SetTime(element, time);
        else if (field is DateTimeDataField date) SetDateTime(element, date);
        else if (type == typeof(DateTime)) element.Type = PType.INT96;
        else if (type == typeof(decimal)) SetDecimal(element, field as DecimalDataField);
        else if (type == typeof(bool)) element.Type = PType.BOOLEAN;
        else if (type == typeof(float)) element.Type = PType.FLOAT;
        else if (type == typeof(double)) element.Type = PType.DOUBLE;
        else if (type == typeof(ReadOnlyMemory<byte>)) element.Type = PType.BYTE_ARRAY;
        else if (type == typeof(ReadOnlyMemory<char>))
        {
            element.Type = PType.BYTE_ARRAY;
            element.ConvertedType = ConvertedType.UTF8;
            element.Logical.Kind = LogicalKind.String;
        }
        else if (type == typeof(Guid))
        {
            element.Type = PType.FIXED_LEN_BYTE_ARRAY;
            element.TypeLength = 16;
            element.Logical.Kind = LogicalKind.Uuid;
        }
        else SetInteger(element, type);
        return element;
    }

    private static void SetInteger(SchemaElement element, SType type)
    {
        (int bits, bool signed, ConvertedType converted) = System.Type.GetTypeCode(type) switch
        {
            TypeCode.SByte => (8, true, ConvertedType.INT_8),
            TypeCode.Byte => (8, false, ConvertedType.UINT_8),
            TypeCode.Int16 => (16, true, ConvertedType.INT_16),
            TypeCode.UInt16 => (16, false, ConvertedType.UINT_16),
            TypeCode.Int32 => (32, true, ConvertedType.INT_32),
            TypeCode.UInt32 => (32, false, ConvertedType.UINT_32),
            TypeCode.Int64 => (64, true, ConvertedType.INT_64),
            TypeCode.UInt64 => (64, false, ConvertedType.UINT_64),
            _ => throw new NotSupportedException($"Column '{element.Name}' of type {type} cannot be written."),
        };
        element.Type = bits == 64 ? PType.INT64 : PType.INT32;
        element.ConvertedType = converted;
        element.Logical = new LogicalAnnotation { Kind = LogicalKind.Integer, BitWidth = bits, IsSigned = signed };
    }

    private static void SetDecimal(SchemaElement element, DecimalDataField? field)
    {
        int precision = field?.Precision ?? 38, scale = field?.Scale ?? 18;
        element.Type = field is { ForceByteArrayEncoding: false, Precision: <= 9 } ? PType.INT32
            : field is { ForceByteArrayEncoding: false, Precision: <= 18 } ? PType.INT64
            : PType.FIXED_LEN_BYTE_ARRAY;
        if (element.Type == PType.FIXED_LEN_BYTE_ARRAY) element.TypeLength = 16;
        element.ConvertedType = ConvertedType.DECIMAL;
        element.Precision = precision;
        element.Scale = scale;
        element.Logical = new LogicalAnnotation { Kind = LogicalKind.Decimal, Precision = precision, Scale = scale };
    }

    private static void SetTime(SchemaElement element, TimeDataField field)
    {
        element.Type = field.Precision == TimeUnitPrecision.Millis ? PType.INT32 : PType.INT64;
        element.Logical = new LogicalAnnotation
        {
            Kind = LogicalKind.Time, IsAdjustedToUtc = field.IsAdjustedToUtc, Unit = (DateTimeTimeUnit)field.Precision,
        };
    }

    private static void SetDateTime(SchemaElement element, DateTimeDataField field)
    {
        element.Type = field.DateTimeFormat switch
        {
            DateTimeFormat.Impala => PType.INT96,
            DateTimeFormat.Date => PType.INT32,
            _ => PType.INT64,
        };
        element.ConvertedType = field.DateTimeFormat switch
        {
            DateTimeFormat.Date => ConvertedType.DATE,
            DateTimeFormat.DateAndTime => ConvertedType.TIMESTAMP_MILLIS,
            DateTimeFormat.DateAndTimeMicros => ConvertedType.TIMESTAMP_MICROS,
            _ => null,
        };
        if (field.DateTimeFormat == DateTimeFormat.Timestamp)
            element.Logical = new LogicalAnnotation { Kind = LogicalKind.Timestamp, IsAdjustedToUtc = field.IsAdjustedToUTC, Unit = field.Unit };
    }
}
