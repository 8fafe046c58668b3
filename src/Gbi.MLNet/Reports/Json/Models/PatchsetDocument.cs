using Gbi.Likelihoods.HistFactory;

namespace Gbi.Reports.Json.Models;

/// <summary>The patches of a pyhf patch set.</summary>
[DocumentKind("patchset", "Patches of a pyhf patch set; printed by `gbi patchset --json`")]
internal sealed record PatchsetDocument(
    [property: Meaning("What the set is about")] string Description,
    [property: Meaning("What the values of patches are")] IReadOnlyList<string> Labels,
    [property: Meaning("The patches, in order")] IReadOnlyList<PatchDocument> Patches,
    [property: Meaning("Digest of the workspace that the patches are made for, by MD5; null where the set has none")] string? Md5,
    [property: Meaning("The same by SHA-256")] string? Sha256,
    [property: Meaning("Whether the digests were compared with those of a workspace, and agreed")] bool IsVerified,
    [property: Meaning("The file of the extracted patch; null where none is extracted")] string? Out = null) : ResultDocument
{
    public static PatchsetDocument Of(PatchSet set, bool isVerified) => new(
        set.Description,
        set.Labels,
        [.. set.Patches.Select(patch => new PatchDocument(patch.Name, patch.Values))],
        set.Digests.GetValueOrDefault("md5"),
        set.Digests.GetValueOrDefault("sha256"),
        isVerified);
}

internal sealed record PatchDocument(
    [property: Meaning("Its name, for --patch-name")] string Name,
    [property: Meaning("Its values, one for each label")] IReadOnlyList<string> Values);
