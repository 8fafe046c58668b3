using System.Numerics.Tensors;
using Gbi.Numerics;

namespace Gbi.Posteriors.Misspecification;

/// <summary>
/// The distance of an observation to its k-th neighbour among reference observations, ranked among that of held-out ones.
/// </summary>
internal sealed class NeighbourDistance
{
    private readonly Whitening _whitening;
    private readonly float[] _points;
    private readonly float[] _distances;

    public NeighbourDistance(Whitening whitening, NeighbourState state)
    {
        _whitening = whitening;
        State = state;
        _points = [.. state.Points];
        _distances = [.. state.Distances];
    }

    public NeighbourState State { get; }

    private int ReferenceCount => _points.Length / _whitening.Width;

    /// <summary>Takes references and ranks held-out rows.</summary>
    public static NeighbourDistance Learn(Whitening whitening, float[][] columns, int[] references, int[] heldOut)
    {
        int width = whitening.Width;
        float[] points = new float[references.Length * width];
        EventBlocks.ForEachIndex(
            references.Length, i => whitening.Whiten(columns, references[i], points.AsSpan(i * width, width)));
        var unranked = new NeighbourDistance(whitening, new NeighbourState(points, (int)Math.Sqrt(references.Length), []));
        float[] distances = new float[heldOut.Length];
        EventBlocks.ForEach(
            heldOut.Length,
            (start, length) =>
            {
                for (int i = start; i < start + length; i++)
                {
                    distances[i] = unranked.Of(columns, heldOut[i]);
                }
            },
            blockSize: 64);
        Array.Sort(distances);
        return new NeighbourDistance(whitening, unranked.State with { Distances = distances });
    }

    /// <summary>The distance of a row.</summary>
    public float Of(float[][] columns, int row)
    {
        int width = _whitening.Width;
        float[] point = new float[width];
        _whitening.Whiten(columns, row, point);
        float[] distances = new float[ReferenceCount];
        for (int i = 0; i < distances.Length; i++)
        {
            distances[i] = TensorPrimitives.Distance(point, _points.AsSpan(i * width, width));
        }

        Array.Sort(distances);
        return distances[State.NeighbourCount - 1];
    }

    /// <summary>How often a held-out observation is as far away.</summary>
    public double Probability(float distance) => UpperRank.Probability(_distances, distance);
}

/// <summary>Ranks of a statistic among those of simulations.</summary>
internal static class UpperRank
{
    /// <summary>(1 + #{simulated ≥ observed})/(1 + n): a p-value that is never too small.</summary>
    /// <param name="sorted">Simulated values, ascending.</param>
    /// <param name="observed">The observed value; one that is no number counts as the largest.</param>
    public static double Probability(float[] sorted, float observed)
    {
        int low = 0;
        int high = sorted.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = sorted[middle] < observed || float.IsNaN(observed) ? (middle + 1, high) : (low, middle);
        }

        return (1.0 + sorted.Length - low) / (1 + sorted.Length);
    }
}
