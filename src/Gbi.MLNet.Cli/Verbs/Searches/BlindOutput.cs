using System.Diagnostics;
using Gbi.Cli.Options;
using Gbi.Cli.Tables;
using Gbi.Events;
using Gbi.Events.IO.Outputs;
using Gbi.Jobs;
using Gbi.Pipeline.Persistence;
using Gbi.Reports;
using Gbi.Reports.Html;
using Gbi.Reports.Json.Results;
using Gbi.Searches.Blind;
using Gbi.Searches.Options;

namespace Gbi.Cli.Verbs.Searches;

/// <summary>gbi search --blind: runs it, writes its three files and prints it.</summary>
internal static class BlindOutput
{
    private static readonly string[] Names = [SearchFiles.Result, SearchFiles.Report, SearchFiles.Model];

    public static void Run(
        SearchInputFiles inputs, ResonanceSearchOptions settings, PendingFolder folder, string path, Terminal terminal,
        CancellationToken cancellation)
    {
        BlindRun run = ProgressBars.Run(terminal, progress => Search(inputs, settings, progress, cancellation));
        RatioModelFile.Save(run.Search.Ratio, folder.File(SearchFiles.Model));
        var document = BlindSearchDocument.Of(run);
        File.WriteAllText(folder.File(SearchFiles.Result), document.ForFile().ToJson());
        File.WriteAllText(folder.File(SearchFiles.Report), BlindReport.Write(run));
        cancellation.ThrowIfCancellationRequested();
        folder.Complete();
        inputs.SayProvider(terminal);
        BlindTables.Print(terminal, run);
        SearchFiles.SayWritten(terminal, path, Names);
        terminal.PrintJson(document);
    }

    private static BlindRun Search(
        SearchInputFiles inputs, ResonanceSearchOptions settings, IProgress<SearchProgress>? progress, CancellationToken cancellation)
    {
        long started = Stopwatch.GetTimestamp();
        (EventTable data, EventTable? simulation) = inputs.Read(settings, progress, cancellation);
        var search = BlindSearch.Run(data, simulation!, settings, progress, cancellation);
        return new BlindRun(search, Stopwatch.GetElapsedTime(started))
        {
            Events = inputs.EventsName,
            Signal = inputs.SignalName!,
            Background = inputs.Background.Name,
        };
    }
}
