using System.CommandLine;
using Gbi.Cli.Options;

namespace Gbi.Cli.Verbs.Inference;

/// <summary>gbi describe: a model as tables, or as a document.</summary>
internal sealed class DescribeVerb : Verb
{
    private readonly ModelOptions _model = new();

    public DescribeVerb()
        : base(
            "describe",
            "Print a likelihood model or pyhf workspace as tables, after all checks. With --json it is printed as a model of gbi, "
            + "which converts a workspace.",
            "gbi describe model.json",
            "gbi describe workspace.json --json > model.json") => _model.AddTo(this);

    public override void Execute(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        OpenedModel opened = _model.Open(parsed, cancellation);
        if (terminal.Json)
        {
            terminal.PrintJson(opened.Definition.ToJson());
        }
        else
        {
            // Not by way of the console, which would break long lines of a table.
            terminal.Output.Write(Terminal.Printable(opened.Model.Describe(opened.KnownData)));
        }
    }
}
