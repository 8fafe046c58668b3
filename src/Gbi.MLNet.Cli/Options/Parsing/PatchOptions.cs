using System.CommandLine;
using Gbi.Likelihoods.HistFactory;

namespace Gbi.Cli.Options.Parsing;

/// <summary>Patches of a pyhf workspace.</summary>
internal sealed class PatchOptions
{
    private readonly Option<string[]> _patch = OptionOf.Repeated(
        "--patch", "P.json",
        "JSON patch or patch set of a workspace; - for standard input. May be repeated; patches are applied in order.");

    private readonly Option<string[]> _patchName = OptionOf.Repeated(
        "--patch-name", "NAME", "Name of the patch in a patch set. May be repeated, one name for each set.");

    public IReadOnlyList<Option> Options => [_patch, _patchName];

    /// <summary>Files of patches, in order.</summary>
    public string[] Files(ParseResult parsed) => parsed.GetValue(_patch) ?? [];

    /// <summary>The workspace with all patches; names of patches belong to the patch sets in order.</summary>
    /// <returns>The workspace, and what its patches are called: by their names in patch sets, else by their files.</returns>
    public (Workspace Workspace, IReadOnlyList<string> Names) Apply(ParseResult parsed, Workspace workspace)
    {
        List<string> applied = [];
        var left = new Queue<string>(parsed.GetValue(_patchName) ?? []);
        string[] patches = Files(parsed);
        foreach (string patch in patches)
        {
            string json = DocumentInput.Read(patch);
            bool isSet = json.AsSpan().TrimStart().StartsWith("{");
            string? name = isSet && left.Count > 0 ? left.Dequeue() : null;
            workspace = ModelOptions.InFile(patch, () => workspace.WithPatch(json, name));
            applied.Add(name ?? DocumentInput.NameOf(patch));
        }

        return left.Count == 0 ? (workspace, applied) : throw new UsageException(
            patches.Length == 0
                ? "--patch-name needs --patch: it names one patch of that file."
                : $"--patch-name '{left.Peek()}' belongs to no patch set: give one name for each set, in their order.");
    }
}
