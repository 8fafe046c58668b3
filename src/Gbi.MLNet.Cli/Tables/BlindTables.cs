using Gbi.Reports;
using Gbi.Searches.Blind;
using Gbi.Searches.Signal;
using Spectre.Console;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Cli.Tables;

/// <summary>Prints a blind search for people.</summary>
internal static class BlindTables
{
    public static void Print(Terminal terminal, BlindRun run)
    {
        BlindSearchResult result = run.Search.Result;
        SignalSensitivity expected = result.Sensitivity;
        IReadOnlyList<double> limits = expected.UpperLimitBand;
        Table table = new Table().Border(TableBorder.Rounded).HideHeaders().AddColumn("").AddColumn("");
        Row($"Signal region {run.Search.Options.Window}", "blinded");
        Row("Events in the sidebands", Text($"{result.EventsInSidebands:N0}"));
        Row("Expected background", Text($"{result.ExpectedBackground.Value:N1} ± {result.ExpectedBackground.Error:N1}"));
        if (SpectrumText.ErrorParts(run.Search.Spectrum, run.Search.Options.Window) is { } parts)
        {
            Row("  error from", parts);
        }

        Row("Expected without signal", Text($"fraction 0 ± {expected.Error:G2}"));
        Row("  upper limit at 95 %", Text($"{expected.UpperLimit:G3}, 68 % of experiments [{limits[1]:G3}, {limits[3]:G3}]"));
        if (result.ErrorBudget is { } budget)
        {
            Row(
                "  variance from",
                string.Join(", ", budget.Parts.Select(part => Text($"{part.Source} {100 * Math.Pow(part.Error / budget.Total, 2):F0} %"))));
        }

        Row(
            "Expected for S = √B",
            Text($"{expected.AtRootBackground.Significance:F2} σ, fraction {expected.AtRootBackground.Fraction:G3}"));
        Row(
            "Mean ratio over background",
            Text($"{result.Closure.MeanRatio.Value:F4} ± {result.Closure.MeanRatio.Error:F4} before normalisation"));
        if (run.Search.Spectrum is { } spectrum)
        {
            Row("Mass spectrum in the sidebands", SpectrumText.OfFit(spectrum));
        }

        terminal.People.Write(table);
        PrintCurve(terminal, result);
        SearchTables.PrintSentences(terminal, result.Statements, result.Warnings, result.Inconclusive);

        void Row(string name, string value) => table.AddRow(Terminal.Cell(name), Terminal.Cell(value));
    }

    private static void PrintCurve(Terminal terminal, BlindSearchResult result)
    {
        Table table = new Table().Border(TableBorder.Rounded)
            .AddColumn(new TableColumn("Signal fraction").RightAligned())
            .AddColumn(new TableColumn("Signal events").RightAligned())
            .AddColumn(new TableColumn("Expected significance").RightAligned());
        foreach (ExpectedSignificance point in result.SensitivityCurve.Skip(1))
        {
            table.AddRow(
                Text($"{point.Fraction:G3}"), Text($"{point.Fraction * result.ExpectedBackground.Value:N0}"),
                Text($"{point.Significance:F2} σ"));
        }

        terminal.People.Write(table);
    }
}
