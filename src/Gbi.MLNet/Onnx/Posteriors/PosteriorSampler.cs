using Gbi.Events;
using Gbi.Numerics;
using Gbi.Onnx.Models;
using Gbi.Onnx.Sessions;
using Gbi.Simulators.Priors;

namespace Gbi.Onnx.Posteriors;

/// <summary>Takes one draw of a network.</summary>
/// <param name="row">Number of the draw.</param>
/// <param name="theta">The parameters.</param>
/// <param name="logDensity">ln q of the network.</param>
/// <param name="isInside">Whether it is in the prior's support.</param>
internal delegate void DrawTaken(int row, ReadOnlySpan<float> theta, float logDensity, bool isInside);

/// <summary>Draws of a network, which may lie outside the prior's support.</summary>
internal sealed class PosteriorSampler(OnnxNetwork network, Prior prior)
{
    private const int NoiseInput = 0;
    private const int FeaturesInput = 1;

    /// <summary>Makes draws, each of them by the random numbers of its own.</summary>
    /// <param name="observations">Features, columns in the network's order.</param>
    /// <param name="count">Draws of an observation: draw i is one of observation i/count.</param>
    /// <param name="seeds">One an observation.</param>
    /// <param name="rows">The draws that are made; null for all.</param>
    /// <param name="take">Called from several threads.</param>
    /// <param name="cancellation">Stops between blocks.</param>
    /// <exception cref="DataException">The network gives no number for a draw; the message says for which observation.</exception>
    public void Draw(
        EventTable observations, int count, Seed[] seeds, int[]? rows, DrawTaken take, CancellationToken cancellation)
    {
        float[][] x = [.. observations.ColumnNames.Select(name => observations[name].ToArray())];
        int total = rows?.Length ?? checked(observations.Count * count);
        var unusable = new UnusableOutputs();
        network.ForEachBlock(
            total,
            (lane, start, length) =>
            {
                for (int i = 0; i < length; i++)
                {
                    int row = rows is null ? start + i : rows[start + i];
                    Write(lane, i, x, row / count, seeds[row / count], row % count);
                }

                lane.Run(length);
                ReadOnlySpan<float> theta = lane.Output(0, 0, length);
                ReadOnlySpan<float> densities = lane.Output(0, 1, length);
                Span<double> point = stackalloc double[prior.Parameters.Count];
                for (int i = 0; i < length; i++)
                {
                    int row = rows is null ? start + i : rows[start + i];
                    ReadOnlySpan<float> drawn = theta.Slice(i * point.Length, point.Length);
                    bool isUsable = float.IsFinite(densities[i]);
                    for (int k = 0; k < point.Length; k++)
                    {
                        point[k] = drawn[k];
                        isUsable &= float.IsFinite(drawn[k]);
                    }

                    if (isUsable)
                    {
                        take(row, drawn, densities[i], prior.Contains(point));
                    }
                    else
                    {
                        unusable.Add(row / count);
                    }
                }
            },
            cancellation);
        unusable.RequireNone(
            $"{OnnxContract.ThetaInput} or {OnnxContract.LogDensityOutput} of {network.Name}", 0, total,
            row => OnnxNames.MissingAt(observations, observations.ColumnNames, row));
    }

    /// <summary>Draws of each observation that lie in the support.</summary>
    public int[] CountInside(EventTable observations, int count, Seed seed, CancellationToken cancellation)
    {
        int[] inside = new int[observations.Count];
        var seeds = new Seed[observations.Count];
        Array.Fill(seeds, seed);
        Draw(
            observations, count, seeds, null,
            (row, _, _, isInside) =>
            {
                if (isInside)
                {
                    Interlocked.Increment(ref inside[row / count]);
                }
            },
            cancellation);
        return inside;
    }

    private void Write(OnnxLane lane, int at, float[][] x, int observation, Seed seed, int draw)
    {
        int width = network.Inputs[NoiseInput].Width;
        Span<float> noise = lane.Input(NoiseInput).Slice(at * width, width);
        int pairs = (width + 1) / 2;
        for (int pair = 0; pair < pairs; pair++)
        {
            (double first, double second) = seed.NormalPair(((long)draw * pairs) + pair);
            noise[2 * pair] = (float)first;
            if ((2 * pair) + 1 < width)
            {
                noise[(2 * pair) + 1] = (float)second;
            }
        }

        Span<float> features = lane.Input(FeaturesInput).Slice(at * x.Length, x.Length);
        for (int k = 0; k < x.Length; k++)
        {
            features[k] = x[k][observation];
        }
    }
}
