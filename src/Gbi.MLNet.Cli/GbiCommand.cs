using System.CommandLine;
using System.CommandLine.Help;
using Gbi.Cli.Options;
using Gbi.Cli.Options.Parsing;
using Gbi.Cli.Verbs.Events;
using Gbi.Cli.Verbs.Inference;
using Gbi.Cli.Verbs.Models;
using Gbi.Cli.Verbs.Searches;
using Gbi.Events;
using Gbi.Likelihoods.Documents;
using Gbi.Likelihoods.Model;
using Gbi.Numerics;

namespace Gbi.Cli;

/// <summary>The tool `gbi`: parses arguments, runs a verb, and turns every outcome into an exit code and at most one sentence.</summary>
public static class GbiCommand
{
    /// <summary>The exit code of work that was done.</summary>
    public const int Done = 0;

    /// <summary>The exit code where the data, a file or the fit said no, or the work was interrupted.</summary>
    public const int Failed = 1;

    /// <summary>The exit code of wrong usage.</summary>
    public const int WrongUsage = 2;

    /// <summary>Runs the tool in this process.</summary>
    /// <param name="args">Arguments as typed.</param>
    /// <param name="terminal">Where it prints.</param>
    /// <param name="cancellation">Stops the work; nothing is left behind then, but for what a resumable verb has finished.</param>
    /// <returns>The exit code.</returns>
    public static int Run(IReadOnlyList<string> args, Terminal terminal, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(args);
        ArgumentNullException.ThrowIfNull(terminal);
        var common = new CommonOptions();
        RootCommand root = Commands(common);
        int threadsBefore = EventBlocks.MaxThreads;
        try
        {
            ParseResult parsed = Parse(root, args.Count == 0 ? ["--help"] : args);
            if (parsed.Action is not null)
            {
                return parsed.Invoke(new InvocationConfiguration { Output = terminal.Output, Error = terminal.Error });
            }

            terminal.Json = parsed.GetValue(common.Json);
            EventBlocks.MaxThreads = parsed.GetValue(common.Threads) ?? threadsBefore;
            cancellation.ThrowIfCancellationRequested();
            ((Verb)parsed.CommandResult.Command).Execute(parsed, terminal, cancellation);
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

    private static RootCommand Commands(CommonOptions common)
    {
        var root = new RootCommand("Generator based inference: compare data with a generator, simulated or learnt from the data.")
        {
            new DemoVerb(),
            new Command("simulate", "Simulate events.") { new SimulateDijetVerb() },
            new SearchVerb(),
            new HuntVerb(),
            new PairVerb(),
            new PeakVerb(),
            new Command("train", "Learn a model from events.") { new TrainRatioVerb(), new TrainSystematicVerb() },
            new ScoreVerb(),
            new ExportVerb(),
            new ParityVerb(),
            new ConvertVerb(),
            new DiagnoseVerb(),
            new DescribeVerb(),
            new FitVerb(),
            new HypotestVerb(),
            new LimitVerb(),
            new IntervalVerb(),
            new ToysVerb(),
            new MergeVerb(),
        };
        root.Add(common.Threads);
        root.Add(common.Json);
        root.Add(common.Verbose);
        HelpOption help = root.Options.OfType<HelpOption>().Single();
        help.Action = new HelpWithExamples((HelpAction)help.Action!);
        root.Options.OfType<VersionOption>().Single().Action = new VersionAction();
        return root;
    }

    private static ParseResult Parse(RootCommand root, IReadOnlyList<string> args)
    {
        var configuration = new ParserConfiguration { ResponseFileTokenReplacer = null };
        ParseResult parsed = root.Parse(args, configuration);
        if (parsed.CommandResult.Command is IConfigurable verb && verb.ConfigFile(parsed) is { } file && parsed.Action is not HelpWithExamples)
        {
            parsed = root.Parse([.. args, .. SettingsFile.Arguments(file, parsed)], configuration);
        }

        if (parsed.Errors.Count > 0 && parsed.Action is not HelpWithExamples)
        {
            throw new UsageException(
                $"{FirstError(parsed).TrimEnd('.')}; see '{string.Join(' ', VerbsOf(parsed.CommandResult.Command))} --help'.");
        }

        return parsed;
    }

    private static string FirstError(ParseResult parsed)
    {
        Command command = parsed.CommandResult.Command;
        string name = string.Join(' ', VerbsOf(command));
        if (parsed.UnmatchedTokens.Count > 0)
        {
            return $"'{parsed.UnmatchedTokens[0]}' is no {(command is Verb ? "option" : "verb or option")} of '{name}'";
        }

        if (command is not Verb)
        {
            return $"'{name}' needs one of: {string.Join(", ", command.Subcommands.Select(verb => verb.Name))}";
        }

        Argument? missing = command.Arguments.FirstOrDefault(argument => parsed.GetResult(argument) is null or { Tokens.Count: 0 });
        return missing is null ? parsed.Errors[0].Message : $"'{name}' needs {missing.Name}: {missing.Description}";
    }

    private static IEnumerable<string> VerbsOf(Command command) => command is RootCommand
        ? ["gbi"]
        : [.. VerbsOf(command.Parents.OfType<Command>().Single()), command.Name];

    private static int Explain(Exception failure, Terminal terminal, bool verbose)
    {
        (string sentence, int code) = failure switch
        {
            UsageException => (failure.Message, WrongUsage),
            InterruptedException => (failure.Message, Failed),
            OperationCanceledException => ("Interrupted; nothing was written.", Failed),
            DataException or DocumentException or FitException => (failure.Message, Failed),
            IOException or UnauthorizedAccessException => ($"{failure.Message.Trim().TrimEnd('.')}.", Failed),
            OutOfMemoryException => ("There is not enough memory for these events; use fewer of them, or a larger machine.", Failed),
            _ =>
                ($"This is a defect of gbi: {failure.Message.Trim().TrimEnd('.')}. Please report it with the output of --verbose.", Failed),
        };
        terminal.Error.WriteLine(sentence);
        if (verbose)
        {
            terminal.Error.WriteLine(failure);
        }

        return code;
    }
}
