using System.Globalization;
using Spectre.Console;

namespace Gbi.Cli.Tables;

/// <summary>Expected values at −2σ … +2σ of their band.</summary>
internal static class BandTable
{
    /// <summary>What rows are called.</summary>
    public static readonly string[] Names = ["expected, −2σ", "expected, −1σ", "expected, median", "expected, +1σ", "expected, +2σ"];

    /// <summary>An observed number and those of the band; with a column of errors where toys gave them.</summary>
    public static Table Of(
        string title, string column, (double Value, double Error) observed, IReadOnlyList<double> expected, IReadOnlyList<double>? errors)
    {
        bool hasErrors = errors is { Count: > 0 };
        Table table = new Table().Border(TableBorder.Rounded).AddColumn(title)
            .AddNumbers(hasErrors ? [Terminal.Cell(column), "±"] : [Terminal.Cell(column)]);
        AddRow("observed", observed.Value, observed.Error);
        for (int band = 0; band < Names.Length; band++)
        {
            AddRow(Names[band], expected[band], hasErrors ? errors![band] : 0);
        }

        return table;

        void AddRow(string name, double value, double error) =>
            table.AddRow(hasErrors ? [name, Text(value), error.ToString("G2", CultureInfo.InvariantCulture)] : [name, Text(value)]);
    }

    /// <summary>Says how many toys numbers with errors rest on; nothing by asymptotic formulas.</summary>
    public static void SayToys(Terminal terminal, int? toys, int failed)
    {
        if (toys is { } count)
        {
            terminal.Say(
                $"Errors are those of {count:N0} toys of each kind at every strength; {failed:N0} failed to fit and are excluded");
        }
    }

    public static string Text(double value) => value.ToString("G6", CultureInfo.InvariantCulture);
}
