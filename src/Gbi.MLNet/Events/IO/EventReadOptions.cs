namespace Gbi.Events.IO;

/// <summary>How events are read from a file.</summary>
public sealed record EventReadOptions
{
    /// <summary>Column that becomes the events' weights, in double precision; null where every event counts 1.</summary>
    public string? WeightColumn { get; init; }

    /// <summary>
    /// Number that marks a missing value, such as −25; NaN declares NaN itself. Null: only an empty cell or a null is
    /// missing, and NaN is an error.
    /// </summary>
    public double? MissingValue { get; init; }

    /// <summary>Whether NaN and infinities are kept in columns other than weights: as those of failed simulations are.</summary>
    internal bool KeepsNonFinite { get; init; }

    /// <summary>Number of threads that decode a Parquet file. Range: [1, ∞). Results do not depend on it.</summary>
    public int Threads
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(
            nameof(Threads), value, "Threads must be 1 or more.");
    } = Environment.ProcessorCount;

    /// <summary>Options with the weight column and the missing value of a schema.</summary>
    public static EventReadOptions For(EventSchema schema)
    {
        ArgumentNullException.ThrowIfNull(schema);
        return new EventReadOptions { WeightColumn = schema.Weight, MissingValue = schema.MissingValue };
    }
}
