using System.CommandLine;
using Gbi.Calibration;
using Gbi.Cli.Options;
using Gbi.Cli.Options.Parsing;
using Gbi.Diagnostics.Power;
using Gbi.Events;
using Gbi.Events.IO.Outputs;
using Gbi.Numerics;
using Gbi.Pipeline.Estimators;
using Gbi.Pipeline.Persistence;
using Gbi.Ratios;
using Gbi.Reports.Json.Models;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Cli.Verbs.Models;

/// <summary>gbi train ratio: the likelihood-ratio trick between two files of events.</summary>
internal sealed class TrainRatioVerb : Verb
{
    private const string FastTree = "fasttree";

    private const string NoCalibration = "none";

    private static readonly RatioOptions Defaults = new();

    private readonly Option<string> _numerator = OptionOf.Text(
        "--numerator", "A", $"Events of the numerator, {EventFile.Formats}.", required: true);
    private readonly Option<string> _denominator = OptionOf.Text(
        "--denominator", "B", $"Events of the denominator, {EventFile.Formats}.", required: true);
    private readonly Option<string[]> _features = OptionOf.Names(
        "--features", "A,B,...", "Columns that separate numerator from denominator; tau* and pt1..pt4 name several.", required: true);

    private readonly Option<string> _weight = OptionOf.Weight();
    private readonly Option<double?> _missing = OptionOf.Missing();
    private readonly Option<string> _classifier = OptionOf.Choice(
        "--classifier", "Boosted trees of this package, or those of ML.NET, which take weights above 0 only.", "trees",
        ["trees", FastTree]);

    private readonly TrainingOptions _training =
        new(new TrainingDefaults("by trees", Defaults), new TrainingDefaults("by fasttree", FastTreeRatio.Defaults));

    private readonly Option<string> _calibration = OptionOf.Choice(
        "--calibration", "Calibration of the out-of-fold log ratio.",
        NameOf(Defaults.Calibration), [.. Enum.GetValues<CalibrationMethod>().Select(NameOf), NoCalibration]);

    private readonly Option<ulong?> _seed = OptionOf.Seed();
    private readonly Option<string> _out = OptionOf.Text(
        "--out", "MODEL.zip", "File to write, for 'gbi score' and ML.NET.", required: true);
    private readonly Option<bool> _force = OptionOf.Force();

    public TrainRatioVerb()
        : base(
            "ratio",
            "Train the density ratio of two samples with boosted trees. It is cross-fitted, calibrated and normalised. Training stops "
                + "early and the trees have 16, 8, 4 or 2 leaves, whichever loses least on held-out events.",
            "gbi train ratio --numerator signal.parquet --denominator background.parquet --features x,y --out ratio.zip") =>
        this.AddAll(
            [_numerator, _denominator, _features, _weight, _missing, _classifier, .. _training.All, _calibration, _seed, _out, _force]);

    public override void Execute(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        bool force = parsed.GetValue(_force);
        string path = OutputPath.Require(parsed, parsed.GetRequiredValue(_out), OutputPath.Zip);
        EventSchema schema = UsageException.IfRefused(() => new EventSchema
        {
            Features = FeatureColumns.Of(parsed, _features, parsed.GetRequiredValue(_numerator)),
            Weight = parsed.GetValue(_weight),
            MissingValue = parsed.GetValue(_missing),
        });
        FeatureColumns.Say(terminal, parsed, _features, parsed.GetRequiredValue(_numerator), schema, blinded: null, cancellation);
        using var pending = new PendingFile(path, FinishedOutputs.Require(parsed, force, (path, _out.Name)));
        string numeratorPath = parsed.GetRequiredValue(_numerator);
        string denominatorPath = parsed.GetRequiredValue(_denominator);
        EventTable numerator = EventFile.Read(numeratorPath, schema, cancellation);
        EventTable denominator = EventFile.Read(denominatorPath, schema, cancellation);
        var seed = new Seed(parsed.GetValue(_seed) ?? OptionOf.DefaultSeed);
        CrossFittedRatio ratio = UsageException.IfRefused(() => ProgressBars.Run(terminal, progress => Learn(parsed)(
            numerator, denominator, schema.Features, Training(parsed), seed, new NamedStep(progress, "Learning the ratio"), cancellation)));
        ratio.RequireTrees();
        RatioModelFile.Save(
            ratio.Model.Named(Path.GetFileNameWithoutExtension(numeratorPath), Path.GetFileNameWithoutExtension(denominatorPath))
                .WithMissingValue(schema.MissingValue),
            pending);
        cancellation.ThrowIfCancellationRequested();
        pending.Complete();
        terminal.Warn(ConstantFeatures.SentencesOf(schema.Features, numerator, denominator));
        Print(terminal, path, numerator, denominator, ratio);
    }

