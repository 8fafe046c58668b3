using Gbi.Likelihoods.Constraints;

namespace Gbi.Likelihoods.Interpolations;

/// <summary>
/// An interpolation at one α as a linear form f = c₀ + U (c₁ + c₂ ln U + c₃ ln²U) + D (c₄ + c₅ ln D + c₆ ln²D), whose coefficients
/// depend on α alone: what is stored of an event is U, ln U, D and ln D, and all laws have one loop.
/// </summary>
/// <remarks>
/// Code 4, in the closed form of the polynomial's coefficients, is linear in U, U ln U, U ln²U and the same of D; sorted by these its
/// constant is (1 − α²)³, and the coefficients of D at α are those of U at −α.
/// </remarks>
internal struct InterpolationBasis
{
    public const int Size = 7;

    private Coefficients _value;
    private Coefficients _first;
    private Coefficients _second;

    /// <summary>Coefficients of f, f′ and f″.</summary>
    [System.Diagnostics.CodeAnalysis.UnscopedRef]
    public ReadOnlySpan<double> Value => _value;

    [System.Diagnostics.CodeAnalysis.UnscopedRef]
    public ReadOnlySpan<double> First => _first;

    [System.Diagnostics.CodeAnalysis.UnscopedRef]
    public ReadOnlySpan<double> Second => _second;

    /// <summary>Whether the law is exp(α ln U) at this α (α ≥ 0) or exp(−α ln D) (α &lt; 0) instead of the linear form.</summary>
    public static bool IsExponential(InterpolationLaw law, double alpha) =>
        law == InterpolationLaw.PiecewiseExponential || (law == InterpolationLaw.PolynomialExponential && Math.Abs(alpha) > 1);

    /// <summary>The linear form at α, for laws and α where <see cref="IsExponential"/> is false.</summary>
    public static InterpolationBasis At(InterpolationLaw law, double alpha)
    {
        var basis = default(InterpolationBasis);
        if (law == InterpolationLaw.PolynomialExponential)
        {
            basis.SetPolynomialExponential(alpha);
        }
        else
        {
            basis.SetEvenOdd(new(alpha, 1, 0), Interpolation.BendAt(law, alpha));
        }

        return basis;
    }

    /// <summary>f = 1 + odd (U − D)/2 + even ((U + D)/2 − 1).</summary>
    private void SetEvenOdd(ValueWithDerivatives odd, ValueWithDerivatives even)
    {
        _value[0] = 1 - even.Value;
        _first[0] = -even.First;
        _second[0] = -even.Second;
        SetPair(0, odd, even);
    }

    /// <summary>The coefficients of U lnᵏU and D lnᵏD as half the sum of an even part and ± an odd one.</summary>
    private void SetPair(int power, ValueWithDerivatives odd, ValueWithDerivatives even)
    {
        (_value[1 + power], _value[4 + power]) = ((even.Value + odd.Value) / 2, (even.Value - odd.Value) / 2);
        (_first[1 + power], _first[4 + power]) = ((even.First + odd.First) / 2, (even.First - odd.First) / 2);
        (_second[1 + power], _second[4 + power]) = ((even.Second + odd.Second) / 2, (even.Second - odd.Second) / 2);
    }

    private void SetPolynomialExponential(double alpha)
    {
        SetEvenOdd(Odd(alpha, 15 / 8.0, -5 / 4.0, 3 / 8.0), Even(alpha, 3, -3, 1));
        SetPair(1, Odd(alpha, -7 / 8.0, 5 / 4.0, -3 / 8.0), Even(alpha, -9 / 8.0, 7 / 4.0, -5 / 8.0));
        SetPair(2, Odd(alpha, 1 / 8.0, -1 / 4.0, 1 / 8.0), Even(alpha, 1 / 8.0, -1 / 4.0, 1 / 8.0));
    }

    /// <summary>aα + bα³ + cα⁵.</summary>
    private static ValueWithDerivatives Odd(double alpha, double a, double b, double c)
    {
        double square = alpha * alpha;
        return new(
            alpha * (a + (square * (b + (square * c)))),
            a + (square * ((3 * b) + (square * 5 * c))),
            alpha * ((6 * b) + (square * 20 * c)));
    }

    /// <summary>aα² + bα⁴ + cα⁶.</summary>
    private static ValueWithDerivatives Even(double alpha, double a, double b, double c)
    {
        double square = alpha * alpha;
        return new(
            square * (a + (square * (b + (square * c)))),
            alpha * ((2 * a) + (square * ((4 * b) + (square * 6 * c)))),
            (2 * a) + (square * ((12 * b) + (square * 30 * c))));
    }

    [System.Runtime.CompilerServices.InlineArray(Size)]
    private struct Coefficients
    {
        private double _element;
    }
}
