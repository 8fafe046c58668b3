using System.CommandLine;
using System.CommandLine.Parsing;
using Gbi.Cli.Help;

namespace Gbi.Cli.Options.Parsing;

/// <summary>
/// Refuses options that a command does not have. The parser would take them for values where an argument or option takes several, and
/// knows neither old names nor those that were probably meant.
/// </summary>
internal static class TypedOptions
{
    /// <summary>The long options of a command, those of every verb included.</summary>
    public static IEnumerable<Option> Of(Command command, RootCommand root) =>
        command.Options.Concat(root.Options.Where(option => option.Recursive || command is RootCommand)).Distinct();

    public static void Require(IEnumerable<string> args, Command command, RootCommand root)
    {
        string[] known = [.. Of(command, root).Select(option => option.Name)];
        foreach (string word in args.TakeWhile(word => word != "--"))
        {
            string name = word.Split('=')[0];
            if (name.Length > 2 && name.StartsWith("--", StringComparison.Ordinal) && !known.Contains(name))
            {
                throw new UsageException(Sentence(name, command, known));
            }

            if (word == $"{name}=" && name.StartsWith('-'))
            {
                throw Empty(name, command);
            }
        }
    }

    /// <summary>Refuses empty words: a variable of a script that is not set.</summary>
    public static void RequireValues(ParseResult parsed)
    {
        Command command = parsed.CommandResult.Command;
        string? empty = command.Options.Where(option => IsEmpty(parsed.GetResult(option)?.Tokens)).Select(option => option.Name)
            .Concat(command.Arguments.Where(argument => IsEmpty(parsed.GetResult(argument)?.Tokens)).Select(argument => argument.Name))
            .FirstOrDefault();
        if (empty is not null)
        {
            throw Empty(empty, command);
        }
    }

    private static UsageException Empty(string name, Command command) =>
        new($"{name} is empty; see '{string.Join(' ', HelpPage.NameOf(command))} --help'.");

    private static bool IsEmpty(IReadOnlyList<Token>? tokens) => tokens?.Any(token => string.IsNullOrWhiteSpace(token.Value)) == true;

    private static string Sentence(string name, Command command, string[] known)
    {
        string words = string.Join(' ', HelpPage.NameOf(command));
        string verb = string.Join(' ', HelpPage.NameOf(command).Skip(1));
        if (RenamedOptions.IsPositional(verb, name))
        {
            return $"{name} is now an argument: {HelpPage.Usage(command)}.";
        }

        return RenamedOptions.NewName(verb, name) is { } now
            ? $"{name} is now {now}; see '{words} --help'."
            : $"'{name}' is not an option of '{words}'{NearestWord.Question(name, known, $"; see '{words} --help'.")}";
    }
}
