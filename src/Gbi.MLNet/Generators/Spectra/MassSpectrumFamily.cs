using Gbi.Events;

namespace Gbi.Generators.Spectra;

/// <summary>
/// A family of spectra f(m) = g(Σₖ cₖ φₖ(m)), linear in its basis (g = identity) or log-linear (g = exp). Both make the extended
/// likelihood convex in c.
/// </summary>
internal sealed class MassSpectrumFamily
{
    private readonly MassSpectrumOptions _options;
    private readonly double _low;
    private readonly double _high;

    public MassSpectrumFamily(MassSpectrumOptions options, double low, double high)
    {
        _options = options;
        _low = low;
        _high = high;
        if (options.Shape == SpectrumShape.Dijet)
        {
            RequireDijet(options, low, high);
        }
    }

    /// <summary>Number of parameters.</summary>
    public int Size => _options.ParameterCount;

    /// <summary>Whether g is the exponential.</summary>
    public bool IsLogLinear => _options.Shape == SpectrumShape.Dijet;

    /// <summary>φₖ(m) for all k.</summary>
    public void Basis(double mass, Span<double> basis)
    {
        if (IsLogLinear)
        {
            DijetBasis(mass / _options.CollisionEnergy!.Value, basis);
        }
        else
        {
            Legendre((2 * (mass - _low) / (_high - _low)) - 1, basis);
        }
    }

    /// <summary>f(m).</summary>
    public double Density(double mass, ReadOnlySpan<double> parameters)
    {
        Span<double> basis = stackalloc double[8];
        Basis(mass, basis[..Size]);
        double sum = 0;
        for (int k = 0; k < Size; k++)
        {
            sum += parameters[k] * basis[k];
        }

        return IsLogLinear ? Math.Exp(sum) : sum;
    }

    private static void DijetBasis(double y, Span<double> basis)
    {
        basis[0] = 1;
        basis[1] = Math.Log(1 - y);
        basis[2] = -Math.Log(y);
        if (basis.Length > 3)
        {
            basis[3] = -Math.Log(y) * Math.Log(y);
        }
    }

    private static void Legendre(double t, Span<double> basis)
    {
        basis[0] = 1;
        for (int k = 1; k < basis.Length; k++)
        {
            basis[k] = k == 1 ? t : ((((2 * k) - 1) * t * basis[k - 1]) - ((k - 1) * basis[k - 2])) / k;
        }
    }

    private static void RequireDijet(MassSpectrumOptions options, double low, double high)
    {
        if (options.ParameterCount is not (3 or 4))
        {
            throw new ArgumentException(
                $"The dijet function has 3 or 4 parameters, not {options.ParameterCount}; set ParameterCount accordingly.");
        }

        if (options.CollisionEnergy is not { } energy)
        {
            throw new ArgumentException("The dijet function needs the collision energy √s, in the unit of the mass; give it.");
        }

        if (!(low > 0 && high < energy))
        {
            throw new DataException(string.Create(System.Globalization.CultureInfo.InvariantCulture,
                $"The masses run from {low:G6} to {high:G6}, but the dijet function is defined between 0 and the collision energy "
                    + $"{energy:G6}; check its unit or choose the polynomial."));
        }
    }
}
