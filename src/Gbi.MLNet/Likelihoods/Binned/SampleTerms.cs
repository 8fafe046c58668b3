using System.Numerics.Tensors;
using Gbi.Likelihoods.Model;

namespace Gbi.Likelihoods.Binned;

/// <summary>
/// One sample's yields ν_b = F A_b G_b and their derivatives: A additive (nominal and shape variations), F the product of factors of the
/// whole sample, G of the factors of single bins. Holds the values of the last point.
/// </summary>
internal sealed class SampleTerms
{
    private readonly double[] _nominal;
    private readonly ShapeTerm[] _shapes;
    private readonly FactorTerm[] _factors;
    private readonly int[] _slots;
    private readonly int[][] _slotParameters;
    private readonly double[] _additive;
    private readonly double[] _binFactor;
    private readonly double[] _scratch;
    private double _factor;

    /// <param name="sample">The sample.</param>
    /// <param name="parameters">The parameters of the model.</param>
    /// <param name="rowOf">Row of a parameter of the whole sample among the channel's.</param>
    /// <param name="slotOf">Slot of a set of bin factors among the channel's.</param>
    public SampleTerms(BinnedSample sample, ParameterNumbers parameters, Func<int, int> rowOf, Func<int[], int> slotOf)
    {
        _nominal = [.. sample.Nominal];
        _shapes = [.. sample.Shifts.Select(shift => Row(shift.Parameter, (number, row) => new ShapeTerm(shift, number, _nominal, row)))];
        _factors = [.. sample.YieldFactors.Select(factor => Row(factor.Parameter, (number, row) => new FactorTerm(factor, number, row)))];
        _slotParameters = [.. sample.BinFactors.Select(factors =>
            factors.Parameters.Select(name => name is null ? -1 : parameters.Of(name)).ToArray())];
        _slots = [.. _slotParameters.Select(slotOf)];
        (_additive, _binFactor, _scratch) = (new double[_nominal.Length], new double[_nominal.Length], new double[_nominal.Length]);

        T Row<T>(string name, Func<int, int, T> of)
        {
            int number = parameters.Of(name);
            return of(number, rowOf(number));
        }
    }

    /// <summary>Adds the yields at a point to <paramref name="expected"/>.</summary>
    public void AddYields(ReadOnlySpan<double> parameters, Span<double> expected)
    {
        _nominal.AsSpan().CopyTo(_additive);
        foreach (ShapeTerm shape in _shapes)
        {
            shape.MoveTo(parameters);
            TensorPrimitives.MultiplyAdd(shape.Half, shape.Alpha, _additive, _additive);
            TensorPrimitives.MultiplyAdd(shape.Bend, shape.Curve.Value, _additive, _additive);
        }

        _factor = 1;
        foreach (FactorTerm factor in _factors)
        {
            factor.MoveTo(parameters);
            _factor *= factor.Curve.Value;
        }

        if (_slots.Length == 0)
        {
            TensorPrimitives.MultiplyAdd(_additive, _factor, expected, expected);
            return;
        }

        for (int bin = 0; bin < _binFactor.Length; bin++)
        {
            _binFactor[bin] = BinFactorWithout(parameters, bin, -1, -1);
            expected[bin] += _factor * _additive[bin] * _binFactor[bin];
        }
    }

    /// <summary>Adds ∂ν_b/∂θ at the point of <see cref="AddYields"/> to the channel's rows and slots.</summary>
    public void AddSlopes(ReadOnlySpan<double> parameters, double[][] rows, double[][] slots)
    {
        foreach (ShapeTerm shape in _shapes)
        {
            TensorPrimitives.MultiplyAdd(shape.Bend, shape.Curve.First, shape.Half, shape.SlopeOfBins);
            TensorPrimitives.MultiplyAdd(WithBinFactors(shape.SlopeOfBins), _factor, rows[shape.Row], rows[shape.Row]);
        }

        for (int i = 0; i < _factors.Length; i++)
        {
            double[] row = rows[_factors[i].Row];
            TensorPrimitives.MultiplyAdd(WithBinFactors(_additive), SlopeOfFactor(i), row, row);
        }

        for (int k = 0; k < _slots.Length; k++)
        {
            double[] slot = slots[_slots[k]];
            for (int bin = 0; bin < slot.Length; bin++)
            {
                slot[bin] += _slotParameters[k][bin] < 0 ? 0 : _factor * _additive[bin] * BinFactorWithout(parameters, bin, k, -1);
            }
        }
    }

