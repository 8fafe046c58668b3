using Gbi.Numerics;
using Gbi.Numerics.Minima;

namespace Gbi.Generators.Spectra;

/// <summary>The extended negative log likelihood of a spectrum family on a sideband sample, with its derivatives.</summary>
internal sealed class MassSpectrumLikelihood : ISmoothFunction
{
    private readonly MassSpectrumFamily _family;
    private readonly SidebandSample _sample;
    private readonly int _size;
    private readonly double[] _eventBasis = [];
    private readonly double[] _nodeBasis;
    private readonly double[] _nodeWeights;
    private readonly double[] _basisSums;
    private readonly double[] _basisIntegrals;
    private readonly double[] _squaredSums;

    public MassSpectrumLikelihood(MassSpectrumFamily family, SidebandSample sample)
    {
        _family = family;
        _sample = sample;
        _size = family.Size;
        Quadrature rule = sample.Rule();
        _nodeWeights = rule.Weights;
        _nodeBasis = BasisAt(rule.Nodes);
        _basisSums = new double[_size];
        _basisIntegrals = new double[_size];
        _squaredSums = new double[_size * _size];
        if (family.IsLogLinear)
        {
            SumEvents();
        }
        else
        {
            _eventBasis = BasisAt(sample.Masses);
        }

        for (int i = 0; i < _nodeBasis.Length; i++)
        {
            _basisIntegrals[i % _size] += _nodeWeights[i / _size] * _nodeBasis[i];
        }
    }

    /// <summary>A flat spectrum with the sample's number of events: inside the domain of both families.</summary>
    public double[] Start()
    {
        double[] start = new double[_size];
        double level = _sample.SumOfWeights / _nodeWeights.Sum();
        start[0] = _family.IsLogLinear ? Math.Log(level) : level;
        return start;
    }

    /// <inheritdoc/>
    public int ParameterCount => _size;

    /// <inheritdoc/>
    public double Evaluate(ReadOnlySpan<double> parameters, Span<double> gradient, Span<double> hessian)
    {
        gradient.Clear();
        hessian.Clear();
        return _family.IsLogLinear ? EvaluateLogLinear(parameters, gradient, hessian) : EvaluateLinear(parameters, gradient, hessian);
    }

    /// <summary>Covariance of the parameters at the minimum; null where the Hessian is not positive definite there.</summary>
    public double[]? Covariance(ReadOnlySpan<double> minimum)
    {
        double[]? inverse = LinearSystem.InverseOfHessian(this, minimum);
        if (inverse is null || _sample.Weights is null)
        {
            return inverse;
        }

        return Sandwich(inverse, _family.IsLogLinear ? _squaredSums : SquaredScores(minimum));
    }

    // Σ w φ and Σ w² φ φᵀ, which are all that a log-linear family needs of the events.
    private void SumEvents()
    {
        Span<double> basis = stackalloc double[8];
        basis = basis[.._size];
        for (int i = 0; i < _sample.Masses.Length; i++)
        {
            _family.Basis(_sample.Masses[i], basis);
            double weight = _sample.Weight(i);
            AddTo(_basisSums, basis, weight);
            if (_sample.Weights is not null)
            {
                AddOuter(_squaredSums, basis, weight * weight);
            }
        }
    }

    // Σ (w ∇ln f)(w ∇ln f)ᵀ.
    private double[] SquaredScores(ReadOnlySpan<double> minimum)
    {
        double[] sums = new double[_size * _size];
        for (int i = 0; i < _sample.Masses.Length; i++)
        {
            ReadOnlySpan<double> basis = _eventBasis.AsSpan(i * _size, _size);
            double factor = _sample.Weight(i) / Linear(minimum, basis);
            AddOuter(sums, basis, factor * factor);
        }

        return sums;
    }

    // −Σ cₖ Σᵢ wᵢ φₖ(mᵢ) + ∫ exp(Σ cₖ φₖ): the events enter through sums that never change.
    private double EvaluateLogLinear(ReadOnlySpan<double> c, Span<double> gradient, Span<double> hessian)
    {
        double value = 0;
        for (int k = 0; k < _size; k++)
        {
            value -= c[k] * _basisSums[k];
            gradient[k] = -_basisSums[k];
        }

        for (int node = 0; node < _nodeWeights.Length; node++)
        {
            ReadOnlySpan<double> basis = _nodeBasis.AsSpan(node * _size, _size);
            double density = _nodeWeights[node] * Math.Exp(Linear(c, basis));
            value += density;
            AddTo(gradient, basis, density);
            AddOuter(hessian, basis, density);
        }

        return double.IsFinite(value) ? value : double.PositiveInfinity;
    }

    // −Σᵢ wᵢ ln(Σ cₖ φₖ(mᵢ)) + Σ cₖ ∫ φₖ.
    private double EvaluateLinear(ReadOnlySpan<double> c, Span<double> gradient, Span<double> hessian)
    {
        double value = 0;
        for (int k = 0; k < _size; k++)
        {
            value += c[k] * _basisIntegrals[k];
            gradient[k] = _basisIntegrals[k];
        }

        for (int i = 0; i < _sample.Masses.Length; i++)
        {
            ReadOnlySpan<double> basis = _eventBasis.AsSpan(i * _size, _size);
            double density = Linear(c, basis);
            if (!(density > 0))
            {
                return double.PositiveInfinity;
            }

            double weight = _sample.Weight(i);
            value -= weight * Math.Log(density);
            AddTo(gradient, basis, -weight / density);
            AddOuter(hessian, basis, weight / (density * density));
        }

        return value;
    }

    private double[] BasisAt(double[] masses)
    {
        double[] basis = new double[masses.Length * _size];
        for (int i = 0; i < masses.Length; i++)
        {
            _family.Basis(masses[i], basis.AsSpan(i * _size, _size));
        }

        return basis;
    }

    private static double Linear(ReadOnlySpan<double> c, ReadOnlySpan<double> basis)
    {
        double sum = 0;
        for (int k = 0; k < c.Length; k++)
        {
            sum += c[k] * basis[k];
        }

        return sum;
    }

    private static void AddTo(Span<double> target, ReadOnlySpan<double> basis, double factor)
    {
        for (int k = 0; k < basis.Length; k++)
        {
            target[k] += factor * basis[k];
        }
    }

    private static void AddOuter(Span<double> target, ReadOnlySpan<double> basis, double factor)
    {
        for (int k = 0; k < basis.Length; k++)
        {
            AddTo(target.Slice(k * basis.Length, basis.Length), basis, factor * basis[k]);
        }
    }

    private double[] Sandwich(double[] outer, double[] inner)
    {
        double[] result = new double[outer.Length];
        for (int i = 0; i < _size; i++)
        {
            for (int j = 0; j < _size; j++)
            {
                for (int k = 0; k < _size; k++)
                {
                    for (int l = 0; l < _size; l++)
                    {
                        result[(i * _size) + j] += outer[(i * _size) + k] * inner[(k * _size) + l] * outer[(l * _size) + j];
                    }
                }
            }
        }

        return result;
    }
}
