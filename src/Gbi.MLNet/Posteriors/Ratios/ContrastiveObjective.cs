using Gbi.Numerics;
using Gbi.Trees;
using Gbi.Trees.Binning;
using Gbi.Trees.Objectives;

namespace Gbi.Posteriors.Ratios;

/// <summary>
/// Losses that couple a simulation with its contrast draws. Rows come in groups of 1 + K of one observation, the simulation first; h₀ … h_K
/// are their outputs. With Z = K + γ Σ_{k≥1} e^hₖ and Z' = K + γ Σ_{k&lt;K} e^hₖ, the loss of NRE-C is
/// [ln Z − ln K]/(1+γ) − γ [ln γ + h₀ − ln Z']/(1+γ); that of NRE-B is ln Σ_{k≥0} e^hₖ − h₀.
/// </summary>
/// <remarks>
/// Derivatives: with q_k = γ e^hₖ/Z, s_k = γ e^hₖ/Z' (0 where a term has no k), ∂L/∂hₖ = [q_k + γ (s_k − δ_k0)]/(1+γ); for B, s_k = e^hₖ/Σ,
/// ∂L/∂hₖ = s_k − δ_k0. The second derivatives of a group are H = D − v vᵀ with D = diag(v) for each term, v = q or s. A tree takes their
/// diagonal, v (1 − v): by Gershgorin's circles H ≤ 2 diag(H), so that no step of a learning rate up to 1 leaves the side of the minimum
/// that it is on by more than it was off, and rows of one group in one leaf have Σv (1 − Σv) ≤ Σ v (1 − v). A constant of an observation
/// has no gradient in B, as Σₖ ∂L/∂hₖ = 0.
/// The loss of a group is multiplied by 1 + K, so that K = 1 and γ = 1 is the logistic loss of both rows.
/// </remarks>
internal sealed class ContrastiveObjective : ITreeObjective
{
    private readonly float[] _weights;
    private readonly int _contrasts;
    private readonly double _gamma;
    private readonly StatisticVectors _sums;
    private readonly TreeOptions _options;

    /// <summary>An objective over all groups of the data.</summary>
    /// <param name="data">Rows in groups.</param>
    /// <param name="weights">One a group.</param>
    /// <param name="contrasts">K.</param>
    /// <param name="gamma">γ; +∞ for NRE-B.</param>
    /// <param name="options">Ridge and least second derivative.</param>
    public ContrastiveObjective(BinnedEvents data, float[] weights, int contrasts, double gamma, TreeOptions options)
    {
        _weights = weights;
        _contrasts = contrasts;
        _gamma = gamma;
        _options = options;
        _sums = new StatisticVectors(data, 2);
    }

    public int OutputCount => 1;

    public IEventSums Sums => _sums;

    private int GroupSize => _contrasts + 1;

    public void Update(int tree, float[] outputs)
    {
        EventBlocks.ForEach(_weights.Length, (start, length) =>
        {
            Span<double> gradient = stackalloc double[GroupSize];
            Span<double> hessian = stackalloc double[GroupSize];
            for (int group = start; group < start + length; group++)
            {
                Derivatives(outputs.AsSpan(group * GroupSize, GroupSize), gradient, hessian);
                Span<float> statistics = _sums.Values(group * GroupSize, GroupSize);
                for (int k = 0; k < GroupSize; k++)
                {
                    statistics[k * _sums.Count] = _weights[group] * GroupSize * (float)gradient[k];
                    statistics[(k * _sums.Count) + 1] = _weights[group] * GroupSize * (float)hessian[k];
                }
            }
        });
        _sums.Round();
    }

    public void Reductions(ReadOnlySpan<long> sums, Span<double> reductions)
    {
        for (int i = 0; i < reductions.Length; i++)
        {
            double gradient = sums[i * _sums.Count] * _sums.Units[0];
            double hessian = sums[(i * _sums.Count) + 1] * _sums.Units[1];
            reductions[i] = hessian >= _options.MinLeafHessian
                ? 0.5 * gradient * gradient / (hessian + _options.L2)
                : double.NegativeInfinity;
        }
    }

    public void LeafValues(ReadOnlySpan<long> sums, Span<float> values)
    {
        double hessian = sums[1] * _sums.Units[1];
        values[0] = hessian >= _options.MinLeafHessian ? (float)(-sums[0] * _sums.Units[0] / (hessian + _options.L2)) : 0;
    }

    public double Loss(float[] outputs)
    {
        double weight = EventBlocks.Sum(_weights.Length, (start, length) =>
            System.Numerics.Tensors.TensorPrimitives.Sum<float>(_weights.AsSpan(start, length)));
        return EventBlocks.Sum(_weights.Length, (start, length) =>
        {
            double sum = 0;
            Span<double> gradient = stackalloc double[GroupSize];
            Span<double> hessian = stackalloc double[GroupSize];
            for (int group = start; group < start + length; group++)
            {
                sum += _weights[group] * Derivatives(outputs.AsSpan(group * GroupSize, GroupSize), gradient, hessian);
            }

            return sum;
        }) / weight;
    }

    /// <summary>The loss of a group, its gradient and the diagonal of its second derivatives.</summary>
    internal double Derivatives(ReadOnlySpan<float> outputs, Span<double> gradient, Span<double> hessian)
    {
        gradient.Clear();
        hessian.Clear();
        if (double.IsPositiveInfinity(_gamma))
        {
            double softmax = Term(outputs, 0, GroupSize, double.NegativeInfinity, 1, gradient, hessian);
            gradient[0] -= 1;
            return softmax - outputs[0];
        }

        // ln Z − ln γ, and the same of Z'.
        double logConstant = Math.Log(_contrasts / _gamma);
        double share = _gamma / (1 + _gamma);
        double marginal = Term(outputs, 1, GroupSize, logConstant, 1 - share, gradient, hessian);
        double joint = Term(outputs, 0, _contrasts, logConstant, share, gradient, hessian);
        gradient[0] -= share;
        return ((1 - share) * (marginal - logConstant)) + (share * (joint - outputs[0]));
    }

    /// <summary>ln(e^c + Σ e^h) over some outputs; adds its derivatives times a share.</summary>
    private static double Term(
        ReadOnlySpan<float> outputs, int from, int to, double constant, double share, Span<double> gradient, Span<double> hessian)
    {
        double largest = constant;
        for (int k = from; k < to; k++)
        {
            largest = Math.Max(largest, outputs[k]);
        }

        double sum = Math.Exp(constant - largest);
        for (int k = from; k < to; k++)
        {
            sum += Math.Exp(outputs[k] - largest);
        }

        for (int k = from; k < to; k++)
        {
            double probability = Math.Exp(outputs[k] - largest) / sum;
            gradient[k] += share * probability;
            hessian[k] += share * probability * (1 - probability);
        }

        return largest + Math.Log(sum);
    }
}
