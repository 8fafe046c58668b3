namespace Gbi.Reports.Plots;

/// <summary>Data over a prediction with its errors, and their ratio below.</summary>
internal sealed record ComparisonPlot
{
    private const double Gap = 14;
    private const double Bottom = 46;

    public required string Title { get; init; }

    public required string XLabel { get; init; }

    public required string YLabel { get; init; }

    public required string PredictionName { get; init; }

    public required Histogram Data { get; init; }

    public required Histogram Prediction { get; init; }

    /// <summary>A range of x to mark, with its name.</summary>
    public (double Low, double High, string Name)? Marked { get; init; }

    /// <summary>Whether the prediction is a line with a band instead of a filled area.</summary>
    public bool IsCurve { get; init; }

    public double Width { get; init; } = 460;

    public double Height { get; init; } = 330;

    public string Svg()
    {
        var canvas = new SvgCanvas(Width, Height, Title);
        double inner = Height - Bottom - Gap - 10;
        double upper = Math.Round(inner * 0.68);
        var x = new Axis(XLabel, Data.Edges[0], Data.Edges[^1]);
        DrawCounts(new Panel(canvas, x, Axis.ForCounts(YLabel, Data.Sums.Concat(Prediction.Sums)), 10, upper));
        DrawRatio(new Panel(canvas, x, RatioAxis(), 10 + upper + Gap, inner - upper));
        return canvas.ToString();
    }

    private void DrawCounts(Panel panel)
    {
        Mark(panel);
        if (IsCurve)
        {
            panel.Band(Prediction, "band");
            panel.Curve(Enumerable.Range(0, Prediction.Count).Select(bin => (Prediction.Centre(bin), Prediction.Sums[bin])), "fit");
        }
        else
        {
            panel.Area(Prediction, "background");
            panel.Band(Prediction, "band");
        }

        panel.Points(Data, "data");
        panel.Frame(withXNames: false);
        (string, string, bool) data = ("data", "data", true);
        (string, string, bool) prediction = (PredictionName, IsCurve ? "fitkey" : "background", false);
        (string, string, bool)[] marked = Marked is { } range ? [(range.Name, "region", false)] : [];
        panel.Legend([data, prediction, .. marked]);
    }

    private void DrawRatio(Panel panel)
    {
        Mark(panel);
        panel.Level(1, "guide");
        panel.Band(Divided(Prediction), "band");
        panel.Points(Divided(Data), "data");
        panel.Frame(yTicks: 4);
    }

    private void Mark(Panel panel)
    {
        if (Marked is { } range)
        {
            panel.Range(range.Low, range.High, "region");
        }
    }

    /// <summary>A histogram divided by the prediction, whose own errors are those of the band alone.</summary>
    private Histogram Divided(Histogram histogram) => Histogram.Of(
        histogram.Edges,
        Enumerable.Range(0, histogram.Count).Select(bin => Prediction.Sums[bin] > 0
            ? (histogram.Sums[bin] / Prediction.Sums[bin], histogram.Error(bin) / Prediction.Sums[bin])
            : (1.0, 0.0)));

    /// <summary>Symmetric around 1, wide enough for nine tenths of the bins, from ±5 % to ±100 %.</summary>
    private Axis RatioAxis()
    {
        Histogram ratio = Divided(Data);
        double[] distances = [.. Enumerable.Range(0, ratio.Count)
            .Where(bin => ratio.Squares[bin] > 0)
            .Select(bin => Math.Abs(ratio.Sums[bin] - 1) + ratio.Error(bin))
            .Order()];
        double reach = distances.Length == 0 ? 0.5 : Math.Clamp(1.2 * distances[(int)(0.9 * (distances.Length - 1))], 0.05, 1);
        return new Axis("ratio", 1 - reach, 1 + reach);
    }
}
