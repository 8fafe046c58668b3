using System.CommandLine;
using System.Globalization;
using Gbi.Cli.Help;
using Gbi.Cli.Options;
using Gbi.Cli.Options.Parsing;
using Gbi.Cli.Tables;
using Gbi.Events;
using Gbi.Inference.Toys;
using Gbi.Jobs;
using Gbi.Reports;
using Gbi.Reports.Html;
using Gbi.Reports.Json.Results;
using Gbi.Searches.Hunt;
using Gbi.Searches.Options;

namespace Gbi.Cli.Verbs.Searches;

/// <summary>gbi hunt: a search in each window of a scan and in those of toys, to a folder from which a second call resumes.</summary>
internal sealed class HuntVerb : Verb, IConfigurable
{
    public const string Result = "hunt.json";
    public const string Report = "report.html";

    // Of these only what does not depend on the scan is used.
    private static readonly BumpHuntOptions Defaults = new() { Scan = new BumpScan(0, 0, 1, 1), Search = SearchOptions.Defaults };

    private readonly Argument<string> _events = new("EVENTS") { Description = $"Events, {EventFile.Formats}." };

    private readonly SearchOptions _options = new(
        new TrainingDefaults("anomaly score", SearchOptions.Defaults.Anomaly),
        new TrainingDefaults("signal ratio", SearchOptions.Defaults.Signal));

    private readonly BackgroundOptions _background = new(BackgroundOptions.OfSidebandsByDefault);
    private readonly Option<Steps?> _scan = OptionOf.Steps(
        "--scan", "Centres of the windows: the first, the last and the step between them.");

    private readonly Option<double?> _width = OptionOf.Real(
        "--width", "W", "Width of a window; at least twice the step is best.", "a number above 0", width => width > 0);

    private readonly Option<double?> _sidebandWidth = OptionOf.Real(
        "--sideband-width", "W", "Width of each sideband.", "a number above 0", width => width > 0, "all masses");

    private readonly Option<double[]> _cuts = OptionOf.Reals(
        "--cuts", "E,...", "Background efficiencies of the cuts on the score, 1 for no cut; each further one is a trial factor.",
        "numbers above 0 and up to 1 such as 0.01", cut => cut is > 0 and <= 1, Sentence.Of(Defaults.BackgroundEfficiencies));

    private readonly Option<string> _signal = OptionOf.Text(
        "--signal", "SIM", "Simulated signal with the same columns, at all masses of the scan; without it the excess is counted.");

    private readonly Option<int?> _toys = OptionOf.Number(
        "--toys", "N",
        "Toys without signal that are hunted in the same way, for the global p-value; a larger N adds toys to a finished hunt.",
        least: 1, "none");

    private readonly Option<ToyShard?> _shard = InferenceOptionOf.Shard(
        "Run only part I of N of the toys; the run that finds all parts in the folder merges them.");

    private readonly Option<string> _config = ConfigFile.Option();

    private readonly Option<string> _out = OptionOf.Text(
        "--out", "DIR", "Folder to write hunt.json and report.html to; what is finished there is kept.", required: true);

    private readonly Option<bool> _force = OptionOf.Flag(OptionOf.ForceName, "Start anew, replacing the hunt in the folder.");

    public HuntVerb()
        : base(
            "hunt",
            "Hunt for a resonance of unknown mass: a search in each window of a scan, with local p-values and a global one from toys. "
            + "If it is interrupted, the same command resumes.",
            "gbi hunt events.parquet --mass mjj --features mj1,delta_mj,tau21_j1,tau21_j2 --scan 3:4.5:0.1 --width 0.4 "
            + "--spectrum dijet --collision-energy 13 --folds 2 --members 1 --toys 200 --out hunt",
            "gbi hunt events.parquet --config hunt.json --toys 2000 --shard 1/8 --out hunt")
    {
        Arguments.Add(_events);
        _width.Required = true;
        this.AddAll(
            [
                .. _options.Columns, _scan, _width, _sidebandWidth, _options.Range, _cuts, .. _options.Others, .. _background.Trees,
                _signal, _toys, _shard, _config, _out, _force
            ]);
    }

    public string? ConfigPath(ParseResult parsed) => ConfigFile.PathOf(parsed, _config);

