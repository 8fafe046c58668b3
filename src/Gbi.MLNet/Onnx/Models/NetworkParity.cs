using Gbi.Events;
using Gbi.Onnx.Export;
using Gbi.Onnx.Sessions;

namespace Gbi.Onnx.Models;

/// <summary>How far one output column of a network is from what is expected of it.</summary>
/// <param name="Name">Name of the output, with a point and a number behind it where it has several columns.</param>
/// <param name="MaxDifference">Largest |Δ|; infinite where one of both is no number and the other is.</param>
internal sealed record OutputDifference(string Name, double MaxDifference);

/// <summary>
/// How far a network's outputs here are from those of the program that trained it, on the same events. A table of events holds the inputs,
/// features and theta under their names, other inputs and all outputs under the graph's: noise.0, noise.1, mass, log_ratio, coefficients.0.
/// </summary>
/// <param name="Kind">Kind of the network.</param>
/// <param name="EventCount">Events that were run.</param>
/// <param name="Provider">Where they were run.</param>
/// <param name="Outputs">The difference of each output column.</param>
internal sealed record NetworkParity(string Kind, int EventCount, string Provider, IReadOnlyList<OutputDifference> Outputs)
{
    /// <summary>Largest |Δ| with which ratios and systematics are accepted.</summary>
    public const double Tolerance = 1e-5;

    /// <summary>The same for generators, posteriors and densities, whose splines add up more rounding.</summary>
    public const double FlowTolerance = 1e-4;

    /// <summary>Largest |Δ| of all columns.</summary>
    public double MaxDifference => Outputs.Max(output => output.MaxDifference);

    /// <summary>The tolerance of this kind.</summary>
    public double ToleranceOfKind => Kind is OnnxContract.RatioKind or OnnxContract.SystematicKind ? Tolerance : FlowTolerance;

    /// <summary>Runs a network and compares.</summary>
    /// <param name="path">The ONNX file.</param>
    /// <param name="events">Inputs and expected outputs.</param>
    /// <param name="options">How to run it; null for the defaults.</param>
    /// <exception cref="DataException">The file is refused, a column of an input is missing, or there is none of any output.</exception>
    public static NetworkParity Measure(string path, EventTable events, OnnxOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(events);
        string kind = OnnxFiles.KindOf(path);
        using OnnxNetwork network = OnnxNetwork.Open(
            [OnnxSource.Read(path)], options ?? new OnnxOptions(), graph => RequestOf(kind, graph));
        OnnxGraphFile graph = network.Graphs[0];
        TensorColumns[] inputs = [.. graph.Inputs.Select(input => TensorColumns.Of(events, ColumnsOf(graph, input, events)))];
        Comparison[] comparisons = [.. graph.Outputs.SelectMany((output, o) => ComparisonsOf(output, o, events))];
        if (comparisons.Length == 0)
        {
            throw new DataException(
                $"The events have no column of an output of {graph.Name}, expected "
                    + $"{string.Join(" or ", graph.Outputs.Select(output => string.Join(", ", NamesOf(output))))}; they have "
                    + $"{string.Join(", ", events.ColumnNames)}.");
        }

        network.ForEachBlock(events.Count, (lane, start, length) =>
        {
            for (int input = 0; input < inputs.Length; input++)
            {
                inputs[input].Write(start, length, lane.Input(input));
            }

            lane.Run(length);
            Array.ForEach(comparisons, comparison => comparison.Compare(lane, start, length));
        });
        return new NetworkParity(
            kind, events.Count, network.Provider,
            [.. comparisons.Select(comparison => new OutputDifference(comparison.Name, comparison.Largest))]);
    }

