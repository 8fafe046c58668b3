using Gbi.Numerics.Probability;
using MathNet.Numerics.Distributions;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Simulators.Priors.Distributions;

/// <summary>Shares that add up to 1, the last of them implied: p ∝ Π shareᵢ^(αᵢ−1).</summary>
/// <remarks>
/// Draws are rounded down, so that their sum stays at most 1. An implied share that rounding makes 0 counts as half a step of single
/// precision.
/// </remarks>
internal sealed class DirichletPrior : Prior
{
    private const double LeastShare = 1.2e-38;
    private const double LargestShare = 1 - (1.0 / (1 << 24));
    private const double LeastImpliedShare = 1.0 / (1 << 25);

    private readonly double[] _concentrations;
    private readonly double _logNorm;

    public DirichletPrior(IReadOnlyList<string> names, IReadOnlyList<double> concentrations)
        : base(names)
    {
        ArgumentNullException.ThrowIfNull(concentrations);
        if (concentrations.Count != names.Count + 1)
        {
            throw new ArgumentException(
                $"There are {concentrations.Count} concentrations for {names.Count} shares, expected {names.Count + 1}: one a share and "
                    + "one for the last share, 1 minus the others, which is no parameter.");
        }

        _concentrations = [.. concentrations];
        int small = Array.FindIndex(_concentrations, one => !(one >= BetaPrior.LeastExponent) || !double.IsFinite(one));
        if (small >= 0)
        {
            throw new ArgumentException(Text(
                $"Concentration {small} of {string.Join(", ", names)} is {_concentrations[small]}, expected {BetaPrior.LeastExponent} or ")
                + "more: below, single precision cannot hold the shares next to 0 and 1.");
        }

        _logNorm = _concentrations.Sum(LogMath.Gamma) - LogMath.Gamma(_concentrations.Sum());
    }

    public IReadOnlyList<double> Concentrations => _concentrations;

    public override (double Low, double High) Range(int parameter, ReadOnlySpan<double> point)
    {
        double left = 1;
        for (int k = 0; k < point.Length; k++)
        {
            left -= k == parameter || double.IsNaN(point[k]) ? 0 : point[k];
        }

        return (0, left);
    }

    public override void Draw(Random random, Span<double> point)
    {
        double sum = Gamma.Sample(random, _concentrations[^1], 1);
        for (int k = 0; k < point.Length; k++)
        {
            point[k] = Gamma.Sample(random, _concentrations[k], 1);
            sum += point[k];
        }

        for (int k = 0; k < point.Length; k++)
        {
            point[k] = SinglePrecision.AtMost(Math.Clamp(point[k] / sum, LeastShare, LargestShare));
        }
    }

    public override double LogDensity(ReadOnlySpan<double> point)
    {
        double left = 1;
        double sum = -_logNorm;
        for (int k = 0; k < point.Length; k++)
        {
            if (!(point[k] >= 0))
            {
                return double.NegativeInfinity;
            }

            left -= point[k];
            sum += (_concentrations[k] - 1) * Math.Log(Math.Max(point[k], LeastShare));
        }

        return left >= 0 ? sum + ((_concentrations[^1] - 1) * Math.Log(Math.Max(left, LeastImpliedShare))) : double.NegativeInfinity;
    }

    /// <summary>
    /// Stick breaking: uₖ = ln(vₖ/(1 − vₖ)) + ln(d − k), vₖ the share of what the shares before left; 0 where all are equal.
    /// </summary>
    public override void ToUnbounded(ReadOnlySpan<double> point, Span<double> unbounded)
    {
        double left = 1;
        for (int k = 0; k < point.Length; k++)
        {
            unbounded[k] = Math.Log(point[k] / (left - point[k])) + Math.Log(point.Length - k);
            left -= point[k];
        }
    }

    public override double FromUnbounded(ReadOnlySpan<double> unbounded, Span<double> point)
    {
        double left = 1;
        double logJacobian = 0;
        for (int k = 0; k < unbounded.Length; k++)
        {
            double u = unbounded[k] - Math.Log(unbounded.Length - k);
            logJacobian += Math.Log(left) - LogMath.Softplus(u) - LogMath.Softplus(-u);
            point[k] = left / (1 + Math.Exp(-u));
            left /= 1 + Math.Exp(u);
        }

        return logJacobian;
    }
}
