using Gbi.Events;
using Gbi.Trees;

namespace Gbi.Systematics;

/// <summary>One term ν_A Δ_A(x) of an exponent.</summary>
/// <param name="Monomial">ν_A.</param>
/// <param name="Column">Δ_A, one an event, finite.</param>
public sealed record ExponentTerm(Monomial Monomial, ReadOnlyMemory<float> Column)
{
    /// <summary>Names of the factors of ν_A: one, or two that are the same in a square.</summary>
    public IReadOnlyList<string> Factors => Monomial.Second is null ? [Monomial.First] : [Monomial.First, Monomial.Second];
}

/// <summary>
/// exp Σ_A ν_A Δ_A(x): ν_A are parameters and products of two of them, Δ_A columns, as parametric trees give them.
/// </summary>
/// <remarks>Schöfbeck, arXiv:2406.19076.</remarks>
public sealed class ExponentialVariation : ShapeVariation
{
    /// <summary>What stands before a monomial's name in the name of the column with its coefficient, where nothing else is said.</summary>
    public const string ColumnPrefix = "Delta_";

    /// <summary>A factor from its terms.</summary>
    /// <param name="terms">One or more, with columns of the same length.</param>
    /// <exception cref="ArgumentException">No term, columns of different lengths, or a coefficient that is not finite.</exception>
    public ExponentialVariation(params IReadOnlyList<ExponentTerm> terms)
        : base(terms is [var first, ..] ? first.Column.Length : throw new ArgumentException("An exponential variation needs a term.", nameof(terms)))
    {
        foreach (ExponentTerm term in terms)
        {
            if (term.Column.Length != Count)
            {
                throw new ArgumentException(
                    $"Term '{term.Monomial}' has {term.Column.Length} events, the first term {Count}; give one an event.", nameof(terms));
            }

            RequireAll(term.Column.Span, float.IsFinite, $"The coefficient of '{term.Monomial}'", "a finite number");
        }

        Terms = [.. terms];
        Parameters = [.. terms.SelectMany(term => term.Factors).Distinct()];
    }

    /// <summary>The terms.</summary>
    public IReadOnlyList<ExponentTerm> Terms { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Parameters { get; }

    /// <summary>exp(d₁ν + d₂ν²).</summary>
    /// <param name="parameter">Name of ν.</param>
    /// <param name="linear">d₁, one an event.</param>
    /// <param name="quadratic">d₂, one an event.</param>
    public static ExponentialVariation Quadratic(string parameter, ReadOnlyMemory<float> linear, ReadOnlyMemory<float> quadratic) =>
        new(new ExponentTerm(Monomial.Of(parameter), linear), new ExponentTerm(Monomial.Of(parameter, parameter), quadratic));

    /// <summary>
    /// From columns of coefficients in a table, as a pipeline's <c>Systematic(...)</c> or <c>gbi score</c> appended them: "Delta_nu",
    /// "Delta_nu^2", "Delta_a*b".
    /// </summary>
    /// <param name="events">The events.</param>
    /// <param name="monomials">Terms of the exponent, one or more; each has a column.</param>
    /// <param name="prefix">What stands before a monomial's name in the name of its column.</param>
    /// <exception cref="DataException">A monomial has no column; the message names it and those that are there.</exception>
    /// <exception cref="ArgumentException">No monomial, or a coefficient that is not finite.</exception>
    public static ExponentialVariation FromColumns(EventTable events, IReadOnlyList<Monomial> monomials, string prefix = ColumnPrefix)
    {
        ArgumentNullException.ThrowIfNull(events);
        ArgumentNullException.ThrowIfNull(monomials);
        return new([.. monomials.Select(monomial => new ExponentTerm(monomial, events.Memory(prefix + monomial.Name)))]);
    }

    /// <summary>What parametric trees have learnt, at the events of a table.</summary>
    /// <param name="ratio">The trees.</param>
    /// <param name="events">The events, with the trees' features.</param>
    /// <exception cref="DataException">A feature is not a column of the table.</exception>
    public static ExponentialVariation Of(ParametricRatio ratio, EventTable events)
    {
        ArgumentNullException.ThrowIfNull(ratio);
        float[] rows = ratio.Coefficients(events);
        int stride = ratio.Monomials.Count;
        return new([.. ratio.Monomials.Select((monomial, at) =>
        {
            float[] column = new float[rows.Length / stride];
            for (int row = 0; row < column.Length; row++)
            {
                column[row] = rows[(row * stride) + at];
            }

            return new ExponentTerm(monomial, column);
        })]);
    }
}
