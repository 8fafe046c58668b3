namespace Gbi.Reports.Json;

/// <summary>Names a document: its kind, and for the reference what writes it.</summary>
/// <param name="kind">The value of its member "kind", and the name of its schema.</param>
/// <param name="meaning">One sentence.</param>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class DocumentKindAttribute(string kind, string meaning) : Attribute
{
    /// <summary>The value of its member "kind".</summary>
    public string Kind { get; } = kind;

    /// <summary>What it holds and what writes it.</summary>
    public string Meaning { get; } = meaning;
}

/// <summary>What a member of a document means; it goes to the JSON schema and to the reference in docs/json.md.</summary>
/// <param name="text">One sentence without a full stop.</param>
[AttributeUsage(AttributeTargets.Parameter | AttributeTargets.Property)]
internal sealed class MeaningAttribute(string text) : Attribute
{
    /// <summary>The sentence.</summary>
    public string Text { get; } = text;

    /// <summary>The unit of its numbers; empty where they have none.</summary>
    public string Unit { get; init; } = "";
}
