using Gbi.Numerics.Probability;

namespace Gbi.Inference.Contours;

/// <summary>Which contour, and how finely.</summary>
public sealed record ContourOptions
{
    /// <summary>Probability that the contour holds both true values, for a likelihood close to a Gaussian. Range: (0, 1).</summary>
    public double ConfidenceLevel
    {
        get;
        init => field = value is > 0 and < 1 ? value : throw new ArgumentOutOfRangeException(
            nameof(ConfidenceLevel), value, "ConfidenceLevel must be between 0 and 1: it is a probability.");
    } = 0.68268949213708585;

    /// <summary>
    /// By how much −2 ln L has risen on the contour, in place of the quantile of <see cref="ConfidenceLevel"/>; 1 gives the contour whose
    /// extremes are the errors of each parameter alone. Null for the quantile. Range: above 0.
    /// </summary>
    public double? Rise
    {
        get;
        init => field = value is null or > 0 ? value : throw new ArgumentOutOfRangeException(
            nameof(Rise), value, "Rise must be above 0: on the contour −2 ln L is above its minimum.");
    }

    /// <summary>Points of the contour, at equal distances in units of the covariance. Range: 8 or more.</summary>
    public int Points
    {
        get;
        init => field = value >= 8 ? value : throw new ArgumentOutOfRangeException(
            nameof(Points), value, "Points must be 8 or more: fewer do not show the shape of a contour.");
    } = 40;

    internal double Height => Rise ?? TailProbability.ChiSquaredTwoQuantile(ConfidenceLevel);
}
