using System.Globalization;
using Gbi.Cli.Options;
using Gbi.Cli.Options.Parsing;
using Gbi.Diagnostics.Closure;
using Gbi.Diagnostics.Sculpting;
using Gbi.Events;
using Gbi.Likelihoods.Factors;
using Gbi.Numerics;
using Gbi.Ratios.Parametric;
using Gbi.Reports.Json;
using Gbi.Reports.Json.Models;
using Gbi.Systematics;
using Spectre.Console;

namespace Gbi.Cli.Tables;

/// <summary>What a systematic was learnt from, what it holds and whether it closes, for people and as JSON.</summary>
/// <param name="Trained">The systematic.</param>
/// <param name="Samples">The files and their rates, the nominal one first.</param>
/// <param name="Columns">Names and spreads of the coefficients over nominal events, those held out where there are any.</param>
/// <param name="Closure">One test a varied sample, in order; empty where no events were held out.</param>
internal sealed record SystematicSummary(
    TrainedSystematic Trained,
    IReadOnlyList<(VariedFile File, int Events, double SumOfWeights)> Samples,
    IReadOnlyList<(string Name, ColumnSpread Spread)> Columns,
    IReadOnlyList<VariationClosure> Closure)
{
    private SystematicRate Rate { get; } = Trained.Rate;

    /// <summary>What a model takes of it.</summary>
    public required LearntVariation Variation { get; init; }

    /// <summary>The document that it was added to; null for none.</summary>
    public PendingEntry? AppendedTo { get; init; }

    public static SystematicSummary Of(
        IReadOnlyList<VariedFile> files, IReadOnlyList<EventTable> samples, TrainedSystematic trained, LearntVariation variation)
    {
        var closure = SystematicClosure.Of(trained);
        return new SystematicSummary(
            trained,
            [.. files.Zip(samples, (file, sample) => (file, sample.Count, sample.SumOfWeights))],
            [.. variation.Shape.Columns.Zip(closure.Coefficients)],
            closure.Variations)
        {
            Variation = variation,
        };
    }

    public void Print(Terminal terminal, string path)
    {
        terminal.People.Write(SampleTable());
        terminal.People.Write(ColumnTable());
        if (Closure.Count > 0)
        {
            terminal.Say(
                $"Closure on held-out events: {Closure[0].NominalEvents:N0} nominal events, weighted with the ratio, "
                    + $"against the varied ones:");
            terminal.People.Write(ClosureTable());
        }

        IEnumerable<string> shares = Shares().Select(share => InvariantText.Text($"{share.Feature} {100 * share.Share:F0} %"));
        terminal.Say($"Share of the gain: {string.Join(", ", shares)}");
        foreach ((Monomial monomial, double rate) in Variation.RateLeftOut)
        {
            terminal.Say(
                $"The rate's term {monomial.Name}, {rate:F4}, is left out of the factors: a factor depends on one parameter. With both "
                    + $"parameters at 1 it is {100 * (Math.Exp(rate) - 1):F2} % of the yield.");
        }

        terminal.Say($"Wrote {path}.");
        if (AppendedTo is { } entry)
        {
            terminal.Say(
                $"Added shape and rate to process '{entry.Process}' of channel '{entry.Channel}' in {entry.Path}. 'gbi score' appends the "
                    + $"columns to the files of its events and reference.");
        }

        terminal.PrintJson(Document(path));
    }

    private Table SampleTable()
    {
        Table table = NewTable("Sample", "Point", "Events", "Sum of weights", "Over nominal");
        foreach (((VariedFile file, int events, double sum), Estimate rate) in Samples.Zip(Rate.Ratios))
        {
            table.AddRow(
                Terminal.Cell(EventFile.NameOf(file.Path)),
                file.Point.Count == 0 ? "nominal" : Terminal.Cell(file.PointText),
                events.ToString("N0", CultureInfo.InvariantCulture),
                sum.ToString("G8", CultureInfo.InvariantCulture),
                file.Point.Count == 0 ? "1" : $"{Text(rate.Value)} ± {Text(rate.Error)}");
        }

        return table;
    }

    private Table ColumnTable()
    {
        Table table = NewTable("Coefficient", "Mean over nominal", "Standard deviation", "Of ln rate");
        foreach (((string name, ColumnSpread spread), Estimate rate) in Columns.Zip(Rate.Coefficients))
        {
            table.AddRow(
                Terminal.Cell(name), Text(spread.Mean), Text(spread.StandardDeviation), $"{Text(rate.Value)} ± {Text(rate.Error)}");
        }

        return table;
    }

    private Table ClosureTable()
    {
        Table table = NewTable("Point", "Events", "Yield over nominal", "Mean ratio", "Distance before", "after");
        foreach ((VariedFile file, VariationClosure closure) in Samples.Skip(1).Select(sample => sample.File).Zip(Closure))
        {
            table.AddRow(
                Terminal.Cell(file.PointText),
                closure.VariedEvents.ToString("N0", CultureInfo.InvariantCulture),
                $"{Text(closure.YieldRatio)} ± {Text(closure.YieldRatioError)}",
                $"{Text(closure.MeanRatio.Value)} ± {Text(closure.MeanRatio.Error)}",
                Terminal.Cell($"{Text(closure.Before.Distance)} ({closure.Before.Feature})"),
                Terminal.Cell($"{Text(closure.After.Distance)} ({closure.After.Feature})"));
        }

        return table;
    }

    private SystematicDocument Document(string path) => SystematicDocument.Of(
        path, Trained.Ratio,
        [.. Samples.Select((sample, number) => new SystematicSampleDocument(
            sample.File.Path,
            new OrderedDictionary<string, double>(
                Trained.Ratio.Parameters.Zip(sample.File.At(Trained.Ratio.Parameters), KeyValuePair.Create)),
            sample.Events,
            sample.SumOfWeights,
            EstimateDocument.Of(Rate.Ratios[number]),
            number == 0 || Closure.Count == 0 ? null : VariationClosureDocument.Of(Closure[number - 1])))],
        [.. Columns.Zip(Rate.Coefficients, (column, rate) => (column.Name, column.Spread, rate))]) with
    {
        AppendedTo = AppendedTo?.Path,
    };

    private IEnumerable<(string Feature, double Share)> Shares() =>
        Trained.Ratio.Features.Zip(Trained.Ratio.Trees.Importance()).OrderByDescending(pair => pair.Second);

    private static Table NewTable(string first, params string[] numbers)
    {
        Table table = new Table().Border(TableBorder.Rounded).AddColumn(first);
        foreach (string name in numbers)
        {
            table.AddColumn(new TableColumn(name).RightAligned());
        }

        return table;
    }

    private static string Text(double value) => value.ToString("F4", CultureInfo.InvariantCulture);
}
