namespace Gbi.Events.IO.Footers;

/// <summary>Types of the bytes of values, with the numbers of the format.</summary>
internal enum PhysicalType
{
    Boolean = 0,
    Int32 = 1,
    Int64 = 2,
    Int96 = 3,
    Float = 4,
    Double = 5,
    ByteArray = 6,
    FixedByteArray = 7,
}

/// <summary>What the values of a column mean.</summary>
internal enum ValueKind
{
    Boolean,
    Int8,
    UInt8,
    Int16,
    UInt16,
    Int32,
    UInt32,
    Int64,
    UInt64,
    Half,
    Float,
    Double,
    Decimal,
    Date,
    Time,
    Timestamp,
    Interval,
    Text,
    Bytes,
    Guid,
    Nested,
    Encrypted,
    Unknown,
}

/// <summary>Units of times and timestamps.</summary>
internal enum TimeUnit
{
    Milliseconds,
    Microseconds,
    Nanoseconds,
}

/// <summary>A top-level column of a file: one of flat values, or one that holds others.</summary>
internal sealed record StoredColumn
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>What its values mean.</summary>
    public required ValueKind Kind { get; init; }

    /// <summary>Whether it can hold nulls.</summary>
    public required bool IsNullable { get; init; }

    /// <summary>Number among the leaves of the schema, which is that of its chunk in a row group.</summary>
    public int Leaf { get; init; }

    /// <summary>Type of the bytes.</summary>
    public PhysicalType Physical { get; init; }

    /// <summary>Bytes of a value of fixed length.</summary>
    public int TypeLength { get; init; }

    /// <summary>Digits after the point, of decimals.</summary>
    public int Scale { get; init; }

    /// <summary>Digits, of decimals.</summary>
    public int Precision { get; init; }

    /// <summary>Unit, of times and timestamps.</summary>
    public TimeUnit Unit { get; init; }

    /// <summary>Whether times are those of UTC, rather than of clocks anywhere.</summary>
    public bool IsUtc { get; init; } = true;

    /// <summary>Whether a timestamp has the older of the two annotations.</summary>
    public bool HasOldAnnotation { get; init; }

    /// <summary>What a column that is not flat holds: list, map or struct.</summary>
    public string Structure { get; init; } = "";

    /// <summary>Whether its values have no type, because none is present.</summary>
    public bool HoldsNulls { get; init; }

    /// <summary>Why it cannot be read, where it is not in all parts of a set or not of one type; otherwise null.</summary>
    public string? Refusal { get; init; }

    /// <summary>Its type in words where the kind does not say it; otherwise null.</summary>
    public string? Description { get; init; }

    /// <summary>Whether it can be read as a feature or a weight.</summary>
    public bool IsNumeric => Kind <= ValueKind.Decimal;

    /// <summary>Whether its values can be read at all.</summary>
    public bool IsFlat => Kind < ValueKind.Nested;

    /// <summary>Its type in words.</summary>
    public string TypeName => Description ?? Kind switch
    {
        ValueKind.Boolean => "bool",
        ValueKind.Int8 => "8-bit integer",
        ValueKind.UInt8 => "unsigned 8-bit integer",
        ValueKind.Int16 => "16-bit integer",
        ValueKind.UInt16 => "unsigned 16-bit integer",
        ValueKind.Int32 => "32-bit integer",
        ValueKind.UInt32 => "unsigned 32-bit integer",
        ValueKind.Int64 => "64-bit integer",
        ValueKind.UInt64 => "unsigned 64-bit integer",
        ValueKind.Half => "float16",
        ValueKind.Time => "time of day",
        ValueKind.Timestamp => "date and time",
        ValueKind.Nested => $"nested {Structure}",
        _ => Kind.ToString().ToLowerInvariant(),
    };
}
