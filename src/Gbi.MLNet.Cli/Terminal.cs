using Gbi.Numerics;
using Spectre.Console;

namespace Gbi.Cli;

/// <summary>Where the tool prints: results to the output, progress and errors to the error stream.</summary>
/// <param name="output">Standard output.</param>
/// <param name="error">Standard error.</param>
/// <param name="isInteractive">Whether somebody watches the error stream, so that progress bars make sense there.</param>
public sealed class Terminal(TextWriter output, TextWriter error, bool isInteractive)
{
    private const int WidthWithoutTerminal = 110;

    internal TextWriter Output { get; } = output;

    internal TextWriter Error { get; } = error;

    internal bool IsInteractive { get; } = isInteractive;

    /// <summary>Whether the output takes one JSON document instead of text for people.</summary>
    internal bool Json { get; set; }

    /// <summary>The output for people; swallows everything where JSON is printed.</summary>
    internal IAnsiConsole People =>
        _people ??= Console(
            Json ? TextWriter.Null : Output, isTerminal: !Json && Output == System.Console.Out && !System.Console.IsOutputRedirected);

    private IAnsiConsole? _people;

    /// <summary>Prints a line for people as it is.</summary>
    internal void Say(ref InvariantTextHandler text) => People.WriteLine(text.ToStringAndClear());

    /// <summary>Prints the document where JSON is asked for.</summary>
    internal void PrintJson(string document)
    {
        if (Json)
        {
            Output.WriteLine(document.TrimEnd());
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
            console.Profile.Width = WidthWithoutTerminal;
        }

        return console;
    }
}
