using System.CommandLine;
using Gbi.Cli.Help;
using Gbi.Cli.Options.Parsing;
using Gbi.Cli.Tables;
using Gbi.Diagnostics.Posteriors;
using Gbi.Diagnostics.Posteriors.Repair;
using Gbi.Events;
using Gbi.Events.IO.Outputs;
using Gbi.Numerics;
using Gbi.Posteriors.Models;
using Gbi.Posteriors.Truncation;
using Gbi.Reports.Html.Posteriors;
using Gbi.Reports.Json.Posteriors;
using Gbi.Simulators;
using Gbi.Simulators.EventSets;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Cli.Verbs.Posteriors;

/// <summary>gbi calibrate: tests of a posterior on pairs that it was not learnt from, and levels that have the coverage wanted.</summary>
internal sealed class CalibrateVerb : Verb
{
    private const int DefaultDraws = 999;

    private readonly PosteriorFile _model = new();

    private readonly Argument<string[]> _pairs = new("PAIRS")
    {
        Description = $"Simulations at points of the prior that the posterior was not learnt from, {EventFile.Formats}.",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string> _events = OptionOf.Text(
        "--events", "COLUMN", "Rows are events, and those with the same value of the column a pair, with the same parameters.");

    private readonly Option<int?> _draws = OptionOf.Number(
        "--draws", "N", "Draws of the posterior of each pair.", least: 1, Sentence.Of(DefaultDraws));

    private readonly Option<ulong?> _seed = OptionOf.Seed();
    private readonly Option<string> _report = ReportFile.Option("tests, levels of regions, recovery of the parameters");
    private readonly Option<bool> _force = OptionOf.Force();

    public CalibrateVerb()
        : base(
            "calibrate",
            "Test a posterior on pairs of true parameters and observations: uniform ranks, coverage, distances to points that depend on "
            + "x, information gain. It prints a verdict a line, and the levels of regions of highest density that have the coverage "
            + "wanted. If the posterior is over-confident, the exit code is 3.",
            "gbi calibrate posterior.zip pairs.parquet",
            "gbi calibrate posterior.zip pairs.parquet --report tests.html")
    {
        Arguments.Add(_model.Argument);
        Arguments.Add(_pairs);
        this.AddAll([_events, _draws, _seed, .. _model.Options, _report, _force]);
    }

    public override void Execute(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        bool force = parsed.GetValue(_force);
        string? page = ReportFile.Path(parsed, _report);
        OutputTerms terms = FinishedOutputs.Require(parsed, force, (page, _report.Name));
        using PendingFile? pendingPage = ReportFile.Begin(page, terms);
        string path = parsed.GetRequiredValue(_model.Argument);
        using OpenedPosterior opened = _model.Open(parsed, cancellation);
        ILearntPosterior model = opened.Model;
        if (model is TruncatedPosterior)
        {
            throw new DataException(
                $"{Path.GetFileName(path)} was inferred in rounds and holds for one observation, near which alone it can be tested; "
                    + "'gbi infer' printed these tests. Give a posterior that was inferred without --rounds.");
        }

        TestPairs pairs = Read(model, parsed.GetRequiredValue(_pairs), parsed.GetValue(_events), cancellation);
        Seed seed = new Seed(parsed.GetValue(_seed) ?? OptionOf.DefaultSeed).Child("calibrate");
        int draws = parsed.GetValue(_draws) ?? DefaultDraws;
        PosteriorRanks ranks = ProgressBars.Run(terminal, progress => PosteriorRanks.Of(
            model, pairs, draws, seed, new NamedStep(progress, "Testing the posterior"), cancellation));
        PosteriorReport report = PosteriorTests.Run(ranks, new PosteriorTestOptions(), seed);
        var repair = HpdRecalibration.Of(ranks.OfDensity);
        RecalibratedLevel[] levels = [.. report.Coverage.Select(region => repair.At(region.Level))];
        PosteriorTables.PrintTests(terminal, report);
        PosteriorTables.PrintLevels(terminal, report, levels);
        if (pendingPage is not null)
        {
            ReportFile.Write(pendingPage, new PosteriorRun(model, ReportFile.Command(parsed))
            {
                Report = report,
                Ranks = ranks,
                Levels = levels,
            });
            terminal.Say($"Wrote {page}.");
        }

        terminal.PrintJson(CalibrateDocument.Of(path, report, levels));
        PosteriorTables.RequireConfident(path, report, "Take the levels of the table for its regions, or learn from more simulations.");
    }

    private static TestPairs Read(ILearntPosterior model, string[] files, string? sets, CancellationToken cancellation)
    {
        Simulations pairs = sets is null
            ? Simulations.Read(files, model.Parameters, model.Features, cancellation: cancellation)
            : EventSetFiles.Read(files, model.Parameters, sets, Summary(model).Columns, cancellation);
        if (pairs.FailedCount > 0)
        {
            int first = Enumerable.Range(0, pairs.Count).First(row => !pairs.IsValid(row));
            throw new DataException(Text(
                $"{pairs.FailedCount:N0} of {Counted(pairs.Count, "pair")} have a feature that is NaN or infinite (first in row ")
                + Text($"{first:N0}); ")
                + "leave them out: a posterior is one of simulations that have not failed.");
        }

        return new TestPairs(
            pairs.Parameters.WithColumns(model.Parameters), pairs.Observations.WithColumns(model.Features),
            model.Prior.HasDensity ? model.Prior : null);
    }

    private static EventSetSummary Summary(ILearntPosterior model) => EventSetSummary.TryOf(model.Features) ?? throw new DataException(
        $"The posterior has the features {string.Join(", ", model.Features)}, which are none of sets of events; leave --events out, or "
            + "infer a posterior with --events.");
}