    private Func<EventTable, EventTable, IReadOnlyList<string>, RatioOptions, Seed, IProgress<double>?, CancellationToken, CrossFittedRatio>
        Learn(ParseResult parsed) => parsed.GetValue(_classifier) == FastTree ? FastTreeRatio.CrossFit : RatioTrainer.CrossFit;

    private RatioOptions Training(ParseResult parsed)
    {
        RatioOptions options = _training.Apply(parsed.GetValue(_classifier) == FastTree ? FastTreeRatio.Defaults : Defaults, parsed);
        return parsed.GetValue(_calibration) switch
        {
            null => options,
            NoCalibration => options with { Calibration = null },
            { } method =>
                options with { Calibration = new CalibrationOptions { Method = Enum.Parse<CalibrationMethod>(method, ignoreCase: true) } },
        };
    }

    private static void Remark(Terminal terminal, CrossFittedRatio ratio, Estimate area)
    {
        const double FarBelow = 0.01;
        if (ratio.LearntNothing)
        {
            terminal.Say(
                $"Warning: No tree lowered the loss on held-out events: the features do not separate the samples, r is 1 everywhere.");
        }
        else if (0.5 - area.Value > Math.Max(FarBelow, 3 * area.Error))
        {
            terminal.Say(
                $"Warning: The area, ± {area.Error:F4}, is significantly below 0.5: events are ordered the wrong way round. Check that the "
                    + $"files have no events in common.");
        }
    }

    private static string NameOf(CalibrationOptions? options) => options is null ? NoCalibration : NameOf(options.Method);

    private static string NameOf(CalibrationMethod method) => method.ToString().ToLowerInvariant();

    private static void Print(Terminal terminal, string path, EventTable numerator, EventTable denominator, CrossFittedRatio ratio)
    {
        ReadOnlySpan<float> scores = ratio.OutOfFold.LogRatio;
        Estimate area = RocCurve.AreaWithError(
            new(scores[..numerator.Count], numerator.Weights), new(scores[numerator.Count..], denominator.Weights));
        double auc = area.Value;
        terminal.Say($"Numerator     {Counted(numerator.Count, "event")}");
        terminal.Say($"Denominator   {Counted(denominator.Count, "event")}");
        terminal.Say($"Area under the ROC curve, out of fold: {auc:F4}");
        Remark(terminal, ratio, area);
        terminal.Say(
            $"Mean ratio over the denominator before normalisation: {ratio.MeanRatio.Value:F4} ± {ratio.MeanRatio.Error:F4} (1 if it "
                + $"closes)");
        (string Feature, double Share)[] shares =
            [.. ratio.Model.Features.Zip(ratio.Model.Importance()).OrderByDescending(pair => pair.Second)];
        terminal.Say($"Share of the gain: {string.Join(", ", shares.Select(share => Text($"{share.Feature} {100 * share.Share:F0} %")))}");
        terminal.Say($"Wrote {path}.");
        terminal.PrintJson(TrainDocument.Of(path, numerator.Count, denominator.Count, auc, ratio));
    }
}
