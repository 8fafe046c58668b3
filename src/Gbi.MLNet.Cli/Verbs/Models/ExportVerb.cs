using System.CommandLine;
using Gbi.Cli.Options.Parsing;
using Gbi.Events;
using Gbi.Events.IO.Outputs;
using Gbi.Numerics;
using Gbi.Onnx.Export;
using Gbi.Pipeline.Persistence;
using Gbi.Ratios;
using Gbi.Reports.Json.Models;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Cli.Verbs.Models;

/// <summary>gbi export: a ratio as an ONNX file, which appears only where ONNX Runtime gives the model's own log ratios.</summary>
internal sealed class ExportVerb : Verb
{
    private const int CheckedEvents = 20_000;

    private readonly Argument<string> _model = new("MODEL") { Description = "Ratio by 'gbi search' or 'gbi train ratio' (.zip)." };

    private readonly Option<string> _out = OptionOf.Text(
        "--out", "FILE.onnx", "File to write: input features [N, d], NaN for missing; output log_ratio [N].", required: true);

    private readonly Option<bool> _noCheck = OptionOf.Flag(
        "--no-check", "Write without checking the file in ONNX Runtime, for machines that it does not support.");

    private readonly Option<bool> _force = OptionOf.Force();

    public ExportVerb()
        : base(
            "export",
            "Export a ratio with its calibration as an ONNX file, for any program that has ONNX Runtime.",
            "gbi export ratio.zip --out ratio.onnx")
    {
        Arguments.Add(_model);
        this.AddAll(_out, _noCheck, _force);
    }

    public override void Execute(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        bool force = parsed.GetValue(_force);
        string path = OutputPath.Require(parsed, parsed.GetRequiredValue(_out), force, OutputPath.Onnx);
        RatioModel ratio = RatioModelFile.Load(parsed.GetRequiredValue(_model));
        using var pending = new PendingFile(path, force);
        using var exported = new MemoryStream();
        OnnxExport.Write(ratio, exported);
        OnnxParity? parity = parsed.GetValue(_noCheck) ? null : Check(ratio, exported.ToArray());
        cancellation.ThrowIfCancellationRequested();
        exported.WriteTo(pending.Stream);
        pending.Complete();
        Print(terminal, path, ratio, parity);
    }

    private static OnnxParity Check(RatioModel ratio, byte[] exported)
    {
        OnnxParity parity = OnnxParity.Measure(ratio, exported, ThresholdEvents.Of(ratio, CheckedEvents), EventBlocks.MaxThreads);
        return parity.IsAccepted ? parity : throw new DataException(Text(
            $"ONNX Runtime's log ratios differ from the model's by up to {parity.MaxDifference:G2}, expected at most "
                + $"{OnnxParity.Tolerance:G1}; nothing was written. Please report it with the model, or write it all the same with "
                + $"--no-check."));
    }

    private static void Print(Terminal terminal, string path, RatioModel ratio, OnnxParity? parity)
    {
        terminal.Say($"Wrote ln p({ratio.Numerator})/p({ratio.Denominator}) of {string.Join(", ", ratio.Features)} to {path}.");
        if (parity is null)
        {
            terminal.Say($"It was not checked.");
        }
        else
        {
            terminal.Say(
                $"ONNX Runtime agrees with the model within {parity.MaxDifference:G2} on {parity.EventCount:N0} events at the thresholds "
                    + $"of the trees.");
        }

        terminal.PrintJson(new ExportDocument(
            path, ratio.Numerator, ratio.Denominator, ratio.Features, parity?.EventCount, parity?.MaxDifference));
    }
}
