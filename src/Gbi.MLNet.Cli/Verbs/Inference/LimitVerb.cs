using System.CommandLine;
using Gbi.Cli.Help;
using Gbi.Cli.Options;
using Gbi.Cli.Options.Parsing;
using Gbi.Cli.Tables;
using Gbi.Inference.Fits;
using Gbi.Inference.Tests;
using Gbi.Reports.Json.Fits;
using Spectre.Console;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Cli.Verbs.Inference;

/// <summary>gbi limit: upper limits on the strength, observed and expected.</summary>
internal sealed class LimitVerb : Verb
{
    private readonly ModelOptions _model = new();
    private readonly Option<double?> _confidence = OptionOf.Real(
        "--confidence", "CL", "Confidence level of the limits.", "a number between 0.5 and 1", level => level is > 0.5 and < 1,
        Sentence.Of(ConfidenceLevel.Usual));

    public LimitVerb()
        : base(
            "limit",
            "Set upper limits on the signal strength with asymptotic CLs. Prints the observed limit and those expected without signal.",
            "gbi limit model.json",
            "gbi limit background.json --patch signal.json --confidence 0.9 --json")
    {
        _model.AddTo(this);
        this.AddAll(_confidence);
    }

    public override void Execute(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        OpenedModel opened = _model.Open(parsed, cancellation);
        StrengthTest test = opened.TestAgainstNoSignal(cancellation);
        UpperLimits limits = test.UpperLimits(parsed.GetValue(_confidence) ?? ConfidenceLevel.Usual);
        string name = test.Model.Parameters[test.ParameterOfInterest].Name;
        Table table = new Table().Border(TableBorder.Rounded)
            .AddColumn(Text($"{100 * limits.ConfidenceLevel:G4} % upper limit"))
            .AddColumn(new TableColumn(Terminal.Cell(name)).RightAligned());
        table.AddRow("observed", BandTable.Text(limits.Observed));
        BandTable.AddRows(table, limits.Expected);
        opened.SayMeasurement(terminal);
        terminal.People.Write(table);
        foreach (string failure in limits.Failures)
        {
            terminal.Say($"{failure}");
        }

        terminal.PrintJson(() => LimitDocument.Of(test, limits) with { Measurement = opened.Measurement });
    }
}
