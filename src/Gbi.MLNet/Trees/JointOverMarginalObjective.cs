using System.Runtime.Intrinsics;
using Gbi.Numerics;

namespace Gbi.Trees;

/// <summary>
/// The parametric ratio of joint to marginal, ln p(x,t) / (p(x) p(t)) = R(x,t) = Δ₀(x) + t Δ₁(x) + t² Δ₂(x), by the loss
/// Σ w [softplus(−R(x,t)) + softplus(R(x,t′))], where t is the parameter of the event and t′ that of another event drawn afresh for
/// each tree. Both terms of an event share its features, hence one row and one pass.
/// </summary>
internal sealed class JointOverMarginalObjective : QuadraticRatioObjective
{
    private readonly float[] _parameter;
    private readonly float[] _weights;
    private readonly (float Parameter, float Weight)[] _lent;
    private readonly Seed _seed;

    /// <summary>An objective over all events of the data; weights have mean 1.</summary>
    public JointOverMarginalObjective(BinnedEvents data, float[] parameter, float[] weights, TreeOptions options, Seed seed)
        : base(data, 2, options)
    {
        _parameter = parameter;
        _weights = weights;
        _seed = seed;

        // In random order, so that a pass over the events reads its partners one after another.
        _lent = Array.ConvertAll(seed.Child("order").Permutation(weights.Length), row => (parameter[row], weights[row]));
    }

    public override void Update(int tree, float[] outputs)
    {
        // The n-th event and the (n + shift)-th of a random order are a random pair, and each event lends its parameter exactly once.
        int shift = _seed.Child("shift").Below(_lent.Length, tree);
        EventBlocks.ForEach(_weights.Length, (start, length) =>
        {
            Span<float> moments = Moments.Values(start, length);
            for (int i = 0; i < length; i++)
            {
                int row = start + i;
                int place = row + shift;
                (float marginal, float partnerWeight) = _lent[place >= _lent.Length ? place - _lent.Length : place];
                ReadOnlySpan<float> delta = outputs.AsSpan(CoefficientCount * row, CoefficientCount);

                // The marginal term of an event carries the weight of both events that it is made of.
                (Term(_parameter[row], _weights[row], delta, isNumerator: true)
                    + Term(marginal, _weights[row] * partnerWeight, delta, isNumerator: false)).CopyTo(moments[(MomentCount * i)..]);
            }
        });
        Moments.Round();
    }
}
