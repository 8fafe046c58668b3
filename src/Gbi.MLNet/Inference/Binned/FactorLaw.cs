namespace Gbi.Inference.Binned;

/// <summary>How a factor f(α) runs through f(−1) = down, f(0) = 1, f(+1) = up.</summary>
public enum FactorLaw
{
    /// <summary>Straight lines with a kink at 0 (HistFactory code 0).</summary>
    Linear,

    /// <summary>up^α above 0, down^−α below, with a kink at 0 (HistFactory code 1).</summary>
    Exponential,

    /// <summary>A polynomial of sixth order within ±1, twice continuously joined to the exponentials beyond (HistFactory code 4).</summary>
    PolynomialExponential,
}

/// <summary>f(α) with its derivatives for given up and down.</summary>
/// <remarks>Cranmer et al., HistFactory, CERN-OPEN-2012-016.</remarks>
internal sealed class FactorCurve
{
    private readonly FactorLaw _law;
    private readonly double _down;
    private readonly double _up;
    private readonly double[] _coefficients;

    public FactorCurve(YieldVariation variation)
    {
        (_law, _down, _up) = (variation.Law, variation.Down, variation.Up);
        if (!double.IsFinite(_down) || !double.IsFinite(_up) || (_law != FactorLaw.Linear && !(_down > 0 && _up > 0)))
        {
            throw new ArgumentException($"The factors {_down} and {_up} of a yield variation must be finite, and above 0 for an exponential law.");
        }

        _coefficients = _law == FactorLaw.PolynomialExponential ? Polynomial(_down, _up) : [];
    }

    /// <summary>f, f′ and f″ at α.</summary>
    public (double Value, double Slope, double Curvature) At(double alpha) => _law switch
    {
        FactorLaw.Linear => alpha >= 0 ? (1 + (alpha * (_up - 1)), _up - 1, 0) : (1 + (alpha * (1 - _down)), 1 - _down, 0),
        FactorLaw.PolynomialExponential when Math.Abs(alpha) < 1 => PolynomialAt(alpha),
        _ => alpha >= 0 ? Power(_up, alpha, 1) : Power(_down, -alpha, -1),
    };

    private static (double Value, double Slope, double Curvature) Power(double basis, double exponent, int sign)
    {
        double log = Math.Log(basis);
        double value = Math.Exp(exponent * log);
        return (value, sign * log * value, log * log * value);
    }

    private (double Value, double Slope, double Curvature) PolynomialAt(double alpha)
    {
        (double value, double slope, double halfCurvature) = (0, 0, 0);
        for (int power = _coefficients.Length - 1; power >= 0; power--)
        {
            halfCurvature = (halfCurvature * alpha) + slope;
            slope = (slope * alpha) + value;
            value = (value * alpha) + _coefficients[power];
        }

        return (value, slope, 2 * halfCurvature);
    }

    /// <summary>1 and c₁ … c₆, from value, slope and curvature of the exponentials at ±1.</summary>
    private static double[] Polynomial(double down, double up)
    {
        (double logUp, double logDown) = (Math.Log(up), Math.Log(down));
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
