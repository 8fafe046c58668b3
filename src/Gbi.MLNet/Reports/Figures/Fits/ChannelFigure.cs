using Gbi.Reports.Json.Fits;
using Gbi.Reports.Plots;

namespace Gbi.Reports.Figures.Fits;

/// <summary>Data over the stack of samples in the bins of a channel, with the band of its error, and their ratio below.</summary>
internal static class ChannelFigure
{
    // More bars than these are slow to draw, and too thin to be told apart.
    private const int MostBars = 1500;
    private const int MostNumberedBins = 12;
    private const int LegendRow = 19;
    private const int LegendColumns = 2;
    private const int LongestInLegend = 14;
    private const int UsualHeight = 380;

    /// <summary>The figure.</summary>
    /// <param name="channel">A binned channel.</param>
    /// <param name="isAfter">Whether it shows what is expected after the fit; else before it.</param>
    /// <param name="data">What the data are called.</param>
    public static PlotFigure Of(ChannelDocument channel, bool isAfter, string data)
    {
        ExpectationDocument expected = isAfter ? channel.After : channel.Before;
        int bins = channel.Observed.Count;
        bool isStack = bins * expected.Samples.Count <= MostBars;
        CountAxis axis = CountAxis.For(
            [.. channel.Observed, .. channel.Before.Bins.Values, .. channel.After.Bins.Values], Highest(channel));
        (double low, double high) = Range(channel);
        string when = isAfter ? "after the fit" : "before the fit";
        return new PlotFigure(
            $"{channel.Name} {when}",
            $"{channel.Name} {when}: {data} (points) and expectation ({(isStack ? "stack of samples" : "area")}) with its error (grey "
                + $"band); below, {data} over expectation.",
            [
                .. isStack ? Stack(channel, expected) : [Area(expected.Bins.Values)],
                .. Band(expected.Bins.Values, expected.Bins.Errors, axis.IsLog ? axis.Low : double.NegativeInfinity, "y"),
                Points(channel.Observed, channel.ObservedErrors, data, at => PlotText.Of(
                    $"bin {at + 1}: {channel.Observed[at]:G6}, expected {expected.Bins.Values[at]:G5} ± {expected.Bins.Errors[at]:G3}"),
                    "y"),
                .. Band([.. Enumerable.Repeat(1.0, bins)], expected.RelativeErrors, double.NegativeInfinity, "y2"),
                Points(expected.Ratio.Values, expected.Ratio.Errors, null, at => PlotText.Of(
                    $"bin {at + 1}: {expected.Ratio.Values[at]:G4} ± {expected.Ratio.Errors[at]:G2}"), "y2"),
            ],
            new PlotLayout
            {
                Xaxis = PlotAxis.Of($"bin of {PlotText.Shortened(channel.Name)}", 0.5, bins + 0.5) with
                {
                    Anchor = "y2",
                    Dtick = bins <= MostNumberedBins ? 1 : null,
                },
                Yaxis = axis.Axis("events") with { Domain = [0.36, 1] },
                Yaxis2 = PlotAxis.Of($"{data} / exp.", low, high) with { Domain = [0, 0.3], Nticks = 5 },
                Shapes = [PlotShape.Level(1, "y2")],
                Barmode = "stack",
                Bargap = 0,
            })
        { Height = UsualHeight + (isStack ? LegendRow * ((expected.Samples.Count + 3) / LegendColumns) : 0) };
    }

    /// <summary>Bars of the samples, those that are the smallest before the fit at the bottom.</summary>
    private static IEnumerable<PlotTrace> Stack(ChannelDocument channel, ExpectationDocument expected) =>
        expected.Samples.Select((sample, number) => (Sample: sample, Number: number))
            .OrderBy(one => channel.Before.Samples[one.Number].Total.Value)
            .Select(one => new PlotTrace
            {
                Name = PlotText.Of(PlotText.Shortened(one.Sample.Name, LongestInLegend)),
                Type = "bar",
                X = PlotNumber.Of(Enumerable.Range(1, channel.Observed.Count).Select(bin => (double)bin)),
                Y = PlotNumber.Of(one.Sample.Bins.Values),
                Marker = new PlotMarker(PlotColor.Sample(one.Number)),
                Text =
                [
                    .. one.Sample.Bins.Values.Select((value, at) => PlotText.Of(
                        $"{one.Sample.Name}, bin {at + 1}: {value:G5} ± {one.Sample.Bins.Errors[at]:G3}")),
                ],
            });

    private static PlotTrace Area(IReadOnlyList<double> values) => Outline(values, new PlotLine(PlotColor.Background, 1.2)) with
    {
        Name = "expectation",
        Fill = "tozeroy",
        Fillcolor = PlotColor.BackgroundArea,
    };

    private static PlotTrace[] Band(IReadOnlyList<double> values, IReadOnlyList<double> errors, double least, string yaxis)
    {
        double[] found = [.. errors.Select(error => double.IsFinite(error) ? error : 0)];
        var none = new PlotLine(PlotColor.Uncertainty, 0);
        return
        [
            Outline([.. values.Select((value, at) => Math.Max(least, value - found[at]))], none) with { Yaxis = yaxis },
            Outline([.. values.Select((value, at) => value + found[at])], none) with
            {
                Yaxis = yaxis,
                Fill = "tonexty",
                Fillcolor = PlotColor.Uncertainty,
                Name = yaxis == "y" ? "error" : null,
            },
        ];
    }

    private static PlotTrace Outline(IReadOnlyList<double> values, PlotLine line) => new()
    {
        X = PlotNumber.Of(Enumerable.Range(0, values.Count + 1).Select(edge => edge + 0.5)),
        Y = PlotNumber.Of(values.Append(values[^1])),
        Line = line with { Shape = "hv" },
    };

    private static PlotTrace Points(
        IReadOnlyList<double> values, IReadOnlyList<double> errors, string? name, Func<int, string> words, string yaxis) => new()
        {
            Name = name,
            X = PlotNumber.Of(Enumerable.Range(1, values.Count).Select(bin => (double)bin)),
            Y = PlotNumber.Of(values),
            ErrorY = new PlotErrors(PlotNumber.Of(errors)),
            Mode = "markers",
            Marker = new PlotMarker(PlotColor.Data, 6),
            Text = [.. Enumerable.Range(0, values.Count).Select(words)],
            Yaxis = yaxis,
        };

    /// <summary>The upper end of the highest error bar or band, before and after.</summary>
    private static double Highest(ChannelDocument channel) =>
        new[] { channel.Before, channel.After }.SelectMany(expected => expected.Bins.Values.Zip(expected.Bins.Errors))
            .Concat(channel.Observed.Zip(channel.ObservedErrors))
            .Select(bin => bin.First + (double.IsFinite(bin.Second) ? bin.Second : 0)).Max();

    /// <summary>The same for before and after, symmetric around 1, from ±20 % to ±100 %.</summary>
    private static (double Low, double High) Range(ChannelDocument channel)
    {
        double reach = new[] { channel.Before, channel.After }
            .SelectMany(expected => expected.Ratio.Values.Zip(expected.Ratio.Errors, (ratio, error) => Math.Abs(ratio - 1) + error)
                .Concat(expected.RelativeErrors))
            .Where(double.IsFinite).DefaultIfEmpty(0.5).Max();
        reach = Math.Clamp(1.1 * reach, 0.2, 1);
        return (1 - reach, 1 + reach);
    }
}
