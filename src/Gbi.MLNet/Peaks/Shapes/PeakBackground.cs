using Gbi.Generators.Spectra;

namespace Gbi.Peaks.Shapes;

/// <summary>
/// The background of a category: a spectrum b(m) = Σₖ cₖ φₖ(m) or its exponential. A polynomial has Bernstein's basis, so that it is
/// nowhere negative where its parameters are 0 or more.
/// </summary>
internal sealed class PeakBackground
{
    private readonly MassSpectrumFamily _family;
    private readonly double _low;
    private readonly double _high;
    private readonly double[] _binomials;

    private PeakBackground(MassSpectrumFamily family, bool isPolynomial, double low, double high)
    {
        (_family, HasPositiveParameters, _low, _high) = (family, isPolynomial, low, high);
        _binomials = new double[Size];
        for (int k = 0; k < Size; k++)
        {
            _binomials[k] = k == 0 ? 1 : _binomials[k - 1] * (Size - k) / k;
        }
    }

    /// <summary>Number of parameters.</summary>
    public int Size => _family.Size;

    /// <summary>Whether it is the exponential of the sum.</summary>
    public bool IsLogLinear => _family.IsLogLinear;

    /// <summary>Whether it is nowhere negative where its parameters are 0 or more.</summary>
    public bool HasPositiveParameters { get; }

    /// <summary>The function of these options.</summary>
    public static PeakBackground Of(MassSpectrumOptions options, double low, double high) =>
        new(new MassSpectrumFamily(options, low, high), options.Shape == SpectrumShape.Polynomial, low, high);

    /// <summary>Parameters of a flat background of this density; those of a spectrum that has none start at 0.</summary>
    public double[] Flat(double level)
    {
        double[] parameters = new double[Size];
        if (HasPositiveParameters)
        {
            Array.Fill(parameters, level);
        }
        else
        {
            parameters[0] = IsLogLinear ? Math.Log(level) : level;
        }

        return parameters;
    }

    /// <summary>φₖ(m) for all k.</summary>
    public void Basis(double mass, Span<double> basis)
    {
        if (HasPositiveParameters)
        {
            Bernstein((mass - _low) / (_high - _low), basis);
        }
        else
        {
            _family.Basis(mass, basis);
        }
    }

    /// <summary>b(m).</summary>
    public double Density(double mass, ReadOnlySpan<double> parameters)
    {
        Span<double> basis = stackalloc double[Size];
        Basis(mass, basis);
        return Density(basis, parameters);
    }

    /// <summary>b where the basis has these values.</summary>
    public double Density(ReadOnlySpan<double> basis, ReadOnlySpan<double> parameters)
    {
        double sum = 0;
        for (int k = 0; k < basis.Length; k++)
        {
            sum += parameters[k] * basis[k];
        }

        return IsLogLinear ? Math.Exp(sum) : sum;
    }

    private void Bernstein(double u, Span<double> basis)
    {
        double power = 1;
        for (int k = 0; k < basis.Length; k++)
        {
            basis[k] = _binomials[k] * power;
            power *= u;
        }

        power = 1;
        for (int k = basis.Length - 1; k >= 0; k--)
        {
            basis[k] *= power;
            power *= 1 - u;
        }
    }
}
