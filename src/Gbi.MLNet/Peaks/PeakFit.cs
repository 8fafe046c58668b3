using Gbi.Events;
using Gbi.Generators.Spectra;
using Gbi.Inference.Fits;
using Gbi.Likelihoods.Model;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Peaks;

/// <summary>
/// The yield of a peak over a smooth background: an extended unbinned fit of the mass, in one category or in several that share the
/// peak's mean and shape and each have a background of their own.
/// </summary>
/// <remarks>
/// Splitting events by a score that does not depend on the mass leaves the yield unbiased however good or bad the score is: what it
/// decides is the error. No simulation of the signal is needed, as each category's share of the peak is free.
/// </remarks>
public sealed class PeakFit
{
    private readonly PeakLikelihood _likelihood;
    private readonly double[] _parameters;
    private readonly double[][] _masses;

    private PeakFit(PeakLikelihood likelihood, FitResult result, double[][] masses, double low, double high)
    {
        (_likelihood, Result, _masses, Low, High) = (likelihood, result, masses, low, high);
        _parameters = [.. result.Parameters];
        Shape = new PeakShape(
            _parameters[0], [.. Enumerable.Range(3, likelihood.WidthCount).Select(i => Math.Exp(_parameters[i]))], _parameters[2],
            Math.Exp(_parameters[1]));
    }

    /// <summary>Lower end of the masses that were fitted.</summary>
    public double Low { get; }

    /// <summary>Upper end.</summary>
    public double High { get; }

    /// <summary>Number of categories.</summary>
    public int CategoryCount => _masses.Length;

    /// <summary>Events that were fitted, of a category.</summary>
    public int EventsIn(int category) => _masses[category].Length;

    /// <summary>Every parameter with its error.</summary>
    public FitResult Result { get; }

    /// <summary>The peak's shape at the minimum.</summary>
    public PeakShape Shape { get; }

    /// <summary>Events of the peak over all masses, all categories together, with the statistical error from the covariance.</summary>
    public Estimate Yield => new(
        Yields.Sum(yield => yield.Value), ErrorOfSum([.. Enumerable.Range(0, CategoryCount).Select(_likelihood.YieldOf)]));

    /// <summary>Events of the peak in each category.</summary>
    public IReadOnlyList<Estimate> Yields =>
        [
            .. Enumerable.Range(0, CategoryCount)
                .Select(category => new Estimate(_parameters[_likelihood.YieldOf(category)], Result.Errors[_likelihood.YieldOf(category)]))
        ];

    /// <summary>−2 ln of the likelihood without a peak over that of the fit.</summary>
    public required double LogLikelihoodRatio { get; init; }

    /// <summary>
    /// Significance of the peak at its fitted position and shape, in standard deviations: that of a χ² with as many degrees of freedom as
    /// there are yields. 0 for a deficit. Local: that position and shape were fitted is not counted.
    /// </summary>
    public double Significance => Yield.Value > 0 ? Inference.Tests.Significance.OfDiscovery(LogLikelihoodRatio, CategoryCount) : 0;

    /// <summary>
    /// Probability of a χ² of the masses in bins at least as large as that found; a small value says that peak or background have another
    /// shape.
    /// </summary>
    public required double GoodnessOfFit { get; init; }

    /// <summary>Fits masses in categories.</summary>
    /// <param name="masses">One per event; those outside the window's outer limits are left out.</param>
    /// <param name="categoryOf">The category of each event, from 0; empty for one category.</param>
    /// <param name="window">The region in which the mean lies, and the outer limits of the fit (else the extreme masses).</param>
    /// <param name="options">What peak and background look like.</param>
    /// <param name="shape">A shape to hold fixed, so that the yields alone are fitted; null to fit it.</param>
    /// <exception cref="DataException">A category has too few events for its parameters.</exception>
    /// <exception cref="FitException">The fit finds no minimum with errors; the message says why.</exception>
    public static PeakFit Of(
        ReadOnlySpan<float> masses, ReadOnlySpan<int> categoryOf, MassWindow window, PeakFitOptions options, PeakShape? shape = null)
    {
        ArgumentNullException.ThrowIfNull(window);
        ArgumentNullException.ThrowIfNull(options);
        double[][] split = Split(masses, categoryOf, window);
        RequireEvents(split, options);
        double low = double.IsFinite(window.OuterLow) ? window.OuterLow : split.Min(category => category.Min());
        double high = double.IsFinite(window.OuterHigh) ? window.OuterHigh : split.Max(category => category.Max());
        var family = new MassSpectrumFamily(options.Background, low, high);
        bool isEach = options.HasWidthPerCategory && split.Length > 1;
        var likelihood = new PeakLikelihood(split, low, high, family, isEach);
        var start = new PeakStart(split, low, high, window, options, shape ?? Together(split, low, high, window, family, options));
        FitResult result = Fitted(likelihood, start.Parameters(likelihood, family, shape is not null, hasPeak: true));
        double without = Fitted(likelihood, start.Parameters(likelihood, family, isShapeFixed: true, hasPeak: false)).TwiceNll;
        return new PeakFit(likelihood, result, split, low, high)
        {
            LogLikelihoodRatio = Math.Max(0, without - result.TwiceNll),
            GoodnessOfFit = PeakBins.GoodnessOf(likelihood, result, split, low, high),
        };
    }

