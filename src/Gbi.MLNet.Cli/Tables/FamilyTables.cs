using System.Globalization;
using Gbi.Inference.Fits;
using Gbi.Searches.Family;
using Spectre.Console;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Cli.Tables;

/// <summary>Prints the joint fit of a signal family for people.</summary>
internal static class FamilyTables
{
    public static void Print(Terminal terminal, SignalFamilyResult found)
    {
        Table table = Columns("Fitted together", "Value", "Error", "68 % interval", "95 % interval", "Range of the family");
        foreach (FamilyParameter parameter in found.Parameters)
        {
            table.AddRow(
                Terminal.Cell(parameter.Name), Like(parameter.Value, parameter.Error),
                double.IsFinite(parameter.Error) ? Like(parameter.Error, parameter.Error) : "none",
                Range(parameter.Interval68, parameter.Error), Range(parameter.Interval95, parameter.Error),
                Text($"{parameter.Lowest:G3} to {parameter.Highest:G3}"));
        }

        terminal.People.Write(table);
        if (found.Minima.Count > 1)
        {
            terminal.People.Write(Minima(found));
        }
    }

    private static Table Minima(SignalFamilyResult found)
    {
        Table table = Columns(
            [
                "Minimum of the likelihood", .. found.Parameters.Skip(1).Select(parameter => Terminal.Cell(parameter.Name)), "mu",
                "−2 ln L above the lowest"
            ]);
        for (int at = 0; at < found.Minima.Count; at++)
        {
            FamilyMinimumFound minimum = found.Minima[at];
            table.AddRow(
                [
                    Text($"{at + 1}"), .. minimum.Theta.Select(value => Text($"{value:G5}")), Text($"{minimum.Fraction:G3}"),
                    Text($"{minimum.Rise:F1}")
                ]);
        }

        return table;
    }

    private static Table Columns(params string[] names)
    {
        Table table = new Table().Border(TableBorder.Rounded).AddColumn(names[0]);
        foreach (string name in names.Skip(1))
        {
            table.AddColumn(new TableColumn(name).RightAligned());
        }

        return table;
    }

    private static string Range(ConfidenceInterval? interval, double error) =>
        interval is { } known ? $"{Like(known.Lower, error)} to {Like(known.Upper, error)}" : "none";

    /// <summary>A number to two significant digits of its error.</summary>
    private static string Like(double value, double error)
    {
        int decimals = error > 0 && double.IsFinite(error) ? Math.Clamp(1 - (int)Math.Floor(Math.Log10(error)), 0, 10) : 4;
        return value.ToString($"F{decimals}", CultureInfo.InvariantCulture);
    }
}
