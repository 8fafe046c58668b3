using System.CommandLine;
using Gbi.Cli.Options.Parsing;
using Gbi.Events;
using Gbi.Events.IO.Outputs;
using Gbi.Numerics;
using Gbi.Onnx.Export;
using Gbi.Onnx.Export.Posteriors;
using Gbi.Onnx.Models;
using Gbi.Pipeline.Persistence;
using Gbi.Posteriors.Autoregressive;
using Gbi.Posteriors.Ratios;
using Gbi.Posteriors.Truncation;
using Gbi.Ratios;
using Gbi.Reports.Json.Models;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Cli.Verbs.Models;

/// <summary>gbi export: a ratio or a posterior as an ONNX file, which appears only where ONNX Runtime gives the model's own
/// numbers.</summary>
internal sealed class ExportVerb : Verb
{
    private const int CheckedEvents = 20_000;
    private const int CheckedDraws = 10_000;

    private readonly Argument<string> _model = new("MODEL")
    {
        Description = "Ratio by 'gbi search' or 'gbi train ratio', or posterior by 'gbi infer' (.zip).",
    };

    private readonly Option<string> _out = OptionOf.Text(
        "--out", "FILE.onnx",
        "File to write. Of a ratio: input features [N, d], NaN for missing; output log_ratio [N]. Of a posterior: inputs noise [N, k], "
        + "standard normal, and features; outputs theta [N, p] and log_density [N].",
        required: true);

    private readonly Option<bool> _density = OptionOf.Flag(
        "--density", "Of a posterior, write its density alone: inputs theta [N, p] and features; output log_density [N].");

    private readonly Option<bool> _noCheck = OptionOf.Flag(
        "--no-check", "Write without checking the file in ONNX Runtime, for machines that it does not support.");

    private readonly Option<bool> _force = OptionOf.Force();

    public ExportVerb()
        : base(
            "export",
            "Export a ratio with its calibration, or a posterior, as an ONNX file, for any program that has ONNX Runtime.",
            "gbi export ratio.zip --out ratio.onnx",
            "gbi export posterior.zip --out posterior.onnx",
            "gbi export posterior.zip --density --out posterior.density.onnx")
    {
        Arguments.Add(_model);
        this.AddAll(_out, _density, _noCheck, _force);
    }

    public override void Execute(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        bool force = parsed.GetValue(_force);
        string path = OutputPath.Require(parsed, parsed.GetRequiredValue(_out), OutputPath.Onnx);
        string model = parsed.GetRequiredValue(_model);
        bool isChecked = !parsed.GetValue(_noCheck);
        if (!File.Exists(model))
        {
            throw new DataException($"There is no file {model}; check the path.");
        }

        if (TruncatedPosterior.IsIn(model))
        {
            throw new DataException(
                $"{Path.GetFileName(model)} was inferred in rounds: its draws are those that lie in the regions of all rounds, which no "
                + "network draws. Export a posterior that was inferred without --rounds.");
        }

        if (RatioPosterior.IsIn(model))
        {
            throw new DataException(
                $"{Path.GetFileName(model)} is a posterior by a classifier, which is normalised by draws at each observation, as no "
                    + "network is. Export a posterior that was inferred without --correct.");
        }

        using var pending = new PendingFile(path, FinishedOutputs.Require(parsed, force, (path, _out.Name)));
        using var exported = new MemoryStream();
        ExportDocument document = TreePosterior.IsIn(model)
            ? Export(TreePosterior.Load(model), exported, path, parsed.GetValue(_density), isChecked)
            : parsed.GetValue(_density)
                ? throw new UsageException($"{model} is no posterior, whose density --density exports; leave it out for a ratio.")
                : Export(RatioModelFile.Load(model), exported, path, isChecked);
        cancellation.ThrowIfCancellationRequested();
        exported.WriteTo(pending.Stream);
        pending.Complete();
        Print(terminal, document);
    }

    private static ExportDocument Export(RatioModel ratio, MemoryStream exported, string path, bool isChecked)
    {
        OnnxExport.Write(ratio, exported);
        OnnxParity? parity = isChecked
            ? OnnxParity.Measure(ratio, exported.ToArray(), ThresholdEvents.Of(ratio, CheckedEvents), EventBlocks.MaxThreads)
            : null;
        if (parity is { IsAccepted: false })
        {
            throw Refused(Text(
                $"log ratios differ from the model's by up to {parity.MaxDifference:G2}, expected at most {OnnxParity.Tolerance:G1}"));
        }

        return new ExportDocument(
            path, OnnxContract.RatioKind, ratio.Numerator, ratio.Denominator, null, ratio.Features, parity?.EventCount,
            parity?.MaxDifference);
    }

    private static ExportDocument Export(TreePosterior posterior, MemoryStream exported, string path, bool isDensity, bool isChecked)
    {
        Action<TreePosterior, Stream> write = isDensity ? OnnxExport.WriteDensity : OnnxExport.Write;
        write(posterior, exported);
        PosteriorParity? parity = isChecked ? Check(posterior, exported.ToArray(), isDensity) : null;
        if (parity is { IsAccepted: false })
        {
            throw Refused(
                Text($"ln q differs from the model's by up to {parity.MaxDifference:G2}, expected at most {PosteriorParity.Tolerance:G1}, ")
                    + Text($"and {parity.MovedCount:N0} of {Counted(parity.EventCount, "draw")} differ"));
        }

        return new ExportDocument(
            path, isDensity ? OnnxContract.PosteriorDensityKind : OnnxContract.PosteriorKind, null, null, posterior.Parameters,
            posterior.Features, parity?.EventCount, parity?.MaxDifference);
    }

    private static PosteriorParity Check(TreePosterior posterior, byte[] exported, bool isDensity)
    {
        EventTable observations = ThresholdEvents.Of(posterior, CheckedDraws);
        return isDensity
            ? PosteriorParity.OfDensity(posterior, exported, observations, EventBlocks.MaxThreads)
            : PosteriorParity.OfDraws(posterior, exported, observations, EventBlocks.MaxThreads);
    }

    private static DataException Refused(string difference) => new(
        $"ONNX Runtime's {difference}; nothing was written. Please report it with the model, or write it all the same with --no-check.");

    private static void Print(Terminal terminal, ExportDocument document)
    {
        string what = document.Parameters is { } parameters
            ? $"{(document.Network == OnnxContract.PosteriorKind ? "draws and the density" : "the density")} of "
                + $"{string.Join(", ", parameters)} given "
            : $"ln p({document.Numerator})/p({document.Denominator}) of ";
        terminal.Say($"Wrote {what}{string.Join(", ", document.Features)} to {document.Out}.");
        if (document.MaxDifference is null)
        {
            terminal.Say($"It was not checked.");
        }
        else
        {
            terminal.Say(
                $"ONNX Runtime agrees with the model within {document.MaxDifference:G2} on "
                    + $"{Counted(document.CheckedEvents!.Value, "event")} at the "
                    + $"thresholds of the trees.");
        }

        terminal.PrintJson(document);
    }
}
