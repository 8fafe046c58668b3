using System.CommandLine;
using Gbi.Calibration;
using Gbi.Cli.Options;
using Gbi.Cli.Options.Parsing;
using Gbi.Diagnostics.Power;
using Gbi.Events;
using Gbi.Events.IO.Outputs;
using Gbi.Onnx.Adoption;
using Gbi.Onnx.Export;
using Gbi.Onnx.Models;
using Gbi.Onnx.Sessions;
using Gbi.Pipeline.Persistence;
using Gbi.Reports.Json;
using Gbi.Reports.Json.Models;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Cli.Verbs.Models;

/// <summary>gbi adopt: a network that others exported becomes a ratio, as a network of the contract or a model.</summary>
internal sealed class AdoptVerb : Verb
{
    private const string NoCalibration = "none";

    private readonly Argument<string> _model = new("NETWORK.onnx")
    {
        Description = "Network as scikit-learn, XGBoost, LightGBM, Keras or PyTorch export it; weights in files beside it are read too.",
    };

    private readonly Option<string[]> _features = OptionOf.Names(
        "--features", "A,B,...",
        "Columns in the order in which the network takes them (default: names of its inputs, if each is one column).");

    private readonly Option<string[]> _inputs = OptionOf.Repeated(
        "--input", "NAME=A,B,...",
        "Columns of one input, by its name or its position from 0; a number in place of a column is the same for all events. Repeat it "
            + "for several inputs.");

    private readonly Option<string> _output = OptionOf.Text(
        "--output", "NAME[SLOT]",
        "Output of the network, by its name or its position from 0, and the number of each event that belongs to the numerator, by its "
            + "position from 0 or the name of its class.",
        defaultsTo: "the only output of one real number");

    private readonly Option<string> _kind = OptionOf.Choice(
        "--kind",
        "What the output is: a probability p, ln r = ln p/(1-p); a logit, what goes into a sigmoid or, of several numbers, into a "
            + "softmax; ln r itself; or a score, which is calibrated.",
        null, [.. Enum.GetValues<OnnxOutputKind>().Select(OnnxAdoption.NameOf)]);

    private readonly StandardiseOption _standardise = new();

    private readonly Option<string> _numerator = OptionOf.Text(
        "--numerator", "A", $"Events of the numerator that the network was not trained on, {EventFile.Formats}.");

    private readonly Option<string> _denominator = OptionOf.Text(
        "--denominator", "B", "Events of the denominator, on which the mean ratio is made 1.");

    private readonly Option<string> _weight = OptionOf.Weight();
    private readonly Option<double?> _missing = OptionOf.Missing();

    private readonly Option<string> _calibration = OptionOf.Choice(
        "--calibration", "Calibration of the log ratio on these events.",
        "isotonic for a score, none for others",
        [.. Enum.GetValues<CalibrationMethod>().Select(NameOf), NoCalibration]);

    private readonly Option<string> _out = OptionOf.Text(
        "--out", "FILE.onnx|FILE.zip", "File to write: a network of gbi's contract, or a model for 'gbi score' and ML.NET.",
        required: true);

    private readonly NetworkOptions _network = new();
    private readonly Option<bool> _force = OptionOf.Force();

    public AdoptVerb()
        : base(
            "adopt",
            "Make a likelihood ratio of a network that another program exported: classifiers and regressors of ONNX with any names, types "
                + "and shapes. With events it is calibrated and normalised; without, its classes must have had equal weights in training. "
                + "If something is missing, one message lists all of it, and the command.",
            "gbi adopt net.onnx --features x,y --output probabilities[1] --kind probability --out ratio.onnx",
            "gbi adopt pipeline.onnx --output output_probability[signal] --kind probability --out ratio.zip "
                + "--numerator signal.parquet --denominator background.parquet",
            "gbi adopt torch.onnx --features x,y --kind logit --standardise x=0.1:2.5,y=3:4 --out ratio.onnx",
            "gbi adopt keras.onnx --input jets=pt1,pt2 --input event=met --kind score --calibration platt --out ratio.zip "
                + "--numerator signal.parquet --denominator background.parquet")
    {
        Arguments.Add(_model);
        this.AddAll(
        [
            _features, _inputs, _output, _kind, _standardise.Option, _numerator, _denominator, _weight, _missing, _calibration, _out,
            .. _network.All, _force
        ]);
    }

