using System.Numerics.Tensors;
using Gbi.Numerics.Probability;

namespace Gbi.Numerics.Minima;

/// <summary>
/// The loss of a weighted logistic regression, Σᵢ wᵢ [softplus(fᵢ) − yᵢ fᵢ] + ½ λ Σ_{k≥1} βₖ² with fᵢ = oᵢ + Σₖ βₖ φᵢₖ, as a function of β.
/// Gradient and Hessian come from the same pass over the events.
/// </summary>
/// <remarks>Blocks of events are added in order, so that results do not depend on the number of threads.</remarks>
internal sealed class LogisticRegression : ISmoothFunction
{
    // Below this share of the weights the loss vanishes: f separates the labels, and larger β are ever better.
    private const double Separated = 1e-12;

    private readonly double[] _terms;
    private readonly bool[] _isOne;
    private readonly double[] _weights;
    private readonly double[] _sums;
    private readonly int _width;

    /// <summary>A regression.</summary>
    /// <param name="terms">φ; shape [events × parameters], row-major. The first one is the constant 1, which has no ridge.</param>
    /// <param name="isOne">Whether y is 1; one per event.</param>
    /// <param name="weights">w, one per event; of any sign.</param>
    public LogisticRegression(double[] terms, bool[] isOne, double[] weights)
    {
        if (weights.Length == 0 || isOne.Length != weights.Length || terms.Length % weights.Length != 0)
        {
            throw new ArgumentException(
                $"There are {terms.Length} terms and {isOne.Length} labels for {weights.Length} weights; expected the same "
                + "number of terms and one label per event.");
        }

        (_terms, _isOne, _weights) = (terms, isOne, weights);
        ParameterCount = terms.Length / weights.Length;
        _width = 1 + ParameterCount + (ParameterCount * ParameterCount);
        _sums = new double[EventBlocks.CountOf(weights.Length) * _width];
    }

    /// <summary>o, one per event; null where it is 0.</summary>
    public float[]? Offsets { get; init; }

    /// <summary>λ. Range: 0 or more.</summary>
    public double Ridge { get; init; }

    /// <inheritdoc/>
    public int ParameterCount { get; }

    /// <summary>The minimum, searched from β = 0.</summary>
    /// <param name="lower">Lower bounds of β; empty for none.</param>
    /// <returns>β; null where the events do not determine it, as where the labels are separated.</returns>
    public double[]? Minimise(ReadOnlySpan<double> lower = default)
    {
        double[] start = new double[ParameterCount];
        if (LinearSystem.InverseOfHessian(this, start) is null)
        {
            return null;
        }

        BoxMinimum minimum = new BoundedNewton(ParameterCount).Minimise(this, start, lower, default);
        bool isSeparated = Math.Abs(minimum.Value) <= Separated * TensorPrimitives.SumOfMagnitudes<double>(_weights);
        return minimum.Status == MinimumStatus.Converged && !isSeparated ? [.. minimum.Parameters] : null;
    }

    /// <inheritdoc/>
    public double Evaluate(ReadOnlySpan<double> parameters, Span<double> gradient, Span<double> hessian)
    {
        int size = ParameterCount;
        double[] beta = parameters.ToArray();
        EventBlocks.ForEach(_weights.Length, (start, length) =>
            AddBlock(beta, start, length, _sums.AsSpan(start / EventBlocks.DefaultSize * _width, _width)));
        for (int block = _width; block < _sums.Length; block += _width)
        {
            TensorPrimitives.Add(_sums.AsSpan(0, _width), _sums.AsSpan(block, _width), _sums.AsSpan(0, _width));
        }

        double value = _sums[0];
        for (int k = 1; k < size; k++)
        {
            value += Ridge * beta[k] * beta[k] / 2;
        }

        for (int k = 0; k < size && !gradient.IsEmpty; k++)
        {
            gradient[k] = _sums[1 + k] + (k > 0 ? Ridge * beta[k] : 0);
        }

        for (int i = 0; i < size && !hessian.IsEmpty; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double sum = _sums[1 + size + (i * size) + j] + (i == j && i > 0 ? Ridge : 0);
                (hessian[(i * size) + j], hessian[(j * size) + i]) = (sum, sum);
            }
        }

        return double.IsFinite(value) ? value : double.PositiveInfinity;
    }

    private void AddBlock(double[] beta, int start, int length, Span<double> sums)
    {
        sums.Clear();
        int size = beta.Length;
        Span<double> gradient = sums.Slice(1, size);
        Span<double> hessian = sums[(1 + size)..];
        double loss = 0;
        for (int row = start; row < start + length; row++)
        {
            ReadOnlySpan<double> phi = _terms.AsSpan(row * size, size);
            double f = Offsets is null ? 0 : Offsets[row];
            for (int k = 0; k < phi.Length; k++)
            {
                f += beta[k] * phi[k];
            }

            double sign = _isOne[row] ? -1 : 1;
            double exponential = Math.Exp(-Math.Abs(f));
            double smaller = exponential / (1 + exponential);
            loss += _weights[row] * (Math.Max(sign * f, 0) + LogMath.OnePlus(exponential));
            double slope = sign * _weights[row] * (sign * f > 0 ? 1 - smaller : smaller);
            double curvature = _weights[row] * smaller * (1 - smaller);
            for (int i = 0; i < phi.Length; i++)
            {
                gradient[i] += slope * phi[i];
                double curved = curvature * phi[i];
                for (int j = 0; j <= i; j++)
                {
                    hessian[(i * size) + j] += curved * phi[j];
                }
            }
        }

        sums[0] = loss;
    }
}
