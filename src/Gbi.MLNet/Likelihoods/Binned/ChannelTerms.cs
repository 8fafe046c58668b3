using System.Numerics.Tensors;
using Gbi.Likelihoods.Model;
using Gbi.Numerics.Probability;

namespace Gbi.Likelihoods.Binned;

/// <summary>
/// One channel's part of the likelihood, 2 Σ_b [λ_b − n_b − n_b ln(λ_b/n_b)], with derivatives, in buffers of its own. The terms of n alone
/// are left out: for a million counts these are some 10⁷, whose rounding would hide the last steps of a fit.
/// </summary>
internal sealed class ChannelTerms
{
    private readonly SampleTerms[] _samples;
    private readonly int[] _rowParameters;
    private readonly int[][] _slotParameters;
    private readonly double[][] _rows;
    private readonly double[][] _slots;
    private readonly double[] _expected;
    private readonly double[] _slopeWeights;
    private readonly double[] _curvatureWeights;
    private readonly double[] _scaled;

    public ChannelTerms(BinnedChannel channel, ParameterNumbers parameters)
    {
        var rows = new List<int>();
        var slots = new List<int[]>();
        _samples = [.. channel.Samples.Select(sample => new SampleTerms(sample, parameters, RowOf, SlotOf))];
        _rowParameters = [.. rows];
        _slotParameters = [.. slots];
        int bins = channel.BinCount;
        _rows = [.. rows.Select(_ => new double[bins])];
        _slots = [.. slots.Select(_ => new double[bins])];
        (_expected, _slopeWeights, _curvatureWeights, _scaled) = (new double[bins], new double[bins], new double[bins], new double[bins]);

        int RowOf(int parameter)
        {
            if (!rows.Contains(parameter))
            {
                rows.Add(parameter);
            }

            return rows.IndexOf(parameter);
        }

        // Samples that share their bin factors, as those of a simulation's statistics do, share a slot.
        int SlotOf(int[] parameters)
        {
            int slot = slots.FindIndex(known => known.SequenceEqual(parameters));
            if (slot < 0)
            {
                slots.Add(parameters);
            }

            return slot < 0 ? slots.Count - 1 : slot;
        }
    }

    public int BinCount => _expected.Length;

    /// <summary>Parameters that change more than single bins.</summary>
    public IReadOnlyList<int> WholeParameters => _rowParameters;

    /// <summary>The parameters of single bins, one set after another; −1 for none.</summary>
    public IReadOnlyList<int[]> BinParameters => _slotParameters;

    /// <summary>λ_b at a point; valid until the next call.</summary>
    public ReadOnlySpan<double> Expected(ReadOnlySpan<double> parameters)
    {
        _expected.AsSpan().Clear();
        foreach (SampleTerms sample in _samples)
        {
            sample.AddYields(parameters, _expected);
        }

        return _expected;
    }

    /// <summary>
    /// ∂λ_b/∂θ at a point, bin by bin: rows of <see cref="WholeParameters"/>, and slots of <see cref="BinParameters"/>; valid until the
    /// next call.
    /// </summary>
    public (IReadOnlyList<double[]> Rows, IReadOnlyList<double[]> Slots) Slopes(ReadOnlySpan<double> parameters)
    {
        Expected(parameters);
        FillSlopes(parameters);
        return (_rows, _slots);
    }

    /// <summary>The value, +∞ where some λ_b cannot give n_b; derivatives are added to what the buffers hold.</summary>
    public double Evaluate(
        ReadOnlySpan<double> parameters, ReadOnlySpan<double> observed, Span<double> gradient, SymmetricSum hessian)
    {
        Expected(parameters);
        double value = Value(observed);
        if (gradient.IsEmpty && hessian.IsEmpty || !double.IsFinite(value))
        {
            return value;
        }

        FillSlopes(parameters);
        if (!gradient.IsEmpty)
        {
            AddGradient(gradient);
        }

        if (!hessian.IsEmpty)
        {
            AddOuterProducts(hessian);
            foreach (SampleTerms sample in _samples)
            {
                sample.AddCurvature(parameters, _slopeWeights, _rowParameters, hessian);
            }
        }

        return value;
    }

