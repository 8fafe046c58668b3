using System.CommandLine;
using System.CommandLine.Completions;
using Gbi.Cli.Help;
using Gbi.Cli.Options;
using Gbi.Cli.Options.Parsing;
using Gbi.Documents;
using Gbi.Events;
using Gbi.Likelihoods.Model;
using Gbi.Numerics;

namespace Gbi.Cli;

/// <summary>The tool `gbi`: parses arguments, runs a verb, and turns every outcome into an exit code and at most one sentence.</summary>
public static class GbiCommand
{
    /// <summary>The exit code of work that was done.</summary>
    public const int Done = 0;

    /// <summary>The exit code where the data, a file or the fit said no, as where a file has no column or parameter of a name.</summary>
    public const int Failed = 1;

    /// <summary>The exit code of wrong usage.</summary>
    public const int WrongUsage = 2;

    /// <summary>The exit code of a check that did not pass.</summary>
    public const int CheckFailed = 3;

    /// <summary>The exit code of work that was interrupted (EX_TEMPFAIL of sysexits.h, on which batch systems try again).</summary>
    public const int Interrupted = 75;

    // Buffers are made for each; no machine has as many cores.
    private const int MostThreads = 4096;

    /// <summary>All exit codes, as the help lists them.</summary>
    internal static IReadOnlyList<(int Code, string Meaning)> ExitCodes { get; } =
    [
        (Done, "Done."),
        (Failed, "The data, a file or the fit did not allow it; a file lacks a name that was typed."),
        (WrongUsage, "Wrong usage."),
        (CheckFailed, "A check failed (diagnose, parity), or a posterior is over-confident (infer, calibrate)."),
        (Interrupted, "Interrupted; run the same command again."),
    ];

    /// <summary>Runs the tool in this process.</summary>
    /// <param name="args">Arguments as typed.</param>
    /// <param name="terminal">Where it prints.</param>
    /// <param name="cancellation">Stops the work; nothing is left behind then, except what a resumable verb has finished.</param>
    /// <returns>The exit code.</returns>
    public static int Run(IReadOnlyList<string> args, Terminal terminal, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(args);
        ArgumentNullException.ThrowIfNull(terminal);
        var common = new CommonOptions();
        RootCommand root = CommandTree.Of(common, terminal);
        int threadsBefore = EventBlocks.MaxThreads;
        try
        {
            ParseResult parsed = Parse(root, args.Count == 0 ? ["--help"] : args);
            if (PrintsByItself(parsed))
            {
                return parsed.Invoke(new InvocationConfiguration
                {
                    Output = terminal.Output,
                    Error = terminal.Error,
                    EnableDefaultExceptionHandler = false,
                });
            }

            terminal.Json = parsed.GetValue(common.Json);
            terminal.GiveOutput(parsed);
            EventBlocks.MaxThreads = Math.Min(parsed.GetValue(common.Threads) ?? threadsBefore, MostThreads);
            cancellation.ThrowIfCancellationRequested();
            ((Verb)parsed.CommandResult.Command).Execute(parsed, terminal, cancellation);
            return Done;
        }
        catch (FinishedException finished)
        {
            terminal.Output.WriteLine(terminal.Json ? finished.ToJson().TrimEnd() : Terminal.Printable(finished.Message));
            return Done;
        }
        catch (Exception failure)
        {
            // The flag is looked up in the words themselves: they may not have parsed.
            return Explain(failure, terminal, args.Contains("--verbose"));
        }
        finally
        {
            EventBlocks.MaxThreads = threadsBefore;
        }
    }

    private static bool PrintsByItself(ParseResult parsed) => parsed.Action is HelpPage or VersionAction
        || ((RootCommand)parsed.RootCommandResult.Command).Directives.OfType<SuggestDirective>()
            .Any(suggest => parsed.GetResult(suggest) is not null);

    private static ParseResult Parse(RootCommand root, IReadOnlyList<string> args)
    {
        var configuration = new ParserConfiguration { ResponseFileTokenReplacer = null };
        ParseResult parsed = root.Parse(args, configuration);
        if (PrintsByItself(parsed))
        {
            return parsed;
        }

        Command command = parsed.CommandResult.Command;
        if (command is not Verb && parsed.UnmatchedTokens.FirstOrDefault(word => !word.StartsWith('-')) is { } unknown)
        {
            throw new UsageException(UnknownVerb.Sentence(unknown, command));
        }

        TypedOptions.Require(args, command, root);
        if (command is IConfigurable verb && verb.ConfigPath(parsed) is { } file)
        {
            parsed = root.Parse([.. args, .. ConfigFile.Arguments(file, parsed)], configuration);
        }

        if (parsed.Tokens.FirstOrDefault(token => token.Value.Contains('\0')) is { } zero)
        {
            throw new UsageException($"'{zero.Value}' holds a character of code 0, which no name or number has.");
        }

        TypedOptions.RequireValues(parsed);
        return parsed.Errors.Count == 0 ? parsed : throw new UsageException(FirstError(parsed));
    }

    private static string FirstError(ParseResult parsed)
    {
        Command command = parsed.CommandResult.Command;
        string name = string.Join(' ', HelpPage.NameOf(command));
        if (parsed.UnmatchedTokens.Count > 0)
        {
            return UnknownVerb.Sentence(parsed.UnmatchedTokens[0], command);
        }

        if (command is not Verb)
        {
            return $"'{name}' needs one of: {string.Join(", ", command.Subcommands.Select(verb => verb.Name))}; see '{name} --help'.";
        }

        Argument? missing = command.Arguments.FirstOrDefault(
            argument => argument.Arity.MinimumNumberOfValues > 0 && parsed.GetResult(argument) is null or { Tokens.Count: 0 });
        if (missing is not null)
        {
            return $"'{name}' needs {missing.Name}: {HelpPage.Usage(command)}.";
        }

        string[] lacking =
        [
            .. command.Options.Where(option => option.Required && parsed.GetResult(option) is not { IdentifierToken: not null })
                .Select(option => option.Name)
        ];
        return lacking.Length > 0
            ? $"'{name}' needs {string.Join(", ", lacking)}; see '{name} --help'."
            : $"{parsed.Errors[0].Message.TrimEnd('.', '?')}{(parsed.Errors[0].Message.EndsWith('?') ? "?" : $"; see '{name} --help'.")}";
    }

    private static int Explain(Exception failure, Terminal terminal, bool verbose)
    {
        (string sentence, int code) = failure switch
        {
            UsageException or DataException { IsOutputTaken: true } => (failure.Message, WrongUsage),
            CheckFailedException => (failure.Message, CheckFailed),
            InterruptedException => (failure.Message, Interrupted),
            OperationCanceledException => ("Interrupted; nothing was written.", Interrupted),
            DataException or DocumentException or FitException => (failure.Message, Failed),
            IOException or UnauthorizedAccessException => ($"{failure.Message.Trim().TrimEnd('.')}.", Failed),
            OutOfMemoryException => ("There is not enough memory for these events; use fewer events, or a larger machine.", Failed),
            _ =>
                ($"This is a defect of gbi: {failure.Message.Trim().TrimEnd('.')}. Please report it with the output of --verbose.", Failed),
        };
        terminal.Error.WriteLine(Terminal.Printable(sentence));
        if (verbose)
        {
            terminal.Error.WriteLine(Terminal.Printable(failure.ToString()));
        }

        return code;
    }
}
