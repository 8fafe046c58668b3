using System.Numerics.Tensors;
using Gbi.Numerics;
using Gbi.Numerics.Probability;
using Gbi.Trees.Binning;
using Gbi.Trees.Objectives;

namespace Gbi.Ratios.Parametric;

/// <summary>
/// The parametric ratio by base points: ln r(x|ν) = R_ν(x) = Σ_A ν_A Δ_A(x), by the loss
/// Σ_ν {Σ_nominal w [softplus(R_ν) − ln 2] + Σ_varied to ν w [softplus(−R_ν) − ln 2]}. The coefficients of a leaf are the least-squares
/// solution of <see cref="BasePoints"/> in ln(σ_ν/σ₀), σ the sums of weights; each tree sees the varied events with the weights
/// w exp(−R_ν(x)), R_ν by the trees before it.
/// </summary>
/// <remarks>Schöfbeck, arXiv:2406.19076.</remarks>
internal sealed class BasePointObjective : ITreeObjective
{
    // A bound on the reweighting alone, far beyond what any leaf can learn from positive weights: no event may drown all others.
    private const float MaxAbsLogRatio = 20;

    private readonly BasePoints _basePoints;
    private readonly int[] _indices;
    private readonly float[] _weights;
    private readonly float[] _reweighted;
    private readonly float[] _monomials;
    private readonly BasePointWeights _sums;
    private readonly BasePointLeaves _leaves;

    /// <summary>An objective over all events of the data.</summary>
    /// <param name="data">The events.</param>
    /// <param name="basePoints">Points and monomials.</param>
    /// <param name="indices">Of each event, the index of its base point; see <see cref="BasePoints.IndexOf"/>.</param>
    /// <param name="weights">One per event, of mean 1 over all base points together.</param>
    /// <param name="options">Least events and second derivative of a leaf.</param>
    public BasePointObjective(BinnedEvents data, BasePoints basePoints, int[] indices, float[] weights, ParametricRatioOptions options)
    {
        _basePoints = basePoints;
        _indices = indices;
        _weights = weights;
        _reweighted = new float[weights.Length];
        _sums = new BasePointWeights(data, indices, basePoints.Points.Count);
        _leaves = new BasePointLeaves(basePoints, _sums, options);

        // The nominal point, all of whose monomials are 0, stands first.
        _monomials = [.. Enumerable.Repeat(0f, OutputCount), .. basePoints.Design.Select(value => (float)value)];
    }

    public int OutputCount => _basePoints.Monomials.Count;

    public IEventSums Sums => _sums;

    private int VariedCount => _basePoints.Points.Count - 1;

    public void Update(int tree, float[] outputs)
    {
        EventBlocks.ForEach(_weights.Length, (start, length) =>
        {
            Span<float> block = _reweighted.AsSpan(start, length);
            MinusLogRatios(outputs, start, block);
            TensorPrimitives.Clamp(block, -MaxAbsLogRatio, MaxAbsLogRatio, block);
            TensorPrimitives.Exp(block, block);
            TensorPrimitives.Multiply(block, _weights.AsSpan(start, length), block);
        });
        _sums.Set(tree, _reweighted);
    }

    public void Reductions(ReadOnlySpan<long> sums, Span<double> reductions) => _leaves.Reductions(sums, reductions);

    public void LeafValues(ReadOnlySpan<long> sums, Span<float> values) => _leaves.Values(sums, values);

    public double Loss(float[] outputs)
    {
        double weight = EventBlocks.Sum(_weights.Length, (start, length) => TensorPrimitives.Sum<float>(_weights.AsSpan(start, length)));
        return EventBlocks.Sum(_weights.Length, (start, length) =>
        {
            double sum = 0;
            for (int row = start; row < start + length; row++)
            {
                ReadOnlySpan<float> coefficients = outputs.AsSpan(row * OutputCount, OutputCount);
                sum += _weights[row] * (
                    _indices[row] == 0 ? NominalLoss(coefficients) : LogMath.Softplus(-LogRatio(_indices[row], coefficients)));
            }

            return sum;
        }) / weight;
    }

    private double NominalLoss(ReadOnlySpan<float> coefficients)
    {
        double sum = 0;
        for (int index = 1; index <= VariedCount; index++)
        {
            sum += LogMath.Softplus(LogRatio(index, coefficients));
        }

        return sum;
    }

    private float LogRatio(int index, ReadOnlySpan<float> coefficients) =>
        TensorPrimitives.Dot(_monomials.AsSpan(index * OutputCount, OutputCount), coefficients);

    /// <summary>−R of a block of events at their own base points; 0 for nominal ones.</summary>
    private void MinusLogRatios(float[] outputs, int start, Span<float> logRatios)
    {
        int width = OutputCount;
        ReadOnlySpan<float> coefficient = outputs.AsSpan(start * width, logRatios.Length * width);
        ReadOnlySpan<int> indices = _indices.AsSpan(start, logRatios.Length);
        for (int i = 0; i < logRatios.Length; i++)
        {
            int monomial = indices[i] * width;
            float sum = 0;
            for (int a = 0; a < width; a++)
            {
                sum -= _monomials[monomial + a] * coefficient[(i * width) + a];
            }

            logRatios[i] = sum;
        }
    }
}
