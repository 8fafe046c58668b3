using System.CommandLine;
using Gbi.Cli.Options;
using Gbi.Cli.Options.Parsing;
using Gbi.Cli.Tables;
using Gbi.Diagnostics.Closure;
using Gbi.Events;
using Gbi.Jobs;
using Gbi.Numerics;
using Gbi.Onnx.Models;
using Gbi.Pipeline.Persistence;
using Gbi.Ratios;
using Gbi.Reports.Json;

namespace Gbi.Cli.Verbs.Models;

/// <summary>gbi diagnose: the closure set of a ratio on two files of events.</summary>
internal sealed class DiagnoseVerb : Verb
{
    private readonly Argument<string> _model = new("MODEL")
    {
        Description = "What 'gbi search' or 'gbi train ratio' wrote, or a ratio's network as .onnx."
    };
    private readonly Option<string> _numerator = OptionOf.Text(
        "--numerator", "A", "Events of the numerator that the model did not see, Parquet or CSV.", required: true);
    private readonly Option<string> _denominator = OptionOf.Text("--denominator", "B", "The same of the denominator.", required: true);
    private readonly Option<string> _weight = OptionOf.Text(
        "--weight", "COL", "Column with event weights, in both (default: every event counts 1).");
    private readonly Option<double?> _missing = OptionOf.Real("--missing", "V", "A number that stands for a missing value, such as -25.");
    private readonly Option<int?> _classifierEvents = OptionOf.Number(
        "--classifier-events", "N", "Most events of each sample for the classifier test (default: 2,000,000).", least: 200);
    private readonly NetworkOptions _network = new();
    private readonly Option<ulong?> _seed = OptionOf.Seed();

    public DiagnoseVerb()
        : base(
            "diagnose",
            "Test whether a ratio closes, on events that it was not trained on: normalisation, classifier test after reweighting, "
            + "calibration, features, saturation, weights. Exit code 1 where a check fails.",
            "gbi diagnose ratio.zip --numerator signal-test.parquet --denominator background-test.parquet",
            "gbi diagnose net.onnx --numerator signal-test.parquet --denominator background-test.parquet")
    {
        Arguments.Add(_model);
        this.AddAll([_numerator, _denominator, _weight, _missing, _classifierEvents, .. _network.All, _seed]);
    }

    public override void Execute(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        string path = parsed.GetRequiredValue(_model);
        var defaults = new ClosureOptions();
        ClosureOptions options = defaults with { MaxClassifierEvents = parsed.GetValue(_classifierEvents) ?? defaults.MaxClassifierEvents };
        var seed = new Seed(parsed.GetValue(_seed) ?? 1);
        IDensityRatio ratio = OnnxFiles.IsOnnx(path)
            ? OnnxRatio.Open(path, new OnnxRatioOptions { Execution = _network.Of(parsed) })
            : RatioModelFile.Load(path);
        var schema = new EventSchema
        {
            Features = ratio.Features, Weight = parsed.GetValue(_weight), MissingValue = parsed.GetValue(_missing)
        };
        EventTable numerator = EventFile.Read(parsed.GetRequiredValue(_numerator), schema, cancellation);
        EventTable denominator = EventFile.Read(parsed.GetRequiredValue(_denominator), schema, cancellation);
        ClosureReport report = ProgressBars.Run(
            terminal, progress => Test(ratio, numerator, denominator, options, seed, progress, cancellation));
        if (ratio is OnnxRatio network)
        {
            terminal.Say($"{Path.GetFileName(path)} ran on {NetworkOptions.Meaning(network.Provider, network.ProviderReason)}.");
            network.Dispose();
        }

        ClosureTables.Print(terminal, report);
        terminal.PrintJson(ClosureReportJson.Write(report));
        if (!report.Passed)
        {
            string failed = string.Join(", ", report.Checks.Where(check => !check.Passed).Select(check => check.Name));
            throw new DataException($"{Path.GetFileName(path)} does not close; failed: {failed}.");
        }
    }

    private static ClosureReport Test(
        IDensityRatio ratio, EventTable numerator, EventTable denominator, ClosureOptions options, Seed seed,
        IProgress<SearchProgress>? progress, CancellationToken cancellation)
    {
        progress?.Report(new SearchProgress("Scoring", 0));
        var scoredNumerator = ScoredEvents.By(ratio, numerator);
        progress?.Report(new SearchProgress("Scoring", (double)numerator.Count / (numerator.Count + denominator.Count)));
        cancellation.ThrowIfCancellationRequested();
        var scoredDenominator = ScoredEvents.By(ratio, denominator);
        progress?.Report(new SearchProgress("Scoring", 1));
        return ClosureTest.Run(
            scoredNumerator, scoredDenominator, ratio.Features, options, seed, new NamedStep(progress, "Testing"), cancellation);
    }
}
