using System.CommandLine;
using Gbi.Cli.Help;
using Gbi.Cli.Options;
using Gbi.Cli.Options.Parsing;
using Gbi.Cli.Tables;
using Gbi.Inference.Fits;
using Gbi.Inference.Tests;
using Gbi.Numerics;
using Gbi.Reports.Json.Fits;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Cli.Verbs.Inference;

/// <summary>gbi limit: upper limits on the strength, observed and expected.</summary>
internal sealed class LimitVerb : Verb
{
    private readonly ModelOptions _model = new();
    private readonly Option<double?> _confidence = OptionOf.Real(
        "--confidence", "CL", "Confidence level of the limits.", "a number between 0.5 and 1", level => level is > 0.5 and < 1,
        Sentence.Of(ConfidenceLevel.Usual));

    private readonly ToyOptions _toys = new("Take CLs from N toys with signal and N without at every strength that is tried.");

    public LimitVerb()
        : base(
            "limit",
            "Set upper limits on the signal strength with CLs, by asymptotic formulas or toys. Prints the observed limit and those "
            + "expected without signal.",
            "gbi limit model.json",
            "gbi limit background.json --patch signal.json --confidence 0.9 --json",
            "gbi limit workspace.json --toys 10000")
    {
        _model.AddTo(this);
        this.AddAll(_confidence);
        _toys.AddTo(this);
    }

    public override void Execute(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        (int Count, Seed Seed)? byToys = _toys.Read(parsed);
        double confidence = parsed.GetValue(_confidence) ?? ConfidenceLevel.Usual;
        OpenedModel opened = _model.Open(parsed, cancellation);
        StrengthTest test = opened.TestAgainstNoSignal(cancellation);
        UpperLimits limits = byToys is { } toys
            ? ProgressBars.Run(terminal, progress => ToyTest.UpperLimits(
                test, confidence, toys.Count, toys.Seed, new NamedStep(progress, "Toys"), cancellation))
            : test.UpperLimits(confidence);
        string name = test.Model.Parameters[test.ParameterOfInterest].Name;
        opened.SayMeasurement(terminal);
        terminal.People.Write(BandTable.Of(
            Text($"{100 * limits.ConfidenceLevel:G4} % upper limit"), name, (limits.Observed, limits.ObservedError), limits.Expected,
            limits.ExpectedErrors));
        BandTable.SayToys(terminal, byToys?.Count, limits.Tests.Sum(tested => tested.FailureCount));
        foreach (string failure in limits.Failures)
        {
            terminal.Say($"{failure}");
        }

        terminal.PrintJson(() => LimitDocument.Of(test, limits, byToys?.Count) with { Measurement = opened.Measurement });
    }
}
