using System.Numerics.Tensors;
using Gbi.Numerics;
using Gbi.Numerics.Minima;
using Gbi.Numerics.Probability;
using Gbi.Ratios.Parametric;
using Gbi.Trees;
using Gbi.Trees.Binning;
using Gbi.Trees.Objectives;

namespace Gbi.Ratios.Families;

/// <summary>
/// The ratio of two densities as a function of parameters t that each event brings: ln r(x,t) = R(x,t) = Σ_k φ_k(t) Δ_k(x), φ monomials
/// with 1 among them, by the loss Σ_numerator w softplus(−R) + Σ_denominator w softplus(R). The step of a leaf is Newton's with a ridge.
/// </summary>
/// <remarks>
/// An event's numbers are its gradient times φ_k and its second derivative times φ_i φ_j, i ≥ j. In distinction to
/// <see cref="JointOverMarginalObjective"/> the samples differ, and there may be any number of parameters.
/// </remarks>
internal sealed class AmortisedRatioObjective : ITreeObjective
{
    private readonly bool[] _isNumerator;
    private readonly float[] _weights;
    private readonly float[] _monomials;
    private readonly StatisticVectors _moments;
    private readonly double _l2;
    private readonly double _minHessian;

    /// <summary>An objective over all events of the data.</summary>
    /// <param name="data">The events.</param>
    /// <param name="isNumerator">True where an event belongs to the numerator.</param>
    /// <param name="weights">One per event.</param>
    /// <param name="monomials">φ at the parameters of each event, the first of them 1; shape [events × <paramref name="width"/>].</param>
    /// <param name="width">Number of monomials.</param>
    /// <param name="options">Ridge and least second derivative of a leaf.</param>
    public AmortisedRatioObjective(
        BinnedEvents data, bool[] isNumerator, float[] weights, float[] monomials, int width, TreeOptions options)
    {
        (_isNumerator, _weights, _monomials, OutputCount) = (isNumerator, weights, monomials, width);
        _moments = new StatisticVectors(data, MomentCount);
        _l2 = options.L2;
        _minHessian = options.MinLeafHessian;
    }

    public int OutputCount { get; }

    public IEventSums Sums => _moments;

    private int MomentCount => OutputCount + (OutputCount * (OutputCount + 1) / 2);

    public void Update(int tree, float[] outputs)
    {
        EventBlocks.ForEach(_weights.Length, (start, length) =>
        {
            Span<float> moments = _moments.Values(start, length);
            for (int i = 0; i < length; i++)
            {
                int row = start + i;
                ReadOnlySpan<float> phi = _monomials.AsSpan(row * OutputCount, OutputCount);
                float probability = 1 / (1 + MathF.Exp(-TensorPrimitives.Dot(phi, outputs.AsSpan(row * OutputCount, OutputCount))));
                Fill(
                    moments[(_moments.Count * i)..],
                    phi,
                    _weights[row] * (_isNumerator[row] ? probability - 1 : probability),
                    _weights[row] * probability * (1 - probability));
            }
        });
        _moments.Round();
    }

    public void Reductions(ReadOnlySpan<long> sums, Span<double> reductions)
    {
        int size = OutputCount;
        Span<double> gradient = stackalloc double[size];
        Span<double> step = stackalloc double[size];
        Span<double> hessian = stackalloc double[size * size];
        for (int i = 0; i < reductions.Length; i++)
        {
            double reduction = TrySolve(sums[(i * _moments.Count)..], gradient, hessian, step)
                ? 0.5 * TensorPrimitives.Dot<double>(gradient, step)
                : double.NegativeInfinity;
            reductions[i] = reduction >= 0 ? reduction : double.NegativeInfinity;
        }
    }

    public void LeafValues(ReadOnlySpan<long> sums, Span<float> values)
    {
        int size = OutputCount;
        Span<double> step = stackalloc double[size];
        bool solved = TrySolve(sums, stackalloc double[size], stackalloc double[size * size], step);
        for (int k = 0; k < size; k++)
        {
            values[k] = solved ? (float)-step[k] : 0;
        }
    }

    public double Loss(float[] outputs) => EventBlocks.Sum(_weights.Length, (start, length) =>
    {
        double sum = 0;
        for (int row = start; row < start + length; row++)
        {
            double logRatio = TensorPrimitives.Dot(
                _monomials.AsSpan(row * OutputCount, OutputCount), outputs.AsSpan(row * OutputCount, OutputCount));
            sum += _weights[row] * LogMath.Softplus(_isNumerator[row] ? -logRatio : logRatio);
        }

        return sum;
    }) / EventBlocks.Sum(_weights.Length, (start, length) => TensorPrimitives.Sum<float>(_weights.AsSpan(start, length)));

    private static void Fill(Span<float> moments, ReadOnlySpan<float> phi, float gradient, float hessian)
    {
        int at = phi.Length;
        for (int k = 0; k < phi.Length; k++)
        {
            moments[k] = gradient * phi[k];
            float row = hessian * phi[k];
            for (int j = 0; j <= k; j++)
            {
                moments[at++] = row * phi[j];
            }
        }
    }

    /// <summary>Solves (H + λ) step = g; false where H is not positive enough.</summary>
    private bool TrySolve(ReadOnlySpan<long> sums, Span<double> gradient, Span<double> hessian, Span<double> step)
    {
        int size = OutputCount;
        ReadOnlySpan<double> units = _moments.Units;
        step.Clear();

        // The second derivative by the constant term, φ₀ = 1, is the first of them.
        if (!(sums[size] * units[size] >= _minHessian))
        {
            return false;
        }

        int at = size;
        for (int k = 0; k < size; k++)
        {
            gradient[k] = sums[k] * units[k];
            for (int j = 0; j <= k; j++, at++)
            {
                hessian[(k * size) + j] = (sums[at] * units[at]) + (j == k ? _l2 : 0);
            }
        }

        if (!CholeskyFactor.TryFactorise(hessian, size))
        {
            return false;
        }

        gradient.CopyTo(step);
        CholeskyFactor.Solve(hessian, size, step);
        return true;
    }
}
