namespace Gbi.Events.IO.Footers;

/// <summary>An element of a file's schema: a group, or a leaf with its annotations.</summary>
internal sealed class SchemaElement
{
    private const int Required = 0, Repeated = 2;
    private const int LargestDecimalScale = 1000;

    private string _name = "";
    private PhysicalType? _type;
    private int _typeLength;
    private int _repetition;
    private int _children;
    private int? _converted;
    private int _scale;
    private int _precision;

    // Number of the logical type in its union, with what it holds: 0 where there is none.
    private int _logical;
    private int _bitWidth;
    private bool _isSigned = true;
    private bool _isUtc = true;
    private TimeUnit? _unit;

    public static SchemaElement Read(ref ThriftReader reader, in ThriftField at)
    {
        at.RequireStruct();
        var element = new SchemaElement();
        for (var field = default(ThriftField); reader.Next(ref field);)
        {
            switch (field.Id)
            {
                case 1:
                    element._type = (PhysicalType)reader.ReadInt32(field);
                    break;
                case 2:
                    element._typeLength = reader.ReadInt32(field);
                    break;
                case 3:
                    element._repetition = reader.ReadInt32(field);
                    break;
                case 4:
                    element._name = reader.ReadText(field);
                    break;
                case 5:
                    element._children = reader.ReadInt32(field);
                    break;
                case 6:
                    element._converted = reader.ReadInt32(field);
                    break;
                case 7:
                    element._scale = reader.ReadInt32(field);
                    break;
                case 8:
                    element._precision = reader.ReadInt32(field);
                    break;
                case 10:
                    element.ReadLogicalType(ref reader, field);
                    break;
                default:
                    reader.Skip(field);
                    break;
            }
        }

        return element;
    }

    /// <summary>The top-level columns of a schema in its depth-first order, and its number of leaves.</summary>
    /// <exception cref="InvalidDataException">The tree is broken, or two columns have one name.</exception>
    public static (List<StoredColumn> Columns, int Leaves) Columns(List<SchemaElement> schema, List<StoredRowGroup> groups)
    {
        if (schema.Count == 0)
        {
            throw new InvalidDataException("it has no schema");
        }

        var columns = new List<StoredColumn>();
        int at = 1, leaf = 0;
        while (at < schema.Count)
        {
            SchemaElement element = schema[at];
            int first = leaf;
            SkipTree(schema, ref at, ref leaf);
            StoredColumn column = element.ToColumn(first);
            bool isEncrypted = column.IsFlat && groups.Exists(group => first < group.Chunks.Count && group.Chunks[first].IsEncrypted);
            columns.Add(isEncrypted ? column with { Kind = ValueKind.Encrypted } : column);
        }

        if (columns.Count != schema[0]._children)
        {
            throw new InvalidDataException("its schema is broken");
        }

        string? twice = columns.GroupBy(column => column.Name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1)?.Key;
        return twice is null ? (columns, leaf) : throw new InvalidDataException($"it has two columns '{twice}'");
    }

    // Without recursion: a broken file must not exhaust the stack.
    private static void SkipTree(List<SchemaElement> schema, ref int at, ref int leaf)
    {
        for (long open = 1; open > 0; open--)
        {
            if (at >= schema.Count)
            {
                throw new InvalidDataException("its schema is broken");
            }

            SchemaElement element = schema[at++];
            leaf += element._type is null ? 0 : 1;
            open += Math.Max(0, element._children);
        }
    }

    private StoredColumn ToColumn(int leaf)
    {
        bool isGroup = _type is null || _children > 0;
        ValueKind kind = isGroup || _repetition == Repeated ? ValueKind.Nested : KindOf();
        return new StoredColumn
        {
            Name = _name,
            Kind = kind,
            IsNullable = _repetition != Required,
            Leaf = leaf,
            Physical = _type ?? default,
            TypeLength = _typeLength,
            Scale = _scale,
            Precision = _precision,
            Unit = _unit ?? TimeUnit.Milliseconds,
            IsUtc = _isUtc,
            HasOldAnnotation = _logical == 0,
            HoldsNulls = _logical == 11 && _repetition != Required,
            Structure = !isGroup || _logical == 3 || _converted == 3 || _repetition == Repeated ? "list"
                : _logical == 2 || _converted is 1 or 2 ? "map" : "struct",
        };
    }

    private ValueKind KindOf()
    {
        ValueKind kind = _logical switch
        {
            0 => OfConvertedType(),
            1 or 4 or 12 => ValueKind.Text,
            5 => ValueKind.Decimal,
            6 => ValueKind.Date,
            7 when _unit is not null => ValueKind.Time,
            8 when _unit is not null => ValueKind.Timestamp,
            10 => OfInteger(_bitWidth, _isSigned),
            11 => OfPhysical(),
            14 => ValueKind.Guid,
            15 => ValueKind.Half,
            13 or 17 or 18 => ValueKind.Bytes,
            _ => ValueKind.Unknown,
        };
        return Fits(kind) ? kind : ValueKind.Unknown;
    }

