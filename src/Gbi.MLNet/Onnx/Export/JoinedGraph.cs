using Gbi.Onnx.Graphs;

namespace Gbi.Onnx.Export;

/// <summary>Writes a model that was read from a file with other nodes before and behind it.</summary>
internal static class JoinedGraph
{
    /// <summary>Writes the model. Of its nodes, those are kept that the given values need.</summary>
    /// <param name="network">The model.</param>
    /// <param name="values">Values of the model that <paramref name="behind"/> takes.</param>
    /// <param name="before">New inputs, and nodes that give the model its own; null where it keeps its inputs.</param>
    /// <param name="behind">Nodes that give the new outputs.</param>
    /// <param name="keepsSizes">Whether what the file declares of values within still holds.</param>
    /// <param name="metadata">Metadata besides those of the model; its own of this package are left out.</param>
    public static byte[] Write(
        ModelGraph network, IReadOnlyList<string> values, OnnxGraph? before, OnnxGraph behind, bool keepsSizes,
        IEnumerable<(string Key, string Value)> metadata)
    {
        HashSet<ProtoFields> needed = [.. values.SelectMany(network.Needed).Select(node => node.Fields)];
        int[] replaced =
        [
            GraphField.Node, GraphField.Output, .. before is null ? [] : (int[])[GraphField.Input],
            .. keepsSizes ? [] : (int[])[GraphField.ValueInfo],
        ];
        ProtoMessage joined = network.Graph.Without(replaced).ToMessage();
        if (before is not null)
        {
            joined.Append(before.Content);
        }

        foreach (GraphNode node in network.Nodes.Where(node => needed.Contains(node.Fields)))
        {
            joined.Add(GraphField.Node, node.Fields.ToMessage());
        }

        return Model(network, joined.Append(behind.Content), metadata).ToBytes().ToArray();
    }

    /// <summary>A name with which none of some names begins.</summary>
    public static string Free(string name, IReadOnlyCollection<string> taken)
    {
        while (taken.Any(found => found.StartsWith(name, StringComparison.Ordinal)))
        {
            name += "_";
        }

        return name;
    }

    private static ProtoMessage Model(ModelGraph network, ProtoMessage joined, IEnumerable<(string Key, string Value)> metadata)
    {
        (string Key, string Value)[] added = [.. metadata];
        ProtoMessage model = network.Model
            .Without(ModelField.FileFormat, ModelField.Graph, ModelField.Metadata, ModelField.Training)
            .ToMessage()
            .Add(ModelField.FileFormat, Math.Max(network.Model.Number(ModelField.FileFormat) ?? 0, OnnxGraph.FileFormat))
            .Add(ModelField.Graph, joined);
        if (network.Opset is null)
        {
            model.Add(ModelField.Opset, new ProtoMessage().Add(1, OnnxGraph.Core).Add(2, OnnxGraph.CoreVersion));
        }

        foreach ((string key, string value) in network.Metadata
            .Where(entry => !entry.Key.StartsWith("gbi.", StringComparison.Ordinal))
            .Select(entry => (entry.Key, entry.Value)).Concat(added))
        {
            model.Add(ModelField.Metadata, OnnxGraph.Entry(key, value));
        }

        return model;
    }
}
