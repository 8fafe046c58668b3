using Gbi.Events;
using Gbi.Onnx.Graphs;
using Gbi.Onnx.Sessions;
using Gbi.Onnx.Sessions.Trials;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Onnx.Adoption;

/// <summary>What a network gave for some numbers that stand for events.</summary>
/// <param name="Batch">The one number of events that it takes; null for any.</param>
/// <param name="Block">Events of a block of the trial.</param>
/// <param name="Blocks">Values of each block, one each that was asked for.</param>
/// <param name="IsDynamicallyQuantised">Whether it scales numbers by those of a whole block.</param>
internal sealed record AdoptionTrial(long? Batch, int Block, IReadOnlyList<TrialValue[]> Blocks, bool IsDynamicallyQuantised)
{
    /// <summary>Sentences for the user about the number of events that the network takes.</summary>
    public IEnumerable<string> Remarks
    {
        get
        {
            if (IsDynamicallyQuantised)
            {
                yield return "The network is quantised dynamically, by numbers of a whole block; so that an event counts alone, it is run "
                    + "event by event, which is slow. Quantise it statically to run it in blocks.";
            }
            else if (Batch is { } batch)
            {
                yield return Text($"The network takes {batch:N0} events at a time and no other number; export it with an open number of ")
                    + "events to run it faster.";
            }
        }
    }

    /// <summary>Runs a network in the batch that it declares and, where it takes them, in others.</summary>
    /// <param name="graph">The network.</param>
    /// <param name="inputs">Its inputs.</param>
    /// <param name="mapping">Scales of features, and what ends a run.</param>
    /// <param name="values">The values that are asked for.</param>
    /// <param name="reason">Why it cannot be run; null where it can.</param>
    public static AdoptionTrial? Of(
        ModelGraph graph, NetworkInputs inputs, OnnxMapping mapping, string[] values, out string? reason)
    {
        bool isDynamic = inputs.Batch is null or 1 && values.SelectMany(graph.Needed)
            .Any(node => node.Operation.StartsWith("DynamicQuantize", StringComparison.Ordinal));
        long? batch = isDynamic ? 1 : inputs.Batch;
        int block = (int)(batch ?? TrialEvents.Count);
        int blocks = (TrialEvents.Count + block - 1) / block;
        float[] rows = TrialEvents.Rows(blocks * block, inputs.Features.Count);
        if (Run(Graph(batch), values, rows, block, mapping.Cancellation, out reason) is not { } declared)
        {
            return null;
        }

        // A network without a step that counts its events takes any number of them, whatever it declares.
        return batch is not null && !isDynamic
            && Run(Graph(null), values, rows, blocks * block, mapping.Cancellation, out _) is { } open
            && IsSame(declared, open)
                ? new AdoptionTrial(null, blocks * block, open, false)
                : new AdoptionTrial(batch, block, declared, isDynamic);

        AdoptedGraph Graph(long? size) => new(graph, inputs, mapping.Standardise, size);
    }

    /// <summary>Numbers of a slot of all events.</summary>
    public double[] Slot(int value, int slots, int slot) =>
        [.. Blocks.SelectMany(block => block[value].Values.Where((_, i) => i % slots == slot))];

    /// <summary>Whether the numbers of each event lie in [0, 1] and, where there are several, have the sum 1.</summary>
    public bool AreProbabilities(int value, int slots) => Blocks
        .SelectMany(block => block[value].Values.Chunk(slots))
        .All(numbers => !numbers.Any(IsNoProbability)
            && (slots == 1 || Math.Abs(numbers.Sum() - 1) < slots * LogRatioNodes.ProbabilityRounding));

    /// <summary>Whether a number lies outside [0, 1] by more than rounding.</summary>
    public static bool IsNoProbability(double value) =>
        !(value >= -LogRatioNodes.ProbabilityRounding && value <= 1 + LogRatioNodes.ProbabilityRounding);

    private static List<TrialValue[]>? Run(
        AdoptedGraph graph, string[] values, float[] rows, int block, CancellationToken cancellation, out string? reason)
    {
        int width = graph.Width;
        try
        {
            using NetworkTrial trial = NetworkTrial.Open(graph, values);
            var blocks = new List<TrialValue[]>();
            for (int start = 0; start < rows.Length; start += block * width)
            {
                if (trial.Run(rows[start..(start + (block * width))], block, cancellation, out reason) is not { } found)
                {
                    return null;
                }

                blocks.Add(found);
            }

            reason = null;
            return blocks;
        }
        catch (DataException cause)
        {
            reason = cause.InnerException is { } inner ? OnnxSessions.Reason(inner) : cause.Message.TrimEnd('.');
            return null;
        }
    }

    private static bool IsSame(List<TrialValue[]> blocks, List<TrialValue[]> others) =>
        Enumerable.Range(0, blocks[0].Length).All(value =>
        {
            double[] mine = [.. blocks.SelectMany(block => block[value].Values)];
            double[] theirs = [.. others.SelectMany(block => block[value].Values)];
            return mine.Length == theirs.Length
                && mine.Zip(theirs).All(pair => EventIndependence.IsSame(pair.First, pair.Second, EventIndependence.CpuTolerance));
        });
}
