using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Gbi.Numerics;
using Gbi.Trees;
using Gbi.Trees.Binning;
using Gbi.Trees.Objectives;

namespace Gbi.Ratios.Parametric;

/// <summary>
/// The parametric ratio of joint to marginal, ln p(x,t) / (p(x) p(t)) = R(x,t) = Δ₀(x) + t Δ₁(x) + t² Δ₂(x), by the loss
/// Σ w [softplus(−R(x,t)) + softplus(R(x,t′))], where t is the parameter of the event and t′ that of another event drawn afresh for
/// each tree. Both terms of an event share its features, hence one row and one pass. The step of a leaf is Newton's with a ridge.
/// </summary>
/// <remarks>An event's numbers are its gradient times t⁰, t¹, t² and its second derivative times t⁰ … t⁴.</remarks>
internal sealed class JointOverMarginalObjective : ITreeObjective
{
    private const int MomentCount = 8;

    /// <summary>Partners of an event in the loss: with more of them it falls more evenly.</summary>
    private const int LossPartners = 2;

    private readonly float[] _parameter;
    private readonly float[] _weights;
    private readonly (float Parameter, float Weight)[] _lent;
    private readonly StatisticVectors _moments;
    private readonly double _l2;
    private readonly double _minHessian;
    private readonly Seed _seed;

    /// <summary>An objective over all events of the data; weights have mean 1.</summary>
    public JointOverMarginalObjective(BinnedEvents data, float[] parameter, float[] weights, TreeOptions options, Seed seed)
    {
        _parameter = parameter;
        _weights = weights;
        _moments = new StatisticVectors(data, MomentCount);
        _l2 = options.L2;
        _minHessian = options.MinLeafHessian;
        _seed = seed;

        // In random order, so that a pass over the events reads its partners one after another.
        _lent = Array.ConvertAll(seed.Child("order").Permutation(weights.Length), row => (parameter[row], weights[row]));
    }

    public int OutputCount => 3;

    public IEventSums Sums => _moments;

    public void Update(int tree, float[] outputs)
    {
        // The n-th event and the (n + shift)-th of a random order are a random pair, and each event lends its parameter exactly once.
        int shift = _seed.Child("shift").Below(_lent.Length, tree);
        EventBlocks.ForEach(_weights.Length, (start, length) =>
        {
            Span<float> moments = _moments.Values(start, length);
            for (int i = 0; i < length; i++)
            {
                int row = start + i;
                int index = row + shift;
                (float marginal, float partnerWeight) = _lent[index >= _lent.Length ? index - _lent.Length : index];
                ReadOnlySpan<float> delta = outputs.AsSpan(3 * row, 3);

                // The marginal term of an event carries the weight of both events that it is made of.
                (Term(_parameter[row], _weights[row], delta, isJoint: true)
                    + Term(marginal, _weights[row] * partnerWeight, delta, isJoint: false)).CopyTo(moments[(MomentCount * i)..]);
            }
        });
        _moments.Round();
    }

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

    /// <summary>The loss with a few fixed partners of each event, so that only the outputs change it.</summary>
    public double Loss(float[] outputs)
    {
        int[] shifts = [.. Enumerable.Range(0, LossPartners).Select(partner => _seed.Child("partners").Below(_lent.Length, partner))];
        double sum = EventBlocks.Sum(_weights.Length, (start, length) =>
        {
            double loss = 0;
            for (int row = start; row < start + length; row++)
            {
                ReadOnlySpan<float> delta = outputs.AsSpan(3 * row, 3);
                double marginal = 0;
                foreach (int shift in shifts)
                {
                    int index = row + shift;
                    (float parameter, float weight) = _lent[index >= _lent.Length ? index - _lent.Length : index];
                    marginal += weight * Softplus(LogRatio(delta, parameter));
                }

                loss += _weights[row] * (Softplus(-LogRatio(delta, _parameter[row])) + (marginal / LossPartners));
            }

            return loss;
        });
        return sum / _weights.Length;
    }

    private static float LogRatio(ReadOnlySpan<float> delta, float t) => delta[0] + (t * (delta[1] + (t * delta[2])));

    private static float Softplus(float value) => value > 0 ? value + MathF.Log(1 + MathF.Exp(-value)) : MathF.Log(1 + MathF.Exp(value));

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

    private void Measure(ReadOnlySpan<long> sums, Span<double> moments)
    {
        for (int k = 0; k < MomentCount; k++)
        {
            moments[k] = sums[k] * _moments.Units[k];
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
        step[2] = y2 / d2;
        step[1] = (y1 / d1) - (l21 * step[2]);
        step[0] = (y0 / l00) - (l10 * step[1]) - (l20 * step[2]);
        return true;
    }
}