    private ValueKind OfConvertedType() => _converted switch
    {
        null => OfPhysical(),
        0 or 4 or 19 => ValueKind.Text,
        5 => ValueKind.Decimal,
        6 => ValueKind.Date,
        7 or 8 => Timed(ValueKind.Time, _converted == 7),
        9 or 10 => Timed(ValueKind.Timestamp, _converted == 9),
        >= 11 and <= 14 => OfInteger(8 << (_converted.Value - 11), isSigned: false),
        >= 15 and <= 18 => OfInteger(8 << (_converted.Value - 15), isSigned: true),
        20 => ValueKind.Bytes,
        21 => ValueKind.Interval,
        _ => ValueKind.Unknown,
    };

    private ValueKind Timed(ValueKind kind, bool inMilliseconds)
    {
        _unit = inMilliseconds ? TimeUnit.Milliseconds : TimeUnit.Microseconds;
        return kind;
    }

    private static ValueKind OfInteger(int bitWidth, bool isSigned) => (bitWidth, isSigned) switch
    {
        (8, true) => ValueKind.Int8,
        (8, false) => ValueKind.UInt8,
        (16, true) => ValueKind.Int16,
        (16, false) => ValueKind.UInt16,
        (32, true) => ValueKind.Int32,
        (32, false) => ValueKind.UInt32,
        (64, true) => ValueKind.Int64,
        (64, false) => ValueKind.UInt64,
        _ => ValueKind.Unknown,
    };

    private ValueKind OfPhysical() => _type switch
    {
        PhysicalType.Boolean => ValueKind.Boolean,
        PhysicalType.Int32 => ValueKind.Int32,
        PhysicalType.Int64 => ValueKind.Int64,
        PhysicalType.Int96 => ValueKind.Timestamp,
        PhysicalType.Float => ValueKind.Float,
        PhysicalType.Double => ValueKind.Double,
        PhysicalType.ByteArray or PhysicalType.FixedByteArray => ValueKind.Bytes,
        _ => ValueKind.Unknown,
    };

    /// <summary>Whether values of the kind are stored in the type of bytes that the schema declares.</summary>
    private bool Fits(ValueKind kind) => kind switch
    {
        ValueKind.Int8 or ValueKind.UInt8 or ValueKind.Int16 or ValueKind.UInt16 or ValueKind.Int32 or ValueKind.UInt32
            or ValueKind.Date => _type is PhysicalType.Int32,
        ValueKind.Int64 or ValueKind.UInt64 => _type is PhysicalType.Int64,
        ValueKind.Half => _type is PhysicalType.FixedByteArray && _typeLength == 2,
        ValueKind.Guid => _type is PhysicalType.FixedByteArray && _typeLength == 16,
        ValueKind.Interval => _type is PhysicalType.FixedByteArray && _typeLength == 12,
        ValueKind.Time => _type is PhysicalType.Int32 && _unit == TimeUnit.Milliseconds
            || (_type is PhysicalType.Int64 && _unit != TimeUnit.Milliseconds),
        ValueKind.Timestamp => _type is PhysicalType.Int64 or PhysicalType.Int96,
        ValueKind.Text => _type is PhysicalType.ByteArray || (_type is PhysicalType.FixedByteArray && _typeLength > 0),
        ValueKind.Bytes => _type is PhysicalType.ByteArray || (_type is PhysicalType.FixedByteArray && _typeLength > 0),
        ValueKind.Decimal => _scale is >= 0 and <= LargestDecimalScale && (_type is PhysicalType.Int32 or PhysicalType.Int64
            or PhysicalType.ByteArray || (_type is PhysicalType.FixedByteArray && _typeLength > 0)),
        _ => true,
    };

    private void ReadLogicalType(ref ThriftReader reader, in ThriftField at)
    {
        at.RequireStruct();
        for (var union = default(ThriftField); reader.Next(ref union);)
        {
            _logical = union.Id;
            switch (union.Id)
            {
                case 5:
                    ReadPair(ref reader, union, out _scale, out _precision);
                    break;
                case 7 or 8:
                    ReadTime(ref reader, union);
                    break;
                case 10:
                    ReadPair(ref reader, union, out _bitWidth, out int isSigned);
                    _isSigned = isSigned != 0;
                    break;
                default:
                    reader.Skip(union);
                    break;
            }
        }
    }

    private static void ReadPair(ref ThriftReader reader, in ThriftField at, out int first, out int second)
    {
        at.RequireStruct();
        first = second = 0;
        for (var field = default(ThriftField); reader.Next(ref field);)
        {
            switch (field.Id)
            {
                case 1:
                    first = reader.ReadInt32(field);
                    break;
                case 2:
                    second = field.Type is 1 or 2 ? (field.AsBoolean() ? 1 : 0) : reader.ReadInt32(field);
                    break;
                default:
                    reader.Skip(field);
                    break;
            }
        }
    }

    private void ReadTime(ref ThriftReader reader, in ThriftField at)
    {
        at.RequireStruct();
        for (var field = default(ThriftField); reader.Next(ref field);)
        {
            switch (field.Id)
            {
                case 1:
                    _isUtc = field.AsBoolean();
                    break;
                case 2:
                    field.RequireStruct();
                    for (var unit = default(ThriftField); reader.Next(ref unit); reader.Skip(unit))
                    {
                        _unit = unit.Id is >= 1 and <= 3 ? (TimeUnit)(unit.Id - 1) : null;
                    }

                    break;
                default:
                    reader.Skip(field);
                    break;
            }
        }
    }
}
