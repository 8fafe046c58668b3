using System.Globalization;
using Spectre.Console;

namespace Gbi.Cli.Tables;

/// <summary>Expected values at −2σ … +2σ of their band.</summary>
internal static class BandTable
{
    /// <summary>What rows are called.</summary>
    public static readonly string[] Names = ["expected, −2σ", "expected, −1σ", "expected, median", "expected, +1σ", "expected, +2σ"];

    public static void AddRows(Table table, IReadOnlyList<double> values)
    {
        for (int band = 0; band < Names.Length; band++)
        {
            table.AddRow(Names[band], Text(values[band]));
        }
    }

    public static string Text(double value) => value.ToString("G6", CultureInfo.InvariantCulture);
}
