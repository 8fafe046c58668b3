using Gbi.Events;

namespace Gbi.Generators.Spectra;

/// <summary>
/// A family of spectra f(m) = g(Σₖ cₖ φₖ(m)), linear in its basis (g = identity) or log-linear (g = exp). Both make the extended
/// likelihood convex in c.
/// </summary>
internal sealed class MassSpectrumFamily
{
    // Five functions of a dijet spectrum are so alike over the masses of a search that their covariance is lost in rounding.
    private const int OrthogonalFrom = 5;

    private readonly MassSpectrumOptions _options;
    private readonly double _low;
    private readonly double _high;
    private readonly OrthogonalFunctions? _orthogonal;

    public MassSpectrumFamily(MassSpectrumOptions options, double low, double high)
    {
        _options = options;
        _low = low;
        _high = high;
        if (options.Shape == SpectrumShape.Dijet)
        {
            RequireDijet(options, low, high);
            _orthogonal = options.ParameterCount < OrthogonalFrom ? null : OrthogonalFunctions.Of(DijetBasis, Size, low, high);
        }

        if (options.Shape == SpectrumShape.Automatic)
        {
            throw new ArgumentException("A spectrum is chosen by AIC from sidebands alone; name a function here.", nameof(options));
        }
    }

    /// <summary>Number of parameters.</summary>
    public int Size => _options.ParameterCount;

    /// <summary>Whether g is the exponential.</summary>
    public bool IsLogLinear => _options.Shape is SpectrumShape.Dijet or SpectrumShape.Exponential;

    /// <summary>φₖ(m) for all k; of a dijet function of five parameters after orthogonalisation.</summary>
    public void Basis(double mass, Span<double> basis)
    {
        if (_options.Shape == SpectrumShape.Dijet)
        {
            DijetBasis(mass, basis);
            _orthogonal?.Transform(basis);
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

    /// <summary>Parameters of the functions as they are written, from those of <see cref="Basis"/>.</summary>
    public double[] Natural(ReadOnlySpan<double> parameters) => _orthogonal?.Natural(parameters) ?? parameters.ToArray();

    /// <summary>Covariance of the parameters of the functions as they are written, row-major.</summary>
    public double[] NaturalCovariance(ReadOnlySpan<double> covariance) =>
        _orthogonal?.NaturalCovariance(covariance) ?? covariance.ToArray();

    private void DijetBasis(double mass, Span<double> basis)
    {
        double y = mass / _options.CollisionEnergy!.Value;
        basis[0] = 1;
        basis[1] = Math.Log(1 - y);
        basis[2] = -Math.Log(y);
        if (basis.Length > 3)
        {
            basis[3] = -Math.Log(y) * Math.Log(y);
        }

        if (basis.Length > 4)
        {
            basis[4] = basis[3] * Math.Log(y);
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
        if (options.ParameterCount is not (>= 3 and <= 5))
        {
            throw new ArgumentException(
                $"The dijet function has 3 to 5 parameters, not {options.ParameterCount}; set ParameterCount accordingly.");
        }

        if (options.CollisionEnergy is not { } energy)
        {
            throw new ArgumentException("The dijet function needs the collision energy √s, in the unit of the mass; give it.");
        }

        if (!(low > 0 && high < energy))
        {
            throw new DataException(string.Create(System.Globalization.CultureInfo.InvariantCulture,
                $"The masses run from {low:G6} to {high:G6}, but the dijet function is defined between 0 and the collision energy "
                    + $"{energy:G6}; check its unit or choose the exponential."));
        }
    }
}
