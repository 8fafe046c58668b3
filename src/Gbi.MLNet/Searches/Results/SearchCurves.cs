using Gbi.Diagnostics;
using Gbi.Diagnostics.Closure;
using Gbi.Diagnostics.Power;
using Gbi.Events;
using Gbi.Generators.Spectra;

namespace Gbi.Searches.Results;

/// <summary>The curves and histograms of a search: all that a report draws besides the numbers of the result.</summary>
public sealed record SearchCurves
{
    /// <summary>The mass spectrum with its fit; null where the data have no sidebands.</summary>
    public SpectrumComparison? MassSpectrum { get; init; }

    /// <summary>The score of the search.</summary>
    public required SampleComparison Score { get; init; }

    /// <summary>The anomaly score, where it is learnt besides the ratio of a signal; else null.</summary>
    public SampleComparison? AnomalyScore { get; init; }

    /// <summary>Each feature.</summary>
    public required IReadOnlyList<SampleComparison> Features { get; init; }

    /// <summary>The calibration of signal over background; null without a signal simulation.</summary>
    public CalibrationCurve? Calibration { get; init; }

    /// <summary>What cuts on the score select of the signal simulation; null without one, and where the background is too small.</summary>
    public SelectionCurve? Selection { get; init; }
}

/// <summary>Samples in the bins of one number.</summary>
/// <param name="Name">The feature or score.</param>
/// <param name="Data">The data of the signal region; null where they are not to be looked at.</param>
/// <param name="Background">The background template.</param>
public sealed record SampleComparison(string Name, Histogram? Data, Histogram Background)
{
    /// <summary>The sidebands as they are, scaled to the background; null for scores, and where there are none.</summary>
    public Histogram? Sidebands { get; init; }

    /// <summary>The signal simulation, scaled as the figure says; null without one.</summary>
    public Histogram? Signal { get; init; }

    /// <summary>The data over the background, with the errors of the data alone; null without data.</summary>
    public Histogram? DataRatio => Data?.Over(Background);

    /// <summary>1 with the relative errors of the background.</summary>
    public Histogram BackgroundRatio => Background.Over(Background);

    /// <summary>The sidebands over the background; null without sidebands.</summary>
    public Histogram? SidebandRatio => Sidebands?.Over(Background);

    /// <summary>χ² of the data against the sidebands, and the number of bins; null without either.</summary>
    public (double ChiSquared, int Bins)? DataToSidebands => Data is not null && Sidebands is not null ? Data.Distance(Sidebands) : null;

    /// <summary>χ² of the data against the background, and the number of bins; null without data.</summary>
    public (double ChiSquared, int Bins)? DataToBackground => Data?.Distance(Background);
}

/// <summary>The mass spectrum in bins that share the borders of the signal region.</summary>
/// <param name="Data">The data; those of the sidebands alone in a blind search.</param>
/// <param name="Fit">The fit to the sidebands with its error.</param>
/// <param name="Pulls">
/// (data − fit)/σ with σ² = fit · Σw²/Σw, the variance of a weighted Poisson count with the fit for its mean; NaN in bins without a fit,
/// and within the signal region in a blind search.
/// </param>
/// <param name="FitErrors">The fit's own error in units of σ.</param>
public sealed record SpectrumComparison(Histogram Data, Histogram Fit, IReadOnlyList<double> Pulls, IReadOnlyList<double> FitErrors)
{
    /// <summary>Compares masses with the fit.</summary>
    /// <param name="spectrum">The fit.</param>
    /// <param name="window">Signal region and sidebands.</param>
    /// <param name="masses">One per event.</param>
    /// <param name="weights">One per event; empty for 1 each.</param>
    /// <param name="isBlind">Whether the signal region is closed.</param>
    internal static SpectrumComparison Of(
        MassSpectrum spectrum, MassWindow window, ReadOnlySpan<float> masses, ReadOnlySpan<double> weights, bool isBlind)
    {
        double[] edges = Edges(spectrum, window);
        Histogram data = Histogram.Of(edges, masses, weights);
        Histogram fit = Histogram.Of(
            edges, edges.Skip(1).Zip(edges, (high, low) => spectrum.Expected(low, high)).Select(bin => (bin.Value, bin.Error)));
        double scale = data.Sums.Sum() > 0 ? data.Squares.Sum() / data.Sums.Sum() : 1;
        double[] sigma = [.. fit.Sums.Select(count => Math.Sqrt(Math.Max(0, count * scale)))];
        return new SpectrumComparison(
            data, fit,
            [.. Enumerable.Range(0, fit.Count).Select(bin => IsShown(bin) ? (data.Sums[bin] - fit.Sums[bin]) / sigma[bin] : double.NaN)],
            [.. Enumerable.Range(0, fit.Count).Select(bin => fit.Error(bin) / sigma[bin])]);

        bool IsShown(int bin) => sigma[bin] > 0 && !(isBlind && window.RegionOf((float)fit.Centre(bin)) == MassRegion.SignalRegion);
    }

    /// <summary>About sixty bins in all.</summary>
    private static double[] Edges(MassSpectrum spectrum, MassWindow window)
    {
        double width = window.High - window.Low;
        double perRegion = Math.Clamp(Math.Round(60 * width / (spectrum.High - spectrum.Low)), 2, 20);
        double bin = width / perRegion;
        int below = Math.Min((int)((window.Low - spectrum.Low) / bin), 100);
        int above = Math.Min((int)((spectrum.High - window.High) / bin), 100);
        return [.. Enumerable.Range(-below, below + (int)perRegion + above + 1).Select(edge => window.Low + (edge * bin))];
    }
}
