namespace Gbi.Likelihoods.Model;

/// <summary>A Parquet file of events, by name only: reading is left to who opens a model.</summary>
public sealed record EventFile
{
    /// <summary>A file of events.</summary>
    /// <param name="path">Path of the file; a relative one starts at the folder of the model's document.</param>
    /// <param name="weightColumn">Column of the events' weights; null where each counts 1.</param>
    public EventFile(string path, string? weightColumn = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        (Path, WeightColumn) = (path, weightColumn);
    }

    /// <summary>Path of the file; a relative one starts at the folder of the model's document.</summary>
    public string Path { get; }

    /// <summary>Column of the events' weights; null where each counts 1.</summary>
    public string? WeightColumn { get; }
}
