using Gbi.Events;
using Gbi.Numerics;

namespace Gbi.Simulators;

/// <summary>Draws one observation.</summary>
/// <param name="parameters">θ, in the order of the simulator's parameters.</param>
/// <param name="random">Where the random numbers come from; its own for each simulation.</param>
/// <param name="observation">Filled with x; a NaN marks a failed simulation.</param>
public delegate void ObservationDraw(ReadOnlySpan<double> parameters, Random random, Span<double> observation);

/// <summary>A simulator that is a function of one simulation; simulations run in parallel.</summary>
public sealed class FunctionSimulator : ISimulator
{
    private const int BlockSize = 64;

    private readonly ObservationDraw _draw;

    /// <summary>A simulator of a function.</summary>
    /// <param name="parameters">Names of the parameters.</param>
    /// <param name="features">Names of the features.</param>
    /// <param name="draw">Draws one observation. Several threads call it at once.</param>
    public FunctionSimulator(IReadOnlyList<string> parameters, IReadOnlyList<string> features, ObservationDraw draw)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(features);
        ArgumentNullException.ThrowIfNull(draw);
        (Parameters, Features, _draw) = ([.. parameters], [.. features], draw);
    }

    /// <summary>Names of the parameters, in order.</summary>
    public IReadOnlyList<string> Parameters { get; }

    /// <summary>Names of the features, in order.</summary>
    public IReadOnlyList<string> Features { get; }

    /// <summary>A text that differs wherever simulations differ; null where a run need not be resumed.</summary>
    public string? Fingerprint { get; init; }

    /// <inheritdoc/>
    public EventTable Simulate(EventTable parameters, Seed seed, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ReadOnlyMemory<float>[] points = [.. Parameters.Select(parameters.Memory)];
        float[][] columns = [.. Features.Select(_ => new float[parameters.Count])];
        EventBlocks.ForEach(parameters.Count, (start, length) =>
        {
            double[] theta = new double[points.Length];
            double[] x = new double[columns.Length];
            for (int row = start; row < start + length; row++)
            {
                cancellation.ThrowIfCancellationRequested();
                for (int k = 0; k < theta.Length; k++)
                {
                    theta[k] = points[k].Span[row];
                }

                // A feature that the function leaves out must not keep the value of another simulation.
                Array.Fill(x, double.NaN);
                _draw(theta, seed.Child(row).CreateRandom(), x);
                for (int k = 0; k < x.Length; k++)
                {
                    columns[k][row] = (float)x[k];
                }
            }
        }, BlockSize, cancellation);
        return EventTable.FromColumns([.. Features.Select((name, k) => (name, columns[k]))]);
    }
}
