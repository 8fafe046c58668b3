using System.Globalization;
using Gbi.Onnx.Graphs;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Onnx.Adoption;

/// <summary>An output of a network that may be a ratio.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">The value of the graph that holds it: of maps, the tensor that they are made of.</param>
/// <param name="Meaning">Type and sizes for people.</param>
/// <param name="Labels">Names of the classes, one a slot; null where they are not known.</param>
internal sealed record NetworkOutput(string Name, string Value, string Meaning, IReadOnlyList<string>? Labels)
{
    private const string Maps = "ZipMap";

    /// <summary>Outputs of real numbers, and those of maps from class to probability.</summary>
    public static NetworkOutput[] Candidates(ModelGraph graph) =>
        [.. graph.Outputs.Where(output => output.IsReal || output.IsMaps).Select(output => Of(graph, output)).OfType<NetworkOutput>()];

    /// <summary>The output that a mapping names, or the only candidate; null where that is missing, which is noted.</summary>
    /// <param name="graph">The network.</param>
    /// <param name="wanted">What the mapping says; null for nothing.</param>
    /// <param name="candidates">Outputs that would do.</param>
    /// <param name="problems">Notes what is missing.</param>
    /// <param name="slot">What stands in brackets; null for nothing.</param>
    public static NetworkOutput? Choose(
        ModelGraph graph, string? wanted, NetworkOutput[] candidates, AdoptionProblems problems, out string? slot)
    {
        slot = null;
        if (wanted is null)
        {
            if (candidates.Length == 1)
            {
                return candidates[0];
            }

            if (candidates.Length == 0)
            {
                problems.Impossible($"none of its outputs is a real number of each event: {Listed(graph.Outputs)}");
            }
            else
            {
                problems.Missing($"it has several outputs of which one is to be taken: {Listed(graph.Outputs)}");
            }

            return null;
        }

        if (Named(graph, wanted) is { } whole)
        {
            return whole;
        }

        if (wanted.EndsWith(']') && wanted.LastIndexOf('[') is > 0 and var bracket)
        {
            slot = wanted[(bracket + 1)..^1];
            if (Named(graph, wanted[..bracket]) is { } found)
            {
                return found;
            }
        }

        if (graph.Outputs.FirstOrDefault(output => output.Name == wanted) is { } other)
        {
            problems.Missing($"output '{other.Name}' is {other.Meaning}, a class or text and no real number; its outputs are "
                + Listed(graph.Outputs));
        }
        else
        {
            problems.Missing($"there is no output '{wanted}'; its outputs are {Listed(graph.Outputs)}");
        }

        return null;
    }

    /// <summary>The position of a slot; null where it is missing or wrong, which is noted.</summary>
    /// <param name="slot">What stands in brackets; null for nothing.</param>
    /// <param name="slots">Numbers of an event.</param>
    /// <param name="problems">Notes what is missing.</param>
    public int? SlotOf(string? slot, int slots, AdoptionProblems problems)
    {
        string numbers = Text($"output '{Name}' has {slots} numbers an event{LabelText(slots)}");
        if (slot is null)
        {
            if (slots == 1)
            {
                return 0;
            }

            problems.Missing($"{numbers}, and which is that of the numerator is not said");
            return null;
        }

        if (int.TryParse(slot, NumberStyles.None, CultureInfo.InvariantCulture, out int position))
        {
            if (position < slots)
            {
                return position;
            }

            problems.Missing(Text($"{numbers}, but slot {position} is wanted, expected 0 to {slots - 1}"));
            return null;
        }

        int at = Labels is not null && Labels.Count == slots ? Labels.ToList().IndexOf(slot) : -1;
        if (at < 0)
        {
            problems.Missing($"{numbers}, but slot '{slot}' is wanted, expected a position from 0 or the name of a class");
            return null;
        }

        return at;
    }

    /// <summary>The classes of the slots, as the end of a sentence.</summary>
    public string LabelText(int slots) => slots > 1 && Labels is { } labels && labels.Count == slots
        ? $" ({string.Join(", ", labels.Take(8).Select((label, i) => Text($"slot {i} is class {label}")))})"
        : "";

    private static NetworkOutput? Named(ModelGraph graph, string name)
    {
        GraphTensor? output = graph.Outputs.FirstOrDefault(found => found.Name == name)
            ?? (int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int at) && at < graph.Outputs.Count
                ? graph.Outputs[at]
                : null);
        return output is not null ? (output.IsReal || output.IsMaps ? Of(graph, output) : null)
            : graph.Giver(name) is not null ? new NetworkOutput(name, name, "a value within the graph", LabelsOf(graph, name))
            : null;
    }

    private static NetworkOutput? Of(ModelGraph graph, GraphTensor output)
    {
        if (!output.IsMaps)
        {
            return new NetworkOutput(output.Name, output.Name, output.Meaning, LabelsOf(graph, output.Name));
        }

        string value = output.Name;
        while (graph.Giver(value) is { Operation: "Identity" } copy)
        {
            value = copy.Inputs[0];
        }

        return graph.Giver(value) is { Operation: Maps } maps
            ? new NetworkOutput(output.Name, maps.Inputs[0], output.Meaning, maps.ClassLabels)
            : null;
    }

    /// <summary>The classes of the last classifier before a value.</summary>
    private static string[]? LabelsOf(ModelGraph graph, string value) =>
        graph.Needed(value).Select(node => node.ClassLabels).LastOrDefault(labels => labels is not null);

    private static string Listed(IEnumerable<GraphTensor> outputs) =>
        string.Join(", ", outputs.Take(8).Select(output => $"'{output.Name}' {output.Meaning}"));
}
