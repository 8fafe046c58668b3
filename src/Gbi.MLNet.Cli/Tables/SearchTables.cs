using Gbi.Reports;
using Gbi.Searches.Results;
using Gbi.Searches.Signal;
using Spectre.Console;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Cli.Tables;

/// <summary>Prints a search for people.</summary>
internal static class SearchTables
{
    public static void Print(Terminal terminal, SearchRun run)
    {
        ResonanceSearchResult result = run.Search.Result;
        SignalFraction fraction = result.SignalFraction;
        double events = result.EventsInRegion;
        Table table = new Table().Border(TableBorder.Rounded).HideHeaders().AddColumn("").AddColumn("");
        Row(table, "Events", Text($"{result.EventCount:N0}"));
        Row(table, $"In the signal region {run.Search.Options.Window}", Text($"{events:N0}"));
        Row(table, "Expected background", Text($"{result.ExpectedBackground.Value:N1} ± {result.ExpectedBackground.Error:N1}"));
        if (SpectrumText.ErrorParts(run.Search.Spectrum, run.Search.Options.Window) is { } parts)
        {
            Row(table, "  error from", parts);
        }

        Row(table, "Signal fraction", Text($"{fraction.Value:G4} ({fraction.Method})"));
        Row(table, "  68 % interval", Text($"[{fraction.Interval68.Lower:G4}, {fraction.Interval68.Upper:G4}]"));
        Row(table, "  95 % interval", Text($"[{fraction.Interval95.Lower:G4}, {fraction.Interval95.Upper:G4}]"));
        Row(
            table, "Signal yield",
            Text($"{result.SignalYield:N1}, 68 % [{events * fraction.Interval68.Lower:N1}, {events * fraction.Interval68.Upper:N1}]"));
        if (result.ErrorBudget is { } budget)
        {
            Row(
                table, "  variance from",
                string.Join(", ", budget.Parts.Select(part => Text($"{part.Source} {100 * Math.Pow(part.Error / budget.Total, 2):F0} %"))));
        }

        Row(table, result.Family is null ? "Significance" : "Significance, local", Text($"{result.Significance:F2} σ"));
        if (result.Family?.Global is { } global)
        {
            string bound = global.AtLeastAsExtreme == 0 ? " or less" : "";
            Row(table, "  global p-value", Text($"{global.Value:G2}{bound}, from {global.ToyCount:N0} data sets without signal"));
        }

        if (result.Sensitivity is { } expected)
        {
            Row(table, "  expected without signal", Text($"fraction 0 ± {expected.Error:G2}, below {expected.UpperLimit:G2} at 95 %"));
            Row(table, "  expected for S = √B", Text($"{expected.AtRootBackground.Significance:F2} σ{Fitted(expected)}"));
        }

        Row(
            table, "Data vs background template",
            double.IsNaN(result.Closure.Auc) ? "not trained" : Text($"AUC {result.Closure.Auc:F4} in the signal region, out of fold"));
        Row(
            table, "Mean ratio over background",
            Text($"{result.Closure.MeanRatio.Value:F4} ± {result.Closure.MeanRatio.Error:F4} before normalisation"));
        if (run.Search.Spectrum is { } spectrum)
        {
            Row(table, "Mass spectrum in the sidebands", SpectrumText.OfFit(spectrum));
        }

        terminal.People.Write(table);
        if (result.Family is { } family)
        {
            FamilyTables.Print(terminal, family);
        }

        PrintExcess(terminal, result);
        PrintSentences(terminal, result.Statements, result.Warnings, result.Inconclusive);
    }

    /// <summary>Prints what a search, open or blind, says of its numbers.</summary>
    public static void PrintSentences(
        Terminal terminal, IReadOnlyList<string> statements, IReadOnlyList<string> warnings, IReadOnlyList<string> inconclusive)
    {
        foreach (string statement in statements)
        {
            terminal.Say($"{statement}");
        }

        terminal.Warn(warnings);
        foreach (string sentence in inconclusive)
        {
            terminal.Say($"Inconclusive: {sentence.Replace("Inconclusive: ", "", StringComparison.Ordinal)}");
        }
    }

    private static string Fitted(SignalSensitivity expected) =>
        expected.AtEstimate is { } fitted ? Text($", for the fitted fraction {fitted.Significance:F2} σ") : "";

    private static void PrintExcess(Terminal terminal, ResonanceSearchResult result)
    {
        Table table = new Table().Border(TableBorder.Rounded)
            .AddColumn("Background kept")
            .AddColumn(new TableColumn("ln r above").RightAligned())
            .AddColumn(new TableColumn("Observed").RightAligned())
            .AddColumn(new TableColumn("Expected").RightAligned())
            .AddColumn(new TableColumn("Excess").RightAligned())
            .AddColumn(new TableColumn("Significance").RightAligned());
        foreach (ExcessAfterCut cut in result.Excess)
        {
            table.AddRow(
                Text($"{100 * cut.BackgroundEfficiency:G3} %"),
                double.IsFinite(cut.Threshold) ? Text($"{cut.Threshold:F2}") : "no cut",
                Text($"{cut.Observed:N0}"),
                Text($"{cut.Expected.Value:N1} ± {cut.Expected.Error:N1}"),
                Text($"{cut.Excess:N1}"),
                Text($"{cut.Significance:F2} σ"));
        }

        terminal.People.Write(table);
    }

    private static void Row(Table table, string name, string value) => table.AddRow(Terminal.Cell(name), Terminal.Cell(value));
}
