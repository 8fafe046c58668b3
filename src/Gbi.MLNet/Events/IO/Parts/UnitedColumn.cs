using Gbi.Events.IO.Footers;

namespace Gbi.Events.IO.Parts;

/// <summary>A column of several parts: the narrowest type that holds the values of all of them.</summary>
internal sealed class UnitedColumn
{
    private readonly List<string> _parts = [];
    private readonly StoredColumn _first;
    private StoredColumn _column;
    private (StoredColumn Column, string Part)? _conflict;

    /// <summary>The column as the first part holds it.</summary>
    public UnitedColumn(StoredColumn column, string part)
    {
        _column = _first = column;
        _parts.Add(part);
    }

    /// <summary>Adds the column as the next part holds it.</summary>
    public void Add(StoredColumn column, string part)
    {
        _parts.Add(part);
        if (Unite(_column, column) is { } united)
        {
            _column = united with { IsNullable = _column.IsNullable || column.IsNullable };
        }
        else
        {
            _conflict ??= (column, part);
        }
    }

    /// <summary>The column of all parts, with the reason why it cannot be read where it is not in all of them or not of one type.</summary>
    /// <param name="name">Name of all parts.</param>
    /// <param name="parts">Their names, in order.</param>
    public StoredColumn In(string name, IEnumerable<string> parts)
    {
        if (parts.Except(_parts).FirstOrDefault() is { } lacking)
        {
            return _column with
            {
                Refusal = $"Column '{_column.Name}' of {name} is in {_parts[0]} and not in {lacking}; write all parts with it, or leave it "
                    + "out.",
            };
        }

        return _conflict is not var (other, part) ? _column : _column with
        {
            Refusal = $"Column '{_column.Name}' of {name} holds {_first.TypeName} values in {_parts[0]} and {other.TypeName} values in "
                + $"{part}; write all parts with one type, or leave it out.",
        };
    }

    /// <summary>The narrowest type for the values of two columns; null where there is none.</summary>
    private static StoredColumn? Unite(StoredColumn one, StoredColumn other)
    {
        if (one.HoldsNulls || other.HoldsNulls)
        {
            return one.HoldsNulls ? other : one;
        }

        if (IsFloating(one.Kind) || IsFloating(other.Kind))
        {
            return !IsFloating(one.Kind) && !IsInteger(one.Kind) || (!IsFloating(other.Kind) && !IsInteger(other.Kind)) ? null
                : one.Kind == other.Kind ? one
                : one with { Kind = IsFloatOrHalf(one.Kind) && IsFloatOrHalf(other.Kind) ? ValueKind.Float : ValueKind.Double };
        }

        if (IsInteger(one.Kind) && IsInteger(other.Kind))
        {
            return one.Kind == other.Kind ? one
                : one with { Kind = IsUnsigned(one.Kind) && IsUnsigned(other.Kind) ? ValueKind.UInt64 : ValueKind.Int64 };
        }

        return one.Kind != other.Kind ? null : one.Kind switch
        {
            ValueKind.Decimal => UniteDecimals(one, other),
            ValueKind.Time => one.Unit == other.Unit && one.IsUtc == other.IsUtc ? one : null,
            ValueKind.Timestamp => UniteTimestamps(one, other),
            ValueKind.Nested => one.Structure == other.Structure ? one : null,
            _ => one,
        };
    }

    private static StoredColumn UniteDecimals(StoredColumn one, StoredColumn other)
    {
        int scale = Math.Max(one.Scale, other.Scale);
        int whole = Math.Max(Digits(one) - one.Scale, Digits(other) - other.Scale);
        return one.Scale == other.Scale && one.Physical == other.Physical && one.Precision == other.Precision
            ? one
            : one with { Physical = PhysicalType.FixedByteArray, Scale = scale, Precision = scale + whole };
    }

    private static int Digits(StoredColumn column) => Math.Max(
        column.Scale, column.Precision > 0 ? column.Precision : column.Physical == PhysicalType.Int32 ? 9 : 18);

    // Nanoseconds of 64 bits hold fewer years than the others.
    private static StoredColumn? UniteTimestamps(StoredColumn one, StoredColumn other) =>
        one.IsUtc != other.IsUtc || one.Physical != other.Physical ? null
        : one.Unit == other.Unit ? one
        : one.Unit == TimeUnit.Nanoseconds || other.Unit == TimeUnit.Nanoseconds ? null
        : one with { Unit = TimeUnit.Microseconds };

    private static bool IsFloatOrHalf(ValueKind kind) => kind is ValueKind.Half or ValueKind.Float;

    private static bool IsFloating(ValueKind kind) => kind is ValueKind.Half or ValueKind.Float or ValueKind.Double;

    private static bool IsInteger(ValueKind kind) => kind is >= ValueKind.Int8 and <= ValueKind.UInt64;

    private static bool IsUnsigned(ValueKind kind) =>
        kind is ValueKind.UInt8 or ValueKind.UInt16 or ValueKind.UInt32 or ValueKind.UInt64;
}
