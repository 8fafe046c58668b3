namespace Gbi.Likelihoods.HistFactory;

/// <summary>Parts of a workspace by their names.</summary>
public sealed record WorkspaceParts
{
    /// <summary>Names of channels, with their observations.</summary>
    public IReadOnlyList<string> Channels { get; init; } = [];

    /// <summary>Names of samples, in all channels.</summary>
    public IReadOnlyList<string> Samples { get; init; } = [];

    /// <summary>Names of modifiers, in all samples, with the settings that measurements have for them.</summary>
    public IReadOnlyList<string> Modifiers { get; init; } = [];

    /// <summary>Types of modifiers, such as <c>staterror</c>.</summary>
    public IReadOnlyList<string> ModifierTypes { get; init; } = [];

    /// <summary>Names of measurements.</summary>
    public IReadOnlyList<string> Measurements { get; init; } = [];
}
