using Gbi.Events;
using Gbi.Peaks;
using Gbi.Reports;
using Spectre.Console;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Cli.Tables;

/// <summary>Prints the measurement of a peak for people.</summary>
internal static class PeakTables
{
    public static void Print(Terminal terminal, PeakMeasurement measurement)
    {
        PrintYields(terminal, measurement);
        if (measurement.Features is { } features)
        {
            PrintCategories(terminal, features.Fit, measurement.Options);
        }

        PrintAlternatives(terminal, measurement);
        if (measurement.Features is { } found)
        {
            terminal.Say(
                $"Lower against upper sideband from the features: AUC {found.SidebandArea.Value:F3} "
                    + $"± {found.SidebandArea.Error:F3} (0.5: features independent of the mass)");
            if (found.NullTest is { } test)
            {
                terminal.Say(
                    $"{Counted(test.WithFeatures.Count, "toy")} without a peak: "
                    + $"mean yield {test.MeanYield.Value:N0} ± {test.MeanYield.Error:N0}, "
                        + $"mean pull {test.MeanPull:F2} ± {test.MeanPullError:F2}, pull width {test.PullWidth:F2}");
            }
        }

        foreach (string remark in measurement.Remarks)
        {
            terminal.Say($"{remark}");
        }
    }

    private static void PrintYields(Terminal terminal, PeakMeasurement measurement)
    {
        PeakFit mass = measurement.MassOnly;
        PeakFeatures? features = measurement.Features;
        Table table = new Table().Border(TableBorder.Rounded).AddColumn("")
            .AddColumn(new TableColumn("Mass alone").RightAligned());
        if (features is not null)
        {
            table.AddColumn(new TableColumn("With features").RightAligned());
        }

        void Row(string name, string ofMass, Func<PeakFeatures, string> ofFeatures) => table.AddRow(
            [.. (features is null ? [name, ofMass] : new[] { name, ofMass, ofFeatures(features) }).Select(Terminal.Cell)]);
        Row("Yield", Text($"{mass.Yield.Value:N0}"), found => Text($"{found.Fit.Yield.Value:N0}"));
        Row("  statistical error", Text($"{mass.Yield.Error:N0}"), found => Text($"{found.Fit.Yield.Error:N0}"));
        if (features is not null)
        {
            Row("  generator error", "", found => double.IsNaN(found.GeneratorError) ? "not computed" : Text($"{found.GeneratorError:N0}"));
        }

        Row("  shape error", Text($"{measurement.MassOnlyShape.Total:N0}"), found => Text($"{found.Shape.Total:N0}"));
        Row("  total error", Text($"{measurement.MassOnlyError:N0}"), found => Text($"{found.TotalError:N0}"));
        Row("Significance", Text($"{mass.Significance:F1} σ"), found => Text($"{found.Fit.Significance:F1} σ"));
        if (double.IsFinite(measurement.Gain))
        {
            Row("  gain", "", _ => Text($"{measurement.Gain:F3}"));
        }

        Row("Mean of the peak", Position(mass), found => Position(found.Fit));
        if (features is null)
        {
            Row("Width of the peak", WithError(mass.WidthIn(0)), _ => "");
        }

        Row("χ² probability", SpectrumText.Probability(mass.GoodnessOfFit), found => SpectrumText.Probability(found.Fit.GoodnessOfFit));
        terminal.People.Write(table);
    }

    private static string Position(PeakFit fit) => WithError(fit.Mean);

    private static string WithError(Estimate value) =>
        value.Error > 0 ? Text($"{value.Value:F4} ± {value.Error:F4}") : Text($"{value.Value:F4} (held)");

    private static void PrintCategories(Terminal terminal, PeakFit fit, PeakMeasurementOptions options)
    {
        Table table = new Table().Border(TableBorder.Rounded).AddColumn("Background in category");
        foreach (string name in (string[])["Events", "Peak", "Background", "Width"])
        {
            table.AddColumn(new TableColumn(name).RightAligned());
        }

        for (int category = 0; category < fit.CategoryCount; category++)
        {
            Estimate yield = fit.Yields[category];
            table.AddRow(
                Text($"{100 * fit.Members[category].Sum(member => options.BackgroundShares[member]):G3} %"),
                Text($"{fit.EventsIn(category):N0}"),
                Text($"{yield.Value:N0} ± {yield.Error:N0}"),
                Text($"{fit.Expected(fit.Low, fit.High, category).Background:N0}"),
                Text($"{fit.WidthIn(category).Value:F4}{(fit.IsWidthShared(category) ? " shared" : "")}"));
        }

        terminal.People.Write(table);
    }

    private static void PrintAlternatives(Terminal terminal, PeakMeasurement measurement)
    {
        PeakShapeError shape = measurement.Features?.Shape ?? measurement.MassOnlyShape;
        Table table = new Table().Border(TableBorder.Rounded).AddColumn("Other function").AddColumn("of");
        foreach (string name in (string[])["Yield", "−2 ln L", "Parameters"])
        {
            table.AddColumn(new TableColumn($"Δ {name}").RightAligned());
        }

        table.AddColumn("Counted");
        foreach (PeakAlternative alternative in shape.Alternatives)
        {
            string[] numbers = alternative.Failure is null
                ?
                [
                    Text($"{alternative.Change:+#,0;-#,0;0}"), Text($"{alternative.TwiceNllChange:+0.0;-0.0;0.0}"),
                    Text($"{alternative.ParameterChange:+0;-0;0}"), alternative.IsCounted ? "yes" : "no, excluded by data",
                ]
                : ["", "", "", "no fit"];
            table.AddRow([alternative.Name, alternative.IsBackground ? "background" : "peak", .. numbers]);
        }

        terminal.People.Write(table);
    }
}
