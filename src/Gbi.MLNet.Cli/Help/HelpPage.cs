using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Gbi.Cli.Help;

/// <summary>The help of a command: what it does, how it is called, its arguments, its options with their defaults, and examples.</summary>
/// <param name="width">Longest line.</param>
internal sealed class HelpPage(int width) : SynchronousCommandLineAction
{
    public override int Invoke(ParseResult parseResult)
    {
        Write(parseResult.CommandResult.Command, parseResult.InvocationConfiguration.Output, width);
        return GbiCommand.Done;
    }

    public static void Write(Command command, TextWriter output, int width)
    {
        var layout = new HelpLayout(output, width);
        layout.Paragraph(command.Description ?? "");
        Section(layout, "Usage");
        layout.Usage($"{Usage(command)} [options]");
        WriteRows(layout, "Arguments", command.Arguments.Select(argument => (LabelOf(argument), argument.Description ?? "")));
        WriteRows(
            layout, "Verbs",
            command.Subcommands.Where(verb => !verb.Hidden).Select(verb => (verb.Name, FirstSentence(verb.Description ?? ""))));
        Option[] own = [.. command is RootCommand ? [] : command.Options.Where(option => !IsCommon(option))];
        WriteRows(layout, "Options", own.Select(RowOf));
        WriteRows(layout, command is RootCommand ? "Options of every verb" : "Common options", CommonOptions(command).Select(RowOf));
        if (command is RootCommand)
        {
            WriteRows(layout, "Exit codes", GbiCommand.ExitCodes.Select(code => ($"{code.Code}", code.Meaning)));
            layout.Space();
            layout.Paragraph("'gbi help VERB' or 'gbi VERB --help' describes a verb; 'gbi completions SHELL' completes what you type.");
        }

        if (command is Verb { Examples: { Count: > 0 } examples })
        {
            Section(layout, "Examples");
            foreach (string example in examples)
            {
                layout.Command(example);
            }
        }
    }

    /// <summary>The shortest call that is complete: arguments and required options.</summary>
    public static string Usage(Command command)
    {
        string name = string.Join(' ', NameOf(command));
        if (command is not Verb)
        {
            return command is RootCommand ? $"{name} VERB [arguments]" : $"{name} VERB";
        }

        IEnumerable<string> required = command.Options.Where(option => option.Required).Select(LabelOf);
        return string.Join(' ', [name, .. command.Arguments.Select(LabelOf), .. required]);
    }

    /// <summary>The words that call a command.</summary>
    public static IEnumerable<string> NameOf(Command command) => command is RootCommand
        ? ["gbi"]
        : [.. NameOf(command.Parents.OfType<Command>().Single()), command.Name];

    private static IEnumerable<Option> CommonOptions(Command command)
    {
        RootCommand root = command as RootCommand ?? Root(command);
        return root.Options.Where(option => command is RootCommand || option is not VersionOption)
            .OrderBy(option => option is HelpOption or VersionOption);
    }

    private static RootCommand Root(Command command) =>
        command.Parents.OfType<Command>().Single() is var parent && parent is RootCommand root
        ? root
        : Root(parent);

    private static bool IsCommon(Option option) => option is HelpOption or VersionOption || option.Recursive;

    private static string LabelOf(Argument argument) => argument.Arity.MaximumNumberOfValues > 1 ? $"{argument.Name}..." : argument.Name;

    private static string LabelOf(Option option) => option.HelpName is { } value ? $"{option.Name} {value}" : option.Name;

    private static (string Label, string Text) RowOf(Option option) => option switch
    {
        HelpOption => ("-h, --help", "Print this help."),
        VersionOption => (option.Name, "Print the versions of gbi and of what it runs on."),
        { Required: true } => (LabelOf(option), Sentence.WithNote(option.Description ?? "", "required")),
        _ => (LabelOf(option), option.Description ?? ""),
    };

    private static void WriteRows(HelpLayout layout, string heading, IEnumerable<(string Label, string Text)> rows)
    {
        (string, string)[] all = [.. rows];
        if (all.Length > 0)
        {
            Section(layout, heading);
            layout.Rows(all);
        }
    }

    private static void Section(HelpLayout layout, string heading)
    {
        layout.Space();
        layout.Heading(heading);
    }

    private static string FirstSentence(string text) =>
        text.IndexOf(". ", StringComparison.Ordinal) is > 0 and var end ? text[..(end + 1)] : text;
}
