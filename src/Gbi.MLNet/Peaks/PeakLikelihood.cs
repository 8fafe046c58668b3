using Gbi.Generators.Spectra;
using Gbi.Numerics;
using Gbi.Numerics.Minima;

namespace Gbi.Peaks;

/// <summary>
/// −2 ln L of masses in categories c: 2 Σ_c [∫ f_c dm − Σᵢ ln f_c(mᵢ)], f_c(m) = b_c(m) + S_c P_c(m), with a background b_c of each
/// category's own parameters, yields S_c counted over all masses, and P_c = (1 − t) N(μ, σ_c) + t N(μ, ρσ_c).
/// </summary>
/// <remarks>Parameters: μ, ln ρ, t; then ln σ, one or one a category; then for each category S_c and those of its background.</remarks>
internal sealed class PeakLikelihood : ISmoothFunction
{
    /// <summary>Indices of a category's parameters in its own short vector: μ, ln ρ, t, ln σ, S, background.</summary>
    private const int FirstOfBackground = 5;

    private readonly MassSpectrumFamily _family;
    private readonly double[][] _masses;
    private readonly double _low;
    private readonly double _high;
    private readonly double[] _nodes;
    private readonly double[] _nodeWeights;
    private readonly int[][] _indices;

    /// <summary>The likelihood of masses in [low, high).</summary>
    /// <param name="masses">Of each category.</param>
    /// <param name="low">Lower end of the fit.</param>
    /// <param name="high">Upper end.</param>
    /// <param name="family">Function of the background.</param>
    /// <param name="widthPerCategory">Whether ln σ is one a category.</param>
    public PeakLikelihood(double[][] masses, double low, double high, MassSpectrumFamily family, bool widthPerCategory)
    {
        (_masses, _low, _high, _family) = (masses, low, high, family);
        Quadrature rule = Quadrature.OnInterval(low, high, 64);
        (_nodes, _nodeWeights) = (rule.Nodes, rule.Weights);
        WidthCount = widthPerCategory ? masses.Length : 1;
        _indices = [.. masses.Select((_, category) => (int[])
        [
            0, 1, 2, 3 + (widthPerCategory ? category : 0), .. Enumerable.Range(YieldOf(category), 1 + family.Size),
        ])];
    }

    /// <summary>Number of widths.</summary>
    public int WidthCount { get; }

    /// <inheritdoc/>
    public int ParameterCount => YieldOf(_masses.Length);

    /// <summary>Index of a category's yield; its background follows.</summary>
    public int YieldOf(int category) => 3 + WidthCount + (category * (1 + _family.Size));

    /// <inheritdoc/>
    public double Evaluate(ReadOnlySpan<double> parameters, Span<double> gradient, Span<double> hessian)
    {
        gradient.Clear();
        hessian.Clear();
        double value = 0;
        for (int category = 0; category < _masses.Length; category++)
        {
            int[] indices = _indices[category];
            double[] own = new double[indices.Length];
            for (int i = 0; i < own.Length; i++)
            {
                own[i] = parameters[indices[i]];
            }

            var sums = new Sums(own.Length);
            value += Integral(own, sums) - LogDensities(_masses[category], own, sums);
            sums.AddTo(gradient, hessian, indices, ParameterCount);
        }

        return double.IsFinite(value) ? 2 * value : double.PositiveInfinity;
    }

    /// <summary>Σ_c b_c(m).</summary>
    public double BackgroundDensity(ReadOnlySpan<double> parameters, double mass)
    {
        double sum = 0;
        for (int category = 0; category < _masses.Length; category++)
        {
            sum += _family.Density(mass, parameters.Slice(YieldOf(category) + 1, _family.Size));
        }

        return sum;
    }

    /// <summary>Expected events of a category between two masses: of the peak and of the background.</summary>
    public (double Peak, double Background) Expected(ReadOnlySpan<double> parameters, int category, double low, double high)
    {
        double[] own = new double[_indices[category].Length];
        for (int i = 0; i < own.Length; i++)
        {
            own[i] = parameters[_indices[category][i]];
        }

        double share = ((1 - own[2]) * PeakTerm.Share(low, high, own[0], own[3]).Value)
            + (own[2] * PeakTerm.Share(low, high, own[0], own[3] + own[1]).Value);
        Quadrature rule = Quadrature.OnInterval(low, high, 8);
        double background = 0;
        for (int node = 0; node < rule.Nodes.Length; node++)
        {
            background += rule.Weights[node] * _family.Density(rule.Nodes[node], own.AsSpan(FirstOfBackground));
        }

        return (own[4] * share, background);
    }

