using Gbi.Events;
using Gbi.Jobs;

namespace Gbi.Peaks;

/// <summary>
/// The yield of a known peak without a simulation of it: the mass alone, and also the mass in categories of a score, data over
/// background generated from the sidebands, that every event has from models that did not see it.
/// </summary>
/// <remarks>
/// Generator and score decide how events are sorted and nothing else: each category's background is fitted to its own masses. A wrong
/// generator costs significance; it biases the yield only where the score depends on the mass of background events, which the null
/// test and <see cref="PeakFeatures.SidebandArea"/> look for.
/// </remarks>
public sealed class PeakMeasurement
{
    private PeakMeasurement(PeakMeasurementOptions options, EventTable events, int[] rows) =>
        (Options, Events, Rows) = (options, events, rows);

    /// <summary>What decided the result, besides the events.</summary>
    public PeakMeasurementOptions Options { get; }

    /// <summary>The events inside the outer limits.</summary>
    public EventTable Events { get; }

    /// <summary>The row that each of them has in the data that were given, in ascending order.</summary>
    public IReadOnlyList<int> Rows { get; }

    /// <summary>The fit of the mass alone.</summary>
    public required PeakFit MassOnly { get; init; }

    /// <summary>How much its yield depends on the functions chosen.</summary>
    public required PeakShapeError MassOnlyShape { get; init; }

    /// <summary>Its masses in bins, with the fit.</summary>
    public required PeakSpectrum MassOnlySpectrum { get; init; }

    /// <summary>The mass in categories of a score; null where there are no features.</summary>
    public required PeakFeatures? Features { get; init; }

    /// <summary>Significance with features over that of the mass alone; NaN where the latter is 0 or below, or without features.</summary>
    public double Gain => Features is { } features && MassOnly.Significance > 0
        ? features.Fit.Significance / MassOnly.Significance
        : double.NaN;

    /// <summary>Statistical and shape error of the yield of the mass alone, in quadrature.</summary>
    public double MassOnlyError => double.Hypot(MassOnly.Yield.Error, MassOnlyShape.Total);

    /// <summary>One sentence for each caveat of the result.</summary>
    public IReadOnlyList<string> Remarks => PeakRemarks.Of(this);

    /// <summary>Measures.</summary>
    /// <param name="data">Events with features and mass, unweighted.</param>
    /// <param name="options">What to do.</param>
    /// <param name="progress">Told of each step.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <exception cref="DataException">The data cannot be used; the message says why.</exception>
    /// <exception cref="Likelihoods.Model.FitException">The fit of the mass alone finds no minimum.</exception>
    public static PeakMeasurement Run(
        EventTable data, PeakMeasurementOptions options, IProgress<SearchProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(options);
        int[] rows = RowsInside(data, options);
        EventTable events = data.Select(rows);
        PeakFit massOnly = PeakFit.Of(events[options.Schema.Mass!], [], options.Window, options.Fit);
        return new PeakMeasurement(options, events, rows)
        {
            MassOnly = massOnly,
            MassOnlyShape = PeakShapeError.Of(massOnly, cancellation),
            MassOnlySpectrum = PeakSpectrum.Of(massOnly),
            Features = options.Features.Count == 0 ? null : PeakFeatures.Of(events, options, massOnly, progress, cancellation),
        };
    }

    private static int[] RowsInside(EventTable data, PeakMeasurementOptions options)
    {
        string mass = options.Schema.Mass ?? throw new ArgumentException("A peak needs a mass column; name it in the schema.");
        if (data.HasWeights)
        {
            throw new DataException(
                "The events carry weights, but the errors of this fit hold for counted events alone; leave the weights out.");
        }

        ReadOnlySpan<float> masses = data[mass];
        return [.. options.Window.Rows(masses, MassRegion.SignalRegion).Concat(options.Window.Rows(masses, MassRegion.Sideband)).Order()];
    }
}
