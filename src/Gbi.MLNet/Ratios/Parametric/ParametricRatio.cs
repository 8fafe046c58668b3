using Gbi.Events;
using Gbi.Trees.Model;

namespace Gbi.Ratios.Parametric;

/// <summary>
/// A density relative to nominal as a function of parameters, dσ(x|ν)/dσ(x|0) = exp Σ_A ν_A Δ_A(x): positive and smooth in ν, 1 at
/// ν = 0. Independent groups of parameters have one such ratio each, and their ratios multiply.
/// </summary>
public sealed partial class ParametricRatio : IParametricRatio
{
    /// <summary>What stands before a monomial's name in the name of a column of coefficients.</summary>
    public const string ColumnPrefix = "Delta_";

    private readonly ParameterPolynomial _polynomial;

    internal ParametricRatio(TreeEnsemble trees, IReadOnlyList<string> parameters, IReadOnlyList<Monomial> monomials)
    {
        Trees = trees;
        _polynomial = new ParameterPolynomial(parameters, monomials);
        if (trees.OutputCount != monomials.Count)
        {
            throw new InvalidDataException(
                $"The trees have {trees.OutputCount} outputs, expected {monomials.Count}, one per monomial "
                    + $"({ParameterPolynomial.Listed(monomials)}).");
        }
    }

    /// <summary>Names of the features, in the order in which an event's values are given.</summary>
    public IReadOnlyList<string> Features => Trees.Features;

    /// <summary>Names of the parameters ν, in the order in which their values are given.</summary>
    public IReadOnlyList<string> Parameters => _polynomial.Parameters;

    /// <summary>The monomials ν_A, in the order of the coefficients.</summary>
    public IReadOnlyList<Monomial> Monomials => _polynomial.Monomials;

    /// <summary>The trees; one output a monomial.</summary>
    public TreeEnsemble Trees { get; }

    /// <summary>Δ_A of one event.</summary>
    /// <param name="values">One value a feature, NaN for missing.</param>
    /// <param name="coefficients">Filled; one per monomial.</param>
    public void Coefficients(ReadOnlySpan<float> values, Span<float> coefficients) => Trees.Predict(values, coefficients);

    /// <summary>Δ_A of all events of a table, shape [events × monomials].</summary>
    /// <exception cref="DataException">A feature is not a column of the table.</exception>
    public float[] Coefficients(EventTable events) => Trees.Predict(events);

    /// <summary>ln dσ(x|ν)/dσ(x|0) of one event.</summary>
    /// <param name="values">One value a feature, NaN for missing.</param>
    /// <param name="nu">One value a parameter.</param>
    /// <exception cref="ArgumentException">There is another number of parameters.</exception>
    public double LogRatio(ReadOnlySpan<float> values, ReadOnlySpan<double> nu)
    {
        double[] monomials = _polynomial.At(nu);
        Span<float> coefficients = stackalloc float[monomials.Length];
        Trees.Predict(values, coefficients);
        return Sum(monomials, coefficients);
    }

    /// <summary>
    /// ln σ(ν)/σ(0) of the training samples, which <see cref="LogRatio"/> holds too; 0 where it was not separated
    /// (<see cref="ParametricRatioOptions.SeparatesInclusiveRatio"/>).
    /// </summary>
    /// <param name="nu">One value a parameter.</param>
    /// <exception cref="ArgumentException">There is another number of parameters.</exception>
    public double LogInclusiveRatio(ReadOnlySpan<double> nu) => Sum(_polynomial.At(nu), Trees.BaseValues);

    internal static double Sum(double[] monomials, ReadOnlySpan<float> coefficients)
    {
        double sum = 0;
        for (int a = 0; a < monomials.Length; a++)
        {
            sum += monomials[a] * coefficients[a];
        }

        return sum;
    }
}
