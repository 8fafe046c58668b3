using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Gbi.Trees;

/// <summary>
/// A log ratio that is a polynomial of at most second degree in one parameter that every event brings,
/// R(x,t) = Δ₀(x) + t Δ₁(x) + t² Δ₂(x), by the loss Σ_numerator w softplus(−R) + Σ_denominator w softplus(R). The step of a leaf is Newton's
/// with a ridge.
/// </summary>
/// <remarks>An event's numbers are its gradient times t⁰, t¹, t² and its second derivative times t⁰ … t⁴.</remarks>
internal abstract class QuadraticRatioObjective : ITreeObjective
{
    /// <summary>Coefficients Δ of a leaf.</summary>
    protected const int CoefficientCount = 3;

    /// <summary>Numbers of an event.</summary>
    protected const int MomentCount = 8;

    private readonly int _degree;
    private readonly double _l2;
    private readonly double _minHessian;

    /// <summary>An objective over all events of the data.</summary>
    /// <param name="data">The events.</param>
    /// <param name="degree">Degree of the polynomial, 1 or 2; of first degree Δ₂ stays 0.</param>
    /// <param name="options">Ridge and least second derivative of a leaf.</param>
    protected QuadraticRatioObjective(BinnedEvents data, int degree, TreeOptions options)
    {
        Moments = new StatisticVectors(data, MomentCount);
        _degree = degree;
        _l2 = options.L2;
        _minHessian = options.MinLeafHessian;
    }

    public int OutputCount => CoefficientCount;

    public IEventSums Sums => Moments;

    /// <summary>The numbers of each event.</summary>
    protected StatisticVectors Moments { get; }

    public abstract void Update(int tree, float[] outputs);

    public void Reductions(ReadOnlySpan<long> sums, Span<double> reductions)
    {
        Span<double> moments = stackalloc double[MomentCount];
        Span<double> step = stackalloc double[3];
        for (int i = 0; i < reductions.Length; i++)
        {
            Measure(sums[(i * MomentCount)..], moments);
            double reduction = TrySolve(moments, step)
                ? 0.5 * ((step[0] * moments[0]) + (step[1] * moments[1]) + (step[2] * moments[2]))
                : double.NegativeInfinity;
            reductions[i] = reduction >= 0 ? reduction : double.NegativeInfinity;
        }
    }

    public void LeafValues(ReadOnlySpan<long> sums, Span<float> values)
    {
        Span<double> moments = stackalloc double[MomentCount];
        Span<double> step = stackalloc double[3];
        Measure(sums, moments);
        bool solved = TrySolve(moments, step);
        for (int k = 0; k < 3; k++)
        {
            values[k] = solved ? (float)-step[k] : 0;
        }
    }

    /// <summary>Not needed: a generator's trees are grown without events held out.</summary>
    public double Loss(float[] outputs) => throw new NotSupportedException("A ratio with a parameter of each event has no held-out loss.");

    /// <summary>The numbers of an event of either sample.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    protected static Vector256<float> Term(float t, float weight, ReadOnlySpan<float> delta, bool isNumerator)
    {
        float t2 = t * t;
        float logRatio = delta[0] + (t * delta[1]) + (t2 * delta[2]);
        float probability = 1 / (1 + MathF.Exp(-logRatio));
        float gradient = weight * (isNumerator ? probability - 1 : probability);
        float hessian = weight * probability * (1 - probability);
        return Vector256.Create(
            gradient, gradient * t, gradient * t2, hessian, hessian * t, hessian * t2, hessian * t2 * t, hessian * t2 * t2);
    }

    private void Measure(ReadOnlySpan<long> sums, Span<double> moments)
    {
        for (int k = 0; k < MomentCount; k++)
        {
            moments[k] = sums[k] * Moments.Units[k];
        }
    }

    /// <summary>Solves (H + λ) step = g by Cholesky; false where H is not positive enough.</summary>
    private bool TrySolve(ReadOnlySpan<double> moments, Span<double> step)
    {
        double h0 = moments[3];
        double h1 = moments[4], h2 = moments[5], h3 = moments[6], h4 = moments[7];
        step.Clear();
        if (!(h0 >= _minHessian))
        {
            return false;
        }

        double l00 = h0 + _l2;
        double l10 = h1 / l00, l20 = h2 / l00;
        double d1 = h2 + _l2 - (l10 * h1);
        double l21 = (h3 - (l20 * h1)) / d1;
        double d2 = h4 + _l2 - (l20 * h2) - (l21 * l21 * d1);
        if (!(d1 > 0 && d2 > 0))
        {
            return false;
        }

        double y0 = moments[0];
        double y1 = moments[1] - (l10 * y0);
        double y2 = moments[2] - (l20 * y0) - (l21 * y1);
        step[2] = _degree == 2 ? y2 / d2 : 0;
        step[1] = (y1 / d1) - (l21 * step[2]);
        step[0] = (y0 / l00) - (l10 * step[1]) - (l20 * step[2]);
        return true;
    }
}
