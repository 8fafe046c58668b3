using System.CommandLine;
using Gbi.Cli.Help;
using Gbi.Cli.Options;
using Gbi.Cli.Options.Parsing;
using Gbi.Events;
using Gbi.Events.IO;
using Gbi.Events.IO.Csv;
using Gbi.Onnx.Models;
using Gbi.Reports.Json.Models;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Cli.Verbs.Models;

/// <summary>gbi parity: whether a network gives here what the program that trained it gave.</summary>
internal sealed class ParityVerb : Verb
{
    private readonly Argument<string> _model = new("NET.onnx")
    {
        Description = "Network of a ratio, systematic, generator, density, posterior or likelihood.",
    };

    private readonly Argument<string> _events = new("EVENTS")
    {
        Description =
            $"Inputs and expected outputs, {EventFile.Formats}. Columns of inputs: features and theta by their names, noise.0, noise.1, "
            + "mass; of outputs: log_ratio, coefficients.0, features.0, theta.0, log_density.",
    };

    private readonly Option<double?> _tolerance = OptionOf.Real(
        "--tolerance", "T", "Largest difference that is accepted.", "a number above 0", value => value > 0,
        Sentence.Of(
            ("ratios, systematics", Sentence.Of(NetworkParity.Tolerance)),
            ("others", Sentence.Of(NetworkParity.FlowTolerance))));

    private readonly NetworkOptions _network = new();

    public ParityVerb()
        : base(
            "parity",
            "Check that a network gives the same outputs here as in the program that trained it. If they differ, the exit code is 3.",
            "gbi parity ratio.onnx ratio.parity.csv",
            "gbi parity flow.onnx flow.parity.csv --tolerance 1e-3 --device cuda")
    {
        Arguments.Add(_model);
        Arguments.Add(_events);
        this.AddAll([_tolerance, .. _network.All]);
    }

    public override void Execute(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        string path = parsed.GetRequiredValue(_model);
        EventTable events = Read(parsed.GetRequiredValue(_events), cancellation);
        NetworkParity parity = NetworkParity.Measure(path, events, _network.Of(parsed, cancellation));
        double tolerance = parsed.GetValue(_tolerance) ?? parity.ToleranceOfKind;
        bool isAccepted = parity.MaxDifference <= tolerance;
        foreach (OutputDifference output in parity.Outputs)
        {
            string on = Counted(parity.EventCount, "event");
            terminal.Say($"{output.Name}: max |difference| {output.MaxDifference:G3} on {on}, {parity.Provider}.");
        }

        terminal.PrintJson(new ParityDocument(
            parity.Kind,
            parity.EventCount,
            parity.Provider,
            tolerance,
            parity.MaxDifference,
            new OrderedDictionary<string, double>(
                parity.Outputs.Select(output => KeyValuePair.Create(output.Name, output.MaxDifference))),
            isAccepted));
        if (!isAccepted)
        {
            OutputDifference worst = parity.Outputs.MaxBy(output => output.MaxDifference)!;
            throw new CheckFailedException(
                Text(
                    $"{Path.GetFileName(path)} gives a {worst.Name} that differs from the expected one by up to {worst.MaxDifference:G3}, "
                        + $"expected at most {tolerance:G3}; check the order of the columns, or export it again."));
        }
    }

    private static EventTable Read(string path, CancellationToken cancellation)
    {
        var options = new EventReadOptions { MissingValue = double.NaN };
        if (EventFile.IsText(path))
        {
            return CsvEventReader.Read(path, null, options, cancellation);
        }

        var reader = new ParquetEventReader(path);
        return reader.Read([.. reader.Columns.Where(column => column.IsNumeric).Select(column => column.Name)], options, cancellation);
    }
}
