using System.CommandLine;
using System.Globalization;
using Gbi.Events.IO.Outputs;
using Gbi.Numerics;
using Gbi.Reports.Json;
using Spectre.Console;

namespace Gbi.Cli;

/// <summary>Where the tool prints: results to the output, progress and errors to the error stream.</summary>
/// <param name="output">Standard output.</param>
/// <param name="error">Standard error.</param>
/// <param name="isInteractive">Whether somebody watches the error stream, so that progress bars make sense there.</param>
/// <param name="helpWidth">Longest line of the help; null for the width of the terminal.</param>
public sealed class Terminal(TextWriter output, TextWriter error, bool isInteractive, int? helpWidth = null)
{
    private const int TableWidthWithoutTerminal = 110;
    private const int HelpWidthWithoutTerminal = 80;
    private const int SmallestHelpWidth = 40;

    private IAnsiConsole? _people;

    internal TextWriter Output { get; } = output;

    internal TextWriter Error { get; } = error;

    internal bool IsInteractive { get; } = isInteractive;

    /// <summary>Whether the output takes one JSON document instead of text for people.</summary>
    internal bool Json { get; set; }

    /// <summary>Longest line of the help.</summary>
    internal int HelpWidth => Math.Max(SmallestHelpWidth, helpWidth ?? Columns ?? (IsTerminal ? ConsoleWidth : HelpWidthWithoutTerminal));

    /// <summary>The output for people; swallows everything where JSON is printed.</summary>
    internal IAnsiConsole People => _people ??= Console(Json ? TextWriter.Null : Output, !Json && IsTerminal);

    private bool IsTerminal => Output == System.Console.Out && !System.Console.IsOutputRedirected;

    /// <summary>The width that the shell exports, if it does.</summary>
    private static int? Columns =>
        int.TryParse(Environment.GetEnvironmentVariable("COLUMNS"), NumberStyles.None, CultureInfo.InvariantCulture, out int columns)
            && columns > 0
            ? columns
            : null;

    // Terminals that do not know their width say 0.
    private static int ConsoleWidth => System.Console.WindowWidth is > 0 and var width ? width : HelpWidthWithoutTerminal;

    /// <summary>Leaves standard output to what a command writes there; people read the error stream then.</summary>
    /// <exception cref="UsageException">A document is to be printed there too.</exception>
    internal void GiveOutput(ParseResult parsed)
    {
        const string Out = "--out";
        Option? option = parsed.CommandResult.Command.Options.FirstOrDefault(known => known.Name == Out);
        if (option is null || parsed.GetResult(option)?.Tokens is not [var path] || !OutputPlace.IsStandardOutput(path.Value))
        {
            return;
        }

        _people = Json
            ? throw new UsageException($"{Out} {path.Value} and --json both write to standard output; leave one of them out.")
            : Console(Error, isTerminal: false);
    }

    /// <summary>Prints a line for people as it is.</summary>
    internal void Say(ref InvariantTextHandler text) => People.WriteLine(Printable(text.ToStringAndClear()));

    /// <summary>Text without control characters, which names and metadata of files may have and a terminal obeys: as \u001B.</summary>
    internal static string Printable(string text) => text.Any(IsObeyed)
        ? string.Concat(text.Select(letter => IsObeyed(letter) ? $"\\u{(int)letter:X4}" : letter.ToString()))
        : text;

    /// <summary>Text of a cell or heading of a table: no control characters, and brackets that stand for themselves.</summary>
    internal static string Cell(string text) => Markup.Escape(Printable(text));

    // Marks that turn the direction of what follows can make a name read as another.
    private static bool IsObeyed(char letter) => (char.IsControl(letter) && letter is not ('\n' or '\t'))
        || letter is '\u200E' or '\u200F' or (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069');

    /// <summary>Prints warnings for people, a line each.</summary>
    internal void Warn(IEnumerable<string> sentences)
    {
        foreach (string sentence in sentences)
        {
            Say($"Warning: {sentence}");
        }
    }

    /// <summary>Prints the document where JSON is asked for.</summary>
    internal void PrintJson(string document)
    {
        if (Json)
        {
            Output.WriteLine(document.TrimEnd());
        }
    }

    /// <summary>The same of a result.</summary>
    internal void PrintJson(ResultDocument document) => PrintJson(() => document);

    /// <summary>The same of a result that is worked out for it alone.</summary>
    internal void PrintJson(Func<ResultDocument> document)
    {
        if (Json)
        {
            PrintJson(document().ToJson());
        }
    }

    internal static IAnsiConsole Console(TextWriter writer, bool isTerminal)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = isTerminal ? AnsiSupport.Detect : AnsiSupport.No,
            Interactive = isTerminal ? InteractionSupport.Detect : InteractionSupport.No,
        });
        if (!isTerminal)
        {
            console.Profile.Width = TableWidthWithoutTerminal;
        }

        return console;
    }
}
