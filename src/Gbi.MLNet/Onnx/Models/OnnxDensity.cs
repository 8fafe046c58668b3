using Gbi.Events;
using Gbi.Onnx.Export;
using Gbi.Onnx.Sessions;

namespace Gbi.Onnx.Models;

/// <summary>ln p(x | m) by a network trained outside, such as the density of a conditional flow. May be used from several threads at
/// once.</summary>
public sealed class OnnxDensity : IDisposable
{
    private readonly OnnxNetwork _network;

    private OnnxDensity(OnnxNetwork network)
    {
        _network = network;
        Features = OnnxNames.Features(network.Graphs[0], null);
        Mass = network.Graphs[0].Metadata.GetValueOrDefault(OnnxContract.MassKey, OnnxContract.MassInput);
    }

    /// <summary>Names of the features.</summary>
    public IReadOnlyList<string> Features { get; }

    /// <summary>Name of the mass column.</summary>
    public string Mass { get; }

    /// <summary>Where it runs: "CUDA", "CUDA and CPU" or "CPU".</summary>
    public string Provider => _network.Provider;

    /// <summary>Opens a file.</summary>
    /// <exception cref="DataException">The file is missing or refused, or not what is expected of a density; the message says in
    /// what.</exception>
    public static OnnxDensity Open(string path, OnnxOptions? options = null) => Open(OnnxSource.Read(path), options ?? new OnnxOptions());

    /// <summary>Opens a file in memory.</summary>
    /// <exception cref="DataException">The file is refused, or not what is expected of a density; the message says in what.</exception>
    public static OnnxDensity Open(byte[] model, OnnxOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        return Open(OnnxSource.Of(model), options ?? new OnnxOptions());
    }

    /// <summary>ln p(x | m) of each event; −∞ where the density is 0.</summary>
    /// <exception cref="DataException">A column is missing, or the network gives no number for an event; the message says for
    /// which.</exception>
    public float[] LogDensity(EventTable events)
    {
        ArgumentNullException.ThrowIfNull(events);
        float[] densities = new float[events.Count];
        var unusable = new UnusableOutputs();
        TensorColumns features = TensorColumns.Of(events, Features);
        TensorColumns masses = TensorColumns.Of(events, [Mass]);
        _network.ForEachBlock(
            events.Count,
            (lane, start, length) =>
            {
                features.Write(start, length, lane.Input(0));
                masses.Write(start, length, lane.Input(1));
                lane.Run(length);
                Take(lane.Output(0, 0, length)[..length], densities, start, unusable);
            });
        unusable.RequireNone(
            $"{OnnxContract.LogDensityOutput} of {_network.Name}", 0, events.Count,
            row => OnnxNames.MissingAt(events, [.. Features, Mass], row));
        return densities;
    }

    /// <summary>Closes the session.</summary>
    public void Dispose() => _network.Dispose();

    internal static OnnxDensity Open(OnnxSource source, OnnxOptions options) =>
        new(OnnxNetwork.Open([source], options, graph => new OnnxRequest(
        OnnxContract.DensityKind,
        [(OnnxExport.FeaturesInput, OnnxNames.Features(graph, null).Length), (OnnxContract.MassInput, 1)],
        [],
        [(OnnxContract.LogDensityOutput, OutputForm.Number)],
        [])));

    private static void Take(ReadOnlySpan<float> values, float[] densities, int start, UnusableOutputs unusable)
    {
        for (int row = 0; row < values.Length; row++)
        {
            densities[start + row] = values[row];
            if (float.IsNaN(values[row]))
            {
                unusable.Add(start + row);
            }
        }
    }
}
