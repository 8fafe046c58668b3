using System.CommandLine;
using Gbi.Cli.Options;
using Gbi.Cli.Options.Parsing;
using Gbi.Likelihoods.HistFactory;

namespace Gbi.Cli.Verbs.Workspaces;

/// <summary>gbi workspace patch: a workspace with patches applied.</summary>
internal sealed class WorkspacePatchVerb : WorkspaceEditVerb
{
    private readonly Argument<string> _file = WorkspaceArgument();
    private readonly PatchOptions _patches = new();

    public WorkspacePatchVerb()
        : base(
            "patch",
            "Write a pyhf workspace with patches applied, such as a signal of a patch set.",
            "gbi workspace patch BkgOnly.json --patch patchset.json --patch-name sbottom_600_280_150 --out signal.json")
    {
        Arguments.Add(_file);
        AddOptions(_patches.Options);
    }

    protected override Workspace Make(ParseResult parsed)
    {
        string file = parsed.GetRequiredValue(_file);
        DocumentInput.RequireStandardOnce([file, .. _patches.Files(parsed)]);
        return _patches.Apply(parsed, Read(file, workspace => workspace)).Workspace;
    }
}
