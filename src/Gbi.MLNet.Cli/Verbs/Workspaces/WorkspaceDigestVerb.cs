using System.CommandLine;
using Gbi.Reports.Json.Models;

namespace Gbi.Cli.Verbs.Workspaces;

/// <summary>gbi workspace digest: the digests of a workspace, by which patch sets name it.</summary>
internal sealed class WorkspaceDigestVerb : Verb
{
    private readonly Argument<string> _file = WorkspaceEditVerb.WorkspaceArgument();

    public WorkspaceDigestVerb()
        : base(
            "digest",
            "Print the digests of a pyhf workspace, by which patch sets name it: white space and the order of keys do not matter.",
            "gbi workspace digest BkgOnly.json") => Arguments.Add(_file);

    public override void Execute(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        WorkspaceDocument document = WorkspaceEditVerb.Read(
            parsed.GetRequiredValue(_file), workspace => WorkspaceDocument.Of(workspace, null));
        terminal.Say($"sha256:{document.Sha256}");
        terminal.Say($"md5:{document.Md5}");
        terminal.PrintJson(document);
    }
}
