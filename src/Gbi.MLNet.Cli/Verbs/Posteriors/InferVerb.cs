using System.CommandLine;
using Gbi.Cli.Help;
using Gbi.Cli.Options.Parsing;
using Gbi.Cli.Tables;
using Gbi.Events;
using Gbi.Events.IO.Outputs;
using Gbi.Infer;
using Gbi.Jobs;
using Gbi.Numerics;
using Gbi.Posteriors.Models;
using Gbi.Reports.Html.Posteriors;
using Gbi.Reports.Json.Posteriors;
using Gbi.Simulators;
using Gbi.Simulators.Priors;

namespace Gbi.Cli.Verbs.Posteriors;

/// <summary>gbi infer: simulations at points of a prior, the posterior learnt from them, its tests, and that of an observation.</summary>
internal sealed class InferVerb : Verb
{
    private static readonly PosteriorInferenceOptions Defaults = new();

    private readonly Option<string> _prior = OptionOf.Text(
        "--prior", "PRIOR.json", "Prior of the parameters, a JSON document.", required: true);

    private readonly SimulatorOptions _simulator = new();

    private readonly Option<string> _observed = OptionOf.Text(
        "--observed", "FILE", $"The observation, {EventFile.Formats}, one row; its posterior is printed.");

    private readonly Option<int?> _draws = Observations.DrawsOption();

    private readonly Option<int?> _members = OptionOf.Number(
        "--members", "M", "Models that are averaged.", least: 1, Sentence.Of(Defaults.Training.MemberCount));

    private readonly Option<bool> _correct = OptionOf.Flag(
        "--correct",
        "A classifier of simulations and draws corrects the posterior: sharper where it has several modes or curved shapes, and kept only "
        + "where held-out loss falls. It takes four times the training, and longer for each observation; of --rounds the last one is "
        + "corrected.");

    private readonly Option<bool> _technical = OptionOf.Flag(
        "--technical-failures",
        "Simulations fail for reasons that say nothing of the parameters: others like them take their place, by weights. Without it the "
        + "posterior is that of an observation that did not fail.");

    private readonly Option<int?> _rounds = OptionOf.Number(
        "--rounds", "K",
        "Number of rounds. The first simulates over the whole prior, each later one only where the posterior of --observed is not "
        + "negligible after the round before. The result holds for that observation only.", least: 1, Sentence.Of(1));

    private readonly Option<ulong?> _seed = OptionOf.Seed();

    private readonly Option<string> _out = OptionOf.Text(
        "--out", "POSTERIOR.zip", "File to write, for 'gbi posterior' and 'gbi calibrate'.", required: true);

    private readonly Option<string> _report = ReportFile.Option(
        "posterior of the observation, with true values where it has columns of the parameters, tests, failed simulations");

    private readonly Option<bool> _force = OptionOf.Flag(
        "--force", "Replace an existing output; finished simulations of the same command are kept.");

    public InferVerb()
        : base(
            "infer",
            "Learn the posterior of parameters from simulations, and test it. One simulation in "
            + $"{Defaults.HeldOutOneIn}, at most {Defaults.MaxTestPairs}, is held out for the tests; if they find the posterior "
            + "over-confident, it is written and the exit code is 3. If it is interrupted, the same command resumes.",
            "gbi infer --prior prior.json --simulator 'python3 sim.py {in.csv} {out.csv}' --simulations 10000 --observed observed.csv "
            + "--out posterior.zip",
            "gbi infer --prior prior.json --simulations pairs.parquet --correct --out posterior.zip",
            "gbi infer --prior prior.json --simulations part1.parquet part2.parquet --features x* --out posterior.zip",
            "gbi infer --prior prior.json --simulations proposal.parquet --weight w --out posterior.zip",
            "gbi infer --prior prior.json --simulator 'python3 sim.py {in.csv} {out.csv}' --simulations 10000 --rounds 5 "
            + "--observed observed.csv --out posterior.zip") =>
        this.AddAll([_prior, .. _simulator.All, _observed, _rounds, _draws, _members, _correct, _technical, _seed, _out, _report, _force]);

