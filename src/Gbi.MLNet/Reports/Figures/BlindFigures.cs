using Gbi.Reports.Plots;
using Gbi.Searches.Blind;
using Gbi.Searches.Results;

namespace Gbi.Reports.Figures;

/// <summary>The figures of a blind search: those of <see cref="SearchFigures"/> without events of the signal region.</summary>
internal sealed class BlindFigures(BlindSearch search)
{
    private string YLabel => search.Sideband.HasWeights ? "weighted events per bin" : "events per bin";

    public PlotFigure Spectrum(SpectrumComparison spectrum, string caption) =>
        SpectrumFigure.Of(spectrum, search.Options.Window, search.Options.Schema.Mass!, YLabel, caption);

    public PlotFigure Score() => (Compared(search.Result.Curves.Score, "Score of background and signal", "ln r (signal / background)") with
    {
        Caption =
            "ln r of background and signal simulation, out of fold; the signal is scaled to the expected background. Below, the "
                + "statistical error of the background.",
        IsWide = true,
    }).Figure();

    public PlotFigure Feature(SampleComparison feature) =>
        (
            Compared(
                feature, $"Feature {feature.Name} of background and signal", feature.Name) with
            { Caption = feature.Name + "." }).Figure();

    private ComparisonFigure Compared(SampleComparison compared, string title, string label) => new()
    {
        Title = title,
        Caption = "",
        XLabel = label,
        YLabel = YLabel,
        Samples = compared,
    };
}
