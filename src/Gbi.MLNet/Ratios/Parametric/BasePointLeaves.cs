using System.Runtime.Intrinsics;

namespace Gbi.Ratios.Parametric;

/// <summary>
/// Values and losses of leaves from their sums of <see cref="BasePointWeights"/>, four at a time: logarithms are what such trees spend
/// their time on.
/// </summary>
internal sealed class BasePointLeaves
{
    private const int Lanes = 4;

    private readonly BasePoints _basePoints;
    private readonly BasePointWeights _weights;
    private readonly long _minEvents;
    private readonly double _minHessian;

    /// <summary>Leaves over these sums.</summary>
    public BasePointLeaves(BasePoints basePoints, BasePointWeights weights, ParametricRatioOptions options)
    {
        _basePoints = basePoints;
        _weights = weights;
        _minEvents = options.MinLeafEvents;
        _minHessian = options.Trees.MinLeafHessian;
    }

    /// <summary>By how much leaves lower the loss; −∞ where no such leaf may be made.</summary>
    /// <param name="sums">Shape [leaves × base points].</param>
    /// <param name="reductions">Filled, one a leaf.</param>
    public void Reductions(ReadOnlySpan<long> sums, Span<double> reductions)
    {
        int last = reductions.Length - 1;
        Span<Vector256<double>> weights = stackalloc Vector256<double>[_basePoints.Points.Count];
        Span<Vector256<double>> logs = stackalloc Vector256<double>[_basePoints.Points.Count - 1];
        Span<Vector256<double>> coefficients = stackalloc Vector256<double>[_basePoints.Monomials.Count];
        for (int first = 0; first <= last; first += Lanes)
        {
            Vector256<double> allowed = Load(sums, first, last, weights);
            Solve(weights, logs, coefficients);
            Vector256<double> reduction = Vector256.ConditionalSelect(
                allowed, -LossOf(weights, coefficients), Vector256.Create(double.NegativeInfinity));
            for (int lane = 0; lane < Lanes && first + lane <= last; lane++)
            {
                reductions[first + lane] = reduction[lane];
            }
        }
    }

    /// <summary>Δ_A of a leaf; zeros where no such leaf may be made.</summary>
    public void Values(ReadOnlySpan<long> sums, Span<float> values)
    {
        Span<Vector256<double>> weights = stackalloc Vector256<double>[_basePoints.Points.Count];
        Span<Vector256<double>> logs = stackalloc Vector256<double>[_basePoints.Points.Count - 1];
        Span<Vector256<double>> coefficients = stackalloc Vector256<double>[_basePoints.Monomials.Count];
        bool isAllowed = Load(sums, 0, 0, weights).AsInt64()[0] != 0;
        Solve(weights, logs, coefficients);
        for (int a = 0; a < values.Length; a++)
        {
            values[a] = isAllowed ? (float)coefficients[a][0] : 0;
        }
    }

    /// <summary>The weights of four leaves at every base point; all bits set where such a leaf may be made.</summary>
    private Vector256<double> Load(ReadOnlySpan<long> sums, int first, int last, Span<Vector256<double>> weights)
    {
        int width = weights.Length;
        Vector256<long> mask = Vector256.Create(_weights.CountMask);
        Vector256<long> fewest = Vector256.Create(long.MaxValue);
        ReadOnlySpan<long> a = sums[(first * width)..];
        ReadOnlySpan<long> b = sums[(Math.Min(first + 1, last) * width)..];
        ReadOnlySpan<long> c = sums[(Math.Min(first + 2, last) * width)..];
        ReadOnlySpan<long> d = sums[(Math.Min(first + 3, last) * width)..];
        for (int index = 0; index < width; index++)
        {
            Vector256<long> sum = Vector256.Create(a[index], b[index], c[index], d[index]);
            fewest = Vector256.Min(fewest, sum & mask);
            weights[index] = Vector256.ConvertToDouble(sum & ~mask) * _weights.Unit;
        }

        Vector256<double> allowed = Vector256.GreaterThanOrEqual(fewest, Vector256.Create(_minEvents)).AsDouble();
        for (int index = 1; index < width; index++)
        {
            Vector256<double> curvature = weights[0] * weights[index] / (weights[0] + weights[index]);
            allowed &= Vector256.GreaterThan(weights[index], Vector256<double>.Zero)
                & Vector256.GreaterThanOrEqual(curvature, Vector256.Create(_minHessian));
        }

        return allowed & Vector256.GreaterThan(weights[0], Vector256<double>.Zero);
    }

    /// <summary>Δ_A = Σ_ν (C⁻¹ Vᵀ)_{A,ν} ln(σ_ν/σ₀); no number where a weight is not positive.</summary>
    private void Solve(ReadOnlySpan<Vector256<double>> weights, Span<Vector256<double>> logs, Span<Vector256<double>> coefficients)
    {
        Vector256<double> nominal = Vector256.Log(weights[0]);
        for (int varied = 0; varied < logs.Length; varied++)
        {
            logs[varied] = Vector256.Log(weights[varied + 1]) - nominal;
        }

        ReadOnlySpan<double> solution = _basePoints.Solution;
        for (int a = 0; a < coefficients.Length; a++)
        {
            Vector256<double> sum = Vector256<double>.Zero;
            for (int varied = 0; varied < logs.Length; varied++)
            {
                sum += logs[varied] * solution[(a * logs.Length) + varied];
            }

            coefficients[a] = sum;
        }
    }

    /// <summary>
    /// σ₀ [softplus(R) − ln 2] + σ_ν [softplus(−R) − ln 2] = (σ₀ − σ_ν) R/2 + (σ₀ + σ_ν) ln cosh(R/2), summed over ν; in this form small
    /// losses keep their digits.
    /// </summary>
    private Vector256<double> LossOf(ReadOnlySpan<Vector256<double>> weights, ReadOnlySpan<Vector256<double>> coefficients)
    {
        ReadOnlySpan<double> design = _basePoints.Design;
        Vector256<double> loss = Vector256<double>.Zero;
        for (int index = 1; index < weights.Length; index++)
        {
            Vector256<double> logRatio = Vector256<double>.Zero;
            for (int a = 0; a < coefficients.Length; a++)
            {
                logRatio += coefficients[a] * design[((index - 1) * coefficients.Length) + a];
            }

            Vector256<double> half = logRatio * 0.5;
            Vector256<double> magnitude = Vector256.Abs(half);
            Vector256<double> logCosh = magnitude + Vector256.Log((Vector256<double>.One + Vector256.Exp(magnitude * -2.0)) * 0.5);
            loss += ((weights[0] - weights[index]) * half) + ((weights[0] + weights[index]) * logCosh);
        }

        return loss;
    }
}
