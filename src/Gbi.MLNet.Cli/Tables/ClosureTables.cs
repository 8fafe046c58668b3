using System.Globalization;
using Gbi.Diagnostics.Closure;
using Spectre.Console;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Cli.Tables;

/// <summary>Prints a closure set for people.</summary>
internal static class ClosureTables
{
    public static void Print(Terminal terminal, ClosureReport report)
    {
        terminal.Say($"Numerator {Counted(report.NumeratorEvents, "event")}, denominator {Counted(report.DenominatorEvents, "event")}");
        terminal.People.Write(Checks(report));
        terminal.People.Write(Features(report));
        terminal.Say(
            $"Calibration curve: χ² = {report.Curve.ChiSquared:F1} about its line, "
                + $"{Counted(report.Curve.DegreesOfFreedom, "degree of freedom", "degrees of freedom")}");
        terminal.Say(
            $"Weights over the denominator: {report.Weights.EffectiveCount:N0} effective events "
                + $"({100 * report.Weights.RelativeEffectiveCount:F1} %), largest share {report.Weights.LargestShare:G2}");
        terminal.Say(
            $"Clipped log ratios: {report.Saturation.NumeratorClipped:N0} in the numerator, {report.Saturation.DenominatorClipped:N0} in "
                + $"the denominator");
        foreach (ClosureCheck check in report.Checks)
        {
            if (check.Caveat is { } caveat)
            {
                terminal.Say($"{check.Name}: {caveat}");
            }

            if (check.Failed)
            {
                terminal.Say($"{check.Name} failed. {check.Remedy}");
            }
        }
    }

    private static Table Checks(ClosureReport report)
    {
        Table table = new Table().Border(TableBorder.Rounded)
            .AddColumn("Check")
            .AddColumn(new TableColumn("Value").RightAligned())
            .AddColumn(new TableColumn("Error").RightAligned())
            .AddColumn(new TableColumn("Allowed").RightAligned())
            .AddColumn("Result");
        foreach (ClosureCheck check in report.Checks)
        {
            string allowed = double.IsFinite(check.LowestAllowed)
                ? $"{Text(check.LowestAllowed)} to {Text(check.HighestAllowed)}"
                : $"up to {Text(check.HighestAllowed)}";
            table.AddRow(
                Terminal.Cell(check.Name), Text(check.Value), check.Error is { } error ? Text(error) : "", allowed,
                check.Failed ? "FAILED" : check.Passed ? "passed" : "inconclusive");
        }

        return table;
    }

    private static Table Features(ClosureReport report)
    {
        Table table = new Table().Border(TableBorder.Rounded)
            .AddColumn("Feature after reweighting")
            .AddColumn(new TableColumn("Distance").RightAligned())
            .AddColumn(new TableColumn("p").RightAligned())
            .AddColumn(new TableColumn("Effective events").RightAligned());
        foreach (FeatureDistance feature in report.Features)
        {
            table.AddRow(
                Terminal.Cell(feature.Feature),
                Text(feature.Distance),
                feature.Probability.ToString("G2", CultureInfo.InvariantCulture),
                feature.EffectiveCount.ToString("N0", CultureInfo.InvariantCulture));
        }

        return table;
    }

    private static string Text(double value) => double.IsNegativeInfinity(value)
        ? "none"
        : value.ToString(Math.Abs(value) is 0 or >= 0.001 ? "F4" : "G2", CultureInfo.InvariantCulture);
}
