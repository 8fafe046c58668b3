using MathNet.Numerics.Distributions;
using MathNet.Numerics.Interpolation;

namespace Gbi.Numerics.Probability;

/// <summary>
/// A distribution given by some of its quantiles: x(z) = Q(Φ(z)), a smooth monotone function of a standard normal z, so that numbers can be
/// drawn from it and correlated with others by their normal scores (a Gaussian copula).
/// </summary>
/// <remarks>
/// Between the given points a monotone cubic (Fritsch and Carlson, SIAM J. Numer. Anal. 17 (1980) 238), tabulated in 2048 cells; beyond the
/// outer points, the outer values.
/// </remarks>
internal sealed class QuantileTable
{
    private const int CellCount = 2048;
    private const double HalfWidth = 5;
    private const double CellsPerUnit = CellCount / (2 * HalfWidth);

    private readonly double[] _values = new double[CellCount + 1];

    /// <summary>Tabulates the function through quantiles.</summary>
    /// <param name="probabilities">Ascending, in (0, 1); three or more.</param>
    /// <param name="values">One a probability, ascending, in any unit.</param>
    /// <exception cref="ArgumentException">Lengths disagree, or numbers do not ascend.</exception>
    public QuantileTable(IReadOnlyList<double> probabilities, IReadOnlyList<double> values)
    {
        ArgumentNullException.ThrowIfNull(probabilities);
        ArgumentNullException.ThrowIfNull(values);
        RequireAscending(probabilities, values);
        double[] scores = [.. probabilities.Select(probability => Normal.InvCDF(0, 1, probability))];
        CubicSpline spline = CubicSpline.InterpolatePchipSorted(scores, [.. values]);
        for (int node = 0; node <= CellCount; node++)
        {
            _values[node] = spline.Interpolate(Math.Clamp((node / CellsPerUnit) - HalfWidth, scores[0], scores[^1]));
        }
    }

    /// <summary>The value whose normal score is <paramref name="score"/>; monotone.</summary>
    public double At(double score)
    {
        double position = Math.Clamp((score + HalfWidth) * CellsPerUnit, 0, CellCount);
        int cell = Math.Min((int)position, CellCount - 1);
        return _values[cell] + ((position - cell) * (_values[cell + 1] - _values[cell]));
    }

    private static void RequireAscending(IReadOnlyList<double> probabilities, IReadOnlyList<double> values)
    {
        if (probabilities.Count != values.Count || probabilities.Count < 3)
        {
            throw new ArgumentException(
                $"There are {probabilities.Count} probabilities and {values.Count} values; a table needs three or more of each, as many of "
                    + "one as of the other.");
        }

        for (int i = 0; i < probabilities.Count; i++)
        {
            bool ascends = i == 0 || (probabilities[i] > probabilities[i - 1] && values[i] >= values[i - 1]);
            if (!ascends || !(probabilities[i] is > 0 and < 1) || !double.IsFinite(values[i]))
            {
                throw new ArgumentException(
                    $"Quantile {i}, {values[i]} at probability {probabilities[i]}, does not ascend from the one before, or its probability "
                        + "is not inside (0, 1).");
            }
        }
    }
}
