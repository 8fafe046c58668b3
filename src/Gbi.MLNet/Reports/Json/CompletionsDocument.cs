namespace Gbi.Reports.Json;

/// <summary>A script for a shell.</summary>
[DocumentKind("completions", "A script that completes verbs and options; printed by `gbi completions --json`")]
internal sealed record CompletionsDocument(
    [property: Meaning("The shell")] string Shell,
    [property: Meaning("The script")] string Script) : ResultDocument;
