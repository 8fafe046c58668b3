using System.Globalization;
using Gbi.Searches;
using Gbi.Searches.Results;
using Spectre.Console;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Cli.Tables;

/// <summary>Prints the demo's truth beside its estimate.</summary>
internal static class DemoTables
{
    public static void Print(Terminal terminal, DijetDemo demo)
    {
        ResonanceSearchResult result = demo.Search.Result;
        SignalFraction fraction = result.SignalFraction;
        Table truth = new Table().Border(TableBorder.Rounded)
            .AddColumn("In the signal region")
            .AddColumn(new TableColumn("Truth").RightAligned())
            .AddColumn(new TableColumn("Estimate").RightAligned())
            .AddColumn("68 % interval")
            .AddColumn("95 % interval")
            .AddColumn("Truth is inside");
        string inside = fraction.Interval68.Contains(demo.TrueFraction) ? "68 % and 95 %"
            : fraction.Interval95.Contains(demo.TrueFraction) ? "95 %" : "neither";
        double events = result.EventsInRegion;
        Add("Signal events", "N0", demo.TrueSignal, events);
        Add("Signal fraction", "F4", demo.TrueFraction, 1);
        truth.AddRow(
            "Background events",
            Text($"{demo.TrueBackground:N0}"),
            Text($"{result.ExpectedBackground.Value:N0}"),
            Text($"± {result.ExpectedBackground.Error:N0}"),
            Text($"± {1.96 * result.ExpectedBackground.Error:N0}"),
            "");
        terminal.People.Write(truth);
        terminal.Say($"Classifier between the true background in the signal region and its model (AUC; 0.5: indistinguishable):");
        terminal.Say($"  generated from the sidebands   {demo.Closure.GeneratedAuc:F4}");
        terminal.Say($"  sidebands as they are          {demo.Closure.SidebandAuc:F4}");

        void Add(string name, string format, double trueValue, double scale) => truth.AddRow(
            name,
            Number(trueValue, format),
            Number(scale * fraction.Value, format),
            $"{Number(scale * fraction.Interval68.Lower, format)} to {Number(scale * fraction.Interval68.Upper, format)}",
            $"{Number(scale * fraction.Interval95.Lower, format)} to {Number(scale * fraction.Interval95.Upper, format)}",
            inside);
    }

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
