using System.CommandLine;
using Gbi.Cli.Help;

namespace Gbi.Cli.Options.Parsing;

/// <summary>The sentence about a word that is no verb.</summary>
internal static class UnknownVerb
{
    public static string Sentence(string word, Command command)
    {
        string name = string.Join(' ', HelpPage.NameOf(command));
        string[] verbs = [.. command.Subcommands.Select(verb => verb.Name)];
        return command is Verb
            ? $"'{name}' does not take '{word}': {HelpPage.Usage(command)}."
            : $"'{word}' is not a verb of '{name}'{NearestWord.Question(word, verbs, $"; see '{name} --help'.")}";
    }
}
