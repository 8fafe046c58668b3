using System.CommandLine;
using Gbi.Cli.Options;
using Gbi.Cli.Options.Parsing;
using Gbi.Likelihoods.HistFactory;

namespace Gbi.Cli.Verbs.Workspaces;

/// <summary>gbi workspace combine: several workspaces as one.</summary>
internal sealed class WorkspaceCombineVerb : WorkspaceEditVerb
{
    private static readonly Dictionary<string, WorkspaceJoin> Joins = new()
    {
        ["none"] = WorkspaceJoin.None,
        ["outer"] = WorkspaceJoin.Outer,
        ["left-outer"] = WorkspaceJoin.LeftOuter,
        ["right-outer"] = WorkspaceJoin.RightOuter,
    };

    private readonly Argument<string[]> _files = new("WORKSPACES")
    {
        Description = "Two or more pyhf workspaces (JSON); - for standard input.",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string> _join = OptionOf.Choice(
        "--join",
        "What is done with channels, observations and measurements that two workspaces both have: refused (none), equal ones taken once "
            + "(outer), those of the first or of the second taken (left-outer, right-outer).",
        "none", [.. Joins.Keys]);

    private readonly Option<bool> _merge = OptionOf.Flag(
        "--merge-channels", "Join the samples of channels that two workspaces both have; not with --join none.");

    public WorkspaceCombineVerb()
        : base(
            "combine",
            "Write several pyhf workspaces as one; modifiers of the same name share their parameters.",
            "gbi workspace combine ee.json mumu.json --join outer --out combined.json")
    {
        Arguments.Add(_files);
        AddOptions(_join, _merge);
    }

    protected override Workspace Make(ParseResult parsed)
    {
        string[] files = parsed.GetRequiredValue(_files);
        WorkspaceJoin join = Joins[parsed.GetValue(_join) ?? "none"];
        bool mergesChannels = parsed.GetValue(_merge);
        if (files.Length < 2)
        {
            throw new UsageException("One workspace is nothing to combine; name two or more.");
        }

        if (mergesChannels && join == WorkspaceJoin.None)
        {
            throw new UsageException(
                "--merge-channels joins what two workspaces both have, which --join none refuses; choose another --join.");
        }

        DocumentInput.RequireStandardOnce(files);
        return files[1..].Aggregate(Read(files[0], first => first), (combined, file) =>
        {
            Workspace next = Read(file, workspace => workspace);
            return ModelOptions.InFile(file, () => combined.CombinedWith(next, join, mergesChannels));
        });
    }
}
