using Gbi.Inference.Fits;
using Gbi.Reports;
using Gbi.Searches.Hunt;
using Spectre.Console;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Cli.Tables;

/// <summary>Prints a bump hunt for people.</summary>
internal static class HuntTables
{
    public static void Print(Terminal terminal, HuntRun run)
    {
        BumpHuntResult result = run.Result;
        Table table = new Table().Border(TableBorder.Rounded)
            .AddColumn("Window")
            .AddColumn(new TableColumn("Observed").RightAligned())
            .AddColumn(new TableColumn("Expected").RightAligned())
            .AddColumn(new TableColumn("Local p").RightAligned())
            .AddColumn(new TableColumn("Local Z").RightAligned())
            .AddColumn(new TableColumn("Kept").RightAligned())
            .AddColumn(new TableColumn("Z of the cut").RightAligned())
            .AddColumn(new TableColumn("χ² prob.").RightAligned());
        foreach (BumpWindow window in result.Windows)
        {
            table.AddRow(window.Point is { } point
                ? [
                    Terminal.Cell(window.Window.ToString()), Text($"{point.Observed:N0}"),
                    Text($"{point.Expected.Value:N1} ± {point.Expected.Error:N1}"), Text($"{point.LocalProbability:G3}"),
                    Text($"{point.Significance:F2}"), Text($"{100 * point.BackgroundEfficiency:G3} %"), Text($"{point.CutSignificance:F2}"),
                    double.IsNaN(point.SpectrumGoodnessOfFit) ? "" : Text($"{point.SpectrumGoodnessOfFit:G2}")
                ]
                : [Terminal.Cell(window.Window.ToString()), "", "", "none", "", "", "", ""]);
        }

        terminal.People.Write(table);
        terminal.Say($"Smallest local p-value {result.LocalProbability:G3} ({result.LocalSignificance:F2} σ) in {result.Best.Window}");
        if (result.FromToys is { } toys)
        {
            ConfidenceInterval interval = toys.Interval();
            terminal.Say(
                $"Global p-value {toys.Value:G3} from {Counted(toys.ToyCount, "toy")}, "
                + $"{toys.AtLeastAsExtreme:N0} of them at least as extreme; "
                    + $"68 % [{interval.Lower:G2}, {interval.Upper:G2}]");
        }

        if (result.FromUpcrossings is { } bound)
        {
            terminal.Say($"Global p-value at most {bound.Value:G3} ± {bound.Error:G2} from upcrossings, if the local p-values are correct");
        }

        foreach (string remark in HuntRun.FailuresOf(result).Concat(result.Remarks))
        {
            terminal.Say($"Note: {remark}");
        }
    }
}
