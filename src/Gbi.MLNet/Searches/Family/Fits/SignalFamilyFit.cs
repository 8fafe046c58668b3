using Gbi.Inference.Contours;
using Gbi.Inference.Fits;
using Gbi.Likelihoods;
using Gbi.Likelihoods.Model;
using Gbi.Numerics.Minima;
using Gbi.Numerics.Probability;
using Gbi.Ratios.Families;
using Gbi.Searches.Family.Scans;
using Gbi.Searches.Options;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Searches.Family.Fits;

/// <summary>Signal fraction μ and parameters θ of a family as data tell them.</summary>
/// <remarks>
/// Values and errors solve the equation that samples of the fitted parameters have the mean score of the data, with the finite size of
/// reference and signal sample in the errors. The likelihood of the learnt ratio itself, which is as biased as the ratio is wrong, gives
/// <see cref="Best"/> and the shapes whose names begin with Likelihood, which are computed when asked for. Not safe for use by several
/// threads at once.
/// </remarks>
public sealed class SignalFamilyFit
{
    private readonly FamilyData _data;
    private readonly FamilyExpansion _expansion;
    private readonly Likelihood _likelihood;
    private readonly SignalFamily _family;

    private readonly double[] _point;
    private readonly IReadOnlyList<double>? _covariance;

    internal SignalFamilyFit(FamilyData data, FamilyMinimum best, SignalFamily family, FamilyEstimate? estimate)
    {
        (_data, Best, _family) = (data, best, family);
        (_expansion, _likelihood, _) = data.At(best.Centre);
        FitResult fit = Fits(0).Fit();
        IsCalibrated = estimate is not null;
        _point = estimate?.Point ?? [best.Fraction, .. family.Coordinates.Local(best.Theta, best.Centre)];
        _covariance = estimate?.Covariance ?? fit.Covariance;
        double[] theta = _expansion.ThetaAt(_point);
        Values = [_point[0], .. theta];
        double[] slopes = [1, .. theta.Select((value, p) => family.Coordinates.Slope(p, value))];
        Covariance = _covariance is { } covariance
            ? [.. covariance.Select((value, at) => value * slopes[at / slopes.Length] * slopes[at % slopes.Length])]
            : null;
        Errors = [.. slopes.Select((slope, i) => slope * Error(i))];
        Remarks =
        [
            .. AtBounds(fit),
            .. fit.Degenerate.Select(name => $"The data do not determine {name}."),
            .. IsCalibrated
                ? (string[])[]
                : ["No signal samples near the fitted point could calibrate values and errors; they are those of the learnt ratio."],
        ];
    }

    /// <summary>The lowest minimum of −2 ln L of the learnt ratio.</summary>
    public FamilyMinimum Best { get; }

    /// <summary>μ and then the parameters, by name.</summary>
    public IReadOnlyList<string> Names => [FamilySearchOptions.Fraction, .. _family.Parameters];

    /// <summary>Whether samples put values and errors right; where not, they are the maximum and the Hessian of the learnt
    /// likelihood.</summary>
    public bool IsCalibrated { get; }

    /// <summary>Their values. That of μ can be negative.</summary>
    public IReadOnlyList<double> Values { get; }

    /// <summary>Their standard errors; NaN where there is none.</summary>
    public IReadOnlyList<double> Errors { get; }

    /// <summary>Their covariance, row-major; null where there is none.</summary>
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

    /// <summary>
    /// The interval of μ or a parameter, value ± z error; where the logarithm is the coordinate of a parameter, of its logarithm.
    /// </summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="confidenceLevel">Range: (0, 1).</param>
    /// <exception cref="FitException">There is no error.</exception>
    public ConfidenceInterval Interval(string name, double confidenceLevel = ConfidenceLevel.OneSigma)
    {
        int at = IndexOf(name);
        double half = Math.Sqrt(TailProbability.ChiSquaredOneQuantile(confidenceLevel)) * Error(at);
        return double.IsFinite(half)
            ? new ConfidenceInterval(ThetaOf(at, _point[at] - half), ThetaOf(at, _point[at] + half), confidenceLevel)
            : throw NoErrors();
    }

    /// <summary>
    /// By how much χ² = dᵀ C⁻¹ d at given parameters, μ at its best, is above its minimum, d being the distance in the family's coordinates
    /// and C their covariance: the contour of a level holds them where it is below the quantile of χ² with as many degrees of freedom as
    /// there are parameters.
    /// </summary>
    /// <exception cref="FitException">There are no errors.</exception>
    public double RiseAt(IReadOnlyList<double> theta)
    {
        ArgumentNullException.ThrowIfNull(theta);
        double[] local = _family.Coordinates.Local(_family.Coordinates.Ordered(theta), _expansion.Centre);
        double[] distance = [.. local.Select((coordinate, p) => coordinate - _point[p + 1])];
        double[] factor = Block([.. Enumerable.Range(1, local.Length)]);
        double[] solved = [.. distance];
        CholeskyFactor.Solve(factor, solved.Length, solved);
        return distance.Zip(solved, (left, right) => left * right).Sum();
    }