    public override void Execute(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        bool force = parsed.GetValue(_force);
        string output = parsed.GetRequiredValue(_out);
        bool isNetwork = output.EndsWith(OutputPath.Onnx, StringComparison.OrdinalIgnoreCase);
        if (!isNetwork && !output.EndsWith(OutputPath.Zip, StringComparison.OrdinalIgnoreCase))
        {
            throw new UsageException($"--out is '{output}', expected a name that ends with {OutputPath.Onnx} or {OutputPath.Zip}.");
        }

        string path = OutputPath.Require(parsed, output);
        string model = parsed.GetRequiredValue(_model);
        OutputTerms terms = FinishedOutputs.Require(parsed, force, (path, _out.Name));
        (string Numerator, string Denominator)? samples = Samples(parsed);
        AdoptedNetwork network = OnnxAdoption.Adopt(
            OnnxSource.Read(model), Mapping(parsed, samples) with { Cancellation = cancellation }, model);
        CalibrationOptions? calibration = Calibration(parsed, network, samples is not null);
        using OnnxRatio plain = OnnxRatio.Open(network, new OnnxRatioOptions { Execution = _network.Of(parsed, cancellation) });
        using var pending = new PendingFile(path, terms);
        Fitted? fitted = samples is { } files ? Fit(parsed, plain, files, calibration, cancellation) : null;
        Write(fitted?.Ratio ?? plain, network, fitted is not null, isNetwork, pending);
        cancellation.ThrowIfCancellationRequested();
        pending.Complete();
        Print(terminal, network, fitted, path);
    }

    private static void Write(OnnxRatio ratio, AdoptedNetwork network, bool isFitted, bool isNetwork, PendingFile pending)
    {
        if (!isNetwork)
        {
            RatioModelFile.Save(ratio, pending);
        }
        else if (isFitted)
        {
            OnnxExport.Write(ratio, pending.Stream);
        }
        else
        {
            pending.Stream.Write(network.Source.Bytes);
        }
    }

