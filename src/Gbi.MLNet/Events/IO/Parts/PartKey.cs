using System.Globalization;
using Gbi.Events.IO.Footers;

namespace Gbi.Events.IO.Parts;

/// <summary>A key of folders named key=value: a column whose value is the same in all rows of a part.</summary>
/// <param name="Name">The key.</param>
/// <param name="Kind">
/// 64-bit integers where all values are such, double where all are numbers, otherwise text: one type for all parts.
/// </param>
/// <param name="IsNullable">Whether a part has no value.</param>
internal sealed record PartKey(string Name, ValueKind Kind, bool IsNullable)
{
    /// <summary>The column.</summary>
    public StoredColumn Column => new() { Name = Name, Kind = Kind, IsNullable = IsNullable };

    /// <summary>The key with the type of its values in all parts.</summary>
    public static PartKey Of(string key, IReadOnlyList<EventPart> parts)
    {
        string?[] values = [.. parts.Where(part => part.Keys.ContainsKey(key)).Select(part => part.Keys[key])];
        string[] present = [.. values.OfType<string>()];
        ValueKind kind = present.Length > 0 && present.All(value => IsWhole(value, out _)) ? ValueKind.Int64
            : present.Length > 0 && present.All(value => IsNumber(value, out _)) ? ValueKind.Double
            : ValueKind.Text;
        return new PartKey(key, kind, present.Length < values.Length);
    }

    /// <summary>A value as an integer.</summary>
    public static bool IsWhole(string value, out long number) =>
        long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);

    /// <summary>A value as a finite number.</summary>
    public static bool IsNumber(string value, out double number) =>
        double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out number) && double.IsFinite(number);
}
