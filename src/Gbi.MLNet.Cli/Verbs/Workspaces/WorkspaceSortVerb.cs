using System.CommandLine;
using Gbi.Likelihoods.HistFactory;

namespace Gbi.Cli.Verbs.Workspaces;

/// <summary>gbi workspace sort: a workspace with its parts in the order of their names.</summary>
internal sealed class WorkspaceSortVerb : WorkspaceEditVerb
{
    private readonly Argument<string> _file = WorkspaceArgument();

    public WorkspaceSortVerb()
        : base(
            "sort",
            "Write a pyhf workspace with channels, samples, modifiers, measurements and observations in the order of their names.",
            "gbi workspace sort workspace.json --out sorted.json")
    {
        Arguments.Add(_file);
        AddOptions();
    }

    protected override Workspace Make(ParseResult parsed) => Read(parsed.GetRequiredValue(_file), workspace => workspace.Sorted());
}
