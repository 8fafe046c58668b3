using Gbi.Events;
using Gbi.Inference.Fits;
using Gbi.Likelihoods.Model;
using Gbi.Peaks.Fits;
using Gbi.Peaks.Shapes;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Peaks;

/// <summary>
/// The yield of a peak over a smooth background: an extended unbinned fit of the mass, in one category or in several that share the
/// peak's mean and form and each have a background of their own.
/// </summary>
/// <remarks>
/// Splitting events by a score that does not depend on the mass leaves the yield unbiased however good or bad the score is: what it
/// decides is the error. No simulation of the signal is needed, as each category's share of the peak is free. A category without a
/// significant peak has the width of the nearest one with such a peak; one that cannot be fitted is joined with its neighbour; both
/// are told in <see cref="Remarks"/>.
/// </remarks>
public sealed class PeakFit
{
    private readonly double[] _parameters;
    private readonly double[][] _masses;

    internal PeakFit(PeakMinimum minimum, double[][] masses, int[][] members, MassWindow window, PeakFitOptions options)
    {
        (Minimum, _masses, Members, Window, Options) = (minimum, masses, members, window, options);
        _parameters = [.. Result.Parameters];
        GoodnessOfFit = PeakBins.GoodnessOf(minimum, masses);
    }

    internal PeakMinimum Minimum { get; }

    internal MassWindow Window { get; }

    internal PeakFitOptions Options { get; }

    /// <summary>The categories of the events that are fitted as one, for each category of the fit.</summary>
    public IReadOnlyList<IReadOnlyList<int>> Members { get; }

    /// <summary>Lower end of the masses that were fitted.</summary>
    public double Low => Minimum.Likelihood.Low;

    /// <summary>Upper end.</summary>
    public double High => Minimum.Likelihood.High;

    /// <summary>Number of categories that were fitted.</summary>
    public int CategoryCount => _masses.Length;

    /// <summary>Events that were fitted, of a category.</summary>
    public int EventsIn(int category) => _masses[category].Length;

    /// <summary>Every parameter with its error.</summary>
    public FitResult Result => Minimum.Result;

    /// <summary>The peak's shape at the minimum.</summary>
    public PeakShape Shape => Minimum.Shape;

    /// <summary>Whether position and width were held, because they were given or because the masses show no significant peak.</summary>
    public required bool IsShapeHeld { get; init; }

    /// <summary>The position of the peak; its error is 0 where it was held.</summary>
    public Estimate Mean => new(_parameters[0], Result.Errors[0]);

    /// <summary>The width of a category with its error, 0 where it was held.</summary>
    public Estimate WidthIn(int category)
    {
        int index = 3 + Minimum.Likelihood.WidthOf[category];
        double width = Math.Exp(_parameters[index]);
        return new Estimate(width, width * Result.Errors[index]);
    }

    /// <summary>Whether other categories have the same width.</summary>
    public bool IsWidthShared(int category) =>
        Minimum.Likelihood.WidthOf.Count(width => width == Minimum.Likelihood.WidthOf[category]) > 1;

    /// <summary>Events of the peak over all masses, all categories together, with the statistical error from the covariance.</summary>
    public Estimate Yield => Minimum.Yield;

    /// <summary>Events of the peak in each category.</summary>
    public IReadOnlyList<Estimate> Yields =>
        [
            .. Enumerable.Range(0, CategoryCount).Select(Minimum.Likelihood.YieldOf)
                .Select(i => new Estimate(_parameters[i], Result.Errors[i]))
        ];

    /// <summary>−2 ln of the likelihood without a peak over that of the fit.</summary>
    public double LogLikelihoodRatio => Minimum.LogLikelihoodRatio;

    /// <summary>
    /// Significance of the peak at its fitted position and shape, in standard deviations: that of a χ² with as many degrees of freedom as
    /// there are yields; below 0 for a deficit. Local: that position and shape were fitted is not counted.
    /// </summary>
    public double Significance => Math.CopySign(
        Inference.Tests.Significance.OfDiscovery(LogLikelihoodRatio, CategoryCount), Yield.Value);

    /// <summary>
    /// Probability of a χ² of the masses in bins at least as large as that found; a small value says that peak or background have another
    /// shape.
    /// </summary>
    public double GoodnessOfFit { get; }

    /// <summary>One sentence for each category that was joined with another, each background that was held, and the like.</summary>
    public required IReadOnlyList<string> Remarks { get; init; }

    /// <summary>Fits masses in categories.</summary>
    /// <param name="masses">One per event; those outside the window's outer limits are left out.</param>
    /// <param name="categoryOf">The category of each event, from 0; empty for one category.</param>
    /// <param name="window">The region in which the mean lies, and the outer limits of the fit (else the extreme masses).</param>
    /// <param name="options">What peak and background look like.</param>
    /// <param name="shape">A shape to hold fixed, so that the yields alone are fitted; null to fit it.</param>
    /// <exception cref="DataException">There are too few events.</exception>
    /// <exception cref="FitException">Not even all events together have a minimum with errors; the message says why.</exception>
    public static PeakFit Of(
        ReadOnlySpan<float> masses, ReadOnlySpan<int> categoryOf, MassWindow window, PeakFitOptions options, PeakShape? shape = null)
    {
        ArgumentNullException.ThrowIfNull(window);
        ArgumentNullException.ThrowIfNull(options);
        double[][] split = Split(masses, categoryOf, window);
        return new PeakFitter(split, [.. Enumerable.Range(0, split.Length).Select(category => $"{category}")], window, options).Fit(shape);
    }

    /// <summary>The same with the categories in words, which remarks name.</summary>
    /// <param name="masses">One per event.</param>
    /// <param name="scores">Their categories.</param>
    /// <param name="options">What to do.</param>
    internal static PeakFit Of(ReadOnlySpan<float> masses, PeakScores scores, PeakMeasurementOptions options)
    {
        var fitter = new PeakFitter(
            Split(masses, scores.CategoryOf, options.Window), options.CategoryNames, options.Window, options.Fit);
        if (!scores.IsSeparating)
        {
            fitter.JoinAll(Text(
                $"The features do not separate data from background in the signal region (AUC {scores.Area.Value:F3} ± "
                    + $"{scores.Area.Error:F3}); all events are fitted as one category."));
        }

        return fitter.Fit(shape: null);
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
            (double ofPeak, double ofBackground) = Minimum.Likelihood.Expected(_parameters, c, low, high);
            (peak, background) = (peak + ofPeak, background + ofBackground);
        }

        return (peak, background);
    }

    /// <summary>Events of the background per unit of mass, all categories together.</summary>
    internal double BackgroundDensity(double mass) => Minimum.Likelihood.BackgroundDensity(_parameters, mass);

    /// <summary>Masses of a category, or of all.</summary>
    internal IEnumerable<double> Masses(int? category) => category is { } one ? _masses[one] : _masses.SelectMany(masses => masses);

    /// <summary>The same data with another form or background, the widths shared as here.</summary>
    /// <exception cref="FitException">It has no minimum with errors.</exception>
    internal PeakMinimum Refit(PeakForm form, PeakBackground background) => PeakMinimum.Of(
        new PeakLikelihood(_masses, Low, High, form, background, Minimum.Likelihood.WidthOf),
        new PeakStart(_masses, Low, High, Window, Options),
        Shape,
        IsShapeHeld);

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
}
