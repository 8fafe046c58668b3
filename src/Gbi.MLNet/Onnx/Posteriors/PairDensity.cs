using Gbi.Events;
using Gbi.Onnx.Export;
using Gbi.Onnx.Models;
using Gbi.Onnx.Sessions;
using Gbi.Simulators.Priors;

namespace Gbi.Onnx.Posteriors;

/// <summary>A network that gives the natural log of a density of pairs (θ, x).</summary>
internal sealed class PairDensity : IDisposable
{
    // A file cannot hold −∞ everywhere: numbers from here on mean it.
    private const float NoDensity = -1e30f;

    private readonly OnnxNetwork _network;

    private PairDensity(OnnxNetwork network, PosteriorMetadata metadata)
    {
        _network = network;
        Metadata = metadata;
    }

    public PosteriorMetadata Metadata { get; }

    public OnnxNetwork Network => _network;

    /// <summary>Opens a file.</summary>
    /// <exception cref="DataException">It is refused, or not what is expected of this kind; the message says in what.</exception>
    public static PairDensity Open(OnnxSource source, string kind, OnnxOptions options, Prior? prior)
    {
        PosteriorMetadata? metadata = null;
        OnnxNetwork network = OnnxNetwork.Open([source], options, graph =>
        {
            metadata = PosteriorMetadata.Of(graph, prior);
            return new OnnxRequest(
                kind,
                [(OnnxExport.FeaturesInput, metadata.Features.Length), (OnnxContract.ThetaInput, metadata.Parameters.Length)],
                [],
                [(OnnxContract.LogDensityOutput, OutputForm.Number)],
                []);
        });
        return new PairDensity(network, metadata!);
    }

    /// <summary>ln of the density of the pairs of equal rows; −∞ where it is 0.</summary>
    /// <param name="parameters">Columns of θ.</param>
    /// <param name="observations">Columns of x; as many rows, or one for all parameters.</param>
    /// <param name="cancellation">Stops between blocks.</param>
    /// <exception cref="DataException">A column is missing, or the network gives no number; the message says for which row.</exception>
    public double[] LogDensity(EventTable parameters, EventTable observations, CancellationToken cancellation = default)
    {
        double[] densities = new double[parameters.Count];
        var unusable = new UnusableOutputs();
        TensorColumns theta = TensorColumns.Of(parameters, Metadata.Parameters);
        TensorColumns x = observations.Count == 1
            ? TensorColumns.Of(
                observations, Metadata.Features, Metadata.Features.ToDictionary(name => name, name => (double)observations[name][0]))
            : TensorColumns.Of(observations, Metadata.Features);
        _network.ForEachBlock(
            densities.Length,
            (lane, start, length) =>
            {
                theta.Write(start, length, lane.Input(1));
                x.Write(start, length, lane.Input(0));
                lane.Run(length);
                Take(lane.Output(0, 0, length)[..length], densities.AsSpan(start, length), start, unusable);
            },
            cancellation);
        unusable.RequireNone(
            $"{OnnxContract.LogDensityOutput} of {_network.Name}", 0, densities.Length,
            row => OnnxNames.MissingAt(parameters, Metadata.Parameters, row)
                ?? OnnxNames.MissingAt(observations, Metadata.Features, observations.Count == 1 ? 0 : row));
        return densities;
    }

    public void Dispose() => _network.Dispose();

    private static void Take(ReadOnlySpan<float> values, Span<double> densities, int start, UnusableOutputs unusable)
    {
        for (int row = 0; row < values.Length; row++)
        {
            densities[row] = values[row] <= NoDensity ? double.NegativeInfinity : values[row];
            if (float.IsNaN(values[row]) || float.IsPositiveInfinity(values[row]))
            {
                unusable.Add(start + row);
            }
        }
    }
}
