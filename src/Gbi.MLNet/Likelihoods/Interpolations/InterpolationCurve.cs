using Gbi.Likelihoods.Constraints;

namespace Gbi.Likelihoods.Interpolations;

/// <summary>f(α) with f(−1) = D, f(0) = 1 and f(1) = U by one law, with everything that does not depend on α computed once.</summary>
/// <remarks>Cranmer et al., HistFactory, CERN-OPEN-2012-016.</remarks>
internal sealed class InterpolationCurve
{
    private readonly InterpolationLaw _law;
    private readonly double _half;
    private readonly double _bend;
    private readonly double _logUp;
    private readonly double _logDown;
    private readonly double[] _polynomial = [];

    /// <summary>The curve for two ratios that the law allows.</summary>
    public InterpolationCurve(InterpolationLaw law, double down, double up)
    {
        _law = law;
        (_half, _bend) = ((up - down) / 2, ((up + down) / 2) - 1);
        if (Interpolation.UsesLogs(law))
        {
            (_logUp, _logDown) = (Math.Log(up), Math.Log(down));
        }

        if (law == InterpolationLaw.PolynomialExponential)
        {
            _polynomial = Polynomial(down, up, _logDown, _logUp);
        }
    }

    /// <summary>f, f′ and f″.</summary>
    public ValueWithDerivatives At(double alpha)
    {
        if (InterpolationBasis.IsExponential(_law, alpha))
        {
            double slope = alpha >= 0 ? _logUp : -_logDown;
            double value = Math.Exp(alpha * slope);
            return new(value, slope * value, slope * slope * value);
        }

        if (_law == InterpolationLaw.PolynomialExponential)
        {
            return PolynomialAt(alpha);
        }

        ValueWithDerivatives bend = Interpolation.BendAt(_law, alpha);
        return new(1 + (_half * alpha) + (_bend * bend.Value), _half + (_bend * bend.First), _bend * bend.Second);
    }

    private ValueWithDerivatives PolynomialAt(double alpha)
    {
        (double value, double slope, double halfCurvature) = (0, 0, 0);
        for (int power = _polynomial.Length - 1; power >= 0; power--)
        {
            halfCurvature = (halfCurvature * alpha) + slope;
            slope = (slope * alpha) + value;
            value = (value * alpha) + _polynomial[power];
        }

        return new(value, slope, 2 * halfCurvature);
    }

    /// <summary>1 and c₁ … c₆, from value, slope and curvature of the exponentials at ±1.</summary>
    private static double[] Polynomial(double down, double up, double logDown, double logUp)
    {
        (double even0, double odd0) = ((up + down) / 2, (up - down) / 2);
        (double even1, double odd1) = (((up * logUp) - (down * logDown)) / 2, ((up * logUp) + (down * logDown)) / 2);
        (double upSecond, double downSecond) = (up * logUp * logUp, down * logDown * logDown);
        (double even2, double odd2) = ((upSecond + downSecond) / 2, (upSecond - downSecond) / 2);
        return
        [
            1,
            ((15 * odd0) - (7 * even1) + odd2) / 8,
            (-24 + (24 * even0) - (9 * odd1) + even2) / 8,
            ((-5 * odd0) + (5 * even1) - odd2) / 4,
            (12 - (12 * even0) + (7 * odd1) - even2) / 4,
            ((3 * odd0) - (3 * even1) + odd2) / 8,
            (-8 + (8 * even0) - (5 * odd1) + even2) / 8,
        ];
    }
}
