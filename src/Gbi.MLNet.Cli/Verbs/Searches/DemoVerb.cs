using System.CommandLine;
using System.Diagnostics;
using Gbi.Cli.Help;
using Gbi.Cli.Options;
using Gbi.Cli.Options.Parsing;
using Gbi.Cli.Tables;
using Gbi.Events.IO;
using Gbi.Events.IO.Outputs;
using Gbi.Numerics;
using Gbi.Reports;
using Gbi.Reports.Json.Results;
using Gbi.Searches;
using Gbi.Searches.Options;

namespace Gbi.Cli.Verbs.Searches;

/// <summary>gbi demo: simulates a dijet search, runs it, and prints the truth beside the estimate.</summary>
internal sealed class DemoVerb : Verb
{
    public const string Result = "demo.json";

    private static readonly DijetDemoOptions Defaults = new();

    private readonly Option<string> _out = OptionOf.Text(
        "--out", "DIR", "Folder to write events, signal simulation, scores, result, report and model to.",
        defaultsTo: "nothing is written");

    private readonly Option<int?> _events = OptionOf.Number(
        "--events", "N", "Number of events, signal included.", least: 1000, Sentence.Of(Defaults.EventCount));

    private readonly TrainingOptions _training = new(
        new TrainingDefaults("anomaly score", SearchOptions.Defaults.Anomaly),
        new TrainingDefaults("signal ratio", SearchOptions.Defaults.Signal));

    private readonly Option<ulong?> _seed = OptionOf.Seed();
    private readonly Option<bool> _force = OptionOf.Force();

    public DemoVerb()
        : base(
            "demo",
            "Run a search on simulated dijet events, as in the LHC Olympics, and compare the estimate with the truth (about a minute).",
            "gbi demo",
            "gbi demo --seed 7 --out demo-results") =>
        this.AddAll([_events, .. _training.All, _seed, _out, _force]);

    public override void Execute(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        bool force = parsed.GetValue(_force);
        string? path = parsed.GetValue(_out) is { } given ? OutputPath.RequireFolder(parsed, given, []) : null;
        using PendingFolder? folder = path is null ? null : new PendingFolder(
            path, FinishedOutputs.Require(parsed, force, (path, _out.Name)));
        DijetDemoOptions settings = Scaled(parsed.GetValue(_events) ?? Defaults.EventCount) with
        {
            Seed = new Seed(parsed.GetValue(_seed) ?? OptionOf.DefaultSeed)
        };
        long started = Stopwatch.GetTimestamp();
        DijetDemo demo = ProgressBars.Run(terminal, progress => DijetDemo.Run(settings, Adapt, progress, cancellation));
        var run = new SearchRun(demo.Search, Stopwatch.GetElapsedTime(started)) { Events = "events.parquet", Signal = "signal.parquet" };
        var document = DemoDocument.Of(demo, run);
        if (folder is not null)
        {
            File.WriteAllText(folder.File(Result), document.ForFile().ToJson());
            Write(folder, demo, run, cancellation);
        }

        SearchTables.Print(terminal, run);
        DemoTables.Print(terminal, demo);
        string written = path is null
            ? "Nothing was written; add --out DIR to keep events, scores and report."
            : $"Wrote events, scores, result, report and model to {path}.";
        terminal.Say($"{written}");
        terminal.PrintJson(document);

        ResonanceSearchOptions Adapt(ResonanceSearchOptions usual) => usual with
        {
            Anomaly = _training.Apply(usual.Anomaly, parsed),
            Signal = _training.Apply(usual.Signal, parsed),
        };
    }

    private static DijetDemoOptions Scaled(int events) => Defaults with
    {
        EventCount = events,
        SignalCount = Math.Min(Defaults.SignalCount, Math.Max(1000, events / 5)),
        ClosureCount = Math.Min(Defaults.ClosureCount, events),
    };

    private static void Write(PendingFolder folder, DijetDemo demo, SearchRun run, CancellationToken cancellation)
    {
        ParquetEventWriter.Write(folder.File("events.parquet"), demo.Data, cancellationToken: cancellation);
        ParquetEventWriter.Write(folder.File("signal.parquet"), demo.Signal, cancellationToken: cancellation);
        SearchFiles.Write(folder, folder.File("events.parquet"), run, cancellation);
        folder.Complete();
    }
}
