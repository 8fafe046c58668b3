using System.CommandLine;
using System.Text;
using Gbi.Cli.Options;
using Gbi.Cli.Options.Parsing;
using Gbi.Events.IO.Outputs;
using Gbi.Reports.Html.Fits;
using Gbi.Reports.Html.Posteriors;
using Gbi.Reports.Json;

namespace Gbi.Cli;

/// <summary>--report: a result as one page.</summary>
internal static class ReportFile
{
    private const string Name = "--report";

    public static Option<string> Option(string shows) => OptionOf.Text(
        Name, "PAGE.html", $"Page to write, one file that needs no other: {shows}.", defaultsTo: "nothing is written");

    /// <summary>The path of the page, where it may be written; null where none is asked for.</summary>
    public static string? Path(ParseResult parsed, Option<string> option) =>
        parsed.GetValue(option) is { } path ? OutputPath.Require(parsed, path, OutputPath.Html, Name) : null;

    /// <summary>Begins the page before the work, so that one that cannot be written is told at once; null for none.</summary>
    public static PendingFile? Begin(string? path, OutputTerms terms) => path is null ? null : new PendingFile(path, terms);

    /// <summary>Writes the page, whole or not at all.</summary>
    public static void Write(PendingFile file, PosteriorRun run)
    {
        file.HasFailedCheck = run.Report is { IsOverConfident: true };
        Write(file, PosteriorPage.Write(run));
    }

    /// <summary>Writes the page of some HTML, whole or not at all.</summary>
    public static void Write(PendingFile file, string html)
    {
        file.Stream.Write(Encoding.UTF8.GetBytes(html));
        file.Complete();
    }

    /// <summary>
    /// The command line as it was typed, words with blanks in quotes, without the options that change no result, so that the page has the
    /// same bytes on any number of threads.
    /// </summary>
    public static string Command(ParseResult parsed)
    {
        string[] words = [.. parsed.Tokens.Select(token => token.Value)];
        IEnumerable<string> kept = words.Where((word, at) =>
            !CommonOptions.WithoutEffect.Contains(word) && word != OptionOf.ForceName
                && !(at > 0 && words[at - 1] == CommonOptions.ThreadsName));
        return string.Join(' ', kept.Prepend("gbi").Select(
            word => word.Length == 0 || word.Any(char.IsWhiteSpace) ? $"'{word}'" : word));
    }
}

/// <summary>--report of a verb whose result is a document, from which the page is made.</summary>
/// <param name="shows">What the page shows.</param>
/// <param name="forceOfVerb">--force of a verb that has other outputs too; null where the page is the only one.</param>
internal sealed class ReportOption(string shows, Option<bool>? forceOfVerb = null)
{
    private readonly Option<string> _report = ReportFile.Option(shows);
    private readonly Option<bool> _force = forceOfVerb ?? OptionOf.Force();

    public void AddTo(Command verb) => verb.AddAll(forceOfVerb is null ? [_report, _force] : [_report]);

    /// <summary>Whether a page is asked for.</summary>
    public bool IsGiven(ParseResult parsed) => parsed.GetValue(_report) is not null;

    /// <summary>Begins the page before the work; null where none is asked for.</summary>
    public PendingPage? Begin(ParseResult parsed)
    {
        if (ReportFile.Path(parsed, _report) is not { } path)
        {
            return forceOfVerb is null && parsed.GetResult(_force) is { Implicit: false }
                ? throw new UsageException($"{_force.Name} needs {_report.Name}: without it nothing is written.")
                : null;
        }

        OutputTerms terms = FinishedOutputs.Require(parsed, parsed.GetValue(_force), mayBeFinished: false, (path, _report.Name));
        return new PendingPage(path, new PendingFile(path, terms), ReportFile.Command(parsed));
    }
}

/// <summary>A page that is to be written.</summary>
internal sealed class PendingPage(string path, PendingFile file, string command) : IDisposable
{
    /// <summary>Writes the page of a result and says so.</summary>
    public void Write(Terminal terminal, ResultDocument result)
    {
        ReportFile.Write(file, ResultPage.Write([result], command));
        terminal.Say($"Wrote {path}.");
    }

    public void Dispose() => file.Dispose();
}
