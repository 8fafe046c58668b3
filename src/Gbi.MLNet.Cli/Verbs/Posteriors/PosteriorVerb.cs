using System.CommandLine;
using Gbi.Cli.Options.Parsing;
using Gbi.Cli.Tables;
using Gbi.Diagnostics.Posteriors;
using Gbi.Events;
using Gbi.Events.IO;
using Gbi.Events.IO.Outputs;
using Gbi.Numerics;
using Gbi.Posteriors.EventSets;
using Gbi.Posteriors.Models;
using Gbi.Reports.Html.Posteriors;
using Gbi.Reports.Json.Posteriors;
using Gbi.Simulators;
using Gbi.Simulators.Processes;

namespace Gbi.Cli.Verbs.Posteriors;

/// <summary>gbi posterior: posteriors of observations, as summaries and as draws.</summary>
internal sealed class PosteriorVerb : Verb
{
    private const string Observation = "observation";
    private const string LogDensity = "log_density";
    private const int EventsOfAProcess = 10_000;
    private const int TestedSets = 600;
    private const int NormalisingPerEvent = 100;
    private const int LeastNormalising = 5000;
    private const int MostNormalising = 50_000;

    private readonly PosteriorFile _model = new();

    private readonly Argument<string> _observed = new("OBSERVED")
    {
        Description = $"Observations, {EventFile.Formats}, one row each, with the features as columns.",
    };