    private (string, string)? Samples(ParseResult parsed) => (parsed.GetValue(_numerator), parsed.GetValue(_denominator)) switch
    {
        ({ } numerator, { } denominator) => (numerator, denominator),
        (null, null) when ((Option[])[_weight, _missing]).FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false })
            is { } needless => throw new UsageException(
                $"{needless.Name} is about events; give those of both samples with --numerator and --denominator, or leave it out."),
        (null, null) => null,
        (null, _) => throw new UsageException("--denominator needs --numerator too; give the events of both samples, or of none."),
        _ => throw new UsageException("--numerator needs --denominator too; give the events of both samples, or of none."),
    };

    private OnnxMapping Mapping(ParseResult parsed, (string Numerator, string Denominator)? samples)
    {
        var inputs = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        foreach (string word in parsed.GetResult(_inputs) is null ? [] : parsed.GetValue(_inputs)!)
        {
            int equals = word.LastIndexOf('=');
            string[] columns = [.. word[(equals + 1)..].Split(',').Select(column => column.Trim())];
            if (equals <= 0 || columns.Any(column => column.Length == 0) || !inputs.TryAdd(word[..equals], columns))
            {
                throw new UsageException($"--input is '{word}', expected NAME=A,B,... with each input once, such as jets=pt1,pt2.");
            }
        }

        OnnxMapping names = samples is { } files
            ? new OnnxMapping
            {
                Numerator = Path.GetFileNameWithoutExtension(files.Numerator),
                Denominator = Path.GetFileNameWithoutExtension(files.Denominator),
            }
            : new OnnxMapping();
        return names with
        {
            Features = parsed.GetResult(_features) is null ? null : FeatureColumns.Of(parsed, _features, samples?.Numerator),
            Inputs = inputs,
            Output = parsed.GetValue(_output),
            Kind = parsed.GetValue(_kind) is { } kind
                ? Enum.GetValues<OnnxOutputKind>().Single(known => OnnxAdoption.NameOf(known) == kind)
                : null,
            Standardise = _standardise.Read(parsed),
        };
    }

    private CalibrationOptions? Calibration(ParseResult parsed, AdoptedNetwork network, bool hasEvents)
    {
        string? method = parsed.GetValue(_calibration);
        bool isScore = network.Kind == OnnxOutputKind.Score;
        if (!hasEvents && (isScore || method is not (null or NoCalibration)))
        {
            throw new UsageException((isScore
                ? "A score becomes a ratio by calibration alone"
                : $"--calibration {method} needs events")
                    + "; give events of both samples with --numerator and --denominator.");
        }

        return (method, isScore) switch
        {
            (NoCalibration, true) => throw new UsageException(
                "A score becomes a ratio by calibration alone; leave --calibration none out, or choose a method."),
            (null, true) => new CalibrationOptions(),
            (null or NoCalibration, _) => null,
            var (name, _) => new CalibrationOptions { Method = Enum.Parse<CalibrationMethod>(name, ignoreCase: true) },
        };
    }

    private Fitted Fit(
        ParseResult parsed, OnnxRatio plain, (string Numerator, string Denominator) files, CalibrationOptions? calibration,
        CancellationToken cancellation)
    {
        EventSchema schema = UsageException.IfRefused(() => new EventSchema
        {
            Features = plain.Features,
            Weight = parsed.GetValue(_weight),
            MissingValue = parsed.GetValue(_missing),
        });
        EventTable numerator = EventFile.Read(files.Numerator, schema, cancellation);
        EventTable denominator = EventFile.Read(files.Denominator, schema, cancellation);
        OnnxRatio ratio = plain.Calibrated(numerator, denominator, calibration, cancellation);
        Ratios.RatioScores above = ratio.Score(numerator, cancellation);
        Ratios.RatioScores below = ratio.Score(denominator, cancellation);
        double mean = Math.Exp(-ratio.LogNormalisation);
        return new Fitted(
            ratio, calibration, numerator.Count, denominator.Count,
            RocCurve.AreaWithError(new(above.LogRatio, numerator.Weights), new(below.LogRatio, denominator.Weights)),
            new Estimate(mean, mean * ratio.NormalisationError),
            above.ClippedCount + below.ClippedCount);
    }

    private static string NameOf(CalibrationMethod method) => method.ToString().ToLowerInvariant();

    private static void Print(Terminal terminal, AdoptedNetwork network, Fitted? fitted, string path)
    {
        string[] warnings = [.. network.Remarks, .. Warnings(network, fitted)];
        string writer = network.Producer.Length > 0 ? $"by {network.Producer}, " : "";
        string slot = network.Slots == 1 ? ""
            : network.Label is { } label ? Text($", slot {network.Slot} of {network.Slots}: class {label}")
            : Text($", slot {network.Slot} of {network.Slots}");
        terminal.Say($"Network       {network.Source.Name}, {writer}opset {network.Opset}");
        terminal.Say($"Features      {string.Join(", ", network.Features)}");
        terminal.Say($"Output        {network.Output}{slot}; {Formula(network)}");
        if (fitted is not null)
        {
            terminal.Say($"Numerator     {Counted(fitted.Numerator, "event")}");
            terminal.Say($"Denominator   {Counted(fitted.Denominator, "event")}");
            terminal.Say($"Area under the ROC curve: {fitted.Area.Value:F4} ± {fitted.Area.Error:F4}");
            terminal.Say(
                $"Mean ratio over the denominator before normalisation: {fitted.MeanRatio.Value:F4} ± {fitted.MeanRatio.Error:F4} (1 if "
                    + $"it closes)");
        }

        terminal.Warn(warnings);
        terminal.Say($"Wrote {path}.");
        terminal.PrintJson(new AdoptDocument(
            path, network.Producer.Length > 0 ? network.Producer : null, network.Opset, network.Features, network.Output, network.Slot,
            network.Slots, network.Label, OnnxAdoption.NameOf(network.Kind), network.Batch,
            fitted is null ? null : new AdoptedEventsDocument(
                fitted.Numerator, fitted.Denominator, EstimateDocument.Of(fitted.Area),
                fitted.Calibration is { } calibration ? NameOf(calibration.Method) : null, EstimateDocument.Of(fitted.MeanRatio),
                fitted.Clipped),
            warnings));
    }

    private static IEnumerable<string> Warnings(AdoptedNetwork network, Fitted? fitted)
    {
        if (fitted is null)
        {
            yield return "The ratio is not normalised: it is right if numerator and denominator had equal weights in training. Give events "
                + "of both with --numerator and --denominator to normalise it.";
        }
        else if (fitted.Clipped > 0)
        {
            yield return Text($"|ln r| is clipped for {Counted(fitted.Clipped, "event")}, where the network's output rounds to ")
                + (network.Kind == OnnxOutputKind.Probability ? "0 or 1; a calibration bounds it." : "a number beyond the bound.");
        }
    }

    private static string Formula(AdoptedNetwork network) => network.Kind switch
    {
        OnnxOutputKind.Probability => "a probability p, ln r = ln p/(1 - p)",
        OnnxOutputKind.Logit when network.Slots > 1 => "a logit of a softmax, ln r = z - ln sum exp z of the others",
        OnnxOutputKind.Logit => "a logit z, ln r = z",
        OnnxOutputKind.LogRatio => "ln r",
        _ => "a score, calibrated",
    };

    /// <summary>The ratio on events, and what was measured on them.</summary>
    private sealed record Fitted(
        OnnxRatio Ratio, CalibrationOptions? Calibration, int Numerator, int Denominator, Estimate Area, Estimate MeanRatio, int Clipped);
}
