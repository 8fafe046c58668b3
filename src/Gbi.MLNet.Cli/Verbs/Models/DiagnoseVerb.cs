using System.CommandLine;
using Gbi.Cli.Help;
using Gbi.Cli.Options;
using Gbi.Cli.Options.Parsing;
using Gbi.Cli.Tables;
using Gbi.Diagnostics.Closure;
using Gbi.Events;
using Gbi.Numerics;
using Gbi.Onnx.Models;
using Gbi.Ratios;
using Gbi.Reports.Json.Models;
using Gbi.Scoring;

namespace Gbi.Cli.Verbs.Models;

/// <summary>gbi diagnose: the closure set of a ratio on two files of events.</summary>
internal sealed class DiagnoseVerb : Verb
{
    private static readonly ClosureOptions Defaults = new();

    private readonly Argument<string> _model = new("MODEL")
    {
        Description = "Ratio from 'gbi search', 'gbi train ratio' or 'gbi adopt' (.zip), or a network of one (.onnx).",
    };

    private readonly Option<string> _numerator = OptionOf.Text(
        "--numerator", "A", $"Events of the numerator that the model was not trained on, {EventFile.Formats}.",
        required: true);

    private readonly Option<string> _denominator = OptionOf.Text(
        "--denominator", "B", "Events of the denominator that the model was not trained on.", required: true);

    private readonly Option<string> _weight = OptionOf.Weight();
    private readonly Option<double?> _missing = OptionOf.Missing("that of the training");

    private readonly Option<int?> _classifierEvents = OptionOf.Number(
        "--classifier-events", "N", "Maximum number of events of each sample in the classifier test.", least: 200,
        Sentence.Of(Defaults.MaxClassifierEvents));

    private readonly NetworkOptions _network = new();
    private readonly Option<ulong?> _seed = OptionOf.Seed();

    public DiagnoseVerb()
        : base(
            "diagnose",
            "Check whether a ratio closes on events that it was not trained on. The checks: normalisation, classifier test after "
            + "reweighting, calibration, features, saturation, weights. If one fails, the exit code is 3.",
            "gbi diagnose ratio.zip --numerator signal-test.parquet --denominator background-test.parquet",
            "gbi diagnose net.onnx --numerator signal-test.parquet --denominator background-test.parquet")
    {
        Arguments.Add(_model);
        this.AddAll([_numerator, _denominator, _weight, _missing, _classifierEvents, .. _network.All, _seed]);
    }

    public override void Execute(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        string path = parsed.GetRequiredValue(_model);
        ClosureOptions options = Defaults with { MaxClassifierEvents = parsed.GetValue(_classifierEvents) ?? Defaults.MaxClassifierEvents };
        var seed = new Seed(parsed.GetValue(_seed) ?? OptionOf.DefaultSeed);
        if (!OnnxFiles.IsOnnx(path))
        {
            _network.RequireUnused(parsed);
        }

        using ScoringModel model = ScoringModel.Load(path, _network.Of(parsed, cancellation));
        IDensityRatio ratio = model.Ratio ?? throw new DataException(
            $"{path} is no ratio; give one that 'gbi train ratio', 'gbi search' or 'gbi adopt' wrote, or a network.");
        var schema = new EventSchema
        {
            Features = ratio.Features,
            Weight = parsed.GetValue(_weight),
            MissingValue = parsed.GetValue(_missing) ?? model.MissingValue,
        };
        EventTable numerator = EventFile.Read(parsed.GetRequiredValue(_numerator), schema, cancellation);
        EventTable denominator = EventFile.Read(parsed.GetRequiredValue(_denominator), schema, cancellation);
        ClosureReport report = ProgressBars.Run(
            terminal, progress => ClosureTest.Run(
                ratio, numerator, denominator, options, seed, new NamedStep(progress, "Checking closure"), cancellation));
        if (model.Provider is { } provider)
        {
            terminal.Say($"{Path.GetFileName(path)} ran on {NetworkOptions.Meaning(provider, model.ProviderReason)}.");
        }

        terminal.Warn(ConstantFeatures.SentencesOf(ratio.Features, numerator, denominator));
        ClosureTables.Print(terminal, report);
        terminal.PrintJson(RatioClosureDocument.Of(report));
        if (!report.Passed)
        {
            string failed = string.Join(", ", report.Checks.Where(check => check.Failed).Select(check => check.Name));
            throw new CheckFailedException($"{Path.GetFileName(path)} does not close; failed: {failed}.");
        }
    }
}
