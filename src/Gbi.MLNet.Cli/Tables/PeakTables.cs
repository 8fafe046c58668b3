using Gbi.Events;
using Gbi.Peaks;
using Spectre.Console;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Cli.Tables;

/// <summary>Prints the measurement of a peak for people.</summary>
internal static class PeakTables
{
    public static void Print(Terminal terminal, PeakMeasurement measurement)
    {
        PeakFit mass = measurement.MassOnly;
        PeakFit features = measurement.WithFeatures;
        Table table = new Table().Border(TableBorder.Rounded).AddColumn("")
            .AddColumn(new TableColumn("Mass alone").RightAligned()).AddColumn(new TableColumn("With features").RightAligned());
        Row(table, "Yield", Text($"{mass.Yield.Value:N0}"), Text($"{features.Yield.Value:N0}"));
        Row(table, "  statistical error", Text($"{mass.Yield.Error:N0}"), Text($"{features.Yield.Error:N0}"));
        Row(
            table, "  generator error", "",
            double.IsNaN(measurement.GeneratorError) ? "not computed" : Text($"{measurement.GeneratorError:N0}"));
        Row(table, "Significance", Text($"{mass.Significance:F1} σ"), Text($"{features.Significance:F1} σ"));
        Row(table, "  gain", "", Text($"{measurement.Gain:F3}"));
        Row(table, "Mean of the peak", Text($"{mass.Shape.Mean:F4}"), Text($"{features.Shape.Mean:F4}"));
        Row(table, "χ² probability", Text($"{mass.GoodnessOfFit:G2}"), Text($"{features.GoodnessOfFit:G2}"));
        terminal.People.Write(table);
        PrintCategories(terminal, measurement);
        terminal.Say(
            $"Lower against upper sideband from the features: AUC {measurement.SidebandArea.Value:F3} "
                + $"± {measurement.SidebandArea.Error:F3} (0.5: features independent of the mass)");
        if (measurement.NullTest is { } test)
        {
            terminal.Say(
                $"{test.WithFeatures.Count} toys without a peak: mean yield {test.MeanYield.Value:N0} ± {test.MeanYield.Error:N0}, mean "
                    + $"pull {test.MeanPull:F2} ± {test.MeanPullError:F2}, pull width {test.PullWidth:F2}");
        }
    }

    private static void PrintCategories(Terminal terminal, PeakMeasurement measurement)
    {
        PeakFit fit = measurement.WithFeatures;
        Table table = new Table().Border(TableBorder.Rounded).AddColumn("Background in category");
        foreach (string name in (string[])["Events", "Peak", "Background", "Width"])
        {
            table.AddColumn(new TableColumn(name).RightAligned());
        }

        for (int category = 0; category < fit.CategoryCount; category++)
        {
            Estimate yield = fit.Yields[category];
            table.AddRow(
                Text($"{100 * measurement.Options.BackgroundShares[category]:G3} %"),
                Text($"{fit.EventsIn(category):N0}"),
                Text($"{yield.Value:N0} ± {yield.Error:N0}"),
                Text($"{fit.Expected(fit.Low, fit.High, category).Background:N0}"),
                Text($"{fit.Shape.WidthIn(category):F4}"));
        }

        terminal.People.Write(table);
    }

    private static void Row(Table table, params string[] cells) => table.AddRow([.. cells.Select(Markup.Escape)]);
}
