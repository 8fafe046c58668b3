using Gbi.Analysis;
using Gbi.Events;
using Gbi.Generators;

namespace Gbi.Reports.Plots;

/// <summary>The plots of a search: the mass spectrum, and data over generated background in the signal region.</summary>
internal sealed class SearchPlots
{
    private const string Generated = "generated background";

    private readonly ResonanceSearch _search;
    private readonly int[] _region;
    private readonly int[] _sideband;
    private readonly double[] _dataWeights;
    private readonly EventTable _background;
    private readonly double[] _backgroundWeights;

    public SearchPlots(ResonanceSearch search)
    {
        _search = search;
        _region = RowsOf(1);
        _sideband = RowsOf(0);
        _dataWeights = [.. _region.Select(search.Events.Weight)];
        _background = search.Template.Events;
        _backgroundWeights = [.. Enumerable.Range(0, _background.Count).Select(_background.Weight)];
    }

    private string YLabel => _search.Events.HasWeights ? "weighted events per bin" : "events per bin";

    public string Spectrum()
    {
        MassWindow window = _search.Settings.Window;
        MassSpectrum spectrum = _search.Spectrum;
        double[] edges = SpectrumEdges(window, spectrum);
        int[] rows = [.. _region, .. _sideband];
        string mass = _search.Settings.Schema.Mass!;
        return new ComparisonPlot
        {
            Title = "Mass spectrum",
            XLabel = mass,
            YLabel = YLabel,
            PredictionName = "fit to the sidebands",
            Data = Histogram.Of(edges, Values(_search.Events[mass], rows), [.. rows.Select(_search.Events.Weight)]),
            Prediction = Histogram.Of(edges, edges.Skip(1).Zip(edges, (high, low) => spectrum.Expected(low, high)).Select(bin => (bin.Value, bin.Error))),
            Marked = (window.Low, window.High, "signal region"),
            IsCurve = true,
            Width = 940,
            Height = 430,
        }.Svg();
    }

    public string Score() => Compare("ln r of " + RatioName, "ln r (" + RatioName + ")", _search.Scores.LogRatio, _search.Template.LogRatio, 940, 430);

    public string AnomalyScore() => Compare("Anomaly score", "ln r (data / background)", _search.Scores.AnomalyLogRatio, _search.Template.Anomaly, 460, 330);

    public string Feature(string name) => Compare(name, name, _search.Events[name], _background[name].ToArray(), 460, 330);

    private string RatioName => $"{_search.Ratio.Numerator} / {_search.Ratio.Denominator}";

    private string Compare(string title, string label, ReadOnlySpan<float> column, float[] background, double width, double height)
    {
        float[] data = Values(column, _region);
        double[] edges = EdgesFor([.. data, .. background]);
        return new ComparisonPlot
        {
            Title = title,
            XLabel = label,
            YLabel = YLabel,
            PredictionName = Generated,
            Data = Histogram.Of(edges, data, _dataWeights),
            Prediction = Histogram.Of(edges, background, _backgroundWeights),
            Width = width,
            Height = height,
        }.Svg();
    }

    /// <summary>Bins that share the borders of the signal region, about sixty in all.</summary>
    private static double[] SpectrumEdges(MassWindow window, MassSpectrum spectrum)
    {
        double width = window.High - window.Low;
        double perRegion = Math.Clamp(Math.Round(60 * width / (spectrum.High - spectrum.Low)), 2, 20);
        double bin = width / perRegion;
        int below = Math.Min((int)((window.Low - spectrum.Low) / bin), 100);
        int above = Math.Min((int)((spectrum.High - window.High) / bin), 100);
        return [.. Enumerable.Range(-below, below + (int)perRegion + above + 1).Select(edge => window.Low + (edge * bin))];
    }

    /// <summary>Bins over all but the outermost 0.2 % on either side; each value where there are few, such as counts of jets.</summary>
    private static double[] EdgesFor(float[] values)
    {
        float[] present = [.. values.Where(float.IsFinite).Order()];
        if (present.Length == 0)
        {
            return Histogram.EqualBins(0, 1, 1);
        }

        double low = present[(int)(0.002 * (present.Length - 1))];
        double high = present[(int)(0.998 * (present.Length - 1))];
        if (low >= high)
        {
            return Histogram.EqualBins(low - 0.5, high + 0.5, 1);
        }

        bool isWhole = high - low <= 40 && present.All(value => value == MathF.Floor(value));
        return isWhole
            ? Histogram.EqualBins(low - 0.5, high + 0.5, (int)(high - low) + 1)
            : Histogram.EqualBins(low, high, 40);
    }

    private int[] RowsOf(int region) =>
        [.. Enumerable.Range(0, _search.Scores.Region.Length).Where(row => _search.Scores.Region[row] == region)];

    private static float[] Values(ReadOnlySpan<float> column, int[] rows)
    {
        float[] values = new float[rows.Length];
        for (int i = 0; i < rows.Length; i++)
        {
            values[i] = column[rows[i]];
        }

        return values;
    }
}
