using Gbi.Diagnostics.Closure;
using Gbi.Diagnostics.Power;
using Gbi.Events;
using Gbi.Generators.Spectra;
using Gbi.Reports.Plots;
using Gbi.Searches;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Reports.Figures;

/// <summary>The figures of a search: spectrum, scores and features of data, background and signal, and what a signal simulation
/// allows.</summary>
internal sealed class SearchFigures
{
    private const int CalibrationBins = 20;

    private readonly ResonanceSearch _search;
    private readonly int[] _region;
    private readonly int[] _sideband;
    private readonly double[] _dataWeights;
    private readonly double[] _sidebandWeights;
    private readonly EventTable _background;
    private readonly double[] _backgroundWeights;
    private readonly double[] _signalShape;

    public SearchFigures(ResonanceSearch search)
    {
        _search = search;
        _region = RowsOf(1);
        _sideband = RowsOf(0);
        _background = search.Template.Events;
        _backgroundWeights = WeightsOf(_background);
        _dataWeights = [.. _region.Select(search.Events.Weight)];
        _sidebandWeights = Scaled([.. _sideband.Select(search.Events.Weight)], _backgroundWeights.Sum());
        _signalShape = search.Signal is { } signal ? Scaled(WeightsOf(signal.Events), 1) : [];
        if (search.Signal is { } sample)
        {
            Calibration = CalibrationCurve.Of(
                new ScoredEvents(sample.Events, sample.LogRatio), new ScoredEvents(_background, search.Template.LogRatio), CalibrationBins);
            Improvement = new SignificanceImprovement(sample.LogRatio, sample.Events.Weights, search.Template.LogRatio, _backgroundWeights);
            Area = RocCurve.Area(sample.LogRatio, sample.Events.Weights, search.Template.LogRatio, _backgroundWeights);
        }
    }

    /// <summary>The calibration of signal over background; null without a signal simulation.</summary>
    public CalibrationCurve? Calibration { get; }

    /// <summary>What cuts on the score gain; null without a signal simulation.</summary>
    public SignificanceImprovement? Improvement { get; }

    /// <summary>Area under the ROC curve of the score between signal simulation and generated background; NaN without one.</summary>
    public double Area { get; } = double.NaN;

    private string YLabel => _search.Events.HasWeights ? "weighted events per bin" : "events per bin";

    private string RatioName =>
        _search.Ratio is { } ratio ? $"{ratio.Numerator} / {ratio.Denominator}" : "signal at the best fit / background";

    public PlotFigure Spectrum(MassSpectrum fit, string caption)
    {
        string mass = _search.Settings.Schema.Mass!;
        int[] rows = [.. _region, .. _sideband];
        return new SpectrumFigure(fit, _search.Settings.Window, mass, YLabel)
            .Figure(Values(_search.Events[mass], rows), [.. rows.Select(_search.Events.Weight)], caption);
    }

    public PlotFigure Score()
    {
        ComparisonFigure figure = Compared(
            "Score: ln r of " + RatioName, "ln r (" + RatioName + ")", _search.Scores.LogRatio, _search.Template.LogRatio) with
        {
            Caption =
                "ln r of data and generated background, each event by models that did not see it; below, data over background. The band "
                    + "is the statistical error of the background."
                + (
                    _search.Signal is null
                        ? ""
                        : _search.Family is null
                        ? " The thick line is the signal simulation."
                        : " The thick line is the signal simulation near the best fit."),
            IsWide = true,
        };
        return (_search.Signal is { } signal ? figure with { Signal = SignalScores(figure.Data!, signal.LogRatio) } : figure).Figure();
    }

    public PlotFigure AnomalyScore() =>
        (Compared("Anomaly score", "ln r (data / background)", _search.Scores.AnomalyLogRatio, _search.Template.Anomaly) with
        {
            Caption = "Anomaly score: data over generated background, learnt without the signal simulation.",
        }).Figure();

    public PlotFigure Feature(string name)
    {
        ComparisonFigure figure = Compared(name, name, _search.Events[name], _background[name].ToArray());
        Histogram data = figure.Data!;
        Histogram sidebands = Histogram.Of(data.Edges, Values(_search.Events[name], _sideband), _sidebandWeights);
        (double before, int bins) = ComparisonFigure.Distance(data, sidebands);
        double after = ComparisonFigure.Distance(data, figure.Background).ChiSquared;
        return (figure with
        {
            Title = $"Feature {name} of data, background and signal",
            Sidebands = sidebands,
            Signal = _search.Signal is { } signal
                ? (Histogram.Of(data.Edges, signal.Events[name].ToArray(), Scaled(_signalShape, _dataWeights.Sum())), "signal")
                : null,
            Caption = Text(
                $"{name}: χ² of the data in {bins} bins is {before:F0} against the sidebands and {after:F0} against the generated "
                    + $"background; a signal raises both."),
        }).Figure();
    }

    private ComparisonFigure Compared(string title, string label, ReadOnlySpan<float> column, float[] background)
    {
        float[] data = Values(column, _region);
        double[] edges = EdgesFor([.. data, .. background]);
        return new ComparisonFigure
        {
            Title = title,
            Caption = "",
            XLabel = label,
            YLabel = YLabel,
            Data = Histogram.Of(edges, data, _dataWeights),
            Background = Histogram.Of(edges, background, _backgroundWeights),
        };
    }

    /// <summary>The signal with the fitted yield; with that of the data where no signal was found.</summary>
    private (Histogram Sample, string Name) SignalScores(Histogram data, float[] scores)
    {
        double signalYield = _search.Result.SignalYield;
        (double total, string name) = signalYield > 0
            ? (signalYield, Text($"signal, {signalYield:N0} events as fitted"))
            : (_dataWeights.Sum(), "signal");
        return (Histogram.Of(data.Edges, scores, Scaled(_signalShape, total)), name);
    }

    /// <summary>Bins over all but the outermost 0.2 % on either side; each value where there are few, such as counts of jets.</summary>
    internal static double[] EdgesFor(float[] values)
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

    internal static double[] WeightsOf(EventTable events) => [.. Enumerable.Range(0, events.Count).Select(events.Weight)];

    /// <summary>Weights of the same proportions with another sum.</summary>
    internal static double[] Scaled(double[] weights, double total)
    {
        double factor = total / weights.Sum();
        return [.. weights.Select(weight => weight * factor)];
    }

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
