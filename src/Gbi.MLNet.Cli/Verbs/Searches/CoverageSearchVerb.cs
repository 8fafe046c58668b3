using System.CommandLine;
using System.Diagnostics;
using Gbi.Cli.Options;
using Gbi.Cli.Options.Parsing;
using Gbi.Cli.Tables;
using Gbi.Events;
using Gbi.Jobs;
using Gbi.Reports;
using Gbi.Reports.Html;
using Gbi.Reports.Json.Results;
using Gbi.Searches.Coverage;
using Gbi.Searches.Hunt;
using Gbi.Searches.Options;
using Gbi.Simulators;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Cli.Verbs.Searches;

/// <summary>gbi coverage search: whole searches of pseudo-data, to a folder from which a second call resumes.</summary>
internal sealed class CoverageSearchVerb : Verb, IConfigurable
{
    public const string Result = "coverage.json";
    public const string Report = "report.html";

    private const string Dijet = "dijet";

    private readonly Argument<string> _events = new("EVENTS")
    {
        Description = $"Events, {EventFile.Formats}; or {Dijet}, the background of gbi simulate dijet."
    };

    private readonly SearchOptions _options = new(
        new TrainingDefaults("anomaly score", SearchOptions.Defaults.Anomaly),
        new TrainingDefaults("signal ratio", SearchOptions.Defaults.Signal));

    private readonly Option<int?> _toys = OptionOf.Number(
        "--toys", "N", "Pseudo-data sets, each with a whole search of its own; a larger N adds to a finished study.", least: 1);

    private readonly Option<int?> _count = OptionOf.Number(
        "--toy-events", "N", "Events of a pseudo-data set, drawn from EVENTS without replacement.", least: 1, "all of a file");

    private readonly Option<string> _injected = OptionOf.Text(
        "--inject", "SIGNAL", "Signal events of which some are added to each pseudo-data set.");

    private readonly Option<double?> _number = OptionOf.Real(
        "--injected-events", "N", "Mean number of signal events that are added.", "a number of 0 or more", number => number >= 0);

    private readonly Option<string> _signal = OptionOf.Text(
        "--signal", "SIM", "Simulated signal that the search fits; without it the excess is counted.");

    private readonly BackgroundOptions _background = new();
    private readonly InferenceOptions _inference = new();
    private readonly Option<string> _config = ConfigFile.Option();

    private readonly Option<string> _out = OptionOf.Text(
        "--out", "DIR", "Folder to write coverage.json and report.html to; searches that are finished there are kept.", required: true);

    private readonly Option<bool> _force = OptionOf.Flag(OptionOf.ForceName, "Start anew, replacing the study in the folder.");

    public CoverageSearchVerb()
        : base(
            "search",
            "Repeat a whole search on pseudo-data of known truth: are its p-values uniform without signal, and does it find one? The data "
            + "sets are the events of a file, each once, with masses drawn anew, and signal events if asked for. If it is interrupted, the "
            + "same command resumes.",
            "gbi coverage search events.parquet --mass mjj --features mj1,delta_mj,tau21_j1,tau21_j2 --signal-region 3.3:3.7 "
            + "--toys 100 --out null",
            "gbi coverage search dijet --config search.json --toys 200 --toy-events 100000 --out null",
            "gbi coverage search events.parquet --config search.json --toys 100 --inject signal.parquet --injected-events 500 --out power")
    {
        Arguments.Add(_events);
        _toys.Required = true;
        this.AddAll(
            [
                .. _options.All, _toys, _count, _injected, _number, _signal, .. _background.All, .. _inference.All, _config, _out, _force
            ]);
    }

    public string? ConfigPath(ParseResult parsed) => ConfigFile.PathOf(parsed, _config);

    public override void Execute(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        bool injects = parsed.GetValue(_injected) is not null;
        if (injects != parsed.GetValue(_number) is not null)
        {
            throw new UsageException("--inject and --injected-events belong together: signal events, and how many of them are added.");
        }

        string? signal = parsed.GetValue(_signal);
        ResonanceSearchOptions search = _inference.Apply(_options.Settings(parsed), parsed, signal is not null);
        string path = Folder(parsed);
        _options.SayFeatures(parsed, terminal, search.Schema, blinded: null, cancellation);
        long started = Stopwatch.GetTimestamp();
        using OpenedBackground background = _background.Open(parsed, search.Schema, cancellation);
        var options = new SearchCoverageOptions
        {
            Search = search with { Background = background.Choice },
            ToyCount = parsed.GetRequiredValue(_toys)!.Value,
            InjectedSignal = parsed.GetValue(_number) ?? 0,
            Seed = search.Seed,
        };
        try
        {
            CoverageRun run = ProgressBars.Run(terminal, progress => Run(parsed, options, path, progress, cancellation));
            Finish(terminal, path, run, Stopwatch.GetElapsedTime(started));
        }
        catch (OperationCanceledException cause)
        {
            throw new InterruptedException(
                $"Interrupted; searches that are finished stay in {path}, and the same command resumes.", cause);
        }
    }

    private CoverageRun Run(
        ParseResult parsed, SearchCoverageOptions options, string path, IProgress<SearchProgress>? progress, CancellationToken cancellation)
    {
        progress?.Report(new SearchProgress("Reading events", 0));
        EventSchema schema = options.Search.Schema;
        EventTable? injected = Simulation(_injected);
        EventTable? signal = parsed.GetValue(_signal) == parsed.GetValue(_injected) ? injected : Simulation(_signal);
        progress?.Report(new SearchProgress("Reading events", 1));
        BackgroundToys source = Source(parsed, options, cancellation);
        var coverage = new SearchCoverage(options, source, injected, signal);
        return new CoverageRun(new SearchCoverageFolder(coverage, path).Run(progress, cancellation), options)
        {
            Source = source.Name,
            Injected = EventFile.NameOf(parsed.GetValue(_injected)),
            Signal = EventFile.NameOf(parsed.GetValue(_signal)),
        };

        EventTable? Simulation(Option<string> option) => parsed.GetValue(option) is { } file
            ? EventFile.Read(file, SearchVerb.SchemaOf(file, schema), cancellation)
            : null;
    }

    private BackgroundToys Source(ParseResult parsed, SearchCoverageOptions options, CancellationToken cancellation)
    {
        string events = parsed.GetRequiredValue(_events);
        int? count = parsed.GetValue(_count);
        if (events != Dijet)
        {
            EventTable data = EventFile.Read(events, options.Search.Schema, cancellation);
            return BackgroundToys.FromData(data, options.Search, options.Search.Window, options.Seed.Child("toy generator"), count);
        }

        return count is { } drawn
            ? BackgroundToys.Of(Text($"of {drawn:N0} simulated dijet events"), seed => DijetSimulator.Background(drawn, seed))
            : throw new UsageException("The simulator of dijet events needs --toy-events, the number of events of a pseudo-data set.");
    }

    private string Folder(ParseResult parsed) => ResumableFolder.Require(
        parsed, parsed.GetRequiredValue(_out), parsed.GetValue(_force), [Result, Report], [SearchCoverageFolder.SearchesFile + "*"]);

    private static void Finish(Terminal terminal, string path, CoverageRun run, TimeSpan elapsed)
    {
        var document = CoverageDocument.Of(run);
        ResumableFolder.Write(Path.Combine(path, Result), document.ToJson());
        ResumableFolder.Write(Path.Combine(path, Report), CoverageReport.Write(run));
        CoverageTables.Print(terminal, run);
        terminal.Say($"Wrote {Result} and {Report} to {path} after {elapsed.TotalSeconds:N0} s.");
        terminal.PrintJson(document);
    }
}
