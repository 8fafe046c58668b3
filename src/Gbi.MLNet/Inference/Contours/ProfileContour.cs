using Gbi.Inference.Fits;
using Gbi.Likelihoods.Model;

namespace Gbi.Inference.Contours;

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
    /// those that stand where the line meets a bound.
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
        if (second < 0 || second >= best.Names.Count || first == second || fits.Parameters[first].IsFixed || fits.Parameters[second].IsFixed)
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
            Points = tracer.Vertices.Count < 2 ? [] : spread.Place(options.Points),
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