    private readonly Option<string> _events = new("--events")
    {
        Description = "Rows are events, and all of them one observation; with COLUMN, those with the same value of the column. A posterior "
            + "of 'gbi infer --events' takes their summaries, that of single events the sum of their log-densities.",
        HelpName = "COLUMN",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string> _simulator = OptionOf.Text(
        "--simulator", "COMMAND",
        "Program of 'gbi infer', which simulates one event a row: normalises sums over events, and tests that of the largest set, on sets "
        + "of as many events near its posterior. If it is over-confident, the exit code is 3.",
        defaultsTo: "sums are neither, and say so");

    private readonly Option<int?> _draws = Observations.DrawsOption();
    private readonly Option<ulong?> _seed = OptionOf.Seed();

    private readonly Option<string> _out = OptionOf.Text(
        "--out", "FILE.parquet",
        $"File to write the draws to: a column a parameter, {LogDensity}, the natural log of their density, and {Observation}, the row "
        + "in OBSERVED, from 0.",
        defaultsTo: "nothing is written");

    private readonly Option<string> _report = ReportFile.Option(
        "means and intervals of all observations, figures of the first ones, with true values where they have columns of the parameters");

    private readonly Option<bool> _force = OptionOf.Force();

    public PosteriorVerb()
        : base(
            "posterior",
            "Print the posterior of observations: means, widths, central intervals and the mode, with warnings, as where an observation is "
            + "unlike all simulations.",
            "gbi posterior posterior.zip observed.csv",
            "gbi posterior posterior.zip observations.parquet --draws 1000 --out draws.parquet",
            "gbi posterior posterior.zip observed.csv --report posterior.html",
            "gbi posterior posterior.zip events.parquet --events",
            "gbi posterior posterior.zip events.parquet --events --simulator 'python3 sim.py {in.csv} {out.csv}'",
            "gbi posterior flow.onnx observed.csv --density flow.density.onnx")
    {
        Arguments.Add(_model.Argument);
        Arguments.Add(_observed);
        this.AddAll([_events, _simulator, _draws, _seed, .. _model.Options, _out, _report, _force]);
    }

    public override void Execute(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        bool force = parsed.GetValue(_force);
        string? path = parsed.GetValue(_out) is { } given ? OutputPath.Require(parsed, given, OutputPath.Parquet) : null;
        string? page = ReportFile.Path(parsed, _report);
        OutputTerms terms = FinishedOutputs.Require(parsed, force, (path, _out.Name), (page, _report.Name));
        using PendingFile? pendingPage = ReportFile.Begin(page, terms);
        using OpenedPosterior opened = _model.Open(parsed, cancellation);
        ILearntPosterior model = opened.Model;
        if (path is not null && model.Parameters.FirstOrDefault(name => name is Observation or LogDensity) is { } taken)
        {
            throw new DataException($"A parameter is named '{taken}', as a column of the draws is; draw without --out.");
        }

        string file = parsed.GetRequiredValue(_observed);
        int count = parsed.GetValue(_draws) ?? Observations.DefaultDraws;
        EventRows? events = parsed.GetResult(_events) is null ? null : new EventRows(parsed.GetValue(_events) ?? "");
        var observed = Observations.Read(file, model, events, cancellation);
        TestedSums? tested = Test(parsed, terminal, observed.Model, cancellation);
        ILearntPosterior asked = tested?.Model ?? observed.Model;
        using ParquetEventWriter? writer = path is null
            ? null
            : new ParquetEventWriter(
                path, [Observation, .. model.Parameters, LogDensity], hasWeights: false, new ParquetWriteOptions { Terms = terms });
        Drawn[] drawn = ProgressBars.Run(terminal, progress => Draw(
            parsed, asked, observed.Table, count, writer is not null, new NamedStep(progress, "Drawing"), cancellation));
        if (writer is not null)
        {
            foreach (Drawn one in drawn)
            {
                writer.Append(one.Draws!, cancellation);
            }

            writer.Complete();
        }

        Print(terminal, observed.Name, count, drawn);
        if (pendingPage is not null)
        {
            IReadOnlyDictionary<string, double>[] truths = observed.Truths(model.Parameters, cancellation);
            ReportFile.Write(pendingPage, new PosteriorRun(asked, ReportFile.Command(parsed))
            {
                Observed = observed.Name,
                Report = tested?.Report,
                Ranks = tested?.Ranks,
                Observations = [.. drawn.Select((one, row) =>
                    new ObservedPosterior(one.Summary, one.Warnings, one.Shown) { Truth = truths[row] })],
            });
            terminal.Say($"Wrote {page}.");
        }

        if (path is not null)
        {
            terminal.Say($"Wrote {(long)drawn.Length * count:N0} draws to {path}.");
        }

        terminal.PrintJson(new PosteriorDocument(
            parsed.GetRequiredValue(_model.Argument), file, count, path,
            [.. drawn.Select(one => PosteriorSummaryDocument.Of(one.Summary, one.Warnings))],
            tested is null ? null : PosteriorTestsDocument.Of(tested.Report)));
        if (tested is not null)
        {
            PosteriorTables.RequireConfident(
                parsed.GetRequiredValue(_model.Argument), tested.Report,
                "Learn it from more simulations, or from sets: 'gbi infer --events'.");
        }
    }

    /// <summary>Normalises sums over events and tests the one of the largest set; null where it is not asked for.</summary>
    private TestedSums? Test(ParseResult parsed, Terminal terminal, ILearntPosterior model, CancellationToken cancellation)
    {
        if (parsed.GetValue(_simulator) is not { } command)
        {
            return null;
        }

        if (model is not EventSetPosterior sums)
        {
            throw new UsageException(
                "--simulator tests a sum over events, which this is not: give --events and a posterior of single events, or leave it out.");
        }

        int largest = Enumerable.Range(0, sums.EventCounts.Count).MaxBy(set => sums.EventCounts[set]);
        var simulator = new ProcessSimulator(command, sums.Parameters, new ProcessSimulatorOptions
        {
            BatchSize = EventsOfAProcess,
            Parallel = EventBlocks.MaxThreads,
        });
        Seed seed = new Seed(parsed.GetValue(_seed) ?? OptionOf.DefaultSeed).Child("sums");
        TestedSums tested = ProgressBars.Run(terminal, progress =>
        {
            int normalising = (int)Math.Clamp((long)NormalisingPerEvent * sums.EventCounts[largest], LeastNormalising, MostNormalising);
            Simulations ofPrior = Simulations.Run(
                simulator, sums.Prior, normalising, seed.Child("normalising"), new NamedStep(progress, "Simulating"), cancellation);
            EventSetPosterior normalised = sums.NormalisedBy(ofPrior.Valid().Observations);
            PosteriorRanks ranks = EventSetRanks.Of(
                normalised, largest, simulator, TestedSets, seed, new NamedStep(progress, "Testing the sum over events"), cancellation);
            PosteriorReport report = PosteriorTests.Run(ranks, new PosteriorTestOptions(), seed);
            return new TestedSums(report.Passed ? normalised.Tested(largest) : normalised, ranks, report);
        });
        PosteriorTables.PrintTests(terminal, tested.Report);
        return tested;
    }

    private Drawn[] Draw(
        ParseResult parsed, ILearntPosterior model, EventTable observations, int count, bool keepsDraws, NamedStep progress,
        CancellationToken cancellation)
    {
        var seed = new Seed(parsed.GetValue(_seed) ?? OptionOf.DefaultSeed);
        var drawn = new Drawn[observations.Count];
        int done = 0;
        EventBlocks.ForEachIndex(
            drawn.Length,
            row =>
            {
                Posterior posterior = model.Given(observations.Slice(row, 1));
                PosteriorDraws draws = Observations.Draw(posterior, row, count, seed, cancellation);
                float[] rows = new float[count];
                Array.Fill(rows, row);
                EventTable? kept = keepsDraws
                    ? draws.Table.WithColumn(Observation, rows)
                        .WithColumn(LogDensity, draws.LogDensities.Select(density => (float)density).ToArray())
                    : null;
                bool isShown = row < PosteriorPage.MostFigures && parsed.GetValue(_report) is not null;
                drawn[row] = new Drawn(PosteriorSummary.Of(draws), posterior.Warnings, kept, isShown ? draws : null);
                progress.Report((double)Interlocked.Increment(ref done) / drawn.Length);
            },
            cancellation);
        return drawn;
    }

    private static void Print(Terminal terminal, string name, int count, Drawn[] drawn)
    {
        if (drawn is [var one])
        {
            PosteriorTables.PrintOne(terminal, name, count, one.Summary, one.Warnings);
        }
        else
        {
            PosteriorTables.PrintSeveral(terminal, name, count, [.. drawn.Select(row => (row.Summary, row.Warnings))]);
        }
    }

    private sealed record Drawn(PosteriorSummary Summary, IReadOnlyList<string> Warnings, EventTable? Draws, PosteriorDraws? Shown);

    private sealed record TestedSums(EventSetPosterior Model, PosteriorRanks Ranks, PosteriorReport Report);
}
