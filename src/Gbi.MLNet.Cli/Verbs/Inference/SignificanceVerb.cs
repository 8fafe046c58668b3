using System.CommandLine;
using Gbi.Cli.Options;
using Gbi.Cli.Options.Parsing;
using Gbi.Cli.Tables;
using Gbi.Inference.Tests;
using Gbi.Numerics;
using Gbi.Reports.Json.Fits;
using Spectre.Console;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Cli.Verbs.Inference;

/// <summary>gbi significance: a test of no signal, observed and expected.</summary>
internal sealed class SignificanceVerb : Verb
{
    private readonly ModelOptions _model = new();
    private readonly Option<double?> _mu = OptionOf.Real(
        "--mu", "MU", "Signal strength of the expected significance.", "a number above 0", mu => mu > 0, "1");

    private readonly ToyOptions _toys = new("Take p-values from N toys without signal and N with it.");
    private readonly ReportOption _report = new("significance, observed and expected");

    public SignificanceVerb()
        : base(
            "significance",
            "Test that there is no signal: q0, its p-value p0 and the significance Z, observed and expected.",
            "gbi significance workspace.json",
            "gbi significance background.json --patch signal.json --toys 10000 --json")
    {
        _model.AddTo(this);
        this.AddAll(_mu);
        _toys.AddTo(this);
        _report.AddTo(this);
    }

    public override void Execute(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        (int Count, Seed Seed)? byToys = _toys.Read(parsed);
        using PendingPage? page = _report.Begin(parsed);
        OpenedModel opened = _model.Open(parsed, cancellation);
        StrengthTest test = opened.TestAgainstNoSignal(cancellation);
        double mu = InferenceOptionOf.StrengthOf(parsed.GetValue(_mu), test);
        DiscoveryResult result = byToys is { } toys
            ? ProgressBars.Run(terminal, progress => DiscoveryTest.ByToys(
                test, mu, toys.Count, toys.Seed, new NamedStep(progress, "Toys"), cancellation))
            : DiscoveryTest.Asymptotic(test, mu);
        string name = test.Model.Parameters[test.ParameterOfInterest].Name;
        opened.SayMeasurement(terminal);
        terminal.Say($"Best fit {name} = {result.MuHat:G6}; expected for {name} = {result.ExpectedMu:G6}");
        Table table = new Table().Border(TableBorder.Rounded).AddColumn("No signal").AddNumbers("q0", "p0", "Z");
        AddRow("observed", result.Observed);
        for (int band = 0; band < result.Expected.Count; band++)
        {
            AddRow(BandTable.Names[band], result.Expected[band]);
        }

        terminal.People.Write(table);
        if (result.Background is { } background)
        {
            terminal.Say(
                $"p0 ± {result.ObservedError:G2} from {Counted(background.Values.Count, "toy")} of each kind, of which "
                    + $"{background.FailureCount + result.Signal!.FailureCount:N0} failed to fit and are excluded");
        }

        SignificanceDocument document = opened.Named(SignificanceDocument.Of(name, result));
        page?.Write(terminal, document);
        terminal.PrintJson(document);

        void AddRow(string title, Discovery discovery) => table.AddRow(
            title, BandTable.Text(discovery.Q0), BandTable.Text(discovery.P0),
            double.IsNaN(discovery.Z) ? "no toy" : BandTable.Text(discovery.Z));
    }
}
