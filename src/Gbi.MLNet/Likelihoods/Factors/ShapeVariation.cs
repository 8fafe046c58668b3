using Gbi.Likelihoods.Interpolations;
using Gbi.Ratios.Parametric;

namespace Gbi.Likelihoods.Factors;

/// <summary>
/// A factor on a process's density, one per event, that depends on nuisance parameters through columns of the events. Factors of a
/// process multiply.
/// </summary>
public abstract record ShapeVariation
{
    private protected ShapeVariation()
    {
    }

    /// <summary>Names of the parameters that it depends on, each once.</summary>
    public abstract IReadOnlyList<string> Parameters { get; }

    /// <summary>Names of the columns that it reads, each once.</summary>
    public abstract IReadOnlyList<string> Columns { get; }
}

/// <summary>One term ν_A Δ_A(x) of an exponent.</summary>
/// <param name="Monomial">ν_A.</param>
/// <param name="Column">Name of the column Δ_A.</param>
public sealed record ExponentTerm(Monomial Monomial, string Column)
{
    /// <summary>ν_A as text: "a", "a^2" or "a*b".</summary>
    public string MonomialName => Monomial.Name;

    /// <summary>Names of the factors of ν_A: one, or two that are the same in a square.</summary>
    public IReadOnlyList<string> Factors => Monomial.Second is null ? [Monomial.First] : [Monomial.First, Monomial.Second];

    /// <summary>A term whose ν_A is given as text.</summary>
    /// <param name="monomial">"a", "a^2" or "a*b".</param>
    /// <param name="column">Name of the column Δ_A.</param>
    /// <exception cref="ArgumentException">The text is no monomial, or the column has no name.</exception>
    public static ExponentTerm Of(string monomial, string column)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(column);
        return new(Monomial.Parse(monomial), column);
    }
}

/// <summary>
/// exp Σ_A ν_A Δ_A(x): ν_A are parameters and products of two of them, Δ_A columns, as parametric trees give them.
/// </summary>
/// <remarks>Schöfbeck, arXiv:2406.19076.</remarks>
public sealed record ExponentialVariation : ShapeVariation
{
    /// <summary>A factor from its terms, one or more.</summary>
    public ExponentialVariation(params IReadOnlyList<ExponentTerm> terms)
    {
        ArgumentNullException.ThrowIfNull(terms);
        Terms = terms.Count > 0 ? [.. terms] : throw new ArgumentException("An exponential variation needs a term.", nameof(terms));
        Parameters = [.. terms.SelectMany(term => term.Factors).Distinct()];
        Columns = [.. terms.Select(term => term.Column).Distinct()];
    }

    /// <summary>The terms.</summary>
    public IReadOnlyList<ExponentTerm> Terms { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Parameters { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Columns { get; }

    /// <summary>exp(d₁ν + d₂ν²).</summary>
    /// <param name="parameter">Name of ν.</param>
    /// <param name="linear">Column of d₁.</param>
    /// <param name="quadratic">Column of d₂.</param>
    public static ExponentialVariation Quadratic(string parameter, string linear, string quadratic) =>
        new(new ExponentTerm(Monomial.Of(parameter), linear), new ExponentTerm(Monomial.Of(parameter, parameter), quadratic));

    /// <summary>The terms of some monomials, whose columns have a prefix before the monomials' names.</summary>
    /// <param name="monomials">ν_A.</param>
    /// <param name="prefix">Prefix of a column's name; the monomial's name follows.</param>
    public static ExponentialVariation Of(IReadOnlyList<Monomial> monomials, string prefix = ParametricRatio.ColumnPrefix)
    {
        ArgumentNullException.ThrowIfNull(monomials);
        return new([.. monomials.Select(monomial => new ExponentTerm(monomial, prefix + monomial.Name))]);
    }
}

/// <summary>Per-event ratios to nominal at one standard deviation up and down, and the law between and beyond them.</summary>
public sealed record UpDownVariation : ShapeVariation
{
    /// <summary>A factor from two columns of ratios.</summary>
    /// <param name="parameter">Name of the nuisance parameter.</param>
    /// <param name="down">Column of p_down/p_nominal; above 0 where the law is exponential.</param>
    /// <param name="up">Column of p_up/p_nominal; above 0 where the law is exponential.</param>
    /// <param name="law">How the factor runs between and beyond.</param>
    public UpDownVariation(string parameter, string down, string up, InterpolationLaw law = InterpolationLaw.PolynomialExponential)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(parameter);
        ArgumentException.ThrowIfNullOrWhiteSpace(down);
        ArgumentException.ThrowIfNullOrWhiteSpace(up);
        (Parameter, Down, Up, Law) = (parameter, down, up, law);
    }

    /// <summary>Name of the nuisance parameter.</summary>
    public string Parameter { get; }

    /// <summary>Column of p_down/p_nominal.</summary>
    public string Down { get; }

    /// <summary>Column of p_up/p_nominal.</summary>
    public string Up { get; }

    /// <summary>How the factor runs between and beyond.</summary>
    public InterpolationLaw Law { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Parameters => [Parameter];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Columns => [Down, Up];
}
