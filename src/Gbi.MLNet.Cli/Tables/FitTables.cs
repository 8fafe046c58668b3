using System.Globalization;
using Gbi.Inference.Fits;
using Gbi.Inference.Impacts;
using Gbi.Inference.Tests;
using Gbi.Likelihoods;
using Gbi.Reports.Json.Fits;
using Spectre.Console;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Cli.Tables;

/// <summary>Prints the parts of a fit.</summary>
internal static class FitTables
{
    public static void Best(Terminal terminal, LikelihoodModel model, FitResult fit, SaturatedTestResult? goodness)
    {
        Table table = Of("Parameter").AddNumbers("Value", "Error", "Pull");
        var remarks = new List<string>();
        var pulls = fit.Pulls.ToDictionary(pull => pull.Parameter, pull => pull.Pull);
        for (int i = 0; i < fit.Names.Count; i++)
        {
            bool isFixed = model.Parameters[i].IsFixed;
            remarks.Add(
                fit.AtBounds.Contains(fit.Names[i])
                    ? "at a bound"
                    : fit.Degenerate.Contains(fit.Names[i])
                    ? "not determined"
                    : isFixed
                    ? "fixed"
                    : "");
            table.AddRow(
                Terminal.Cell(fit.Names[i]),
                BandTable.Text(fit.Parameters[i]),
                BandTable.Text(fit.Errors[i]),
                !isFixed && pulls.TryGetValue(fit.Names[i], out double pull) ? pull.ToString("F2", CultureInfo.InvariantCulture) : "");
        }

        terminal.People.Write(table.WithRemarks(remarks));
        terminal.Say($"−2 ln L = {fit.TwiceNll:F6} after {Counted(fit.Minimum.Iterations, "step")}. {fit.Minimum.Reason}");
        if (fit.HasWeightedEvents)
        {
            terminal.Say($"Errors are those of weighted events: Σ w² in the place of Σ w (sandwich covariance).");
        }

        foreach (string remark in fit.Remarks)
        {
            terminal.Say($"{remark}");
        }

        if (goodness is not null)
        {
            string probability = goodness.DegreesOfFreedom > 0 ? Text($", p = {goodness.Probability:G4}") : ": not tested";
            terminal.Say(
                $"Goodness of fit: saturated χ² = {goodness.Statistic:G6} for "
                    + $"{Counted(goodness.DegreesOfFreedom, "degree of freedom", "degrees of freedom")}{probability}");
        }
    }

    public static void Impacts(Terminal terminal, string name, IReadOnlyList<ParameterImpact> impacts)
    {
        Table table = Of($"Impact on {name}").AddNumbers("Down", "Up");
        foreach (ParameterImpact impact in impacts)
        {
            table.AddRow(Terminal.Cell(impact.Parameter), BandTable.Text(impact.Down), BandTable.Text(impact.Up));
        }

        terminal.People.Write(table.WithRemarks([.. impacts.Select(impact => impact.Failure ?? "")]));
    }

    public static void Scan(Terminal terminal, string name, IReadOnlyList<ScanPoint> points)
    {
        Table table = new Table().Border(TableBorder.Rounded).AddNumbers(Terminal.Cell(name), "−2 ln L above the best");
        foreach (ScanPoint point in points)
        {
            table.AddRow(BandTable.Text(point.Mu), BandTable.Text(point.T));
        }

        terminal.People.Write(table.WithRemarks([.. points.Select(point => point.Failure ?? "")]));
    }

    public static void Minos(Terminal terminal, IReadOnlyList<MinosInterval> intervals)
    {
        Table table = Of("MINOS").AddNumbers("From", "To");
        foreach (MinosInterval interval in intervals)
        {
            table.AddRow(Terminal.Cell(interval.Parameter), BandTable.Text(interval.Lower), BandTable.Text(interval.Upper));
        }

        terminal.People.Write(table.WithRemarks([.. intervals.Select(interval => interval.Failure ?? "")]));
    }

    public static void Sources(Terminal terminal, string name, IReadOnlyList<ErrorSource> sources)
    {
        Table table = Of($"Error of {name} from").AddNumbers("Parameters", "Part of the error");
        foreach (ErrorSource source in sources)
        {
            table.AddRow(
                Terminal.Cell(ErrorSourceDocument.Of(source).Source), source.Count.ToString(CultureInfo.InvariantCulture),
                BandTable.Text(source.Error));
        }

        terminal.People.Write(table);
    }

    public static void Cls(Terminal terminal, string name, IReadOnlyList<ClsPoint> points)
    {
        Table table = new Table().Border(TableBorder.Rounded)
            .AddNumbers(Terminal.Cell(name), "CLs", "CLs+b", "CLb", "−2σ", "−1σ", "median", "+1σ", "+2σ");
        foreach (ClsPoint point in points)
        {
            double[] numbers = point.Test is { } test
                ? [test.Cls, test.PSignalAndBackground, test.PBackground, .. test.ExpectedCls]
                : [.. Enumerable.Repeat(double.NaN, 8)];
            table.AddRow([BandTable.Text(point.Mu), .. numbers.Select(BandTable.Text)]);
        }

        terminal.People.Write(table.WithRemarks([.. points.Select(point => point.Failure ?? "")]));
    }

    private static Table Of(string title) => new Table().Border(TableBorder.Rounded).AddColumn(Terminal.Cell(title));

    /// <summary>The table with columns of numbers behind those it has.</summary>
    public static Table AddNumbers(this Table table, params string[] titles)
    {
        foreach (string title in titles)
        {
            table.AddColumn(new TableColumn(title).RightAligned());
        }

        return table;
    }

    /// <summary>The table with one more column, if there is something to say in it.</summary>
    public static Table WithRemarks(this Table table, List<string> remarks)
    {
        if (remarks.TrueForAll(remark => remark.Length == 0))
        {
            return table;
        }

        // A table with rows takes no more columns.
        Table wider = new Table().Border(TableBorder.Rounded);
        foreach (TableColumn column in table.Columns)
        {
            wider.AddColumn(column);
        }

        wider.AddColumn("");
        foreach ((TableRow row, string remark) in table.Rows.Zip(remarks))
        {
            wider.AddRow([.. row, new Text(Terminal.Printable(remark))]);
        }

        return wider;
    }
}
