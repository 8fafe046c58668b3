using System.Numerics.Tensors;
using Gbi.Numerics;
using Gbi.Trees.Binning;

namespace Gbi.Trees.Objectives;

/// <summary>
/// The squared distance to a target vector, Σ w |f(x) − t|²/2; its minimiser is the conditional mean E[t|x]. A leaf's values are
/// Σ w (t − f)/(Σ w + λ), and its least second derivative is a least sum of weights.
/// </summary>
/// <remarks>An event's numbers are w (f − t), one a target, and w.</remarks>
internal sealed class SquaredObjective : ITreeObjective
{
    private readonly float[] _targets;
    private readonly float[] _weights;
    private readonly StatisticVectors _sums;
    private readonly double _l2;
    private readonly double _minWeight;

    /// <summary>An objective over all events of the data.</summary>
    /// <param name="data">The events.</param>
    /// <param name="targets">t, shape [events × targets].</param>
    /// <param name="weights">One per event, of mean 1.</param>
    /// <param name="options">Ridge and least weight of a leaf.</param>
    public SquaredObjective(BinnedEvents data, float[] targets, float[] weights, TreeOptions options)
    {
        _targets = targets;
        _weights = weights;
        OutputCount = targets.Length / weights.Length;
        _sums = new StatisticVectors(data, OutputCount + 1);
        _l2 = options.L2;
        _minWeight = options.MinLeafHessian;
    }

    public int OutputCount { get; }

    public IEventSums Sums => _sums;

    public void Update(int tree, float[] outputs)
    {
        int width = OutputCount;
        EventBlocks.ForEach(_weights.Length, (start, length) =>
        {
            Span<float> statistics = _sums.Values(start, length);
            for (int i = 0; i < length; i++)
            {
                int row = start + i;
                Span<float> ofEvent = statistics.Slice(i * _sums.Count, width + 1);
                for (int k = 0; k < width; k++)
                {
                    ofEvent[k] = _weights[row] * (outputs[(row * width) + k] - _targets[(row * width) + k]);
                }

                ofEvent[width] = _weights[row];
            }
        });
        _sums.Round();
    }

    public void Reductions(ReadOnlySpan<long> sums, Span<double> reductions)
    {
        ReadOnlySpan<double> units = _sums.Units;
        int width = OutputCount;
        for (int i = 0; i < reductions.Length; i++)
        {
            ReadOnlySpan<long> ofLeaf = sums.Slice(i * _sums.Count, width + 1);
            double squares = 0;
            for (int k = 0; k < width; k++)
            {
                double gradient = ofLeaf[k] * units[k];
                squares += gradient * gradient;
            }

            double weight = ofLeaf[width] * units[width];
            reductions[i] = weight >= _minWeight ? 0.5 * squares / (weight + _l2) : double.NegativeInfinity;
        }
    }

    public void LeafValues(ReadOnlySpan<long> sums, Span<float> values)
    {
        ReadOnlySpan<double> units = _sums.Units;
        double weight = sums[OutputCount] * units[OutputCount];
        for (int k = 0; k < values.Length; k++)
        {
            values[k] = weight >= _minWeight ? (float)(-sums[k] * units[k] / (weight + _l2)) : 0;
        }
    }

    public double Loss(float[] outputs)
    {
        int width = OutputCount;
        double weight = EventBlocks.Sum(_weights.Length, (start, length) => TensorPrimitives.Sum<float>(_weights.AsSpan(start, length)));
        return EventBlocks.Sum(_weights.Length, (start, length) =>
        {
            double sum = 0;
            for (int row = start; row < start + length; row++)
            {
                float distance = TensorPrimitives.Distance<float>(outputs.AsSpan(row * width, width), _targets.AsSpan(row * width, width));
                sum += _weights[row] * 0.5 * distance * distance;
            }

            return sum;
        }) / weight;
    }
}