    // Σ ln f, with its derivatives taken off the sums.
    private double LogDensities(double[] masses, double[] own, Sums sums)
    {
        double value = 0;
        var local = new Sums(own.Length);
        foreach (double mass in masses)
        {
            local.Clear();
            double density = AddPeak(PeakTerm.Density(mass, own[0], own[3]), PeakTerm.Density(mass, own[0], own[3] + own[1]), own, local)
                + AddBackground(mass, 1, own, local);
            if (!(density > 0))
            {
                return double.NegativeInfinity;
            }

            value += Math.Log(density);
            sums.TakeLog(local, density);
        }

        return value;
    }

    private double Integral(double[] own, Sums sums)
    {
        double value = AddPeak(
            PeakTerm.Share(_low, _high, own[0], own[3]), PeakTerm.Share(_low, _high, own[0], own[3] + own[1]), own, sums);
        for (int node = 0; node < _nodes.Length; node++)
        {
            value += AddBackground(_nodes[node], _nodeWeights[node], own, sums);
        }

        return value;
    }

    /// <summary>S [(1 − t) A + t B] with derivatives; B depends on ln ρ as on ln σ.</summary>
    private static double AddPeak(PeakTerm narrow, PeakTerm wide, double[] own, Sums sums)
    {
        (double t, double yield) = (own[2], own[4]);
        double share = ((1 - t) * narrow.Value) + (t * wide.Value);
        Span<double> first =
        [
            ((1 - t) * narrow.Mean) + (t * wide.Mean), t * wide.Scale, wide.Value - narrow.Value,
            ((1 - t) * narrow.Scale) + (t * wide.Scale)
        ];
        for (int i = 0; i < 4; i++)
        {
            sums.Gradient[i] += yield * first[i];
            sums.AddSymmetric(i, 4, first[i]);
        }

        sums.Gradient[4] += share;
        sums.Add(0, 0, yield * (((1 - t) * narrow.MeanMean) + (t * wide.MeanMean)));
        sums.AddSymmetric(0, 1, yield * t * wide.MeanScale);
        sums.AddSymmetric(0, 2, yield * (wide.Mean - narrow.Mean));
        sums.AddSymmetric(0, 3, yield * (((1 - t) * narrow.MeanScale) + (t * wide.MeanScale)));
        sums.Add(1, 1, yield * t * wide.ScaleScale);
        sums.AddSymmetric(1, 2, yield * wide.Scale);
        sums.AddSymmetric(1, 3, yield * t * wide.ScaleScale);
        sums.AddSymmetric(2, 3, yield * (wide.Scale - narrow.Scale));
        sums.Add(3, 3, yield * (((1 - t) * narrow.ScaleScale) + (t * wide.ScaleScale)));
        return yield * share;
    }

    private double AddBackground(double mass, double weight, double[] own, Sums sums)
    {
        Span<double> basis = stackalloc double[8];
        basis = basis[.._family.Size];
        _family.Basis(mass, basis);
        double density = weight * _family.Density(mass, own.AsSpan(FirstOfBackground));
        for (int k = 0; k < basis.Length; k++)
        {
            sums.Gradient[FirstOfBackground + k] += _family.IsLogLinear ? density * basis[k] : weight * basis[k];
            for (int l = 0; l < basis.Length && _family.IsLogLinear; l++)
            {
                sums.Add(FirstOfBackground + k, FirstOfBackground + l, density * basis[k] * basis[l]);
            }
        }

        return density;
    }

    /// <summary>Gradient and Hessian of a category's own parameters.</summary>
    private sealed class Sums(int size)
    {
        private readonly double[] _hessian = new double[size * size];

        public double[] Gradient { get; } = new double[size];

        public void Clear()
        {
            Array.Clear(Gradient);
            Array.Clear(_hessian);
        }

        public void Add(int row, int column, double value) => _hessian[(row * size) + column] += value;

        public void AddSymmetric(int row, int column, double value)
        {
            Add(row, column, value);
            Add(column, row, value);
        }

        /// <summary>Takes off the derivatives of ln f, given those of f.</summary>
        public void TakeLog(Sums of, double density)
        {
            double inverse = 1 / density;
            for (int i = 0; i < size; i++)
            {
                double slope = of.Gradient[i] * inverse;
                Gradient[i] -= slope;
                for (int j = 0; j < size; j++)
                {
                    _hessian[(i * size) + j] -= (of._hessian[(i * size) + j] * inverse) - (slope * of.Gradient[j] * inverse);
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
                    gradient[indices[i]] += 2 * Gradient[i];
                }

                for (int j = 0; j < size && !hessian.IsEmpty; j++)
                {
                    hessian[(indices[i] * count) + indices[j]] += 2 * _hessian[(i * size) + j];
                }
            }
        }
    }
}
