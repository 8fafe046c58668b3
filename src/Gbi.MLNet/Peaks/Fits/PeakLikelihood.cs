using Gbi.Numerics;
using Gbi.Numerics.Minima;
using Gbi.Peaks.Shapes;

namespace Gbi.Peaks.Fits;

/// <summary>
/// −2 ln L of masses in categories c: 2 Σ_c [∫ f_c dm − Σᵢ ln f_c(mᵢ)], f_c(m) = b_c(m) + S_c P_c(m), with a background b_c of each
/// category's own parameters, yields S_c counted over all masses, and a peak P_c of one mean and form for all.
/// </summary>
/// <remarks>Parameters: μ, a, b of the form; then the widths ln σ; then for each category S_c and those of its background.</remarks>
internal sealed class PeakLikelihood : ISmoothFunction
{
    /// <summary>Indices of a category's parameters in its own short vector: μ, a, b, ln σ, S, background.</summary>
    private const int Yield = 4;
    private const int FirstOfBackground = 5;

    private readonly double[][] _masses;
    private readonly double[] _nodes;
    private readonly double[] _nodeWeights;
    private readonly int[][] _indices;

    /// <summary>The likelihood of masses in [low, high).</summary>
    /// <param name="masses">Of each category.</param>
    /// <param name="low">Lower end of the fit.</param>
    /// <param name="high">Upper end.</param>
    /// <param name="form">Of the peak.</param>
    /// <param name="background">Function of the background.</param>
    /// <param name="widthOf">Number of each category's width, from 0.</param>
    public PeakLikelihood(double[][] masses, double low, double high, PeakForm form, PeakBackground background, int[] widthOf)
    {
        (_masses, Low, High, Form, Background, WidthOf) = (masses, low, high, form, background, widthOf);
        Quadrature rule = Quadrature.OnInterval(low, high, 64);
        (_nodes, _nodeWeights) = (rule.Nodes, rule.Weights);
        WidthCount = widthOf.Max() + 1;
        _indices = [.. masses.Select((_, category) => (int[])
        [
            0, 1, 2, 3 + widthOf[category], .. Enumerable.Range(YieldOf(category), 1 + background.Size),
        ])];
    }

    /// <summary>Lower end of the masses.</summary>
    public double Low { get; }

    /// <summary>Upper end.</summary>
    public double High { get; }

    /// <summary>Form of the peak.</summary>
    public PeakForm Form { get; }

    /// <summary>Function of the background.</summary>
    public PeakBackground Background { get; }

    /// <summary>Number of each category's width.</summary>
    public int[] WidthOf { get; }

    /// <summary>Number of widths.</summary>
    public int WidthCount { get; }

    /// <summary>Number of categories.</summary>
    public int CategoryCount => _masses.Length;

    /// <inheritdoc/>
    public int ParameterCount => YieldOf(_masses.Length);

    /// <summary>Index of a category's yield; its background follows.</summary>
    public int YieldOf(int category) => 3 + WidthCount + (category * (1 + Background.Size));

    /// <inheritdoc/>
    public double Evaluate(ReadOnlySpan<double> parameters, Span<double> gradient, Span<double> hessian)
    {
        gradient.Clear();
        hessian.Clear();
        double value = 0;
        for (int category = 0; category < _masses.Length; category++)
        {
            int[] indices = _indices[category];
            double[] own = OwnOf(parameters, category);
            var sums = new PeakSums(own.Length);
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
            sum += Densities(parameters, category, mass).Background;
        }

        return sum;
    }

    /// <summary>Events per unit of mass of a category: of the background and of the peak.</summary>
    public (double Peak, double Background) Densities(ReadOnlySpan<double> parameters, int category, double mass)
    {
        double[] own = OwnOf(parameters, category);
        return (own[Yield] * PeakTerm.Density(Form, mass, own).Value, Background.Density(mass, own.AsSpan(FirstOfBackground)));
    }

    /// <summary>Expected events of a category between two masses: of the peak and of the background.</summary>
    public (double Peak, double Background) Expected(ReadOnlySpan<double> parameters, int category, double low, double high)
    {
        double[] own = OwnOf(parameters, category);
        double share = PeakTerm.Below(Form, high, own).Value - PeakTerm.Below(Form, low, own).Value;
        Quadrature rule = Quadrature.OnInterval(low, high, 8);
        double background = 0;
        for (int node = 0; node < rule.Nodes.Length; node++)
        {
            background += rule.Weights[node] * Background.Density(rule.Nodes[node], own.AsSpan(FirstOfBackground));
        }

        return (own[Yield] * share, background);
    }

    private double[] OwnOf(ReadOnlySpan<double> parameters, int category)
    {
        int[] indices = _indices[category];
        double[] own = new double[indices.Length];
        for (int i = 0; i < own.Length; i++)
        {
            own[i] = parameters[indices[i]];
        }

        return own;
    }

    // Σ ln f, with its derivatives taken off the sums.
    private double LogDensities(double[] masses, double[] own, PeakSums sums)
    {
        double value = 0;
        var local = new PeakSums(own.Length);
        foreach (double mass in masses)
        {
            local.Clear();
            double density = local.AddPeak(PeakTerm.Density(Form, mass, own), own[Yield]) + AddBackground(mass, 1, own, local);
            if (!(density > 0))
            {
                return double.NegativeInfinity;
            }

            value += Math.Log(density);
            sums.TakeLog(local, density);
        }

        return value;
    }

    private double Integral(double[] own, PeakSums sums)
    {
        double value = sums.AddPeak(PeakTerm.Below(Form, High, own), own[Yield])
            + sums.AddPeak(PeakTerm.Below(Form, Low, own), own[Yield], sign: -1);
        for (int node = 0; node < _nodes.Length; node++)
        {
            value += AddBackground(_nodes[node], _nodeWeights[node], own, sums);
        }

        return value;
    }

    private double AddBackground(double mass, double weight, double[] own, PeakSums sums)
    {
        Span<double> basis = stackalloc double[Background.Size];
        Background.Basis(mass, basis);
        double density = weight * Background.Density(basis, own.AsSpan(FirstOfBackground));
        sums.AddBackground(basis, weight, density, Background.IsLogLinear);
        return density;
    }
}