    public override void Execute(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        BumpHuntOptions settings = Settings(parsed);
        ToyShard shard = parsed.GetValue(_shard) ?? ToyShard.Whole;
        if (parsed.GetValue(_shard) is not null && settings.ToyCount == 0)
        {
            throw new UsageException("--shard needs --toys: it is a part of the toys.");
        }

        string path = Folder(parsed);
        _options.SayFeatures(parsed, terminal, settings.Search.Schema, blinded: null, cancellation);
        try
        {
            IReadOnlyList<int> missing = [];
            HuntRun? run = ProgressBars.Run(terminal, progress =>
            {
                BumpHuntFolder hunt = Read(parsed, settings, path, progress, cancellation);
                missing = Run(hunt, settings, shard, progress, cancellation);
                return missing.Count > 0 ? null : new HuntRun(hunt.Result(shard.Of), settings)
                {
                    Events = EventFile.NameOf(parsed.GetRequiredValue(_events)),
                    Signal = parsed.GetValue(_signal) is { } signal ? EventFile.NameOf(signal) : null,
                };
            });
            Finish(terminal, path, run, shard, missing);
        }
        catch (OperationCanceledException cause)
        {
            throw new InterruptedException(
                $"Interrupted; windows and toys that are finished stay in {path}, and the same command resumes.", cause);
        }
    }

    private BumpHuntOptions Settings(ParseResult parsed) => UsageException.IfRefused(() =>
    {
        Steps steps = parsed.GetRequiredValue(_scan)!;
        (double low, double high) = _options.MassRange(parsed);
        var scan = new BumpScan(
            steps.First,
            steps.Last,
            steps.Step,
            parsed.GetRequiredValue(_width)!.Value / 2,
            parsed.GetValue(_sidebandWidth) ?? double.PositiveInfinity,
            low,
            high);
        ResonanceSearchOptions search = _options.Settings(parsed, scan.Windows[0]) with { Background = _background.OfSidebands(parsed) };
        var defaults = new BumpHuntOptions { Scan = scan, Search = search, Seed = search.Seed, ToyCount = parsed.GetValue(_toys) ?? 0 };
        return parsed.GetValue(_cuts) is { Length: > 0 } cuts ? defaults with { BackgroundEfficiencies = cuts } : defaults;
    });

    private string Folder(ParseResult parsed) => ResumableFolder.Require(
        parsed, parsed.GetRequiredValue(_out), parsed.GetValue(_force), [Result, Report],
        ["windows.jsonl*", "toys.jsonl*", "toys-*-of-*.jsonl*"]);

    private BumpHuntFolder Read(
        ParseResult parsed, BumpHuntOptions settings, string path, IProgress<SearchProgress>? progress, CancellationToken cancellation)
    {
        progress?.Report(new SearchProgress("Reading events", 0));
        EventSchema schema = settings.Search.Schema;
        EventTable data = EventFile.Read(parsed.GetRequiredValue(_events), schema, cancellation);
        EventTable? signal = parsed.GetValue(_signal) is { } simulation
            ? EventFile.Read(simulation, SearchVerb.SchemaOf(simulation, schema), cancellation)
            : null;
        progress?.Report(new SearchProgress("Reading events", 1));
        return new BumpHuntFolder(new BumpHunt(settings, signal), data, path);
    }

    /// <summary>Does what is left of the windows and of the shard; returns the shards whose toys are not there yet.</summary>
    private static IReadOnlyList<int> Run(
        BumpHuntFolder hunt, BumpHuntOptions settings, ToyShard shard, IProgress<SearchProgress>? progress, CancellationToken cancellation)
    {
        hunt.RunWindows(progress, cancellation);
        if (settings.ToyCount == 0)
        {
            return [];
        }

        hunt.RunToys(shard, progress, cancellation);
        return hunt.MissingShards(shard.Of);
    }

    private static void Finish(Terminal terminal, string path, HuntRun? run, ToyShard shard, IReadOnlyList<int> missing)
    {
        if (run is null)
        {
            string rest = string.Join(", ", missing.Select(number => number.ToString(CultureInfo.InvariantCulture)));
            terminal.Say(
                $"Wrote {BumpHuntFolder.ToysFile(shard)} to {path}; shards {rest} of {shard.Of} have yet to run with the same folder.");
            terminal.PrintJson(new HuntShardDocument(path, BumpHuntFolder.ToysFile(shard), shard.ToString(), missing));
            return;
        }

        var document = HuntDocument.Of(run);
        ResumableFolder.Write(Path.Combine(path, Result), document.ToJson());
        ResumableFolder.Write(Path.Combine(path, Report), HuntReport.Write(run));
        HuntTables.Print(terminal, run);
        terminal.Say($"Wrote {Result} and {Report} to {path}.");
        terminal.PrintJson(document);
    }
}
