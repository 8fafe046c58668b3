using System.Globalization;
using Gbi.Analysis;
using Gbi.Inference;
using Spectre.Console;

namespace Gbi.Cli;

/// <summary>Prints the joint fit of a signal family for people.</summary>
internal static class FamilyTables
{
    public static void Print(Terminal terminal, SignalFamilyResult found)
    {
        Table table = Columns("Fitted together", "Value", "Error", "68 % interval", "95 % interval", "Range of the family");
        foreach (FamilyParameter parameter in found.Parameters)
        {
            table.AddRow(
                Markup.Escape(parameter.Name), Text($"{parameter.Value:G5}"), double.IsFinite(parameter.Error) ? Text($"{parameter.Error:G3}") : "none",
                Range(parameter.Interval68), Range(parameter.Interval95), Text($"{parameter.Lowest:G3} to {parameter.Highest:G3}"));
        }

        terminal.People.Write(table);
        if (found.Minima.Count > 1)
        {
            terminal.People.Write(Minima(found));
        }
    }

    private static Table Minima(SignalFamilyResult found)
    {
        Table table = Columns(["Minimum", .. found.Parameters.Skip(1).Select(parameter => Markup.Escape(parameter.Name)), "mu", "−2 ln L above the lowest"]);
        for (int at = 0; at < found.Minima.Count; at++)
        {
            FamilyMinimumFound minimum = found.Minima[at];
            table.AddRow([Text($"{at + 1}"), .. minimum.Theta.Select(value => Text($"{value:G5}")), Text($"{minimum.Fraction:G3}"), Text($"{minimum.Rise:F1}")]);
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

    private static string Range(ConfidenceInterval? interval) => interval is { } known ? Text($"{known.Lower:G5} to {known.Upper:G5}") : "none";

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
