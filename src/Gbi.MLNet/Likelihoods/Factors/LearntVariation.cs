using Gbi.Ratios.Parametric;

namespace Gbi.Likelihoods.Factors;

/// <summary>
/// A systematic as a model takes it: its shape, whose columns are normalised on the channel's reference, and its rate, exp Σ_A ν_A c_A, as
/// one factor a parameter.
/// </summary>
public sealed record LearntVariation
{
    /// <summary>A systematic of terms.</summary>
    /// <param name="monomials">ν_A.</param>
    /// <param name="logRates">c_A, the coefficients of the rate's logarithm; one per monomial, finite.</param>
    /// <param name="columnPrefix">What stands before a monomial's name in the name of its column.</param>
    /// <exception cref="ArgumentException">There is no monomial, or another number of coefficients.</exception>
    public LearntVariation(IReadOnlyList<Monomial> monomials, IReadOnlyList<double> logRates, string columnPrefix)
    {
        ArgumentNullException.ThrowIfNull(monomials);
        ArgumentNullException.ThrowIfNull(logRates);
        ArgumentNullException.ThrowIfNull(columnPrefix);
        if (monomials.Count == 0 || monomials.Count != logRates.Count)
        {
            throw new ArgumentException(
                $"There are {monomials.Count} terms and {logRates.Count} coefficients of the rate; give one per term.", nameof(logRates));
        }

        Shape = new ExponentialVariation([.. monomials.Select(monomial => new ExponentTerm(monomial, columnPrefix + monomial.Name))]);
        Rate =
        [
            .. Shape.Parameters.Select(parameter => YieldFactor.Exponential(
                parameter, LogRate(Monomial.Of(parameter)), LogRate(Monomial.Of(parameter, parameter)))),
        ];
        RateLeftOut =
        [
            .. monomials.Zip(logRates).Where(term => term.First.Second is { } second && second != term.First.First)
                .Select(term => (term.First, term.Second)),
        ];

        double LogRate(Monomial of) => monomials.Zip(logRates).FirstOrDefault(term => term.First == of).Second;
    }

    /// <summary>The shape.</summary>
    public ExponentialVariation Shape { get; }

    /// <summary>One factor a parameter.</summary>
    public IReadOnlyList<YieldFactor> Rate { get; }

    /// <summary>Products of two parameters and their c_A, for which there is no factor.</summary>
    public IReadOnlyList<(Monomial Monomial, double LogRate)> RateLeftOut { get; }
}