    private double Value(ReadOnlySpan<double> observed)
    {
        double sum = 0;
        for (int bin = 0; bin < observed.Length; bin++)
        {
            double n = observed[bin];
            double expected = _expected[bin];
            if (!(expected >= 0) || (expected == 0 && n > 0))
            {
                return double.PositiveInfinity;
            }

            double ratio = n == 0 ? 0 : n / expected;
            sum += n == 0 ? expected : n * Deviance((expected - n) / n, expected / n);
            _slopeWeights[bin] = 2 * (1 - ratio);
            _curvatureWeights[bin] = n == 0 ? 0 : 2 * ratio / expected;
        }

        return 2 * sum;
    }

    /// <summary>z − ln(1 + z), with 1 + z as well as z, for where z has lost its digits.</summary>
    private static double Deviance(double z, double onePlus) => z - (onePlus > 0.5 ? LogMath.OnePlus(z) : Math.Log(onePlus));

    private void FillSlopes(ReadOnlySpan<double> parameters)
    {
        foreach (double[] row in _rows)
        {
            row.AsSpan().Clear();
        }

        foreach (double[] slot in _slots)
        {
            slot.AsSpan().Clear();
        }

        foreach (SampleTerms sample in _samples)
        {
            sample.AddSlopes(parameters, _rows, _slots);
        }
    }

    private void AddGradient(Span<double> gradient)
    {
        for (int row = 0; row < _rows.Length; row++)
        {
            gradient[_rowParameters[row]] += TensorPrimitives.Dot(_slopeWeights, _rows[row]);
        }

        for (int slot = 0; slot < _slots.Length; slot++)
        {
            for (int bin = 0; bin < BinCount; bin++)
            {
                if (_slotParameters[slot][bin] is var p && p >= 0)
                {
                    gradient[p] += _slopeWeights[bin] * _slots[slot][bin];
                }
            }
        }
    }

    /// <summary>Σ_b 2 n_b/λ_b² ∂λ_b/∂θ ∂λ_b/∂θ′.</summary>
    private void AddOuterProducts(SymmetricSum hessian)
    {
        for (int row = 0; row < _rows.Length; row++)
        {
            int p = _rowParameters[row];
            TensorPrimitives.Multiply(_curvatureWeights, _rows[row], _scaled);
            hessian.AddDiagonal(p, TensorPrimitives.Dot(_scaled, _rows[row]));
            for (int other = 0; other < row; other++)
            {
                hessian.Add(p, _rowParameters[other], TensorPrimitives.Dot(_scaled, _rows[other]));
            }

            for (int slot = 0; slot < _slots.Length; slot++)
            {
                AddSlotTimesRow(slot, p, hessian);
            }
        }

        for (int slot = 0; slot < _slots.Length; slot++)
        {
            AddSlotProducts(slot, hessian);
        }
    }

    private void AddSlotTimesRow(int slot, int rowParameter, SymmetricSum hessian)
    {
        for (int bin = 0; bin < BinCount; bin++)
        {
            if (_slotParameters[slot][bin] is var q && q >= 0)
            {
                hessian.Add(rowParameter, q, _scaled[bin] * _slots[slot][bin]);
            }
        }
    }

    private void AddSlotProducts(int slot, SymmetricSum hessian)
    {
        for (int bin = 0; bin < BinCount; bin++)
        {
            int p = _slotParameters[slot][bin];
            if (p < 0)
            {
                continue;
            }

            double scaled = _curvatureWeights[bin] * _slots[slot][bin];
            hessian.AddDiagonal(p, scaled * _slots[slot][bin]);
            for (int other = 0; other < slot; other++)
            {
                if (_slotParameters[other][bin] is var q && q >= 0)
                {
                    hessian.Add(p, q, scaled * _slots[other][bin]);
                }
            }
        }
    }
}
