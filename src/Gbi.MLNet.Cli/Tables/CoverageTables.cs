using Gbi.Reports;
using Gbi.Reports.Html;
using Gbi.Searches.Coverage;
using Spectre.Console;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Cli.Tables;

/// <summary>Prints a study of coverage for people.</summary>
internal static class CoverageTables
{
    public static void Print(Terminal terminal, CoverageRun run)
    {
        SearchCoverageResult result = run.Result;
        Table table = new Table().Border(TableBorder.Rounded)
            .AddColumn("Cut")
            .AddColumn(new TableColumn("Z, mean").RightAligned())
            .AddColumn(new TableColumn("Z, width").RightAligned())
            .AddColumn(new TableColumn("Uniform").RightAligned())
            .AddColumn(new TableColumn("Z ≥ 2").RightAligned())
            .AddColumn(new TableColumn("Z ≥ 3").RightAligned());
        foreach (SignificanceCoverage of in result.Significances)
        {
            table.AddRow(
                CoverageReport.CutName(of), CoverageReport.WithError(of.Mean), CoverageReport.WithError(of.Width),
                Text($"{of.Uniformity:G2}"), Text($"{of.AboveTwoSigma.Count}"), Text($"{of.AboveThreeSigma.Count}"));
        }

        terminal.People.Write(table);
        Table fraction = new Table().Border(TableBorder.Rounded).HideHeaders().AddColumn("").AddColumn("");
        foreach (string[] row in CoverageReport.Fraction(result))
        {
            fraction.AddRow(Terminal.Cell(row[0]), Terminal.Cell(row[1]));
        }

        terminal.People.Write(fraction);
        foreach (CheckCoverage check in result.Checks)
        {
            terminal.Say(
                $"{check.Name}: failed in {check.Failed.Count}, inconclusive in {check.Inconclusive.Count} of {check.Failed.Total}");
        }

        foreach (string statement in run.Statements)
        {
            terminal.Say($"{statement}");
        }
    }
}