    /// <summary>Expected events between two masses.</summary>
    /// <param name="low">Lower mass.</param>
    /// <param name="high">Upper mass, not far above: a bin.</param>
    /// <param name="category">The category, or null for all.</param>
    public (double Peak, double Background) Expected(double low, double high, int? category = null)
    {
        double peak = 0;
        double background = 0;
        for (int c = category ?? 0; c <= (category ?? CategoryCount - 1); c++)
        {
            (double ofPeak, double ofBackground) = _likelihood.Expected(_parameters, c, low, high);
            (peak, background) = (peak + ofPeak, background + ofBackground);
        }

        return (peak, background);
    }

    /// <summary>Events of the background per unit of mass, all categories together.</summary>
    internal double BackgroundDensity(double mass) => _likelihood.BackgroundDensity(_parameters, mass);

    /// <summary>Masses of a category, or of all.</summary>
    internal IEnumerable<double> Masses(int? category) => category is { } one ? _masses[one] : _masses.SelectMany(masses => masses);

    private static FitResult Fitted(PeakLikelihood likelihood, IReadOnlyList<FitParameter> parameters)
    {
        FitResult result = new ProfileLikelihood(likelihood, parameters, likelihood.YieldOf(0)).Fit();
        return result.Covariance is not null
            ? result
            : throw new FitException(
                $"The fit of the peak does not determine all of its parameters: {string.Join(" ", result.Remarks)} Use fewer, such as "
                    + $"a single Gaussian or a shorter polynomial.");
    }

    /// <summary>The shape that all categories together have, from which their fit starts.</summary>
    private static PeakShape? Together(
        double[][] split, double low, double high, MassWindow window, MassSpectrumFamily family, PeakFitOptions options)
    {
        if (split.Length == 1)
        {
            return null;
        }

        double[][] all = [[.. split.SelectMany(masses => masses)]];
        var likelihood = new PeakLikelihood(all, low, high, family, widthPerCategory: false);
        var start = new PeakStart(all, low, high, window, options, known: null);
        IReadOnlyList<double> found = Fitted(
            likelihood, start.Parameters(likelihood, family, isShapeFixed: false, hasPeak: true)).Parameters;
        return new PeakShape(found[0], [Math.Exp(found[3])], found[2], Math.Exp(found[1]));
    }

    private static double[][] Split(ReadOnlySpan<float> masses, ReadOnlySpan<int> categoryOf, MassWindow window)
    {
        if (!categoryOf.IsEmpty && categoryOf.Length != masses.Length)
        {
            throw new ArgumentException($"There are {categoryOf.Length} categories for {masses.Length} masses, expected one per event.");
        }

        List<List<double>> split = [[]];
        for (int row = 0; row < masses.Length; row++)
        {
            int category = categoryOf.IsEmpty ? 0 : categoryOf[row];
            while (split.Count <= category)
            {
                split.Add([]);
            }

            if (window.RegionOf(masses[row]) != MassRegion.Outside)
            {
                split[category].Add(masses[row]);
            }
        }

        return [.. split.Select(category => category.ToArray())];
    }

    private static void RequireEvents(double[][] split, PeakFitOptions options)
    {
        int least = 10 * (options.Background.ParameterCount + 2);
        int category = Array.FindIndex(split, masses => masses.Length < least);
        if (category >= 0)
        {
            throw new DataException(
                Text(
                    $"Category {category} holds {split[category].Length} events, too few for its parameters ({least} are needed); use "
                        + $"fewer categories."));
        }
    }

    private double ErrorOfSum(int[] indices)
    {
        double variance = 0;
        foreach (int i in indices)
        {
            foreach (int j in indices)
            {
                variance += Result.Covariance![(i * _likelihood.ParameterCount) + j];
            }
        }

        return Math.Sqrt(Math.Max(0, variance));
    }
}
