namespace Gbi.Likelihoods.Interpolations;

/// <summary>
/// How a factor f(α) runs between its values D at α = −1, 1 at α = 0 and U at α = 1, and beyond. The numbers are the codes of
/// HistFactory (CERN-OPEN-2012-016) as pyhf counts them.
/// </summary>
public enum InterpolationLaw
{
    /// <summary>Code 0: straight lines 1 + α(U − 1) and 1 + α(1 − D), with a kink at 0.</summary>
    PiecewiseLinear,

    /// <summary>Code 1: U^α and D^(−α), with a kink at 0. U, D above 0.</summary>
    PiecewiseExponential,

    /// <summary>Code 2: a parabola for |α| ≤ 1, straight lines of the same slope beyond.</summary>
    QuadraticLinear,

    /// <summary>
    /// Code 4: a polynomial of sixth order for |α| ≤ 1 that joins U^α and D^(−α) beyond with two continuous derivatives. U, D above 0.
    /// </summary>
    PolynomialExponential,

    /// <summary>Code 4p: a polynomial of sixth order for |α| ≤ 1 that joins the lines of code 0 with two continuous derivatives.</summary>
    PolynomialLinear,
}