    /// <summary>Adds Σ_b w_b ∂²ν_b/∂θ∂θ′ at the point of <see cref="AddSlopes"/> to the Hessian.</summary>
    public void AddCurvature(
        ReadOnlySpan<double> parameters, ReadOnlySpan<double> binWeights, ReadOnlySpan<int> rowParameters, SymmetricSum hessian)
    {
        ReadOnlySpan<double> weights = WithBinFactors(binWeights);
        double sumOfAdditive = TensorPrimitives.Dot(weights, _additive);
        foreach (ShapeTerm shape in _shapes)
        {
            int p = rowParameters[shape.Row];
            double slope = TensorPrimitives.Dot(weights, shape.SlopeOfBins);
            hessian.AddDiagonal(p, _factor * shape.Curve.Second * TensorPrimitives.Dot(weights, shape.Bend));
            for (int i = 0; i < _factors.Length; i++)
            {
                hessian.Add(p, rowParameters[_factors[i].Row], SlopeOfFactor(i) * slope);
            }
        }

        for (int i = 0; i < _factors.Length; i++)
        {
            int p = rowParameters[_factors[i].Row];
            hessian.AddDiagonal(p, _factors[i].Curve.Second * FactorWithout(i, -1) * sumOfAdditive);
            for (int j = 0; j < i; j++)
            {
                double slope = _factors[i].Curve.First * _factors[j].Curve.First * FactorWithout(i, j);
                hessian.Add(p, rowParameters[_factors[j].Row], slope * sumOfAdditive);
            }
        }

        for (int k = 0; k < _slots.Length; k++)
        {
            AddCurvatureOfSlot(k, parameters, binWeights, rowParameters, hessian);
        }
    }

    private void AddCurvatureOfSlot(
        int k, ReadOnlySpan<double> parameters, ReadOnlySpan<double> binWeights, ReadOnlySpan<int> rowParameters, SymmetricSum hessian)
    {
        for (int bin = 0; bin < _nominal.Length; bin++)
        {
            int p = _slotParameters[k][bin];
            if (p < 0)
            {
                continue;
            }

            double weight = binWeights[bin] * BinFactorWithout(parameters, bin, k, -1);
            foreach (ShapeTerm shape in _shapes)
            {
                hessian.Add(p, rowParameters[shape.Row], _factor * weight * shape.SlopeOfBins[bin]);
            }

            for (int i = 0; i < _factors.Length; i++)
            {
                hessian.Add(p, rowParameters[_factors[i].Row], SlopeOfFactor(i) * weight * _additive[bin]);
            }

            for (int l = 0; l < k; l++)
            {
                if (_slotParameters[l][bin] is var q && q >= 0)
                {
                    hessian.Add(p, q, _factor * _additive[bin] * binWeights[bin] * BinFactorWithout(parameters, bin, k, l));
                }
            }
        }
    }

    private ReadOnlySpan<double> WithBinFactors(ReadOnlySpan<double> bins)
    {
        if (_slots.Length == 0)
        {
            return bins;
        }

        TensorPrimitives.Multiply(bins, _binFactor, _scratch);
        return _scratch;
    }

    private double SlopeOfFactor(int i) => _factors[i].Curve.First * FactorWithout(i, -1);

    /// <summary>The product of all factors but two; a division would fail at a strength of 0.</summary>
    private double FactorWithout(int i, int j)
    {
        double without = _factors[i].Curve.Value * (j < 0 ? 1 : _factors[j].Curve.Value);
        if (without != 0)
        {
            return _factor / without;
        }

        double product = 1;
        for (int k = 0; k < _factors.Length; k++)
        {
            product *= k == i || k == j ? 1 : _factors[k].Curve.Value;
        }

        return product;
    }

    private double BinFactorWithout(ReadOnlySpan<double> parameters, int bin, int k, int l)
    {
        double product = 1;
        for (int m = 0; m < _slotParameters.Length; m++)
        {
            int p = _slotParameters[m][bin];
            product *= m == k || m == l || p < 0 ? 1 : parameters[p];
        }

        return product;
    }
}
