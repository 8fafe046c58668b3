using System.CommandLine;
using System.Diagnostics;
using Gbi.Analysis;
using Gbi.Events;
using Gbi.IO;
using Gbi.Reports;

namespace Gbi.Cli;

/// <summary>gbi search: the resonant search, from events to a folder of results.</summary>
internal sealed class SearchVerb : Verb, IConfigurable
{
    private readonly Argument<string> _events = new("EVENTS") { Description = "Events, Parquet or CSV (.csv)." };
    private readonly SearchOptions _options = new();
    private readonly Option<string> _signal = OptionOf.Text("--signal", "SIM", "A simulation of the signal with the same columns; without it the excess is counted.");
    private readonly FamilyOptions _family = new();
    private readonly BackgroundOptions _background = new();
    private readonly InferenceOptions _inference = new();
    private readonly Option<string> _config = OptionOf.Text("--config", "FILE.json", "Options as a JSON object, {\"mass\": \"mjj\", ...}; what is typed wins.");
    private readonly Option<string> _out = OptionOf.Text("--out", "DIR", "Folder to write scores.parquet, result.json, report.html and model.zip to, and with a signal likelihood.json; with a family of signals family.json in place of the last two.", required: true);
    private readonly Option<bool> _force = OptionOf.Force("these files in a folder");

    public SearchVerb()
        : base(
            "search",
            "Search for a resonance: background learnt from the sidebands, a score for every event, a fitted signal fraction.",
            "gbi search events.parquet --mass mjj --features mj1,delta_mj,tau21_j1,tau21_j2 --signal-region 3.3:3.7 \\",
            "    --spectrum dijet --collision-energy 13 --signal signal.parquet --out results",
            "gbi search events.csv --config search.json --seed 7 --out results --force",
            "gbi search events.parquet --config search.json --background flow.onnx --device cuda --out results",
            "gbi search events.parquet --config search.json --background-simulation qcd.parquet --background-weight w --out results",
            "gbi search region.parquet --config search.json --background template.parquet --signal signal.parquet --mass-term --out results",
            "gbi search events.parquet --config search.json --signal family.parquet --signal-parameters mx,my --aligned mj2:mx,mj1:my --exchangeable --out results",
            "gbi interval results/likelihood.json --method feldman-cousins --toys 500")
    {
        Arguments.Add(_events);
        this.AddAll([.. _options.All, _signal, .. _family.All, .. _background.All, .. _inference.All, _config, _out, _force]);
    }

    public string? ConfigFile(ParseResult parsed) => parsed.GetValue(_config);

    public override void Execute(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        ResonanceSearchSettings settings = _options.Settings(parsed);
        string events = parsed.GetRequiredValue(_events);
        bool force = parsed.GetValue(_force);
        string path = OutputPath.Require(parsed.GetRequiredValue(_out), force);
        string? signal = parsed.GetValue(_signal);
        settings = _inference.Apply(settings, parsed, signal is not null);
        settings = _family.Apply(settings, parsed, signal is not null, family => _options.Training(family, parsed), _inference.Without(parsed));
        using OpenedBackground background = _background.Open(parsed, settings.Schema, cancellation);
        settings = settings with { Background = background.Choice };
        using var folder = new PendingFolder(path, force);
        SearchRun run = ProgressBars.Run(
            terminal, progress => Search(events, signal, settings, progress, cancellation));
        run = run with { Background = background.Name };
        Write(folder, events, run, cancellation);
        if (background.Generator is { } generator)
        {
            terminal.Say($"Background of {run.Background} on {NetworkOptions.Meaning(generator.Provider, generator.ProviderReason)}.");
        }

        SearchTables.Print(terminal, run);
        string[] files = SearchFiles.Names(run);
        terminal.Say($"Wrote {string.Join(", ", files[..^1])} and {files[^1]} to {path}.");
        terminal.PrintJson(SearchResultJson.Write(run));
    }

    private static SearchRun Search(
        string events, string? signal, ResonanceSearchSettings settings, IProgress<SearchProgress>? progress, CancellationToken cancellation)
    {
        long started = Stopwatch.GetTimestamp();
        progress?.Report(new SearchProgress("Reading events", 0));
        EventTable data = EventFile.Read(events, settings.Schema, cancellation);
        EventTable? simulation = signal is null ? null : EventFile.Read(signal, SchemaOf(signal, settings), cancellation);
        progress?.Report(new SearchProgress("Reading events", 1));
        ResonanceSearch search = ResonanceSearch.Run(data, simulation, settings, progress, cancellation);
        return new SearchRun(search, Stopwatch.GetElapsedTime(started))
        {
            Events = Path.GetFileName(events),
            Signal = signal is null ? null : Path.GetFileName(signal),
        };
    }

    private static void Write(PendingFolder folder, string events, SearchRun run, CancellationToken cancellation)
    {
        if (!EventFile.IsText(events))
        {
            SearchFiles.Write(folder, events, run, cancellation);
        }
        else
        {
            string columns = folder.File("input.parquet");
            CsvToParquet.Convert(events, columns, cancellationToken: cancellation);
            SearchFiles.Write(folder, columns, run, cancellation);
            File.Delete(columns);
        }

        folder.Complete();
    }

    private static EventSchema SchemaOf(string signal, ResonanceSearchSettings settings)
    {
        EventSchema schema = SchemaOf(signal, settings.Schema);
        return schema with { Features = [.. schema.Features, .. settings.Family?.Parameters ?? []] };
    }

    // A simulation of unweighted data need not carry weights, and one of weighted data may have none.
    public static EventSchema SchemaOf(string signal, EventSchema data) =>
        data.Weight is null || EventFile.IsText(signal) || new ParquetEventReader(signal).Columns.Any(column => column.Name == data.Weight)
            ? data
            : data with { Weight = null };
}
