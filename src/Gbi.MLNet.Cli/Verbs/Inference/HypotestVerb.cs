using System.CommandLine;
using Gbi.Cli.Options;
using Gbi.Cli.Options.Parsing;
using Gbi.Cli.Tables;
using Gbi.Inference.Tests;
using Gbi.Numerics;
using Gbi.Reports.Json.Fits;

namespace Gbi.Cli.Verbs.Inference;

/// <summary>gbi hypotest: CLs of one strength, observed and expected.</summary>
internal sealed class HypotestVerb : Verb
{
    private readonly ModelOptions _model = new();
    private readonly Option<double?> _mu = InferenceOptionOf.Strength();
    private readonly ToyOptions _toys = new("Take CLs from N toys with the tested signal and N without.");
    private readonly ReportOption _report = new("CLs, observed and expected, what it is made of, test of no signal");

    public HypotestVerb()
        : base(
            "hypotest",
            "Test one signal strength with CLs, by asymptotic formulas or toys. Prints the observed value and those expected without "
            + "signal.",
            "gbi hypotest workspace.json --mu 1",
            "gbi hypotest background.json --patch signal.json --json",
            "gbi hypotest workspace.json --toys 10000")
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
        HypotestDocument result = byToys is { } toys
            ? HypotestDocument.Of(test, ProgressBars.Run(terminal, progress => ToyTest.Run(
                test, mu, new ToyTestOptions { ToyCount = toys.Count }, toys.Seed, new NamedStep(progress, "Toys"), cancellation)))
            : HypotestDocument.Of(test, test.Test(mu));
        opened.SayMeasurement(terminal);
        terminal.Say(
            $"{result.ParameterOfInterest} = {mu:G6}: q̃ = {result.Q:G6}, best fit {result.ParameterOfInterest} = {result.MuHat:G6}");
        terminal.People.Write(BandTable.Of("CLs", "Value", (result.Cls, result.ClsError), result.ExpectedCls, result.ExpectedClsError));
        BandTable.SayToys(terminal, result.Toys, result.Failed);
        result = opened.Named(result);
        page?.Write(terminal, result);
        terminal.PrintJson(result);
    }
}
