using Gbi.Onnx.Export;
using Gbi.Onnx.Graphs;

namespace Gbi.Onnx.Adoption;

/// <summary>
/// Writes a network that others exported with nodes before and behind it: the input <c>features</c> is spread over the network's own
/// inputs, and new outputs are made of its values. The network itself stays as it is, but for what its output does not need.
/// </summary>
/// <param name="graph">The network.</param>
/// <param name="inputs">Its inputs and their columns.</param>
/// <param name="standardise">Scales of features.</param>
/// <param name="batch">The one number of events that is taken; null for any.</param>
/// <remarks>
/// The nodes are operators that opsets from 7 on have in double precision and with the same meaning, because a graph has one opset.
/// </remarks>
internal sealed class AdoptedGraph(
    ModelGraph graph, NetworkInputs inputs, IReadOnlyDictionary<string, FeatureScale> standardise, long? batch)
{
    /// <summary>The lowest version of operators that the nodes around a network have.</summary>
    public const int LowestOpset = 7;

    /// <summary>Columns that it takes.</summary>
    public int Width => inputs.Features.Count;

    private static readonly string[] Reserved = [OnnxExport.FeaturesInput, OnnxExport.LogRatioOutput];

    /// <summary>Writes the network.</summary>
    /// <param name="values">Values of the network that the outputs are made of.</param>
    /// <param name="addOutputs">Adds outputs, given the graph behind the network and the names of the values in it.</param>
    /// <param name="metadata">Metadata besides those of the network.</param>
    public byte[] Write(
        IReadOnlyList<string> values, Action<OnnxGraph, IReadOnlyList<string>> addOutputs, IEnumerable<(string Key, string Value)> metadata)
    {
        HashSet<string> taken = [.. graph.ValueNames];
        var renames = Reserved.Where(taken.Contains).ToDictionary(name => name, name => JoinedGraph.Free($"network_{name}", taken));
        ModelGraph network = graph.Renamed(renames);
        string[] here = [.. values.Select(value => renames.GetValueOrDefault(value, value))];

        var before = new OnnxGraph(JoinedGraph.Free("gbi_in_", taken), batch);
        AddInputs(before, renames);
        var behind = new OnnxGraph(JoinedGraph.Free("gbi_out_", taken), batch);
        addOutputs(behind, here);

        // Sizes of values within hold for the number of events that the file declares.
        return JoinedGraph.Write(network, here, before, behind, keepsSizes: batch == inputs.Batch, metadata);
    }

    private void AddInputs(OnnxGraph before, Dictionary<string, string> renames)
    {
        GraphValue features = new(before, before.Input(OnnxExport.FeaturesInput, inputs.Features.Count));
        foreach (NetworkInput input in inputs.Inputs)
        {
            string name = renames.GetValueOrDefault(input.Tensor.Name, input.Tensor.Name);
            before.Give(name, Shaped(before, input, features));
        }
    }

    private string Shaped(OnnxGraph before, NetworkInput input, GraphValue features)
    {
        int? rank = input.Tensor.Shape?.Count;
        if (rank == 0)
        {
            return before.Cast(before.Constant((float)NetworkInput.Constant(input.Columns[0])!.Value), input.Tensor.Type);
        }

        GraphValue rows = input.Columns.Any(column => NetworkInput.Constant(column) is not null)
            ? GraphValue.Join([.. input.Columns.Select(column => ColumnOf(column, features))])
            : inputs.Features.SequenceEqual(input.Columns) ? features
            : features.Columns([.. input.Columns.Select(column => (long)Position(column))]);
        if (input.Columns.Any(standardise.ContainsKey))
        {
            FeatureScale[] scales = [.. input.Columns.Select(column => standardise.GetValueOrDefault(column, new FeatureScale(0, 1)))];
            GraphValue means = rows.Row([.. scales.Select(scale => scale.Mean)]);
            rows = ((rows.ToDouble() - means) / rows.Row([.. scales.Select(scale => scale.Width)])).ToSingle();
        }

        string value = input.Tensor.Type == OnnxType.Single ? rows.Name : before.Cast(rows.Name, input.Tensor.Type);
        return rank switch
        {
            1 => before.Reshape(value, batch ?? -1),
            null or 2 => value,
            _ => before.Reshape(value, [batch ?? -1, .. input.Trailing]),
        };
    }

    private GraphValue ColumnOf(string column, GraphValue features)
    {
        if (NetworkInput.Constant(column) is not { } number)
        {
            return features.Columns(Position(column));
        }

        // A column of zeros, as nothing is below itself, whatever the events hold.
        GraphValue first = features.Columns(0);
        return first.Less(first).ToSingle() + first.Single((float)number);
    }

    private int Position(string column) => inputs.Features.ToList().IndexOf(column);
}
