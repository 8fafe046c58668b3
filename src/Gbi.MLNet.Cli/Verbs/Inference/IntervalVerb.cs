using System.CommandLine;
using Gbi.Cli.Help;
using Gbi.Cli.Options;
using Gbi.Cli.Options.Parsing;
using Gbi.Cli.Tables;
using Gbi.Inference.Belts;
using Gbi.Inference.Fits;
using Gbi.Inference.Tests;
using Gbi.Likelihoods.Model;
using Gbi.Numerics;
using Gbi.Reports.Json.Fits;

namespace Gbi.Cli.Verbs.Inference;

/// <summary>gbi interval: confidence intervals of the parameter of interest.</summary>
internal sealed class IntervalVerb : Verb
{
    private static readonly FeldmanCousinsOptions Defaults = new();

    private readonly ModelOptions _model = new();
    private readonly Option<double[]> _confidence = OptionOf.Reals(
        "--confidence", "CL,...", "Confidence levels of the intervals.", "numbers between 0 and 1 with commas between them",
        level => level is > 0 and < 1, string.Join(',', Defaults.ConfidenceLevels.Select(level => Sentence.Of(Math.Round(level, 4)))));

    private readonly Option<string> _method = OptionOf.Choice(
        "--method", "Profile likelihood ratio with the quantiles of χ², or with those of toys (Feldman and Cousins).",
        IntervalDocument.Profile, IntervalDocument.Profile, IntervalDocument.FeldmanCousins);

    private readonly Option<int?> _toys = OptionOf.Number(
        "--toys", "N", "Toys at each value, for feldman-cousins.", least: 10, Sentence.Of(Defaults.ToyCount));

    private readonly Option<IReadOnlyList<double>?> _grid = InferenceOptionOf.Grid(
        "Test N values of the parameter of interest from LO to HI, for feldman-cousins.", "values near the ends");

    private readonly Option<bool> _negative = OptionOf.Flag(
        "--allow-negative", "Let the parameter of interest be negative, down to its own lower bound, for feldman-cousins; else it is 0 or "
            + "more.");

    private readonly Option<ulong?> _seed = OptionOf.Seed();
    private readonly ReportOption _report = new("likelihood scan with the intervals");

    public IntervalVerb()
        : base(
            "interval",
            "Find confidence intervals of the parameter of interest, with all other parameters profiled. Intervals by Feldman and Cousins "
            + "keep coverage near a bound and for small counts.",
            "gbi interval workspace.json",
            "gbi interval workspace.json --method feldman-cousins --confidence 0.9 --toys 5000 --grid 0:4:41 --json")
    {
        _model.AddTo(this);
        this.AddAll(_confidence, _method, _toys, _grid, _negative, _seed);
        _report.AddTo(this);
    }

    public override void Execute(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        bool byToys = parsed.GetValue(_method) == IntervalDocument.FeldmanCousins;
        if (!byToys)
        {
            foreach (Option option in (Option[])[_toys, _grid, _negative, _seed])
            {
                if (parsed.GetResult(option) is { Implicit: false })
                {
                    throw new UsageException(
                        $"{option.Name} needs --method {IntervalDocument.FeldmanCousins}: the profile likelihood takes no toys.");
                }
            }
        }

        double[] levels = parsed.GetValue(_confidence) is { Length: > 0 } given ? given : [.. Defaults.ConfidenceLevels];
        using PendingPage? page = _report.Begin(parsed);
        OpenedModel opened = _model.Open(parsed, cancellation);
        StrengthTest test = opened.Test(cancellation);
        opened.SayMeasurement(terminal);
        if (byToys)
        {
            var options = new FeldmanCousinsOptions
            {
                ConfidenceLevels = levels,
                ToyCount = parsed.GetValue(_toys) ?? Defaults.ToyCount,
                Grid = parsed.GetValue(_grid),
                AllowsNegative = parsed.GetValue(_negative),
            };
            FeldmanCousinsResult found = UsageException.IfRefused(() => ProgressBars.Run(
                terminal,
                progress => FeldmanCousins.Run(
                    test.Model, test.Data, options, new Seed(parsed.GetValue(_seed) ?? OptionOf.DefaultSeed),
                    new NamedStep(progress, "Toys"), cancellation)));
            IntervalOutput.Print(terminal, NameOf(test), found);
            Finish(opened.Named(IntervalDocument.Of(NameOf(test), found)));
        }
        else
        {
            FitParameter mu = test.Model.Parameters[test.ParameterOfInterest];
            ConfidenceInterval[] intervals = [.. levels.Select(level => ProfileInterval.Of(test.Observed, mu.Lower, mu.Upper, level))];
            IntervalOutput.Print(terminal, mu, test.Observed.MuHat, intervals);
            Finish(opened.Named(IntervalDocument.Of(mu, test.Observed.MuHat, intervals)) with
            {
                Scan = page is null ? null : FitCurves.Scan(test.Observed, FitCurves.Grid(test.Observed)),
            });
        }

        void Finish(IntervalDocument document)
        {
            page?.Write(terminal, document);
            terminal.PrintJson(document);
        }
    }

    private static string NameOf(StrengthTest test) => test.Model.Parameters[test.ParameterOfInterest].Name;
}
