using Gbi.Diagnostics;
using Gbi.Events;

namespace Gbi.Peaks;

/// <summary>The histograms of <see cref="PeakFeatures"/>: all that a report draws beside its numbers.</summary>
public sealed record PeakCurves
{
    private const int ScoreBins = 50;

    /// <summary>The masses of each category of the score with their fit.</summary>
    public required IReadOnlyList<PeakSpectrum> Categories { get; init; }

    /// <summary>The score of the data in the region.</summary>
    public required Histogram ScoreOfData { get; init; }

    /// <summary>The score of the background that was generated for the region, in the same bins.</summary>
    public required Histogram ScoreOfBackground { get; init; }

    /// <summary>Borders of the categories in the score, rising.</summary>
    public required IReadOnlyList<double> Thresholds { get; init; }

    internal static PeakCurves Of(
        PeakFit withFeatures, PeakScores scores, ReadOnlySpan<float> masses, MassWindow window)
    {
        double[] isRegion = new double[masses.Length];
        Array.ForEach(window.Rows(masses, MassRegion.SignalRegion), row => isRegion[row] = 1);
        double[] edges = Histogram.EqualBins(scores.LogRatio.Min(), scores.LogRatio.Max(), ScoreBins);
        return new PeakCurves
        {
            Categories = [.. Enumerable.Range(0, withFeatures.CategoryCount).Select(category => PeakSpectrum.Of(withFeatures, category))],
            ScoreOfData = Histogram.Of(edges, scores.LogRatio, isRegion),
            ScoreOfBackground = Histogram.Of(edges, scores.LogRatio, scores.BackgroundWeight),
            Thresholds = scores.Thresholds,
        };
    }
}

/// <summary>Masses in bins of equal width, with the fit.</summary>
/// <param name="Data">The events.</param>
/// <param name="Background">Expected background.</param>
/// <param name="Total">Expected peak and background.</param>
/// <param name="Pulls">(data − total)/√total, with 1 for a total below 1.</param>
public sealed record PeakSpectrum(Histogram Data, Histogram Background, Histogram Total, IReadOnlyList<double> Pulls)
{
    private const int Bins = 70;

    internal static PeakSpectrum Of(PeakFit fit, int? category = null)
    {
        double[] edges = Histogram.EqualBins(fit.Low, fit.High, category is null ? Bins : Bins / 2);
        float[] masses = [.. fit.Masses(category).Select(value => (float)value)];
        double[] ones = new double[masses.Length];
        Array.Fill(ones, 1);
        Histogram data = Histogram.Of(edges, masses, ones);
        (double Peak, double Background)[] expected = [.. edges.Zip(edges.Skip(1), (low, high) => fit.Expected(low, high, category))];
        Histogram total = Histogram.Of(edges, expected.Select(bin => (bin.Peak + bin.Background, 0.0)));
        return new PeakSpectrum(
            data,
            Histogram.Of(edges, expected.Select(bin => (bin.Background, 0.0))),
            total,
            [.. data.Sums.Zip(total.Sums, (found, mean) => (found - mean) / Math.Sqrt(Math.Max(mean, 1)))]);
    }
}
