using System.CommandLine;
using System.Diagnostics;
using Gbi.Cli.Options;
using Gbi.Cli.Options.Parsing;
using Gbi.Cli.Tables;
using Gbi.Events;
using Gbi.Events.IO.Csv;
using Gbi.Events.IO.Outputs;
using Gbi.Jobs;
using Gbi.Ratios.Families;
using Gbi.Reports;
using Gbi.Reports.Json.Results;
using Gbi.Searches;
using Gbi.Searches.Options;
using Gbi.Searches.Results;

namespace Gbi.Cli.Verbs.Searches;

/// <summary>gbi search: the resonant search, from events to a folder of results.</summary>
internal sealed class SearchVerb : Verb, IConfigurable
{
    private readonly Argument<string> _events = new("EVENTS") { Description = $"Events, {EventFile.Formats}." };

    private readonly SearchOptions _options = new(
        new TrainingDefaults("anomaly score", SearchOptions.Defaults.Anomaly),
        new TrainingDefaults("signal ratio", SearchOptions.Defaults.Signal),
        new TrainingDefaults("signal family", new SignalFamilyOptions()));

    private readonly Option<string> _signal = OptionOf.Text(
        "--signal", "SIM", "Simulated signal with the same columns; without it the excess is counted.");

    private readonly Option<bool> _blind = OptionOf.Flag(
        "--blind", "Print what the search is expected to find, from background and simulation; the signal region stays blinded.");

    private readonly FamilyOptions _family = new();
    private readonly BackgroundOptions _background = new();
    private readonly InferenceOptions _inference = new();
    private readonly Option<string> _config = ConfigFile.Option();

    private readonly Option<string> _out = OptionOf.Text(
        "--out", "DIR", "Folder to write scores.parquet, result.json, report.html and model.zip to, with --signal also likelihood.json; "
        + "with --signal-parameters family.json replaces the last two.", required: true);

    private readonly Option<bool> _force = OptionOf.Force();

    public SearchVerb()
        : base(
            "search",
            "Search for a resonance: background from the sidebands or elsewhere, a score for every event, a fitted signal fraction.",
            "gbi search events.parquet --mass mjj --features mj1,delta_mj,tau21_j1,tau21_j2 --signal-region 3.3:3.7 "
            + "--spectrum dijet --collision-energy 13 --signal signal.parquet --out results",
            "gbi search events.csv --config search.json --seed 7 --out results --force",
            "gbi search events.parquet --config search.json --background flow.onnx --device cuda --out results",
            "gbi search events.parquet --config search.json --background-simulation qcd.parquet --background-weight w --out results",
            "gbi search data.parquet --config search.json --background background.parquet --signal signal.parquet --mass-term --out "
                + "results",
            "gbi search events.parquet --config search.json --signal signal.parquet --blind --out expected",
            "gbi search events.parquet --config search.json --signal family.parquet --signal-parameters mx,my --aligned mj2:mx,mj1:my "
            + "--interchangeable --out results",
            "gbi interval results/likelihood.json --method feldman-cousins --toys 500")
    {
        Arguments.Add(_events);
        this.AddAll([.. _options.All, _signal, _blind, .. _family.All, .. _background.All, .. _inference.All, _config, _out, _force]);
    }

    public string? ConfigPath(ParseResult parsed) => ConfigFile.PathOf(parsed, _config);

    public override void Execute(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        ResonanceSearchOptions settings = _options.Settings(parsed);
        string events = parsed.GetRequiredValue(_events);
        bool force = parsed.GetValue(_force);
        string path = OutputPath.RequireFolder(parsed, parsed.GetRequiredValue(_out), SearchFiles.AllNames);
        string? signal = parsed.GetValue(_signal);
        settings = _inference.Apply(settings, parsed, signal is not null);
        settings = _family.Apply(
            settings, parsed, signal is not null, family => _options.Training(family, parsed), _inference.Without(parsed));
        bool isBlind = parsed.GetValue(_blind);
        if (isBlind && signal is null)
        {
            throw new UsageException("--blind needs --signal: the expected significance is computed with a signal simulation.");
        }

        if (isBlind && settings.Family is not null)
        {
            throw new UsageException(
                "--blind and --signal-parameters exclude each other: the expectation depends on the parameters; give the simulation at "
                    + "one point.");
        }

        OutputTerms terms = FinishedOutputs.Require(parsed, force, (path, _out.Name));
        _options.SayFeatures(parsed, terminal, settings.Schema, isBlind ? settings.Window : null, cancellation);
        using OpenedBackground background = _background.Open(parsed, settings.Schema, cancellation);
        settings = settings with { Background = background.Choice };
        using var folder = new PendingFolder(path, terms);
        folder.Supersede(SearchFiles.OfEarlierRun(path));
        var inputs = new SearchInputFiles(events, signal, background);
        if (isBlind)
        {
            BlindOutput.Run(inputs, settings, folder, path, terminal, cancellation);
        }
        else
        {
            Run(inputs, settings, folder, path, terminal, cancellation);
        }
    }

    private static void Run(
        SearchInputFiles inputs, ResonanceSearchOptions settings, PendingFolder folder, string path, Terminal terminal,
        CancellationToken cancellation)
    {
        // Scores are written next to every column of the input: a text that cannot be copied is refused before the search, not after it.
        string columns = EventFile.IsText(inputs.Events) ? folder.File("input.parquet") : inputs.Events;
        if (columns != inputs.Events)
        {
            CsvToParquet.Convert(inputs.Events, columns, cancellationToken: cancellation);
        }

        SearchScoresFile.Require(columns);
        OutputSpace.Require(path, EventFile.Length(columns));
        SearchRun run = ProgressBars.Run(terminal, progress => Search(inputs, settings, progress, cancellation));
        SearchFiles.Write(folder, columns, run, cancellation);
        if (columns != inputs.Events)
        {
            File.Delete(columns);
        }

        folder.Complete();
        inputs.SayProvider(terminal);
        SearchTables.Print(terminal, run);
        SearchFiles.SayWritten(terminal, path, SearchFiles.Names(run));
        terminal.PrintJson(SearchDocument.Of(run));
    }

    private static SearchRun Search(
        SearchInputFiles inputs, ResonanceSearchOptions settings, IProgress<SearchProgress>? progress, CancellationToken cancellation)
    {
        long started = Stopwatch.GetTimestamp();
        (EventTable data, EventTable? simulation) = inputs.Read(settings, progress, cancellation);
        ResonanceSearch search = ResonanceSearch.Run(data, simulation, settings, progress, cancellation);
        return new SearchRun(search, Stopwatch.GetElapsedTime(started))
        {
            Events = inputs.EventsName,
            Signal = inputs.SignalName,
            Background = inputs.Background.Name,
        };
    }

    // A simulation of unweighted data need not carry weights, and one of weighted data may have none.
    public static EventSchema SchemaOf(string signal, EventSchema data) =>
        data.Weight is null || EventFile.AllColumns(signal).Contains(data.Weight)
            ? data
            : data with { Weight = null };
}
