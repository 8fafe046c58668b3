namespace Gbi.Reports.Json.Fits;

/// <summary>A result that a model gave.</summary>
internal abstract record ModelResultDocument : ResultDocument
{
    /// <summary>File of the model.</summary>
    [Meaning("Name of the model's file, without its folder; null for standard input")]
    public string? Model { get; init; }

    /// <summary>The measurement used of a workspace.</summary>
    [Meaning("Name of the measurement of a pyhf workspace that was used; null for a model of gbi")]
    public string? Measurement { get; init; }
}
