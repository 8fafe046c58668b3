using System.CommandLine;
using Gbi.Cli.Options;
using Gbi.Cli.Options.Parsing;
using Gbi.Cli.Tables;
using Gbi.Inference.Tests;
using Gbi.Reports.Json.Fits;
using Spectre.Console;

namespace Gbi.Cli.Verbs.Inference;

/// <summary>gbi hypotest: CLs of one strength, observed and expected.</summary>
internal sealed class HypotestVerb : Verb
{
    private readonly ModelOptions _model = new();
    private readonly Option<double?> _mu = InferenceOptionOf.Strength();

    public HypotestVerb()
        : base(
            "hypotest",
            "Test one signal strength with asymptotic CLs. Prints the observed value and those expected without signal.",
            "gbi hypotest workspace.json --mu 1",
            "gbi hypotest background.json --patch signal.json --json")
    {
        _model.AddTo(this);
        this.AddAll(_mu);
    }

    public override void Execute(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        OpenedModel opened = _model.Open(parsed, cancellation);
        StrengthTest test = opened.TestAgainstNoSignal(cancellation);
        StrengthTestResult result = test.Test(InferenceOptionOf.StrengthOf(parsed.GetValue(_mu), test));
        string name = test.Model.Parameters[test.ParameterOfInterest].Name;
        opened.SayMeasurement(terminal);
        terminal.Say($"{name} = {result.Mu:G6}: q̃ = {result.Q:G6}, best fit {name} = {result.MuHat:G6}");
        Table table = new Table().Border(TableBorder.Rounded).AddColumn("CLs").AddColumn(new TableColumn("Value").RightAligned());
        table.AddRow("observed", BandTable.Text(result.Cls));
        BandTable.AddRows(table, result.ExpectedCls);
        terminal.People.Write(table);
        terminal.PrintJson(() => HypotestDocument.Of(test, result) with { Measurement = opened.Measurement });
    }
}
