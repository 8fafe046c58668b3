using System.CommandLine;
using Gbi.Cli.Options;
using Gbi.Cli.Options.Parsing;
using Gbi.Events.IO.Outputs;
using Gbi.Likelihoods.HistFactory;
using Gbi.Reports.Json.Models;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Cli.Verbs.Workspaces;

/// <summary>gbi workspace NAME: makes a workspace of one or several.</summary>
internal abstract class WorkspaceEditVerb(string name, string description, params string[] examples) : Verb(name, description, examples)
{
    private readonly Option<string> _out = OptionOf.Text(
        "--out", "FILE.json", "Workspace to write; - for standard output.", required: true);

    private readonly Option<bool> _force = OptionOf.Force();

    public override void Execute(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        string path = OutputPath.Require(parsed, parsed.GetRequiredValue(_out), ".json");
        using var pending = new PendingFile(path, FinishedOutputs.Require(parsed, parsed.GetValue(_force), (path, _out.Name)));
        Workspace workspace = Make(parsed);
        using (var writer = new StreamWriter(pending.Stream, leaveOpen: true))
        {
            writer.Write(workspace.ToJson());
            writer.Write('\n');
        }

        pending.Complete();
        var document = WorkspaceDocument.Of(workspace, path);
        terminal.Warn(document.Warnings);
        terminal.Say(
            $"Wrote {Counted(document.Channels.Count, "channel")} with {Counted(document.Samples.Count, "sample")}, "
                + $"{Counted(document.Modifiers.Count, "modifier")} and {Counted(document.Measurements.Count, "measurement")} to {path}.");
        terminal.PrintJson(document);
    }

    /// <summary>Adds the verb's own options before those of the output.</summary>
    protected void AddOptions(params IReadOnlyList<Option> options) => this.AddAll([.. options, _out, _force]);

    /// <summary>The workspace to write.</summary>
    protected abstract Workspace Make(ParseResult parsed);

    /// <summary>The argument of one workspace.</summary>
    public static Argument<string> WorkspaceArgument() => new("WORKSPACE")
    {
        Description = "pyhf workspace (JSON); - for standard input."
    };

    /// <summary>Reads a workspace and works on it; what is wrong names the file.</summary>
    public static T Read<T>(string file, Func<Workspace, T> work) =>
        ModelOptions.InFile(file, () => work(Workspace.Parse(DocumentInput.Read(file))));
}