    /// <summary>The contour of two of <see cref="Names"/> in their own units, all others at their best: where χ² has risen to the quantile
    /// of two degrees of freedom.</summary>
    /// <param name="first">The first of them.</param>
    /// <param name="second">The second of them.</param>
    /// <param name="confidenceLevel">Range: (0, 1).</param>
    /// <param name="points">Points of the closed line, counter-clockwise. Range: 3 or more.</param>
    /// <exception cref="FitException">There are no errors.</exception>
    public IReadOnlyList<(double First, double Second)> Contour(
        string first, string second, double confidenceLevel = ConfidenceLevel.OneSigma, int points = 72)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(points, 3);
        (int i, int j) = (IndexOf(first), IndexOf(second));
        double[] factor = Block([i, j]);
        double radius = Math.Sqrt(TailProbability.ChiSquaredTwoQuantile(confidenceLevel));
        return
        [
            .. Enumerable.Range(0, points).Select(number =>
            {
                (double sine, double cosine) = Math.SinCos(2 * Math.PI * number / points);
                return (
                    ThetaOf(i, _point[i] + (radius * factor[0] * cosine)),
                    ThetaOf(j, _point[j] + (radius * ((factor[2] * cosine) + (factor[3] * sine)))));
            }),
        ];
    }

    /// <summary>The profile interval of the learnt likelihood around <see cref="Best"/>, cut off where the segment around the minimum or
    /// the family ends.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="confidenceLevel">Range: (0, 1).</param>
    /// <exception cref="FitException">A fit failed.</exception>
    public ConfidenceInterval LikelihoodInterval(string name, double confidenceLevel = ConfidenceLevel.OneSigma)
    {
        int at = IndexOf(name);
        FitParameter parameter = _expansion.Parameters[at];
        ConfidenceInterval interval = ProfileInterval.Of(Fits(at), parameter.Lower, parameter.Upper, confidenceLevel);
        return at == 0 ? interval : new ConfidenceInterval(ThetaOf(at, interval.Lower), ThetaOf(at, interval.Upper), confidenceLevel);
    }

    /// <summary>The contour of the learnt likelihood around <see cref="Best"/> in units of the parameters, all others profiled.</summary>
    /// <param name="first">One of <see cref="Names"/>.</param>
    /// <param name="second">Another of them.</param>
    /// <param name="options">Confidence level and number of points.</param>
    /// <exception cref="FitException">The fit has no errors, or no point of the contour was found.</exception>
    public ProfileContour LikelihoodContour(string first, string second, ContourOptions? options = null)
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

    /// <summary>By how much −2 ln L of the learnt ratio at given parameters, μ at its best, is above <see cref="Best"/>.</summary>
    /// <exception cref="FitException">No minimum was found there.</exception>
    public double LikelihoodRiseAt(IReadOnlyList<double> theta)
    {
        ArgumentNullException.ThrowIfNull(theta);
        double[] point = _family.Coordinates.Ordered(theta);
        bool isNear = _family.LocalCoordinates(point, _expansion.Centre).All(coordinate => Math.Abs(coordinate) <= 1);
        (FamilyExpansion expansion, Likelihood likelihood, _) = isNear
            ? (_expansion, _likelihood, [])
            : _data.At(new FamilyGrid(_family.Coordinates).Nearest(point));
        return expansion.Fits(likelihood, point, Best.Fraction, isFixed: true).Best.Value - Best.TwiceNll;
    }

    /// <summary>−2 ln L of the learnt ratio without signal less that of <see cref="Best"/>.</summary>
    internal double Gain => Math.Max(0, _likelihood.Evaluate(new double[_point.Length], [], []) - Best.TwiceNll);

    /// <summary>ln r at the fitted point of data, reference and signal nearby.</summary>
    internal FamilyPointScores Scores() => new(_data, _expansion.Centre, _point[1..]);

    private double Error(int at) => _covariance is { } covariance ? Math.Sqrt(covariance[(at * _point.Length) + at]) : double.NaN;

    /// <summary>Cholesky's factor of the covariance of some parameters; row-major.</summary>
    private double[] Block(int[] parameters)
    {
        double[] block = _covariance is { } covariance
            ? [.. parameters.SelectMany(i => parameters.Select(j => covariance[(i * _point.Length) + j]))]
            : throw NoErrors();
        return CholeskyFactor.TryFactorise(block, parameters.Length) ? block : throw NoErrors();
    }

    private FitException NoErrors() => new($"The fit has no errors of {string.Join(", ", Names)}: {string.Join(" ", Remarks)}");

    private ProfileLikelihood Fits(int about) => _expansion.Fits(_likelihood, Best.Theta, Best.Fraction, about: about);

    private double ThetaOf(int index, double value) =>
        index == 0 ? value : _family.Coordinates.At(index - 1, value, _expansion.Centre);

    private int IndexOf(string name)
    {
        int at = Names.ToList().IndexOf(name);
        return at >= 0
            ? at
            : throw new ArgumentException($"There is no parameter '{name}'; there are {string.Join(", ", Names)}.", nameof(name));
    }

    private IEnumerable<string> AtBounds(FitResult fit)
    {
        foreach (string name in fit.AtBounds)
        {
            int at = IndexOf(name);
            yield return at == 0
                ? "The signal fraction ended at a bound: no signal of this family was found, and its parameters have no meaning."
                : Text(
                    $"{name} ended at {Best.Theta[at - 1]:G5}, a bound of the family's range from {_family.Lowest[at - 1]:G5} to "
                        + $"{_family.Highest[at - 1]:G5} or of the segment that was searched; its error is not reliable.");
        }
    }
}
