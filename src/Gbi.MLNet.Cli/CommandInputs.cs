using System.CommandLine;
using System.CommandLine.Parsing;
using Gbi.Cli.Help;
using Gbi.Cli.Options;
using Gbi.Cli.Options.Parsing;
using Gbi.Events.IO.Outputs;
using Gbi.Likelihoods;
using Gbi.Reports;
using Gbi.Scoring;

namespace Gbi.Cli;

/// <summary>
/// What a command is given: its options and the content of the files that they name, as a hash; and whether these files are still what they
/// were when it began.
/// </summary>
internal sealed class CommandInputs
{
    // What they name is written, or decides nothing of what is.
    private static readonly string[] NotGiven =
    [
        "--out", "--report", "--folder", "--resume", "--config", "--onnxruntime", "--no-check", OptionOf.ForceName,
        .. CommonOptions.WithoutEffect
    ];

    // A folder may have the name of a column.
    private static readonly string[] Columns = ["--mass", "--features", "--weight"];

    private readonly (string Name, string[] Words)[] _given;
    private readonly WatchedInputs _files;
    private readonly Lazy<string?> _hash;

    private CommandInputs(string command, (string Name, string[] Words)[] given)
    {
        _given = given;
        string[] named = [.. given.SelectMany(symbol => symbol.Words).SelectMany(PathsIn)];
        _files = new WatchedInputs(named);
        bool isReadOnce = named.Any(path => FileStatus.Of(path).Kind is FileKind.Pipe or FileKind.Device)
            || given.Any(symbol => symbol.Words.Contains(OutputPlace.StandardOutput));
        _hash = new Lazy<string?>(() => isReadOnce ? null : HashOf(command));
    }

    /// <summary>SHA-256 of the command and of the content of its inputs; null where one can be read only once.</summary>
    public string? Hash => _hash.Value;

    /// <summary>The inputs of a command line.</summary>
    public static CommandInputs Of(ParseResult parsed)
    {
        Command command = parsed.CommandResult.Command;
        return new CommandInputs(
            string.Join(' ', HelpPage.NameOf(command)),
            [
                .. command.Arguments.Select(argument => (argument.Name, Words(parsed.GetResult(argument)))),
                .. command.Options.Where(option => !NotGiven.Contains(option.Name)).Select(
                    option => (option.Name, Words(parsed.GetResult(option)))),
            ]);
    }

    /// <summary>Whether the value of an option may be a folder of inputs.</summary>
    public static bool MayNameFolder(Option option) => !NotGiven.Contains(option.Name) && !Columns.Contains(option.Name);

    /// <summary>Refuses inputs that are not what they were when the command began.</summary>
    /// <exception cref="Gbi.Events.DataException">One was replaced or changed.</exception>
    public void RequireUnchanged() => _files.RequireUnchanged();

    // A flag that was typed has no words, but it was typed.
    private static string[] Words(SymbolResult? result) => result switch
    {
        null or OptionResult { Implicit: true } => [],
        OptionResult { Tokens.Count: 0 } => ["yes"],
        _ => [.. result.Tokens.Select(token => token.Value)],
    };

    // Whatever was typed may name a file; so may what follows the colon of NU=VALUE:FILE, and a word of a command.
    private static IEnumerable<string> PathsIn(string word) => ((string[])[word, .. word.Split(':', 2).Skip(1), .. word.Split(' ').Skip(1)])
        .Where(path => path.Length > 0 && !path.Contains('\0') && FileStatus.Of(path).Kind != FileKind.Missing);

    private string HashOf(string command)
    {
        using var hash = new ContentHash();
        hash.Add(SearchRun.PackageVersion, command);
        foreach ((string name, string[] words) in _given)
        {
            hash.Add(name, words.Length);
            foreach (string word in words)
            {
                string[] paths = [.. PathsIn(word)];
                hash.Add(paths.Contains(word) ? Path.GetFileName(Path.TrimEndingDirectorySeparator(word)) : word, paths.Length);
                hash.Add([.. paths.Select(FileContent.HashOf)]);
            }
        }

        return hash.Finish();
    }
}
