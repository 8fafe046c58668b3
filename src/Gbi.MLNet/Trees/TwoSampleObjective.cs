using System.Runtime.Intrinsics;
using Gbi.Numerics;

namespace Gbi.Trees;

/// <summary>
/// The ratio of two samples as a function of features and of a parameter that every event of both brings:
/// ln p₁(x,t)/p₀(x,t) = Δ₀(x) + t Δ₁(x) + t² Δ₂(x).
/// </summary>
internal sealed class TwoSampleObjective : QuadraticRatioObjective
{
    private readonly bool[] _isNumerator;
    private readonly float[] _parameter;
    private readonly float[] _weights;

    /// <summary>An objective over all events of the data; weights have mean 1, half of their sum in each sample.</summary>
    public TwoSampleObjective(BinnedEvents data, bool[] isNumerator, float[] parameter, float[] weights, int degree, TreeOptions options)
        : base(data, degree, options) => (_isNumerator, _parameter, _weights) = (isNumerator, parameter, weights);

    public override void Update(int tree, float[] outputs)
    {
        EventBlocks.ForEach(_weights.Length, (start, length) =>
        {
            Span<float> moments = Moments.Values(start, length);
            for (int i = 0; i < length; i++)
            {
                int row = start + i;
                Term(_parameter[row], _weights[row], outputs.AsSpan(CoefficientCount * row, CoefficientCount), _isNumerator[row])
                    .CopyTo(moments[(MomentCount * i)..]);
            }
        });
        Moments.Round();
    }
}
