using Gbi.Inference.Belts;
using Gbi.Inference.Fits;
using Gbi.Likelihoods.Model;
using Gbi.Numerics;
using Spectre.Console;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Cli.Tables;

/// <summary>What 'gbi interval' prints.</summary>
internal static class IntervalOutput
{
    public static void Print(Terminal terminal, FitParameter mu, double muHat, IReadOnlyList<ConfidenceInterval> intervals)
    {
        terminal.Say($"Best fit {mu.Name} = {muHat:G6}");
        Table table = NewTable(mu.Name);
        var remarks = new List<string>();
        foreach (ConfidenceInterval interval in intervals)
        {
            remarks.Add(
                string.Join(
                    ", ",
                    new[]
                    {
                        interval.Lower == mu.Lower ? "lower end is a bound" : "", interval.Upper == mu.Upper ? "upper end is a bound" : ""
                    }.Where(text => text.Length > 0)));
            table.AddRow(Percent(interval.ConfidenceLevel), BandTable.Text(interval.Lower), BandTable.Text(interval.Upper));
        }

        terminal.People.Write(table.WithRemarks(remarks));
    }

    public static void Print(Terminal terminal, string name, FeldmanCousinsResult result)
    {
        terminal.Say(
            $"Best fit {name} = {result.MuHat:G6}; {result.Rows.Count} values of {name} with {result.Rows[0].ToyCount:N0} toys each");
        Table table = NewTable(name);
        var remarks = new List<string>();
        foreach (BeltInterval interval in result.Intervals)
        {
            remarks.Add(string.Join(", ", new[] { Remark("lower", interval.Lower), Remark("upper", interval.Upper) }.OfType<string>()));
            table.AddRow(Percent(interval.ConfidenceLevel), Text(interval.Lower), Text(interval.Upper));
        }

        terminal.People.Write(table.WithRemarks(remarks));
        if (result.FailureCount > 0)
        {
            terminal.Say(
                $"{Counted(result.FailureCount, "toy")} excluded, as fits failed. The first: "
                    + $"{result.Rows.SelectMany(row => row.Failures).First().Reason}");
        }
    }

    private static Table NewTable(string name) => new Table().Border(TableBorder.Rounded)
        .AddColumn("Confidence").AddNumbers(Terminal.Cell($"{name} from"), "to");

    private static string? Remark(string side, BeltEnd end) => end.Kind switch
    {
        BeltEndKind.Bound => $"{side} end is a bound",
        BeltEndKind.Grid => $"{side} end is outside the grid",
        _ => null,
    };

    private static string Text(BeltEnd end) => end.Kind == BeltEndKind.Crossing
        ? InvariantText.Text($"{end.Value:G4} ± {end.Error:G1}")
        : BandTable.Text(end.Value);

    private static string Percent(double level) => InvariantText.Text($"{100 * level:G4} %");
}
