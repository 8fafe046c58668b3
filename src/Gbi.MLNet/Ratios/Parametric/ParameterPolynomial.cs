namespace Gbi.Ratios.Parametric;

/// <summary>The monomials ν_A of named parameters, and their values at a point.</summary>
internal sealed class ParameterPolynomial
{
    private readonly (int First, int Second)[] _factors;

    /// <summary>Monomials of these parameters.</summary>
    /// <exception cref="ArgumentException">A name occurs twice, a monomial names no parameter of the list, or there is none.</exception>
    public ParameterPolynomial(IReadOnlyList<string> parameters, IReadOnlyList<Monomial> monomials)
    {
        if (parameters.Count == 0 || monomials.Count == 0 || parameters.Distinct().Count() != parameters.Count)
        {
            throw new ArgumentException(
                $"The parameters are {Listed(parameters)} and the monomials {Listed(monomials)}, expected at least one of each and no "
                    + "parameter twice.");
        }

        Parameters = [.. parameters];
        Monomials = [.. monomials];
        _factors = [.. monomials.Select(monomial =>
            (IndexOf(monomial.First, monomial), monomial.Second is { } second ? IndexOf(second, monomial) : -1))];
    }

    public IReadOnlyList<string> Parameters { get; }

    public IReadOnlyList<Monomial> Monomials { get; }

    /// <summary>ν_A at a point, one per monomial.</summary>
    /// <exception cref="ArgumentException">The point has another number of parameters.</exception>
    public double[] At(ReadOnlySpan<double> nu)
    {
        if (nu.Length != Parameters.Count)
        {
            throw new ArgumentException($"The point has {nu.Length} values, expected {Parameters.Count}: {Listed(Parameters)}.");
        }

        double[] values = new double[_factors.Length];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = Value(i, nu);
        }

        return values;
    }

    /// <summary>ν_A at a point, one per monomial, into a buffer of the caller.</summary>
    public void Fill(ReadOnlySpan<double> nu, Span<float> values)
    {
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = (float)Value(i, nu);
        }
    }

    private double Value(int monomial, ReadOnlySpan<double> nu)
    {
        (int first, int second) = _factors[monomial];
        return nu[first] * (second < 0 ? 1 : nu[second]);
    }

    internal static string Listed<T>(IReadOnlyList<T> names) => names.Count == 0 ? "none" : string.Join(", ", names);

    private int IndexOf(string name, Monomial monomial)
    {
        int at = Parameters.ToList().IndexOf(name);
        return at >= 0 ? at : throw new ArgumentException(
            $"The monomial {monomial} has the factor '{name}', which is no parameter; these are {Listed(Parameters)}.");
    }
}