    private static OnnxRequest RequestOf(string kind, OnnxGraphFile graph)
    {
        (string, int?) features = (OnnxExport.FeaturesInput, graph.Names(OnnxExport.FeaturesKey)?.Length);
        (string, int?) mass = (OnnxContract.MassInput, 1);
        (string, int?) theta = (OnnxContract.ThetaInput, graph.Names(OnnxContract.ThetaKey)?.Length);
        (string, OutputForm) density = (OnnxContract.LogDensityOutput, OutputForm.Number);
        return kind switch
        {
            OnnxContract.RatioKind => new OnnxRequest(
                kind, [features], [theta],
                [(OnnxExport.LogRatioOutput, OutputForm.Members)], []),
            OnnxContract.SystematicKind => new OnnxRequest(kind, [features], [], [(OnnxExport.CoefficientsOutput, OutputForm.Columns)], []),
            OnnxContract.GeneratorKind => new OnnxRequest(
                kind, [(OnnxContract.NoiseInput, features.Item2), mass], [],
                [(OnnxContract.FeaturesOutput, OutputForm.Columns)], [density]),
            OnnxContract.DensityKind => new OnnxRequest(kind, [features, mass], [], [density], []),
            OnnxContract.PosteriorKind => new OnnxRequest(
                kind, [(OnnxContract.NoiseInput, null), features], [], [(OnnxContract.ThetaInput, OutputForm.Columns), density], []),
            OnnxContract.PosteriorDensityKind => new OnnxRequest(kind, [theta, features], [], [density], []),
            OnnxContract.LikelihoodDensityKind => new OnnxRequest(kind, [features, theta], [], [density], []),
            _ => throw new DataException($"{graph.Name} is a {kind}, expected a {OnnxContract.Kinds}."),
        };
    }

    /// <summary>The columns of an input: those that the metadata name where they are there, else those of the graph's name.</summary>
    private static string[] ColumnsOf(OnnxGraphFile graph, OnnxInput input, EventTable events)
    {
        string? key = input.Name switch
        {
            OnnxExport.FeaturesInput => OnnxExport.FeaturesKey,
            OnnxContract.ThetaInput => OnnxContract.ThetaKey,
            OnnxContract.MassInput => OnnxContract.MassKey,
            _ => null,
        };
        string[] numbered = Numbered(input.Name, input.Width);
        string[] named = (key is null ? null : graph.Names(key)) ?? numbered;
        return named.Length == input.Width && (named.All(events.ColumnNames.Contains) || !numbered.All(events.ColumnNames.Contains))
            ? named
            : numbered;
    }

    private static string[] NamesOf(OnnxOutput output) => Numbered(output.Name, output.Slots);

    private static string[] Numbered(string name, int width) => width == 1
        ? [name]
        : [.. Enumerable.Range(0, width).Select(i => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{name}.{i}"))];

    private static IEnumerable<Comparison> ComparisonsOf(OnnxOutput output, int number, EventTable events)
    {
        string[] names = NamesOf(output);
        for (int slot = 0; slot < names.Length; slot++)
        {
            // A column of its own, or the first and only one of an output that is told with a number all the same.
            string? name = new[] { names[slot], $"{output.Name}.{slot}" }.FirstOrDefault(events.ColumnNames.Contains);
            if (name is not null)
            {
                yield return new Comparison(name, output, number, slot, events.Memory(name));
            }
        }
    }

    private sealed class Comparison(string name, OnnxOutput output, int number, int slot, ReadOnlyMemory<float> expected)
    {
        private readonly Lock _lock = new();

        public string Name => name;

        public double Largest { get; private set; }

        public void Compare(OnnxLane lane, int start, int length)
        {
            ReadOnlySpan<float> found = lane.Output(0, number, length);
            ReadOnlySpan<float> wanted = expected.Span.Slice(start, length);
            int step = output.IsMemberMajor ? 1 : output.Slots;
            int at = output.IsMemberMajor ? slot * lane.BatchOf(length) : slot;
            double largest = 0;
            for (int row = 0; row < length; row++, at += step)
            {
                largest = Math.Max(largest, OnnxParity.Difference(found[at], wanted[row]));
            }

            lock (_lock)
            {
                Largest = Math.Max(Largest, largest);
            }
        }
    }
}
