namespace Gbi.Reports.Json.Fits;

/// <summary>A result that a model gave.</summary>
internal abstract record ModelResultDocument : ResultDocument
{
    /// <summary>File of the model, and patches.</summary>
    [Meaning("Name of the model's file, without its folder, with those of its patches; null for standard input without patches")]
    public string? Model { get; init; }

    /// <summary>The measurement used of a workspace.</summary>
    [Meaning("Name of the measurement of a pyhf workspace that was used; null for a model of gbi")]
    public string? Measurement { get; init; }
}
