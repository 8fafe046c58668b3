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
    private const int GridPoints = 41;

    private readonly ModelOptions _model = new();
    private readonly Option<double?> _confidence = OptionOf.Real(
        "--confidence", "CL", "Confidence level of the limits.", "a number between 0.5 and 1", level => level is > 0.5 and < 1,
        Sentence.Of(ConfidenceLevel.Usual));

    private readonly Option<IReadOnlyList<double>?> _grid = InferenceOptionOf.Grid(
        "Print CLs, CLs+b and CLb at N strengths from LO to HI, by asymptotic formulas.", "with --report, up to beyond the limits");

    private readonly ReportOption _report = new("CLs over the strength with its expected band, limits, test of no signal");

    private readonly ToyOptions _toys = new("Take CLs from N toys with signal and N without at every strength that is tried.");

    public LimitVerb()
        : base(
            "limit",
            "Set upper limits on the signal strength with CLs, by asymptotic formulas or toys. Prints the observed limit and those "
            + "expected without signal.",
            "gbi limit model.json",
            "gbi limit background.json --patch signal.json --confidence 0.9 --json",
            "gbi limit workspace.json --toys 10000",
            "gbi limit workspace.json --report limit.html")
    {
        _model.AddTo(this);
        this.AddAll(_confidence, _grid);
        _toys.AddTo(this);
        _report.AddTo(this);
    }

    public override void Execute(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        (int Count, Seed Seed)? byToys = _toys.Read(parsed);
        IReadOnlyList<double>? grid = parsed.GetValue(_grid);
        if (grid is not null && (byToys is not null || grid[0] < 0))
        {
            throw new UsageException(byToys is not null
                ? "--grid and --toys exclude each other: the grid is of asymptotic formulas; leave one out."
                : Text($"--grid begins at {grid[0]:G6}, but a tested strength is 0 or more; begin at 0."));
        }

        using PendingPage? page = _report.Begin(parsed);
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

        grid ??= page is null || byToys is not null ? [] : ClsScan.Grid(limits, GridPoints);
        IReadOnlyList<ClsPoint>? scan = grid.Count == 0 ? null : ClsScan.Of(test, grid);
        if (scan is not null && parsed.GetValue(_grid) is not null)
        {
            FitTables.Cls(terminal, name, scan);
        }

        if (terminal.Json || page is not null)
        {
            LimitDocument document = opened.Named(LimitDocument.Of(test, limits, byToys?.Count)) with
            {
                Scan = scan is null ? null : [.. scan.Select(ClsPointDocument.Of)],
            };
            page?.Write(terminal, document);
            terminal.PrintJson(document);
        }
    }
}
