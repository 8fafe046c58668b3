using Gbi.Events;
using Gbi.Generators;
using Gbi.Numerics;
using Gbi.Numerics.Probability;
using Gbi.Onnx.Export;
using Gbi.Onnx.Sessions;

namespace Gbi.Onnx.Models;

/// <summary>
/// A generator by a network trained outside, such as a conditional flow: standard normal noise and a mass become an event of p(x | m). May
/// be used from several threads at once.
/// </summary>
public sealed class OnnxGenerator : IEventGenerator, IDisposable
{
    private readonly OnnxNetwork _network;
    private readonly bool _hasLogDensity;

    private OnnxGenerator(OnnxNetwork network)
    {
        OnnxGraphFile graph = network.Graphs[0];
        _network = network;
        _hasLogDensity = graph.Outputs.Count > 1;
        Features = OnnxNames.Features(graph, null);
        Mass = graph.Metadata.GetValueOrDefault(OnnxContract.MassKey, OnnxContract.MassInput);
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> Features { get; }

    /// <summary>Name of the mass.</summary>
    public string Mass { get; }

    /// <summary>Where it runs: "CUDA", "CUDA and CPU" or "CPU".</summary>
    public string Provider => _network.Provider;

    /// <summary>Why it does not run on a GPU, where one was looked for; otherwise null.</summary>
    public string? ProviderReason => _network.ProviderReason;

    /// <summary>Opens a file.</summary>
    /// <exception cref="DataException">The file is missing or refused, or not what is expected of a generator; the message says in
    /// what.</exception>
    public static OnnxGenerator Open(string path, OnnxOptions? options = null) => Open(OnnxSource.Read(path), options ?? new OnnxOptions());

    /// <summary>Opens a file in memory.</summary>
    /// <exception cref="DataException">The file is refused, or not what is expected of a generator; the message says in what.</exception>
    public static OnnxGenerator Open(byte[] model, OnnxOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        return Open(OnnxSource.Of(model), options ?? new OnnxOptions());
    }

    /// <summary>One event of weight 1 for each mass.</summary>
    /// <param name="masses">In the unit of the generator's training sample.</param>
    /// <param name="seed">Same seed, same events.</param>
    /// <exception cref="DataException">The network gives no number for an event; the message says for which.</exception>
    public EventTable Generate(ReadOnlySpan<float> masses, Seed seed) => Generate(masses, seed, out _);

    /// <summary>The same with ln p(x | m) of each event, where the network has that output.</summary>
    /// <param name="masses">In the unit of the generator's training sample.</param>
    /// <param name="seed">Same seed, same events.</param>
    /// <param name="logDensity">One per event; empty where the network has no such output.</param>
    /// <exception cref="DataException">The network gives no number for an event; the message says for which.</exception>
    public EventTable Generate(ReadOnlySpan<float> masses, Seed seed, out float[] logDensity)
    {
        float[] given = masses.ToArray();
        int width = Features.Count;
        float[][] columns = [.. Features.Select(_ => new float[given.Length])];
        float[] densities = new float[_hasLogDensity ? given.Length : 0];
        float[] noise = Noise(given.Length * width, seed);
        var unusable = new UnusableOutputs();
        _network.ForEachBlock(
            given.Length,
            (lane, start, length) =>
            {
                noise.AsSpan(start * width, length * width).CopyTo(lane.Input(0));
                given.AsSpan(start, length).CopyTo(lane.Input(1));
                lane.Run(length);
                ReadOnlySpan<float> rows = lane.Output(0, 0, length)[..(length * width)];
                unusable.AddRows(rows, width, start);
                Split(rows, columns, start);
                if (_hasLogDensity)
                {
                    lane.Output(0, 1, length)[..length].CopyTo(densities.AsSpan(start));
                }
            });
        unusable.RequireNone(
            $"{OnnxContract.FeaturesOutput} of {_network.Name}", 0, given.Length, row => float.IsNaN(given[row]) ? Mass : null);
        logDensity = densities;
        return EventTable.FromColumns([.. Features.Select((name, feature) => (name, columns[feature]))]);
    }

    /// <summary>Closes the session.</summary>
    public void Dispose() => _network.Dispose();

    internal static OnnxGenerator Open(OnnxSource source, OnnxOptions options)
    {
        OnnxNetwork network = OnnxNetwork.Open([source], options, graph => new OnnxRequest(
            OnnxContract.GeneratorKind,
            [(OnnxContract.NoiseInput, OnnxNames.Features(graph, null).Length), (OnnxContract.MassInput, 1)],
            [],
            [(OnnxContract.FeaturesOutput, OutputForm.Columns)],
            [(OnnxContract.LogDensityOutput, OutputForm.Number)]));
        OnnxGraphFile graph = network.Graphs[0];
        if (graph.Outputs[0].Slots == graph.Inputs[0].Width)
        {
            return new OnnxGenerator(network);
        }

        network.Dispose();
        throw new DataException(
            $"{OnnxContract.FeaturesOutput} of {source.Name} has {graph.Outputs[0].Slots} columns for {graph.Inputs[0].Width} names of "
                + $"features ({OnnxExport.FeaturesKey}); export it again with one per column.");
    }

    /// <summary>Standard normal numbers, drawn in pieces of their own so that they depend neither on threads nor on the network's
    /// blocks.</summary>
    private static float[] Noise(int count, Seed seed)
    {
        float[] noise = new float[count];
        Seed ofNoise = seed.Child("noise");
        EventBlocks.ForEach(count, (start, length) =>
        {
            Random random = ofNoise.Child(start).CreateRandom();
            for (int i = start; i < start + length; i++)
            {
                noise[i] = (float)random.NextNormal(0, 1);
            }
        });
        return noise;
    }

    private static void Split(ReadOnlySpan<float> rows, float[][] columns, int start)
    {
        for (int i = 0; i < rows.Length; i++)
        {
            columns[i % columns.Length][start + (i / columns.Length)] = rows[i];
        }
    }
}
