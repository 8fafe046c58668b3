using Gbi.Reports.Figures.Fits;
using Gbi.Reports.Json.Fits;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Reports.Html.Fits;

/// <summary>The part of a fit's page about channels: data and model before and after the fit, and yields.</summary>
internal static class ChannelSection
{
    /// <summary>Channels that are drawn, at most: the others are in the tables.</summary>
    private const int MostFigures = 20;

    public static void Add(ReportPage page, FitDocument fit)
    {
        if (fit.Channels is not { Count: > 0 } channels)
        {
            return;
        }

        string data = fit.Asimov is null ? "data" : "Asimov data";
        ChannelDocument[] binned = [.. channels.Where(channel => channel.Observed.Count > 0)];
        if (binned.Length > 0)
        {
            page.Heading("Data and model before and after the fit");
            if (binned.Length > MostFigures)
            {
                page.Paragraph(Text($"The first {MostFigures} of {binned.Length:N0} channels; the others are in the tables of yields."));
            }

            page.Figures(binned.Take(MostFigures).SelectMany(channel => new[]
            {
                ChannelFigure.Of(channel, isAfter: false, data), ChannelFigure.Of(channel, isAfter: true, data),
            }));
        }

        page.Heading("Yields");
        page.Table(
            $"Sums of the channels. χ² is that of the bins, 2 Σ [λ − n + n ln(n/λ)], without constraints. Errors before the fit are those "
                + "of the constraints, errors after it those of its covariance.",
            ["channel", "bins", data, "before the fit", "after the fit", "χ² before", "χ² after"],
            channels.Select(channel => (string[])
            [
                channel.Name, channel.Observed.Count == 0 ? "unbinned" : Text($"{channel.Observed.Count}"),
                FitText.Number(channel.ObservedTotal), FitText.WithError(channel.Before.Total), FitText.WithError(channel.After.Total),
                FitText.OrEmpty(channel.Before.ChiSquared, "F1"), FitText.OrEmpty(channel.After.ChiSquared, "F1"),
            ]));
        foreach (ChannelDocument channel in channels)
        {
            page.FoldedTable(
                $"Samples of {channel.Name}", $"Expected events of each sample in {channel.Name}.",
                ["sample", "before the fit", "after the fit"],
                channel.Before.Samples.Zip(channel.After.Samples, (before, after) => (string[])
                    [before.Name, FitText.WithError(before.Total), FitText.WithError(after.Total)])
                    .Append(["all", FitText.WithError(channel.Before.Total), FitText.WithError(channel.After.Total)]));
        }
    }
}
