using Gbi.Likelihoods.HistFactory;

namespace Gbi.Reports.Json.Models;

/// <summary>What a pyhf workspace holds.</summary>
[DocumentKind("workspace", "Parts and digests of a pyhf workspace; printed by `gbi workspace ... --json`")]
internal sealed record WorkspaceDocument(
    [property: Meaning("The file that was written; null for `gbi workspace digest`")] string? Out,
    [property: Meaning("Names of the channels, in order")] IReadOnlyList<string> Channels,
    [property: Meaning("Names of the samples, each once")] IReadOnlyList<string> Samples,
    [property: Meaning("Names of the modifiers, each once")] IReadOnlyList<string> Modifiers,
    [property: Meaning("Names of the measurements, in order")] IReadOnlyList<string> Measurements,
    [property: Meaning("Measurements whose parameter of interest no modifier has")] IReadOnlyList<string> Warnings,
    [property: Meaning("Digest by MD5, as pyhf computes it")] string Md5,
    [property: Meaning("The same by SHA-256")] string Sha256) : ResultDocument
{
    public static WorkspaceDocument Of(Workspace workspace, string? path) => new(
        path,
        workspace.Channels,
        workspace.Samples,
        workspace.Modifiers,
        workspace.Measurements,
        [
            .. workspace.ParametersOfInterest.Where(one => !workspace.Modifiers.Contains(one.Parameter)).Select(one =>
                $"Measurement '{one.Measurement}' has the parameter of interest '{one.Parameter}', which no modifier has; "
                    + "its fits need --poi NAME or --poi none."),
        ],
        workspace.Digest("md5"),
        workspace.Digest());
}
