using System.CommandLine;
using System.Text;
using Gbi.Cli.Options;
using Gbi.Cli.Options.Parsing;
using Gbi.Events.IO.Outputs;
using Gbi.Reports.Html.Posteriors;

namespace Gbi.Cli.Verbs.Posteriors;

/// <summary>--report of the verbs of posteriors: their results as one page.</summary>
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
        file.Stream.Write(Encoding.UTF8.GetBytes(PosteriorPage.Write(run)));
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