    public override void Execute(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        bool force = parsed.GetValue(_force);
        string path = OutputPath.Require(parsed, parsed.GetRequiredValue(_out), OutputPath.Zip);
        string? page = ReportFile.Path(parsed, _report);
        string? folder = _simulator.Folder(parsed, path);
        string? observed = parsed.GetValue(_observed);
        if (observed is not null)
        {
            // Read for good when the features are known, after what may be a long simulation.
            EventFile.Columns(observed);
        }

        int rounds = parsed.GetValue(_rounds) ?? 1;
        RequireRounds(parsed, rounds, folder, observed);
        OutputTerms terms = FinishedOutputs.Require(parsed, force, (path, _out.Name), (page, _report.Name));
        using PendingFile? pendingPage = ReportFile.Begin(page, terms);
        var prior = Prior.Read(parsed.GetRequiredValue(_prior));
        var seed = new Seed(parsed.GetValue(_seed) ?? OptionOf.DefaultSeed);
        try
        {
            if (rounds > 1)
            {
                LocallyInferredPosterior local = ProgressBars.Run(terminal, progress =>
                {
                    using var pending = new PendingFile(path, terms);
                    return InRounds(parsed, prior, pending, folder!, seed, progress, cancellation);
                });
                Print(parsed, terminal, new InferOutputs(path, pendingPage, folder), local, local.Posterior.Observation, seed);
                return;
            }

            (InferredPosterior inferred, EventTable? observation) = ProgressBars.Run(terminal, progress =>
            {
                using var pending = new PendingFile(path, terms);
                Simulations simulations = _simulator.Get(parsed, prior, folder, seed, progress, cancellation);
                EventTable? x = observed is null
                    ? null
                    : Observations.ReadOne(observed, simulations.Observations.ColumnNames, Events(parsed), cancellation);
                InferredPosterior found = PosteriorInference.Infer(simulations, prior, seed, Training(parsed), progress, cancellation);
                found.Save(pending);
                pending.HasFailedCheck = found.Report.IsOverConfident;
                cancellation.ThrowIfCancellationRequested();
                pending.Complete();
                return (found, x);
            });
            Print(parsed, terminal, new InferOutputs(path, pendingPage, folder), inferred, observation, seed);
        }
        catch (OperationCanceledException cause) when (folder is not null)
        {
            throw new InterruptedException(
                $"Interrupted; finished simulations stay in {folder}, and the same command resumes.", cause);
        }
    }

    /// <summary>Whether the rows of --observed are one observation.</summary>
    private EventRows? Events(ParseResult parsed) => _simulator.HasEvents(parsed) ? EventRows.All : null;

    private void RequireRounds(ParseResult parsed, int rounds, string? folder, string? observed)
    {
        if (parsed.GetResult(_rounds) is not null && _simulator.IsWeighted(parsed))
        {
            throw new UsageException(
                "--weight and --rounds exclude each other: rounds simulate at points of the prior. Leave one of them out.");
        }

        if (rounds > 1 && (observed is null || folder is null))
        {
            throw new UsageException(observed is null
                ? $"--rounds {rounds} needs --observed: rounds of simulations are made near an observation."
                : $"--rounds {rounds} needs --simulator: each round simulates where the posterior before has density. Leave --rounds out "
                    + "to read files.");
        }

        if (rounds > 1 && _simulator.Count(parsed) < rounds)
        {
            throw new UsageException(
                $"--simulations {_simulator.Count(parsed)} are fewer than --rounds {rounds}; each round needs some hundreds of them.");
        }
    }

