using Gbi.Reports.Plots;
using Gbi.Searches;
using Gbi.Searches.Results;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Reports.Figures;

/// <summary>The figures of a search: spectrum, scores and features of data, background and signal.</summary>
internal sealed class SearchFigures(ResonanceSearch search, SearchCurves curves)
{
    private bool HasSignal => curves.Score.Signal is not null;

    private string YLabel => search.Events.HasWeights ? "weighted events per bin" : "events per bin";

    private string RatioName =>
        search.Ratio is { } ratio ? $"{ratio.Numerator} / {ratio.Denominator}" : "signal at the best fit / background";

    public PlotFigure Spectrum(SpectrumComparison spectrum, string caption) =>
        SpectrumFigure.Of(spectrum, search.Options.Window, search.Options.Schema.Mass!, YLabel, caption);

    public PlotFigure Score()
    {
        double signalYield = search.Result.SignalYield;
        string signal = signalYield > 0 ? Text($"signal, {Counted(signalYield, "event")} as fitted") : "signal";
        return (Compared(curves.Score, "Score: ln r of " + RatioName, "ln r (" + RatioName + ")", signal) with
        {
            Caption =
                "ln r of data and background, out of fold; below, data over background. Band: statistical error of the background."
                + (
                    !HasSignal
                        ? ""
                        : search.Family is null
                        ? " Thick line: signal simulation."
                        : " Thick line: signal simulation near the best fit."),
            IsWide = true,
        }).Figure();
    }

    public PlotFigure AnomalyScore(SampleComparison anomaly) =>
        (Compared(anomaly, "Anomaly score", "ln r (data / background)", "signal") with
        {
            Caption = "Anomaly score, data over background, trained without the signal simulation.",
        }).Figure();

    public PlotFigure Feature(SampleComparison feature)
    {
        (double after, int bins) = feature.DataToBackground!.Value;
        string found = feature.DataToSidebands is { ChiSquared: var before }
            ? Text($"{before:F0} against the sidebands and {after:F0} against the background; a signal raises both.")
            : Text($"{after:F0} against the background; a signal raises it.");
        return (Compared(feature, $"Feature {feature.Name} of data, background and signal", feature.Name, "signal") with
        {
            Caption = Text($"{feature.Name}: χ² of the data in {bins} bins is {found}"),
        }).Figure();
    }

    private ComparisonFigure Compared(SampleComparison compared, string title, string label, string signal) => new()
    {
        Title = title,
        Caption = "",
        XLabel = label,
        YLabel = YLabel,
        Samples = compared,
        SignalName = signal,
    };
}
