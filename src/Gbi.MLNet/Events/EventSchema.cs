namespace Gbi.Events;

/// <summary>The roles of the columns of a table.</summary>
public sealed record EventSchema
{
    /// <summary>Names of the observables, in the order in which models take them; at least one, no name twice.</summary>
    public required IReadOnlyList<string> Features
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            if (value.Count == 0)
            {
                throw new ArgumentException("There are no features; name at least one column.", nameof(Features));
            }

            string? twice = value.GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1)?.Key;
            field = twice is null
                ? [.. value]
                : throw new ArgumentException($"Feature '{twice}' is named twice; name each column once.", nameof(Features));
        }
    }

    /// <summary>Name of the mass column, or null.</summary>
    public string? Mass { get; init; }

    /// <summary>Name of the weight column, or null where every event counts 1.</summary>
    public string? Weight { get; init; }

    /// <summary>Number that marks a missing value, such as −25, or null.</summary>
    public double? MissingValue { get; init; }

    /// <summary>All columns that are read as single-precision observables: the features, then the mass where it is not among
    /// them.</summary>
    public IReadOnlyList<string> Observables =>
        Mass is null || Features.Contains(Mass, StringComparer.Ordinal) ? Features : [.. Features, Mass];
}
