using Gbi.Likelihoods.Constraints;
using Gbi.Likelihoods.Factors;

namespace Gbi.Likelihoods.Unbinned;

/// <summary>A process's yield at one point, with its derivatives by all parameters of the model.</summary>
internal sealed class YieldPoint(int parameters)
{
    private readonly double[] _gradient = new double[parameters];
    private readonly double[] _hessian = new double[parameters * parameters];

    public double Value { get; private set; }

    public ReadOnlySpan<double> Gradient => _gradient;

    public double Hessian(int a, int b) => _hessian[(a * parameters) + b];

    /// <summary>Multiplies the factors by the product rule, one after another, so that a factor of 0 is no special case.</summary>
    public void Set(double nominal, ReadOnlySpan<(int Parameter, YieldFactor Factor)> factors, ReadOnlySpan<double> point)
    {
        Array.Clear(_gradient);
        Array.Clear(_hessian);
        Value = nominal;
        foreach ((int a, YieldFactor factor) in factors)
        {
            ValueWithDerivatives f = factor.At(point[a]);
            for (int i = 0; i < _hessian.Length; i++)
            {
                _hessian[i] *= f.Value;
            }

            for (int b = 0; b < parameters; b++)
            {
                _hessian[(a * parameters) + b] += f.First * _gradient[b];
                _hessian[(b * parameters) + a] += f.First * _gradient[b];
            }

            _hessian[(a * parameters) + a] += f.Second * Value;
            for (int b = 0; b < parameters; b++)
            {
                _gradient[b] *= f.Value;
            }

            _gradient[a] += f.First * Value;
            Value *= f.Value;
        }
    }

    /// <summary>ν W/N, N = Σ w r h over the reference sample and W = Σ w.</summary>
    public void SetNormalised(YieldPoint yield, double weightSum, ShapeMoments norm, ReadOnlySpan<int> locals, PassOrder order)
    {
        double scale = weightSum / norm.Value;
        Value = yield.Value * scale;
        if (order == PassOrder.Value)
        {
            return;
        }

        for (int a = 0; a < parameters; a++)
        {
            _gradient[a] = yield._gradient[a] * scale;
        }

        for (int i = 0; i < _hessian.Length && order == PassOrder.Hessian; i++)
        {
            _hessian[i] = yield._hessian[i] * scale;
        }

        for (int local = 0; local < locals.Length; local++)
        {
            double slope = -norm.First(local) / norm.Value;
            _gradient[locals[local]] += Value * slope;
            if (order == PassOrder.Hessian)
            {
                AddNormalisedRow(yield, scale, norm, locals, local, slope);
            }
        }
    }

    /// <summary>With g = W/N: ∇ν ∇gᵀ + ∇g ∇νᵀ + ν ∇∇g, the part of one local parameter; ∇∇g = g (2 ∇N ∇Nᵀ/N² − ∇∇N/N).</summary>
    private void AddNormalisedRow(YieldPoint yield, double scale, ShapeMoments norm, ReadOnlySpan<int> locals, int local, double slope)
    {
        int a = locals[local];
        for (int b = 0; b < parameters; b++)
        {
            double mixed = yield._gradient[b] * scale * slope;
            _hessian[(a * parameters) + b] += mixed;
            _hessian[(b * parameters) + a] += mixed;
        }

        for (int other = 0; other < locals.Length; other++)
        {
            double curvature = (-2 * slope * norm.First(other) / norm.Value) - (norm.Second(local, other) / norm.Value);
            _hessian[(a * parameters) + locals[other]] += Value * curvature;
        }
    }
}
