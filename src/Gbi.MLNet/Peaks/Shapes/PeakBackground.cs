using Gbi.Generators.Spectra;

namespace Gbi.Peaks.Shapes;

/// <summary>
/// The background of a category, b(m) = Σₖ cₖ φₖ(m) or its exponential. A polynomial has Bernstein's basis, so that it is nowhere negative
/// where its parameters are 0 or more; the exponential has that of Legendre.
/// </summary>
internal sealed class PeakBackground
{
    private readonly MassSpectrumFamily? _family;
    private readonly double _low;
    private readonly double _high;
    private readonly double[] _binomials;

    private PeakBackground(MassSpectrumFamily? family, int size, bool isLogLinear, double low, double high)
    {
        (_family, Size, IsLogLinear, _low, _high) = (family, size, isLogLinear, low, high);
        _binomials = new double[size];
        for (int k = 0; k < size; k++)
        {
            _binomials[k] = k == 0 ? 1 : _binomials[k - 1] * (size - k) / k;
        }
    }

    /// <summary>Number of parameters.</summary>
    public int Size { get; }

    /// <summary>Whether it is the exponential of the sum.</summary>
    public bool IsLogLinear { get; }

    /// <summary>Whether it is nowhere negative where its parameters are 0 or more.</summary>
    public bool HasPositiveParameters => !IsLogLinear && _family is null;

    /// <summary>The function of these options.</summary>
    public static PeakBackground Of(MassSpectrumOptions options, double low, double high)
    {
        if (options.Shape == SpectrumShape.Polynomial)
        {
            return new PeakBackground(null, options.ParameterCount, isLogLinear: false, low, high);
        }

        var family = new MassSpectrumFamily(options, low, high);
        return new PeakBackground(family, family.Size, family.IsLogLinear, low, high);
    }

    /// <summary>The exponential of a polynomial with so many parameters.</summary>
    public static PeakBackground Exponential(int size, double low, double high) =>
        new(family: null, size, isLogLinear: true, low, high);

    /// <summary>Parameters of a flat background of this density.</summary>
    public double[] Flat(double level)
    {
        double[] parameters = new double[Size];
        if (!IsLogLinear)
        {
            Array.Fill(parameters, level, 0, _family is null ? Size : 1);
            return parameters;
        }

        parameters[0] = Math.Log(level);
        return parameters;
    }

    /// <summary>φₖ(m) for all k.</summary>
    public void Basis(double mass, Span<double> basis)
    {
        if (_family is not null)
        {
            _family.Basis(mass, basis);
        }
        else if (IsLogLinear)
        {
            Legendre((2 * (mass - _low) / (_high - _low)) - 1, basis);
        }
        else
        {
            Bernstein((mass - _low) / (_high - _low), basis);
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

    private static void Legendre(double t, Span<double> basis)
    {
        for (int k = 0; k < basis.Length; k++)
        {
            basis[k] = k switch
            {
                0 => 1,
                1 => t,
                _ => ((((2 * k) - 1) * t * basis[k - 1]) - ((k - 1) * basis[k - 2])) / k,
            };
        }
    }
}
