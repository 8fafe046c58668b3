using System.CommandLine;
using System.Globalization;
using Gbi.Cli.Help;
using Gbi.Cli.Options.Parsing;
using Gbi.Events;
using Gbi.Jobs;
using Gbi.Numerics;
using Gbi.Simulators;
using Gbi.Simulators.EventSets;
using Gbi.Simulators.Priors;
using Gbi.Simulators.Processes;

namespace Gbi.Cli.Verbs.Posteriors;

/// <summary>Where simulations come from: a program that is run, its finished batches kept in a folder, or files made before.</summary>
internal sealed class SimulatorOptions
{
    private const int MostEventsOfASet = 10_000_000;
    private const int MostEventsOfAProcess = 100_000_000;
    private const string FolderEnding = ".simulations";

    private static readonly ProcessSimulatorOptions Defaults = new();

    private readonly Option<string> _simulator = OptionOf.Text(
        "--simulator", "COMMAND",
        "Program that simulates, such as 'python3 sim.py {in} {out} {seed}'. It reads the file {in}, a column a parameter and one of "
        + "seeds, and writes {out}, a column a feature and a row a row; Parquet, or CSV with {in.csv} and {out.csv}.");

    private readonly Option<string[]> _simulations = new("--simulations")
    {
        Description = $"Number of simulations to make, or files of simulations made before, {EventFile.Formats}, with columns of the "
            + "prior's parameters and of features; failed ones have a NaN or an infinity.",
        HelpName = "N|FILE...",
        Required = true,
        Arity = ArgumentArity.OneOrMore,
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<string[]> _features = OptionOf.Names(
        "--features", "A,B,...", "Columns that are features; x* and x1..x4 name several (default: all but parameters, weight and seed).");

    private readonly Option<string> _weight = OptionOf.Text(
        "--weight", "COL",
        "Column with weights of simulations made before that were not drawn from the prior: the prior's density over theirs, up to a "
        + "factor.",
        defaultsTo: "every simulation counts 1");

    private readonly Option<string> _events = OptionOf.Text(
        "--events", "N|A..B|COLUMN",
        "Simulations are sets of independent events with the same parameters; the program makes one event a row. N events a set, or from A "
        + "to B; for files, a row an event, the column that numbers the sets. Features are their number, and means, standard deviations, "
        + "quantiles and correlations of columns. All rows of --observed are one observation.");

    private readonly Option<string> _folder = OptionOf.Text(
        "--folder", "DIR", "Folder that keeps the finished batches of a program, so that the same command resumes.",
        defaultsTo: $"--out with {FolderEnding} in place of {OutputPath.Zip}");

    private readonly Option<int?> _batch = OptionOf.Number(
        "--batch", "N", "Simulations of one process of the program.", least: 1,
        $"{Sentence.Of(Defaults.BatchSize)}, with --events at most 100,000 events");

    private readonly Option<double?> _timeout = OptionOf.Real(
        "--timeout", "SECONDS", "Longest time of one process; one that takes longer has failed.", "a number above 0",
        seconds => seconds > 0, "none");

    public Option[] All => [_simulator, _simulations, _features, _weight, _events, _folder, _batch, _timeout];

    /// <summary>The folder of finished batches; null where simulations were made before.</summary>
    /// <exception cref="UsageException">Options contradict each other.</exception>
    public string? Folder(ParseResult parsed, string output)
    {
        string[] words = parsed.GetRequiredValue(_simulations);
        if (IsWeighted(parsed) && (parsed.GetValue(_simulator) is not null || HasEvents(parsed)))
        {
            throw new UsageException(parsed.GetValue(_simulator) is not null
                ? "--weight and --simulator exclude each other: simulations at points of the prior need no weights. Leave one of them out."
                : "--weight and --events exclude each other: sets of events have no weights. Leave one of them out.");
        }

        if (parsed.GetValue(_simulator) is null)
        {
            RequireFiles(parsed, words);
            return null;
        }

        if (words.Length > 1 || CountOf(words[0]) is null)
        {
            throw new UsageException(
                $"--simulations is '{string.Join(' ', words)}', expected a whole number of 1 or more: how many --simulator makes. Leave "
                    + "--simulator out to read files.");
        }

        _ = SizeOf(parsed);
        string folder = parsed.GetValue(_folder) ?? Path.ChangeExtension(output, FolderEnding);
        return File.Exists(folder) ? throw new UsageException($"{folder} is a file, expected a folder; choose another --folder.") : folder;
    }

    /// <summary>Makes what is missing of the simulations, or reads them; with the features that were asked for.</summary>
    public Simulations Get(
        ParseResult parsed, Prior prior, string? folder, Seed seed, IProgress<SearchProgress>? progress, CancellationToken cancellation)
    {
        if (folder is not null)
        {
            return Chosen(parsed, prior, SimulationFolder.Run(
                folder, Program(parsed, prior), prior, Count(parsed), seed, progress, cancellation));
        }

        string[] files = parsed.GetRequiredValue(_simulations);
        return parsed.GetValue(_events) is { } column
            ? EventSetFiles.Read(files, prior.Parameters, column, Features(parsed), cancellation)
            : Simulations.Read(files, prior.Parameters, Features(parsed), parsed.GetValue(_weight), cancellation);
    }

    /// <summary>Whether simulations have weights.</summary>
    public bool IsWeighted(ParseResult parsed) => parsed.GetResult(_weight) is not null;

    /// <summary>Whether observations are sets of events.</summary>
    public bool HasEvents(ParseResult parsed) => parsed.GetValue(_events) is not null;

    /// <summary>The program that simulates, or sets of its events; <see cref="Folder"/> was not null.</summary>
    public ISimulator Program(ParseResult parsed, Prior prior)
    {
        EventSetSize? size = SizeOf(parsed);
        int batch = parsed.GetValue(_batch) ?? (size is null ? Defaults.BatchSize : EventSetSimulator.BatchOf(size));
        var program = new ProcessSimulator(parsed.GetRequiredValue(_simulator), prior.Parameters, new ProcessSimulatorOptions
        {
            BatchSize = (int)Math.Min((long)batch * (size?.Most ?? 1), MostEventsOfAProcess),
            Parallel = EventBlocks.MaxThreads,
            Timeout = parsed.GetValue(_timeout) is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
        });
        return size is null
            ? program
            : new EventSetSimulator(
                program, size, string.Join(' ', Features(parsed) ?? []), columns => Chosen(parsed, prior, columns))
            {
                BatchSize = batch,
            };
    }

    /// <summary>How many simulations the program makes.</summary>
    public int Count(ParseResult parsed) => CountOf(parsed.GetRequiredValue(_simulations)[0])!.Value;

    /// <summary>Simulations of the program with the features that were asked for.</summary>
    public Simulations Chosen(ParseResult parsed, Prior prior, Simulations made)
    {
        // Columns of sets were chosen before they were summarised.
        return Features(parsed) is null || HasEvents(parsed) ? made : new Simulations(
            made.Parameters, made.Observations.WithColumns(Chosen(parsed, prior, made.Observations.ColumnNames)));
    }

    private IReadOnlyList<string> Chosen(ParseResult parsed, Prior prior, IReadOnlyList<string> columns)
    {
        if (Features(parsed) is not { } features)
        {
            return columns;
        }

        string[] names = FeatureNames.Expand(features, [.. columns], "the simulator's output", prior.Parameters);
        return names.FirstOrDefault(name => !columns.Contains(name)) is { } missing
            ? throw new DataException(
                $"--features names '{missing}', but the simulator writes {string.Join(", ", columns)}; name some of these.")
            : names;
    }

    /// <summary>Sizes of the sets that a program makes; null where it makes whole observations.</summary>
    private EventSetSize? SizeOf(ParseResult parsed)
    {
        if (parsed.GetValue(_events) is not { } word)
        {
            return null;
        }

        int?[] ends = [.. word.Split("..").Select(CountOf)];
        return ends is [{ } first and <= MostEventsOfASet] ? new EventSetSize(first)
            : ends is [{ } least, { } most and <= MostEventsOfASet] && least <= most ? new EventSetSize(least, most)
            : throw new UsageException(
                $"--events is '{word}', expected the number of events that --simulator makes for a simulation, such as 100, or a range, "
                    + "such as 50..500.");
    }

    private string[]? Features(ParseResult parsed) => parsed.GetResult(_features) is null ? null : parsed.GetValue(_features);

    private void RequireFiles(ParseResult parsed, string[] words)
    {
        if (words.FirstOrDefault(word => CountOf(word) is not null && !File.Exists(word)) is { } count)
        {
            throw new UsageException(
                $"--simulations {count} needs --simulator, the program that makes them; or give files of simulations made before.");
        }

        string? twice = words.GroupBy(Path.GetFullPath, StringComparer.Ordinal).FirstOrDefault(file => file.Count() > 1)?.First();
        if (twice is not null)
        {
            throw new UsageException(
                $"--simulations names {twice} twice; the same simulations would be learnt from and tested with. Name each file once.");
        }

        if (((Option[])[_folder, _batch, _timeout]).FirstOrDefault(option => parsed.GetResult(option) is not null) is { } unused)
        {
            throw new UsageException($"{unused.Name} needs --simulator; leave it out where simulations are read from files.");
        }
    }

    private static int? CountOf(string word) =>
        int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count > 0 ? count : null;
}
