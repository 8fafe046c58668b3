using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Gbi.Numerics;

namespace Gbi.Trees;

/// <summary>
/// Moments of the derivatives of one event: gradients times t⁰, t¹, t² and second derivatives times t⁰ … t⁴, eight numbers in one
/// vector register.
/// </summary>
internal readonly record struct ParametricMoments(Vector256<float> Values);

/// <summary>Sums of parametric moments.</summary>
internal struct ParametricSum : IStatisticsSum<ParametricSum, ParametricMoments>
{
    /// <summary>Σ g t⁰, Σ g t¹, Σ g t², Σ h t⁰.</summary>
    public Vector256<double> Lower;

    /// <summary>Σ h t¹ … Σ h t⁴.</summary>
    public Vector256<double> Upper;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Add(ref ParametricSum sum, in ParametricMoments statistics)
    {
        sum.Lower += Vector256.WidenLower(statistics.Values);
        sum.Upper += Vector256.WidenUpper(statistics.Values);
    }

    public static ParametricSum operator +(in ParametricSum left, in ParametricSum right) =>
        new() { Lower = left.Lower + right.Lower, Upper = left.Upper + right.Upper };

    public static ParametricSum operator -(in ParametricSum left, in ParametricSum right) =>
        new() { Lower = left.Lower - right.Lower, Upper = left.Upper - right.Upper };
}

/// <summary>
/// The parametric ratio of joint to marginal, ln p(x,t) / (p(x) p(t)) = R(x,t) = Δ₀(x) + t Δ₁(x) + t² Δ₂(x), by the loss
/// Σ w [softplus(−R(x,t)) + softplus(R(x,t′))], where t is the parameter of the event and t′ that of another event drawn afresh for
/// each tree. Both terms of an event share its features, hence one row and one pass. The step of a leaf is Newton's with a ridge.
/// </summary>
internal sealed class ParametricObjective : ITreeObjective<ParametricSum, ParametricMoments>
{
    private readonly float[] _parameter;
    private readonly float[] _weights;
    private readonly int[] _ordinal;
    private readonly (float Parameter, float Weight)[] _lent;
    private readonly double _l2;
    private readonly double _minHessian;
    private readonly Seed _seed;
    private int _shift;

    /// <summary>An objective over the events that take part; others have weight 0 and never lend their parameter.</summary>
    public ParametricObjective(float[] parameter, float[] weights, TreeOptions options, Seed seed)
    {
        _parameter = parameter;
        _weights = weights;
        _l2 = options.L2;
        _minHessian = options.MinLeafHessian;
        _seed = seed;
        _ordinal = new int[weights.Length];
        var participants = new List<int>(weights.Length);
        for (int row = 0; row < weights.Length; row++)
        {
            _ordinal[row] = participants.Count;
            if (weights[row] != 0)
            {
                participants.Add(row);
            }
        }

        // In random order, so that a pass over the events reads its partners one after another.
        int[] order = seed.Child("order").Permutation(participants.Count);
        _lent = [.. order.Select(place => (parameter[participants[place]], weights[participants[place]]))];
    }

    public int OutputCount => 3;

    // The n-th event and the (n + shift)-th of a random order are a random pair, and each event lends its parameter exactly once.
    public void BeginTree(int tree) => _shift = _lent.Length > 0 ? _seed.Child("shift").Below(_lent.Length, tree) : 0;

    public void Fill(int start, ReadOnlySpan<float> outputs, Span<ParametricMoments> statistics)
    {
        for (int i = 0; i < statistics.Length; i++)
        {
            int row = start + i;
            float weight = _weights[row];
            statistics[i] = weight == 0 ? default : Moments(row, weight, outputs.Slice(3 * i, 3));
        }
    }

    public bool TryReduction(in ParametricSum sum, out double reduction)
    {
        Span<double> step = stackalloc double[3];
        if (!TrySolve(sum, step))
        {
            reduction = 0;
            return false;
        }

        reduction = 0.5 * ((step[0] * sum.Lower[0]) + (step[1] * sum.Lower[1]) + (step[2] * sum.Lower[2]));
        return reduction >= 0;
    }

    public void LeafValues(in ParametricSum sum, Span<float> values)
    {
        Span<double> step = stackalloc double[3];
        bool solved = TrySolve(sum, step);
        for (int k = 0; k < 3; k++)
        {
            values[k] = solved ? (float)-step[k] : 0;
        }
    }

    private ParametricMoments Moments(int row, float weight, ReadOnlySpan<float> delta)
    {
        int place = _ordinal[row] + _shift;
        (float marginal, float partnerWeight) = _lent[place >= _lent.Length ? place - _lent.Length : place];

        // The marginal term of an event carries the weight of both events that it is made of; weights have mean 1.
        return new ParametricMoments(
            Term(_parameter[row], weight, delta, isJoint: true) + Term(marginal, weight * partnerWeight, delta, isJoint: false));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Term(float t, float weight, ReadOnlySpan<float> delta, bool isJoint)
    {
        float t2 = t * t;
        float logRatio = delta[0] + (t * delta[1]) + (t2 * delta[2]);
        float probability = 1 / (1 + MathF.Exp(-logRatio));
        float gradient = weight * (isJoint ? probability - 1 : probability);
        float hessian = weight * probability * (1 - probability);
        return Vector256.Create(
            gradient, gradient * t, gradient * t2, hessian, hessian * t, hessian * t2, hessian * t2 * t, hessian * t2 * t2);
    }

    /// <summary>Solves (H + λ) step = g by Cholesky; false where H is not positive enough.</summary>
    private bool TrySolve(in ParametricSum sum, Span<double> step)
    {
        double h0 = sum.Lower[3];
        double h1 = sum.Upper[0], h2 = sum.Upper[1], h3 = sum.Upper[2], h4 = sum.Upper[3];
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

        double y0 = sum.Lower[0];
        double y1 = sum.Lower[1] - (l10 * y0);
        double y2 = sum.Lower[2] - (l20 * y0) - (l21 * y1);
        step[2] = y2 / d2;
        step[1] = (y1 / d1) - (l21 * step[2]);
        step[0] = (y0 / l00) - (l10 * step[1]) - (l20 * step[2]);
        return true;
    }
}
