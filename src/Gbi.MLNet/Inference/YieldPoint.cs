using Gbi.Systematics;

namespace Gbi.Inference;

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
}
