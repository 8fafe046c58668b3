using Gbi.Inference.Fits;
using Gbi.Likelihoods.Model;
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
    } = Fits.ConfidenceLevel.OneSigma;

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

/// <summary>One point of a contour.</summary>
/// <param name="First">The first parameter.</param>
/// <param name="Second">The second one.</param>
/// <param name="Parameters">All parameters of the conditional fit.</param>
/// <param name="IsAtBound">Whether a bound cuts the contour off here: −2 ln L has then risen by less than on the contour, or just as much
/// where it meets the bound.</param>
public sealed record ContourPoint(double First, double Second, IReadOnlyList<double> Parameters, bool IsAtBound);

/// <summary>
/// The edge of the region in the plane of two parameters where −2 ln L, all other parameters at their best, is less than a given height
/// above its minimum, within the bounds of both.
/// </summary>
/// <remarks>
/// The contours of MINUIT: James and Roos, Comput. Phys. Commun. 10 (1975) 343. The line is followed from one point to the next, so that it
/// may bend as it likes; a second region apart from that of the minimum is not found.
/// </remarks>
public sealed record ProfileContour
{
    /// <summary>Name of the first parameter.</summary>
    public required string First { get; init; }

    /// <summary>Name of the second one.</summary>
    public required string Second { get; init; }

    /// <summary>By how much −2 ln L has risen on the contour.</summary>
    public required double Rise { get; init; }

    /// <summary>Both parameters at the minimum.</summary>
    public required (double First, double Second) Best { get; init; }

    /// <summary>
    /// The points counter-clockwise, as many as asked for less one for each failure, at equal distances in units of the covariance but for
    /// those where the line meets a bound.
    /// </summary>
    public required IReadOnlyList<ContourPoint> Points { get; init; }

    /// <summary>Whether the line came back to its start: the last point is then followed by the first.</summary>
    public required bool IsClosed { get; init; }

    /// <summary>One sentence for each point that was not found, and one for a line that did not close; empty where all went well.</summary>
    public required IReadOnlyList<string> Failures { get; init; }

    /// <summary>The contour of the parameter of interest of some fits and another parameter.</summary>
    /// <param name="fits">The likelihood and the first parameter.</param>
    /// <param name="second">Index of the second parameter.</param>
    /// <param name="options">Its height and number of points.</param>
    /// <exception cref="ArgumentException">Both are the same, or one is fixed; the message holds their names.</exception>
    /// <exception cref="FitException">The best fit failed, one of both has no error, or no point of the contour was found.</exception>
    public static ProfileContour Of(ProfileLikelihood fits, int second, ContourOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(fits);
        options ??= new ContourOptions();
        FitResult best = fits.Fit();
        int first = fits.ParameterOfInterest;
        if (second < 0 || second >= best.Names.Count || first == second || fits.Parameters[first].IsFixed
            || fits.Parameters[second].IsFixed)
        {
            throw new ArgumentException(
                $"A contour needs two free parameters, but number {first} and number {second} of {best.Names.Count} were given "
                    + $"({string.Join(", ", best.Names)}); give another index, or free the parameter.",
                nameof(second));
        }

        var plane = new ContourPlane(fits, second, options.Height);
        ContourMetric metric = Metric(best, first, second);
        var tracer = new ContourTracer(plane, metric, options.Points);
        tracer.Trace([.. best.Parameters]);
        var spread = new ContourPoints(plane, metric, tracer.Vertices, tracer.Lost is null);
        return new ProfileContour
        {
            First = best.Names[first],
            Second = best.Names[second],
            Rise = options.Height,
            Best = metric.Best,
            Points = tracer.Vertices.Count < 2 ? [] : spread.Spread(options.Points),
            IsClosed = tracer.Lost is null,
            Failures = [.. spread.Failures, .. tracer.Lost is null ? [] : (string[])[tracer.Lost]],
        };
    }

    private static ContourMetric Metric(FitResult best, int first, int second)
    {
        (double firstError, double secondError) = (best.Errors[first], best.Errors[second]);
        if (!(firstError * secondError > 0) || !double.IsFinite(firstError * secondError))
        {
            throw new FitException(
                $"The contour of {best.Names[first]} and {best.Names[second]} needs errors of both: {string.Join(" ", best.Remarks)}");
        }

        double covariance = best.Covariance?[(first * best.Names.Count) + second] ?? 0;
        return ContourMetric.Of(
            (best.Parameters[first], best.Parameters[second]), firstError, secondError, covariance / (firstError * secondError));
    }
}
