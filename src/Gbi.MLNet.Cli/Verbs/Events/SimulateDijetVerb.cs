using System.CommandLine;
using Gbi.Cli.Help;
using Gbi.Cli.Options;
using Gbi.Cli.Options.Parsing;
using Gbi.Events.IO.Outputs;
using Gbi.Numerics;
using Gbi.Reports.Json.Events;
using Gbi.Simulators;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Cli.Verbs.Events;

/// <summary>gbi simulate dijet: the demo's events as a Parquet file.</summary>
internal sealed class SimulateDijetVerb : Verb
{
    private const double WithoutSignal = 0;

    // Five random features; the label takes next to nothing.
    private const int BytesOfEvent = 5 * sizeof(float);

    private readonly Option<int?> _events = OptionOf.Number(
        "--events", "N", "Number of events, signal included.", least: 1, required: true);

    private readonly Option<double?> _fraction = OptionOf.Real(
        "--signal-fraction", "F", "Fraction of signal among them.", "a number from 0 to 1", fraction => fraction is >= 0 and <= 1,
        Sentence.Of(WithoutSignal));

    private readonly SimulationOptions _options = new();
    private readonly Option<ulong?> _seed = OptionOf.Seed();
    private readonly Option<string> _out = OptionOf.Text("--out", "FILE.parquet", "File to write.", required: true);
    private readonly Option<bool> _force = OptionOf.Force();

    public SimulateDijetVerb()
        : base(
            "dijet",
            "Simulate dijet events: mjj, mj1 and delta_mj in TeV, tau21_j1, tau21_j2, and the true class as label.",
            "gbi simulate dijet --events 200000 --signal-fraction 0.003 --seed 1 --out events.parquet",
            "gbi simulate dijet --events 30000 --signal-fraction 1 --seed 2 --out signal.parquet",
            "gbi simulate dijet --events 100000 --signal-fraction 1 --signal-masses 300:80 --shift jet-mass-scale=1.01 --out "
                + "shifted.parquet")
    {
        this.AddAll([_events, _fraction, _seed, .. _options.All, _out, _force]);
    }

    public override void Execute(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        double fraction = parsed.GetValue(_fraction) ?? WithoutSignal;
        bool force = parsed.GetValue(_force);
        string path = OutputPath.Require(parsed, parsed.GetRequiredValue(_out), OutputPath.Parquet);
        int count = parsed.GetValue(_events)!.Value;
        var seed = new Seed(parsed.GetValue(_seed) ?? OptionOf.DefaultSeed);
        var sample = new DijetSample(count, fraction, seed, _options.Read(parsed, seed));
        OutputTerms terms = FinishedOutputs.Require(parsed, force, (path, _out.Name));
        OutputSpace.Require(path, (long)count * BytesOfEvent);
        int signal = ProgressBars.Run(terminal, progress => DijetFile.Write(
            path, sample, terms, new NamedStep(progress, "Simulating events"), cancellation));
        terminal.Say($"Wrote {Counted(count, "event")}, {signal:N0} of them signal, to {path}.");
        terminal.PrintJson(new SimulateDocument(path, count, signal, seed.Value));
    }
}
