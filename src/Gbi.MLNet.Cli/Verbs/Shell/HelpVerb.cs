using System.CommandLine;
using Gbi.Cli.Help;
using Gbi.Cli.Options.Parsing;

namespace Gbi.Cli.Verbs.Shell;

/// <summary>gbi help: what 'gbi VERB --help' prints.</summary>
internal sealed class HelpVerb : Verb
{
    private readonly Argument<string[]> _verb = new("VERB")
    {
        Description = "Verb to describe, such as 'train ratio'; without one, all verbs are listed.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    public HelpVerb()
        : base("help", "Describe a verb.", "gbi help search", "gbi help train ratio")
    {
        Arguments.Add(_verb);
        _verb.CompletionSources.Add(context => context.ParseResult.RootCommandResult.Command.Subcommands.Select(verb => verb.Name));
    }

    public override void Execute(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        Command command = parsed.RootCommandResult.Command;
        foreach (string word in parsed.GetValue(_verb) ?? [])
        {
            command = command.Subcommands.FirstOrDefault(verb => verb.Name == word)
                ?? throw new UsageException(UnknownVerb.Sentence(word, command));
        }

        HelpPage.Write(command, terminal.Output, terminal.HelpWidth);
    }
}
