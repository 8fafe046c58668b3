using Gbi.Peaks.Shapes;

namespace Gbi.Peaks.Fits;

/// <summary>Gradient and Hessian in a category's own parameters: μ, a, b, ln σ, the yield S, then the background's.</summary>
internal sealed class PeakSums(int size)
{
    private const int Yield = 4;
    private const int FirstOfBackground = 5;

    private readonly double[] _gradient = new double[size];
    private readonly double[] _hessian = new double[size * size];

    public void Clear()
    {
        Array.Clear(_gradient);
        Array.Clear(_hessian);
    }

    /// <summary>Adds S P or, with a sign of −1, takes it off.</summary>
    /// <returns>What was added.</returns>
    public double AddPeak(PeakTerm term, double yield, double sign = 1)
    {
        Span<double> first = stackalloc double[4];
        Span<double> second = stackalloc double[16];
        term.AddTo(sign, first, second);
        for (int i = 0; i < 4; i++)
        {
            _gradient[i] += yield * first[i];
            AddSymmetric(i, Yield, first[i]);
            _hessian[(i * size) + i] += yield * second[5 * i];
            for (int j = i + 1; j < 4; j++)
            {
                AddSymmetric(i, j, yield * second[(4 * i) + j]);
            }
        }

        _gradient[Yield] += sign * term.Value;
        return sign * yield * term.Value;
    }

    /// <summary>Adds weight × b, or for an exponential its value alone and the basis.</summary>
    public void AddBackground(ReadOnlySpan<double> basis, double weight, double density, bool isLogLinear)
    {
        for (int k = 0; k < basis.Length; k++)
        {
            _gradient[FirstOfBackground + k] += (isLogLinear ? density : weight) * basis[k];
            for (int l = 0; l < basis.Length && isLogLinear; l++)
            {
                _hessian[((FirstOfBackground + k) * size) + FirstOfBackground + l] += density * basis[k] * basis[l];
            }
        }
    }

    /// <summary>Takes off the derivatives of ln f, given those of f.</summary>
    public void TakeLog(PeakSums of, double density)
    {
        double inverse = 1 / density;
        for (int i = 0; i < size; i++)
        {
            double slope = of._gradient[i] * inverse;
            _gradient[i] -= slope;
            for (int j = 0; j < size; j++)
            {
                _hessian[(i * size) + j] -= (of._hessian[(i * size) + j] * inverse) - (slope * of._gradient[j] * inverse);
            }
        }
    }

    /// <summary>Adds twice these sums at their indices in the whole; spans that are empty are not wanted.</summary>
    public void AddTo(Span<double> gradient, Span<double> hessian, int[] indices, int count)
    {
        for (int i = 0; i < size; i++)
        {
            if (!gradient.IsEmpty)
            {
                gradient[indices[i]] += 2 * _gradient[i];
            }

            for (int j = 0; j < size && !hessian.IsEmpty; j++)
            {
                hessian[(indices[i] * count) + indices[j]] += 2 * _hessian[(i * size) + j];
            }
        }
    }

    private void AddSymmetric(int row, int column, double value)
    {
        _hessian[(row * size) + column] += value;
        _hessian[(column * size) + row] += value;
    }
}
