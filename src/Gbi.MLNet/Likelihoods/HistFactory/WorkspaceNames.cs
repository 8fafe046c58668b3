namespace Gbi.Likelihoods.HistFactory;

/// <summary>New names of parts of a workspace, by their old ones.</summary>
public sealed record WorkspaceNames
{
    /// <summary>Of channels, and of their observations.</summary>
    public IReadOnlyDictionary<string, string> Channels { get; init; } = new Dictionary<string, string>();

    /// <summary>Of samples, in all channels.</summary>
    public IReadOnlyDictionary<string, string> Samples { get; init; } = new Dictionary<string, string>();

    /// <summary>Of modifiers, in all samples and in the settings of measurements.</summary>
    public IReadOnlyDictionary<string, string> Modifiers { get; init; } = new Dictionary<string, string>();

    /// <summary>Of measurements.</summary>
    public IReadOnlyDictionary<string, string> Measurements { get; init; } = new Dictionary<string, string>();
}
