using Gbi.Events;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Ratios.Families;

/// <summary>
/// A signal family at one point θ as a ratio of x alone: ln r(x;θ) of <see cref="SignalFamily.LogRatios"/>, normalised only up to a
/// constant that depends on θ. Spread and uncertainty are not available (NaN).
/// </summary>
public sealed class FamilyRatio : IDensityRatio
{
    private const double Rounding = 1e-6;

    private readonly SignalFamily _family;

    internal FamilyRatio(SignalFamily family, IReadOnlyList<double> theta)
    {
        FamilyCoordinates coordinates = family.Coordinates;
        for (int p = 0; p < theta.Count; p++)
        {
            // The ends of the range went through a logarithm and back.
            double share = (coordinates.U(theta[p]) - coordinates.Low[p]) / (coordinates.High[p] - coordinates.Low[p]);
            if (!(share is >= -Rounding and <= 1 + Rounding))
            {
                throw new ArgumentException(
                    Text(
                        $"{family.Parameters[p]} is {theta[p]:G6}, but the family was learnt from {family.Lowest[p]:G6} to "
                            + $"{family.Highest[p]:G6}; choose a point within it."));
            }
        }

        (_family, Theta) = (family, [.. theta]);
    }

    /// <summary>The point, one value a parameter.</summary>
    public IReadOnlyList<double> Theta { get; }

    /// <inheritdoc/>
    public string Numerator => "signal at " + string.Join(", ", _family.Parameters.Zip(
        Theta, (name, value) => Text($"{name} = {value:G6}")));

    /// <inheritdoc/>
    public string Denominator => "background";

    /// <inheritdoc/>
    public IReadOnlyList<string> Features => _family.Features;

    /// <inheritdoc/>
    public double NormalisationError => 0;

    /// <inheritdoc/>
    public RatioScores Score(EventTable events)
    {
        float[] logRatios = _family.LogRatios(events, Theta);
        var scores = new RatioScores(logRatios.Length);
        for (int row = 0; row < logRatios.Length; row++)
        {
            scores.Set(row, new EventRatio(logRatios[row], double.NaN, double.NaN), double.PositiveInfinity);
        }

        return scores;
    }
}
