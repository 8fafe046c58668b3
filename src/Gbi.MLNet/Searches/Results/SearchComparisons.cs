using Gbi.Diagnostics;
using Gbi.Diagnostics.Closure;
using Gbi.Diagnostics.Power;
using Gbi.Events;
using Gbi.Searches.Background;
using Gbi.Searches.Options;

namespace Gbi.Searches.Results;

/// <summary>Compares the samples of a search in features and scores.</summary>
/// <param name="options">The search's options.</param>
/// <param name="samples">The samples with their scores; a blind search has no data of the signal region.</param>
internal sealed class SearchComparisons(ResonanceSearchOptions options, SearchSamples samples)
{
    private const int CalibrationBins = 20;

    private readonly double[] _background = WeightsOf(samples.Template.Events);
    private readonly double[]? _data = samples.Region is { } region ? WeightsOf(region) : null;
    private readonly double[] _signalShape = samples.Signal is { } signal ? Scaled(WeightsOf(signal), 1) : [];

    /// <summary>The curves.</summary>
    /// <param name="signalYield">The signal's yield, to which its score is scaled; the sum of the data, or of a blind search's background,
    /// stands for 0 and less.</param>
    public SearchCurves Curves(double signalYield)
    {
        LearntScore score = samples.Score;
        WeightedScores template = samples.ScoredTemplate;
        WeightedScores? signal = samples.Signal is { } events ? WeightedScores.Of(events, score.Numerator) : null;
        return new SearchCurves
        {
            MassSpectrum = Spectrum(),
            Score = OfScore("score", score, signalYield > 0 ? signalYield : Total),
            AnomalyScore = samples.Anomaly is { } anomaly && anomaly != score ? OfScore("anomaly score", anomaly, signal: null) : null,
            Features = [.. options.Schema.Features.Select(Feature)],
            Calibration = signal is null ? null : CalibrationCurve.Of(signal, template, CalibrationBins),
            Selection = signal is null ? null : SelectionCurve.Of(signal, template),
        };
    }

    /// <summary>Σ w of the data, or of the background in a blind search.</summary>
    private double Total => (_data ?? _background).Sum();

    private SpectrumComparison? Spectrum()
    {
        if (samples.Template.Spectrum is not { } spectrum)
        {
            return null;
        }

        EventTable sideband = samples.Sideband.Events;
        string mass = samples.Sideband.Mass;
        return samples.Region is { } region
            ? SpectrumComparison.Of(
                spectrum, options.Window, [.. region[mass], .. sideband[mass]], [.. WeightsOf(region), .. WeightsOf(sideband)],
                isBlind: false)
            : SpectrumComparison.Of(spectrum, options.Window, sideband[mass], WeightsOf(sideband), isBlind: true);
    }

    private SampleComparison OfScore(string name, LearntScore score, double? signal) =>
        Compared(
            name, score.Region.LogRatio, score.Template,
            signal is { } total && samples.Signal is not null ? (score.Numerator, total) : null);

    private SampleComparison Feature(string name)
    {
        EventTable sideband = samples.Sideband.Events;
        SampleComparison compared = Compared(
            name, samples.Region is { } region ? region[name] : [], samples.Template.Events[name],
            samples.Signal is { } signal ? (signal[name].ToArray(), Total) : null);
        return sideband.Count == 0 ? compared : compared with
        {
            Sidebands = Histogram.Of(compared.Background.Edges, sideband[name], Scaled(WeightsOf(sideband), _background.Sum())),
        };
    }

    private SampleComparison Compared(
        string name, ReadOnlySpan<float> data, ReadOnlySpan<float> background, (float[] Values, double Total)? signal)
    {
        double[] edges = Histogram.EdgesFor(
            _data is null ? [.. background, .. signal is { } known ? known.Values : []] : [.. data, .. background]);
        return new SampleComparison(
            name, _data is null ? null : Histogram.Of(edges, data, _data), Histogram.Of(edges, background, _background))
        {
            Signal = signal is { } sample ? Histogram.Of(edges, sample.Values, Scaled(_signalShape, sample.Total)) : null,
        };
    }

    private static double[] WeightsOf(EventTable events) => [.. Enumerable.Range(0, events.Count).Select(events.Weight)];

    /// <summary>Weights of the same proportions with another sum.</summary>
    private static double[] Scaled(double[] weights, double total)
    {
        double factor = total / weights.Sum();
        return [.. weights.Select(weight => weight * factor)];
    }
}
