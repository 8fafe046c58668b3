using System.CommandLine;
using Gbi.Cli.Options.Parsing;
using Gbi.Likelihoods.HistFactory;

namespace Gbi.Cli.Verbs.Workspaces;

/// <summary>gbi workspace prune: a workspace without some of its parts.</summary>
internal sealed class WorkspacePruneVerb : WorkspaceEditVerb
{
    private readonly Argument<string> _file = WorkspaceArgument();
    private readonly Option<string[]> _channel = Leave("--channel", "NAME", "a channel, with its observation");
    private readonly Option<string[]> _sample = Leave("--sample", "NAME", "a sample, in all channels");
    private readonly Option<string[]> _modifier = Leave("--modifier", "NAME", "a modifier, in all samples and measurements");
    private readonly Option<string[]> _type = Leave("--modifier-type", "TYPE", "all modifiers of a type, such as staterror");
    private readonly Option<string[]> _measurement = Leave("--measurement", "NAME", "a measurement");

    public WorkspacePruneVerb()
        : base(
            "prune",
            "Write a pyhf workspace without some channels, samples, modifiers or measurements.",
            "gbi workspace prune workspace.json --channel VR1 --modifier-type staterror --out pruned.json",
            "gbi workspace prune workspace.json --sample signal --out - | gbi fit - --poi none")
    {
        Arguments.Add(_file);
        AddOptions(_channel, _sample, _modifier, _type, _measurement);
    }

    protected override Workspace Make(ParseResult parsed)
    {
        var parts = new WorkspaceParts
        {
            Channels = parsed.GetValue(_channel) ?? [],
            Samples = parsed.GetValue(_sample) ?? [],
            Modifiers = parsed.GetValue(_modifier) ?? [],
            ModifierTypes = parsed.GetValue(_type) ?? [],
            Measurements = parsed.GetValue(_measurement) ?? [],
        };
        return Read(parsed.GetRequiredValue(_file), workspace => workspace.Without(parts));
    }

    private static Option<string[]> Leave(string name, string helpName, string what) =>
        OptionOf.Repeated(name, helpName, $"Leave out {what}. May be repeated.");
}
