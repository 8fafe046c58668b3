using Gbi.Diagnostics.Closure;
using Gbi.Diagnostics.Power;
using Gbi.Events;
using Gbi.Generators.Spectra;
using Gbi.Reports.Plots;
using Gbi.Searches.Blind;

namespace Gbi.Reports.Figures;

/// <summary>The figures of a blind search: those of <see cref="SearchFigures"/> without events of the signal region.</summary>
internal sealed class BlindFigures
{
    private const int CalibrationBins = 20;

    private readonly BlindSearch _search;
    private readonly EventTable _background;
    private readonly double[] _weights;
    private readonly double[] _sidebandWeights;
    private readonly double[] _signalWeights;

    public BlindFigures(BlindSearch search)
    {
        _search = search;
        _background = search.Template.Events;
        _weights = SearchFigures.WeightsOf(_background);
        _sidebandWeights = search.Sideband.Count == 0 ? [] : SearchFigures.Scaled(SearchFigures.WeightsOf(search.Sideband), _weights.Sum());
        (EventTable events, float[] scores) = search.Signal;
        _signalWeights = SearchFigures.Scaled(SearchFigures.WeightsOf(events), _weights.Sum());
        Calibration = CalibrationCurve.Of(
            new ScoredEvents(events, scores), new ScoredEvents(_background, search.Template.LogRatio), CalibrationBins);
        Improvement = new SignificanceImprovement(scores, events.Weights, search.Template.LogRatio, _weights);
        Area = RocCurve.Area(scores, events.Weights, search.Template.LogRatio, _weights);
    }

    /// <summary>The calibration of signal over background.</summary>
    public CalibrationCurve Calibration { get; }

    /// <summary>What cuts on the score gain.</summary>
    public SignificanceImprovement Improvement { get; }

    /// <summary>Area under the ROC curve of the score between signal simulation and background.</summary>
    public double Area { get; }

    private string YLabel => _search.Sideband.HasWeights ? "weighted events per bin" : "events per bin";

    public PlotFigure Spectrum(MassSpectrum fit, string caption)
    {
        string mass = _search.Settings.Schema.Mass!;
        return new SpectrumFigure(fit, _search.Settings.Window, mass, YLabel) { IsBlind = true }
            .Figure(_search.Sideband[mass].ToArray(), SearchFigures.WeightsOf(_search.Sideband), caption);
    }

    public PlotFigure Score()
    {
        const string Name = "ln r (signal / background)";
        return (Compared("Score of background and signal", Name, _search.Template.LogRatio, _search.Signal.LogRatio) with
        {
            Caption =
                "ln r of background and signal simulation, each event by models that did not see it; the signal is scaled to the expected "
                    + "background. Below, the statistical error of the background.",
            IsWide = true,
        }).Figure();
    }

    public PlotFigure Feature(string name)
    {
        ComparisonFigure figure = Compared(
            $"Feature {name} of background and signal", name, _background[name].ToArray(), _search.Signal.Events[name].ToArray());
        Histogram? sidebands = _sidebandWeights.Length == 0
            ? null
            : Histogram.Of(figure.Background.Edges, _search.Sideband[name].ToArray(), _sidebandWeights);
        return (figure with { Sidebands = sidebands, Caption = name + "." }).Figure();
    }

    private ComparisonFigure Compared(string title, string label, float[] background, float[] signal)
    {
        double[] edges = SearchFigures.EdgesFor([.. background, .. signal]);
        return new ComparisonFigure
        {
            Title = title,
            Caption = "",
            XLabel = label,
            YLabel = YLabel,
            Data = null,
            Background = Histogram.Of(edges, background, _weights),
            Signal = (Histogram.Of(edges, signal, _signalWeights), "signal"),
        };
    }
}