    private LocallyInferredPosterior InRounds(
        ParseResult parsed, Prior prior, PendingFile pending, string folder, Seed seed, IProgress<SearchProgress>? progress,
        CancellationToken cancellation)
    {
        var defaults = new LocalInferenceOptions();
        string observed = parsed.GetValue(_observed)!;
        var inference = new LocalInference(_simulator.Program(parsed, prior), prior, defaults with
        {
            RoundCount = parsed.GetValue(_rounds)!.Value,
            Folder = folder,
            Inference = Training(parsed) with
            {
                MaxTestPairs = defaults.Inference.MaxTestPairs,
                TestDrawCount = defaults.Inference.TestDrawCount,
            },
            Choose = made => _simulator.Chosen(parsed, prior, made),
        });
        LocallyInferredPosterior found = inference.Run(
            features => Observations.ReadOne(observed, features, Events(parsed), cancellation),
            _simulator.Count(parsed), seed, progress, cancellation);
        found.Posterior.Save(pending);
        pending.HasFailedCheck = found.Report.IsOverConfident;
        cancellation.ThrowIfCancellationRequested();
        pending.Complete();
        return found;
    }

    private PosteriorInferenceOptions Training(ParseResult parsed) => Defaults with
    {
        Training = Defaults.Training with { MemberCount = parsed.GetValue(_members) ?? Defaults.Training.MemberCount },
        FailuresAreTechnical = parsed.GetValue(_technical),
        IsCorrected = parsed.GetValue(_correct),
    };

    private void Print(
        ParseResult parsed, Terminal terminal, InferOutputs outputs, InferenceResult inferred, EventTable? observation, Seed seed)
    {
        (string path, PendingFile? page, string? folder) = outputs;
        bool isLocal = inferred is LocallyInferredPosterior;
        PosteriorTables.PrintTraining(terminal, folder, inferred);
        PosteriorTables.PrintTests(terminal, inferred.Report);
        ObservedPosterior? observed =
            observation is null ? null : PrintObserved(parsed, terminal, inferred.Model.Given(observation), seed);
        if (isLocal)
        {
            string file = EventFile.NameOf(parsed.GetValue(_observed)!);
            terminal.Say($"It is the posterior of {file} only: for another observation, infer again.");
        }

        WritePage(parsed, terminal, path, page, inferred, observed);
        terminal.PrintJson(InferDocument.Of(
            path, folder, inferred, observed is null ? null : PosteriorSummaryDocument.Of(observed.Summary, observed.Warnings)));
        PosteriorTables.RequireConfident(path, inferred.Report, isLocal
            ? "Make more simulations, or fewer rounds."
            : "Learn from more simulations, or take levels of regions from 'gbi calibrate'.");
    }

    private ObservedPosterior PrintObserved(ParseResult parsed, Terminal terminal, Posterior posterior, Seed seed)
    {
        PosteriorDraws draws = Observations.Draw(
            posterior, 0, parsed.GetValue(_draws) ?? Observations.DefaultDraws, seed, CancellationToken.None);
        var observed = new ObservedPosterior(PosteriorSummary.Of(draws), posterior.Warnings, draws);
        PosteriorTables.PrintOne(
            terminal, EventFile.NameOf(parsed.GetValue(_observed)!), draws.DrawCount, observed.Summary, posterior.Warnings);
        return observed;
    }

    /// <summary>Writes the page where one is asked for, and says what was written.</summary>
    private void WritePage(
        ParseResult parsed, Terminal terminal, string path, PendingFile? page, InferenceResult inferred, ObservedPosterior? observed)
    {
        if (page is not null)
        {
            IReadOnlyDictionary<string, double>[] truths = observed is null
                ? []
                : Observations.Read(parsed.GetValue(_observed)!, inferred.Model, Events(parsed), CancellationToken.None)
                    .Truths(inferred.Model.Parameters, CancellationToken.None);
            ReportFile.Write(page, new PosteriorRun(inferred.Model, ReportFile.Command(parsed))
            {
                Training = inferred,
                Report = inferred.Report,
                Ranks = inferred.Ranks,
                Observed = EventFile.NameOf(parsed.GetValue(_observed)),
                Observations = observed is null ? [] : [observed with { Truth = truths[0] }],
            });
        }

        terminal.Say($"Wrote {path}{(page is null ? "" : $" and {parsed.GetValue(_report)}")}.");
    }

    /// <summary>What the verb writes.</summary>
    private sealed record InferOutputs(string Path, PendingFile? Page, string? Folder);
}
