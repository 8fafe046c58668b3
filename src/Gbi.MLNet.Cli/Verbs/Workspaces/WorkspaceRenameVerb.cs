using System.CommandLine;
using Gbi.Cli.Options.Parsing;
using Gbi.Likelihoods.HistFactory;

namespace Gbi.Cli.Verbs.Workspaces;

/// <summary>gbi workspace rename: a workspace with new names.</summary>
internal sealed class WorkspaceRenameVerb : WorkspaceEditVerb
{
    private readonly Argument<string> _file = WorkspaceArgument();
    private readonly Option<string[]> _channel = Rename("--channel", "a channel and its observation");
    private readonly Option<string[]> _sample = Rename("--sample", "a sample, in all channels");
    private readonly Option<string[]> _modifier = Rename("--modifier", "a modifier, in all samples and measurements");
    private readonly Option<string[]> _measurement = Rename("--measurement", "a measurement");

    public WorkspaceRenameVerb()
        : base(
            "rename",
            "Write a pyhf workspace with other names of channels, samples, modifiers or measurements.",
            "gbi workspace rename workspace.json --modifier mu_SIG=mu --channel SR=SR_2L --out renamed.json")
    {
        Arguments.Add(_file);
        AddOptions(_channel, _sample, _modifier, _measurement);
    }

    protected override Workspace Make(ParseResult parsed)
    {
        var names = new WorkspaceNames
        {
            Channels = Names(parsed, _channel),
            Samples = Names(parsed, _sample),
            Modifiers = Names(parsed, _modifier),
            Measurements = Names(parsed, _measurement),
        };
        return Read(parsed.GetRequiredValue(_file), workspace => workspace.Renamed(names));
    }

    private static Dictionary<string, string> Names(ParseResult parsed, Option<string[]> option)
    {
        Dictionary<string, string> names = [];
        foreach (string typed in parsed.GetValue(option) ?? [])
        {
            if (typed.Split('=', 2) is not [{ Length: > 0 } old, { Length: > 0 } name])
            {
                throw new UsageException($"{option.Name} is '{typed}', expected the old and the new name, OLD=NEW.");
            }

            if (!names.TryAdd(old, name))
            {
                throw new UsageException($"{option.Name} names '{old}' twice; give it one new name.");
            }
        }

        return names;
    }

    private static Option<string[]> Rename(string name, string what) =>
        OptionOf.Repeated(name, "OLD=NEW", $"New name of {what}. May be repeated.");
}
