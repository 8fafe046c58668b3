using Gbi.Simulators.Priors;

namespace Gbi.Posteriors.Autoregressive.Means;

/// <summary>How the values of a parameter are ordered, and the range that they have.</summary>
/// <param name="Kind">Line, circle or a few values.</param>
/// <param name="Low">Lowest value.</param>
/// <param name="High">Highest value; the same point as the lowest one on a circle.</param>
internal sealed record ParameterScale(ParameterKind Kind, double Low, double High)
{
    public static ParameterScale Of(Prior prior, int parameter)
    {
        (double low, double high) = prior.Range(parameter);
        return new ParameterScale(prior.Kind(parameter), low, high);
    }

    /// <summary>True where the parameter has a density.</summary>
    public bool IsContinuous => Kind is ParameterKind.Continuous or ParameterKind.Periodic;

    /// <summary>True where both ends of the range are the same point.</summary>
    public bool IsPeriodic => Kind == ParameterKind.Periodic;

    /// <summary>How many <see cref="Coordinates"/> there are.</summary>
    public int CoordinateCount => IsPeriodic ? 2 : 1;

    private double Period => High - Low;

    /// <summary>Numbers without a jump that stand for the parameter: itself, or sine and cosine of the angle.</summary>
    public float[][] Coordinates(float[] values) => IsPeriodic
        ?
        [
            Array.ConvertAll(values, value => (float)Math.Sin((value - Low) * Math.Tau / Period)),
            Array.ConvertAll(values, value => (float)Math.Cos((value - Low) * Math.Tau / Period)),
        ]
        : [values];

    /// <summary>The values that coordinates stand for.</summary>
    public float[] FromCoordinates(float[][] coordinates) => IsPeriodic
        ? [.. coordinates[0].Zip(coordinates[1], (sine, cosine) => Wrapped(Low + (Math.Atan2(sine, cosine) * Period / Math.Tau)))]
        : coordinates[0];

    /// <summary>A value less another one, by the shorter way round on a circle.</summary>
    public float Difference(float value, float from) => IsPeriodic
        ? (float)Math.IEEERemainder((double)value - from, Period)
        : value - from;

    /// <summary>A value brought into the range of a circle.</summary>
    public float Wrapped(double value)
    {
        if (!IsPeriodic)
        {
            return (float)value;
        }

        double turns = Math.Floor((value - Low) / Period);
        return Math.Clamp((float)(value - (turns * Period)), (float)Low, (float)High);
    }
}
