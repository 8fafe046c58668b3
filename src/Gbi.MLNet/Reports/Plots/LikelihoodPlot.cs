using Gbi.Analysis;
using Gbi.Inference;

namespace Gbi.Reports.Plots;

/// <summary>The likelihood of the signal fraction with its intervals.</summary>
internal static class LikelihoodPlot
{
    private const double Highest = 10;

    public static string Svg(ResonanceSearchResult result)
    {
        IReadOnlyList<LikelihoodPoint> points = [.. result.Likelihood.Where(point => point.TwiceDeltaNll <= Highest)];
        SignalFraction fraction = result.SignalFraction;
        var canvas = new SvgCanvas(460, 330, "Likelihood of the signal fraction");
        var x = new Axis("signal fraction", points[0].Fraction, points[^1].Fraction);
        var panel = new Panel(canvas, x, new Axis("−2 Δ ln L", 0, Highest), 10, 274);
        panel.Range(fraction.Interval95.Lower, fraction.Interval95.Upper, "background");
        panel.Range(fraction.Interval68.Lower, fraction.Interval68.Upper, "background");
        panel.Level(1, "guide");
        panel.Level(3.84, "guide");
        panel.Note(x.High, 1, "68 %");
        panel.Note(x.High, 3.84, "95 %");
        panel.Curve(points.Select(point => (point.Fraction, point.TwiceDeltaNll)), "fit");
        panel.Dot(fraction.Value, 0, "data");
        panel.Frame();
        return canvas.ToString();
    }
}
