using System.CommandLine;
using System.Text;
using Gbi.Cli.Help;
using Gbi.Cli.Options;
using Gbi.Cli.Options.Parsing;
using Gbi.Cli.Tables;
using Gbi.Events;
using Gbi.Events.IO;
using Gbi.Events.IO.Outputs;
using Gbi.Inference.Fits;
using Gbi.Inference.Tests;
using Gbi.Inference.Toys;
using Gbi.Jobs.Toys;
using Gbi.Numerics;
using Gbi.Reports.Json.Fits;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Cli.Verbs.Inference;

/// <summary>gbi toys: a test of one strength by toys, or a shard of it.</summary>
internal sealed class ToysVerb : Verb
{
    private static readonly ToyTestOptions Defaults = new();

    private readonly ModelOptions _model = new();
    private readonly Option<double?> _mu = InferenceOptionOf.Strength();
    private readonly Option<string> _statistic = OptionOf.Choice(
        "--statistic", "Test statistic: q-tilde and q give CLs, t the p-value of the strength, q0 the p-value of no signal.",
        ToyRunJson.NameOf(Defaults.Statistic), [.. ToyRunJson.StatisticNames]);

    private readonly Option<int?> _toys = OptionOf.Number(
        "--toys", "N", "Toys with signal and, for CLs, as many without.", least: 1, Sentence.Of(Defaults.ToyCount));

    private readonly Option<ulong?> _seed = OptionOf.Seed();
    private readonly Option<ToyShard?> _shard = InferenceOptionOf.Shard(
        "Run only part I of N of the toys; 'gbi merge' merges the parts. Needs --out.");

    private readonly Option<string> _out = OptionOf.Text(
        "--out", "FILE.json", "File to write the values of all toys to.", defaultsTo: "nothing is written");

    private readonly Option<bool> _force = OptionOf.Force();
    private readonly ReportOption _report;

    public ToysVerb()
        : base(
            "toys",
            "Test one signal strength with toys, where asymptotic formulas do not hold. Toys whose fits fail are counted. "
            + "A toy depends only on the seed and its number, so shards give the same result as one run.",
            "gbi toys workspace.json --mu 1 --toys 5000",
            "gbi toys workspace.json --statistic q0 --toys 100000",
            "gbi toys workspace.json --toys 100000 --shard 1/8 --out toys-1.json")
    {
        _report = new ReportOption("distribution of the statistic with the asymptotic one, CLs", _force);
        _model.AddTo(this);
        this.AddAll(_mu, _statistic, _toys, _seed, _shard, _out);
        _report.AddTo(this);
        this.AddAll(_force);
    }

    public override void Execute(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        ToyShard? shard = parsed.GetValue(_shard);
        string? path = parsed.GetValue(_out) is { } given ? OutputPath.Require(parsed, given) : null;
        TestStatistic statistic = parsed.GetValue(_statistic) is { } name ? ToyRunJson.StatisticOf(name) : Defaults.Statistic;
        if (shard is not null && path is null)
        {
            throw new UsageException("--shard needs --out: 'gbi merge' reads the file of each shard.");
        }

        if (shard is not null && _report.IsGiven(parsed))
        {
            throw new UsageException("--shard and --report exclude each other: a page is of all toys; 'gbi merge --report' makes it.");
        }

        if (statistic == TestStatistic.Q0 && parsed.GetValue(_mu) is > 0)
        {
            throw new UsageException("--mu and --statistic q0 exclude each other: q0 tests a strength of 0; leave --mu out.");
        }

        var options = new ToyTestOptions
        {
            Statistic = statistic,
            ToyCount = parsed.GetValue(_toys) ?? Defaults.ToyCount,
            Shard = shard ?? ToyShard.Whole
        };
        ulong seed = parsed.GetValue(_seed) ?? OptionOf.DefaultSeed;
        OpenedModel opened = _model.Open(parsed, cancellation);
        StrengthTest test = opened.TestAgainstNoSignal(cancellation);
        opened.SayMeasurement(terminal);
        double mu = statistic == TestStatistic.Q0 ? 0 : InferenceOptionOf.StrengthOf(parsed.GetValue(_mu), test);

        if (path is not null && !parsed.GetValue(_force) && FinishedOutputs.IsThere(path))
        {
            throw IsFinished(path, options, mu, seed, test) ? new FinishedException([path]) : FinishedOutputs.Exists(path, _out.Name);
        }

        using PendingPage? page = _report.Begin(parsed);

        // Begun before the toys, so that a folder that cannot be written is told at once.
        using PendingFile? file = path is null ? null : new PendingFile(path, parsed.GetValue(_force));
        ToyTestResult result = ProgressBars.Run(terminal, progress => ToyTest.Run(
            test, mu, options, new Seed(seed), new NamedStep(progress, "Toys"), cancellation));
        var run = new ToyRun(result, test, seed) { Measurement = opened.Measurement, File = opened.Name };
        Write(file, run);

        if (shard is null)
        {
            ToyOutput.Print(terminal, run);
            var document = ToysDocument.Of(run);
            page?.Write(terminal, document);
            terminal.PrintJson(document);
        }
        else
        {
            PrintShard(terminal, run, path!);
        }
    }

    /// <summary>Whether a file holds this test or shard, by what it says of itself.</summary>
    private static bool IsFinished(string path, ToyTestOptions options, double mu, ulong seed, StrengthTest test)
    {
        try
        {
            ToyRun found = ToyRunJson.Read(JsonText.Read(path));
            return found.IsOf(test, mu, options, seed);
        }
        catch (DataException)
        {
            return false;
        }
    }

    /// <summary>Writes and completes a file, where there is one.</summary>
    public static void Write(PendingFile? file, ToyRun run)
    {
        file?.Stream.Write(Encoding.UTF8.GetBytes(ToyRunJson.Write(run)));
        file?.Complete();
    }

    private static void PrintShard(Terminal terminal, ToyRun run, string path)
    {
        ToyTestOptions options = run.Result.Options;
        terminal.Say(
            $"Wrote shard {options.Shard} of {Counted(options.ToyCount, "toy")}{(options.HasBackground ? " of each kind" : "")} to "
                + $"{path}; 'gbi "
                + $"merge' merges the shards.");
        ToyOutput.SayFailures(terminal, run.Result);
        terminal.PrintJson(ToyShardDocument.Of(run, path));
    }
}
