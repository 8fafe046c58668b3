using Gbi.Inference;
using Gbi.Ratios;

namespace Gbi.Analysis;

/// <summary>Signal fraction μ and parameters θ of a family as data tell them.</summary>
/// <remarks>
/// Errors, intervals and contours are those of the data alone: simulated samples too small for the ratio's own error to be negligible make them too
/// short. Intervals and contours are computed when asked for. Not safe for use by several threads at once.
/// </remarks>
public sealed class SignalFamilyFit
{
    private readonly FamilyData _data;
    private readonly FamilyExpansion _expansion;
    private readonly Likelihood _likelihood;
    private readonly SignalFamily _family;

    internal SignalFamilyFit(FamilyData data, FamilyMinimum best, SignalFamily family)
    {
        (_data, Best, _family) = (data, best, family);
        (_expansion, _likelihood) = data.At(best.Centre);
        FitResult fit = Fits(0).Fit();
        double[] slopes = [1, .. best.Theta.Select((value, p) => family.Coordinates.Slope(p, value))];
        Covariance = fit.Covariance is { } covariance
            ? [.. covariance.Select((value, at) => value * slopes[at / slopes.Length] * slopes[at % slopes.Length])]
            : null;
        Errors = [.. fit.Errors.Select((error, i) => error * slopes[i])];
        Remarks = [.. AtBounds(fit), .. fit.Undetermined.Select(name => $"The data do not determine {name}.")];
    }

    /// <summary>The lowest minimum.</summary>
    public FamilyMinimum Best { get; }

    /// <summary>μ and then the parameters, by name.</summary>
    public IReadOnlyList<string> Names => [FamilyExpansion.Fraction, .. _family.Parameters];

    /// <summary>Their values.</summary>
    public IReadOnlyList<double> Values => [Best.Fraction, .. Best.Theta];

    /// <summary>Their standard errors by the Hessian; NaN where there is none.</summary>
    public IReadOnlyList<double> Errors { get; }

    /// <summary>Their covariance, row-major; null where the Hessian is not positive definite.</summary>
    public IReadOnlyList<double>? Covariance { get; }

    /// <summary>The scan that fits started from, the best point first.</summary>
    public required IReadOnlyList<FamilyScanPoint> Scan { get; init; }

    /// <summary>Where the fits ended, one for each start and one for the exchanged parameters; the lowest first.</summary>
    public required IReadOnlyList<FamilyMinimum> Minima { get; init; }

    /// <summary>Why fits failed, one sentence for each that did.</summary>
    public required IReadOnlyList<string> Failures { get; init; }

    /// <summary>The fit from exchanged parameters; null where their order means nothing, or there are not two.</summary>
    public required LabelSwap? LabelSwap { get; init; }

    /// <summary>One sentence for everything that a reader of values and errors must know; empty where there is nothing.</summary>
    public IReadOnlyList<string> Remarks { get; }

    /// <summary>The profile interval of μ or a parameter, cut off where the stretch around the minimum or the family ends.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="confidenceLevel">Range: (0, 1).</param>
    /// <exception cref="FitException">A fit failed.</exception>
    public ConfidenceInterval Interval(string name, double confidenceLevel = 0.68268949213708585)
    {
        int at = IndexOf(name);
        FitParameter parameter = _expansion.Parameters[at];
        ConfidenceInterval interval = ProfileInterval.Of(Fits(at), parameter.Lower, parameter.Upper, confidenceLevel);
        return at == 0 ? interval : new ConfidenceInterval(ThetaOf(at, interval.Lower), ThetaOf(at, interval.Upper), confidenceLevel);
    }

    /// <summary>The contour of two of <see cref="Names"/> in their own units, all others profiled.</summary>
    /// <param name="first">The first of them.</param>
    /// <param name="second">The second of them.</param>
    /// <param name="options">Confidence level and number of points.</param>
    /// <exception cref="FitException">The fit has no errors, or no point of the contour was found.</exception>
    public ProfileContour Contour(string first, string second, ContourOptions? options = null)
    {
        (int i, int j) = (IndexOf(first), IndexOf(second));
        ProfileContour contour = ProfileContour.Of(Fits(i), j, options);
        return contour with
        {
            Best = (ThetaOf(i, contour.Best.First), ThetaOf(j, contour.Best.Second)),
            Points = [.. contour.Points.Select(point => point with
            {
                First = ThetaOf(i, point.First),
                Second = ThetaOf(j, point.Second),
                Parameters = [point.Parameters[0], .. _expansion.ThetaAt(point.Parameters)],
            })],
        };
    }

    /// <summary>
    /// By how much −2 ln L at given parameters, μ at its best, is above the minimum: their contour of a level holds them where it is below the
    /// quantile of χ² with as many degrees of freedom as there are parameters.
    /// </summary>
    /// <exception cref="FitException">No minimum was found there.</exception>
    public double RiseAt(IReadOnlyList<double> theta)
    {
        ArgumentNullException.ThrowIfNull(theta);
        double[] point = _family.Coordinates.Ordered(theta);
        bool isNear = _family.PlacesOf(point, _expansion.Centre).All(place => Math.Abs(place) <= 1);
        (FamilyExpansion expansion, Likelihood likelihood) = isNear
            ? (_expansion, _likelihood)
            : _data.At(new FamilyGrid(_family.Coordinates).Nearest(point));
        return expansion.Fits(likelihood, point, Best.Fraction, isFixed: true).Best.Value - Best.TwiceNll;
    }

    private ProfileLikelihood Fits(int about) => _expansion.Fits(_likelihood, Best.Theta, Best.Fraction, about: about);

    private double ThetaOf(int index, double value) =>
        index == 0 ? value : _family.Coordinates.At(index - 1, value, _expansion.Centre);

    private int IndexOf(string name)
    {
        int at = Names.ToList().IndexOf(name);
        return at >= 0 ? at : throw new ArgumentException($"There is no parameter '{name}'; there are {string.Join(", ", Names)}.", nameof(name));
    }

    private IEnumerable<string> AtBounds(FitResult fit)
    {
        foreach (string name in fit.AtBounds)
        {
            int at = IndexOf(name);
            yield return at == 0
                ? "The signal fraction ended at a bound: the data hold no signal of this family, and its parameters mean nothing."
                : FormattableString.Invariant(
                    $"{name} ended at {Values[at]:G5}, an end of the range from {_family.Lowest[at - 1]:G5} to {_family.Highest[at - 1]:G5} that the family covers, or of the stretch that was searched; its error means little.");
        }
    }
}
