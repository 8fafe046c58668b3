using Gbi.Diagnostics.Posteriors;
using Gbi.Diagnostics.Posteriors.Repair;
using Gbi.Infer;
using Gbi.Posteriors.Models;
using Gbi.Simulators;
using Spectre.Console;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Cli.Tables;

/// <summary>Prints posteriors and their tests for people.</summary>
internal static class PosteriorTables
{
    private const int MostRows = 50;
    private const int MostRegions = 10;
    private const int MostWarnings = 10;

    private static readonly TimeSpan LeastTimeToSay = TimeSpan.FromMinutes(1);

    /// <summary>The simulations, where they failed, and the training.</summary>
    public static void PrintTraining(Terminal terminal, string? folder, InferredPosterior inferred)
    {
        SimulationFailures failures = inferred.Failures;
        terminal.Say($"Simulations   {failures.Count:N0}{(folder is null ? "" : $" in {folder}")}");
        terminal.Say($"Parameters    {string.Join(", ", inferred.Posterior.Parameters)}");
        terminal.Say($"Features      {string.Join(", ", inferred.Posterior.Features)}");
        terminal.Say($"{failures.Sentence}{(failures.FailedCount > 0 ? " They are left out." : "")}");
        FailureRegion[] regions =
        [
            .. failures.Regions.Where(region => region.FailedCount > 0)
                .OrderByDescending(region => (double)region.FailedCount / region.Count).Take(MostRegions),
        ];
        if (regions.Length > 0)
        {
            Table table = new Table().Border(TableBorder.Rounded).AddColumn("Failed most where")
                .AddNumbers("from", "to", "Simulations", "Failed");
            foreach (FailureRegion region in regions)
            {
                table.AddRow(
                    Markup.Escape(region.Parameter), BandTable.Text(region.Low), BandTable.Text(region.High),
                    Text($"{region.Count:N0}"), Text($"{region.FailedCount:N0}"));
            }

            terminal.People.Write(table);
        }

        terminal.Warn(inferred.Warnings);
        string time = inferred.TrainingTime >= LeastTimeToSay ? Text($" in {inferred.TrainingTime.TotalSeconds:N0} s") : "";
        terminal.Say($"Learnt from {inferred.Posterior.SimulationCount:N0} simulations{time}.");
    }

    /// <summary>A verdict a line.</summary>
    public static void PrintTests(Terminal terminal, PosteriorReport report)
    {
        terminal.Say($"Tests on {report.PairCount:N0} pairs, {report.DrawCount:N0} draws each:");
        foreach (PosteriorVerdict verdict in report.Verdicts)
        {
            terminal.Say($"  {verdict.Text}");
        }
    }

    /// <summary>Which level to take for the coverage that is wanted.</summary>
    public static void PrintLevels(Terminal terminal, PosteriorReport report, IReadOnlyList<RecalibratedLevel> levels)
    {
        Table table = new Table().Border(TableBorder.Rounded).AddNumbers("Region", "holds the truth", "level to take");
        foreach ((RegionCoverage region, RecalibratedLevel level) in report.Coverage.Zip(levels))
        {
            table.AddRow(
                Text($"{100 * region.Level:G4} %"),
                Text($"{100 * region.Value:F1} ± {100 * region.Error:F1} %"),
                Text($"{100 * level.Level:F1} ± {100 * level.LevelError:F1} %"));
        }

        terminal.People.Write(table);
    }

    /// <summary>The posterior of one observation.</summary>
    public static void PrintOne(
        Terminal terminal, string observed, int draws, PosteriorSummary summary, IReadOnlyList<string> warnings)
    {
        terminal.Say($"Posterior of {observed}, from {draws:N0} draws:");
        Table table = new Table().Border(TableBorder.Rounded).AddColumn("Parameter")
            .AddNumbers("Mean", "Deviation", "Median", "68 % interval", "95 % interval", "Mode");
        foreach (ParameterSummary parameter in summary.Parameters)
        {
            table.AddRow(
                Markup.Escape(parameter.Name), Number(parameter.Mean), Number(parameter.StandardDeviation), Number(parameter.Median),
                Range(parameter.Central[0]), Range(parameter.Central[1]), Number(parameter.Mode));
        }

        terminal.People.Write(table);
        terminal.Warn(warnings);
    }

    /// <summary>Posteriors of several observations, a row each, the first ones where they are many.</summary>
    public static void PrintSeveral(
        Terminal terminal, string observed, int draws, IReadOnlyList<(PosteriorSummary Summary, IReadOnlyList<string> Warnings)> posteriors)
    {
        terminal.Say($"Posteriors of {posteriors.Count:N0} observations in {observed}, from {draws:N0} draws each, mean ± deviation:");
        string[] names = [.. posteriors[0].Summary.Parameters.Select(parameter => Markup.Escape(parameter.Name))];
        Table table = new Table().Border(TableBorder.Rounded).AddNumbers(["Row", .. names]).AddColumn("Unlike simulations");
        for (int row = 0; row < Math.Min(posteriors.Count, MostRows); row++)
        {
            (PosteriorSummary summary, IReadOnlyList<string> warnings) = posteriors[row];
            string[] values = [.. summary.Parameters.Select(one => $"{Number(one.Mean)} ± {Number(one.StandardDeviation)}")];
            table.AddRow([Text($"{row:N0}"), .. values, warnings.Count > 0 ? "yes" : ""]);
        }

        terminal.People.Write(table);
        if (posteriors.Count > MostRows)
        {
            terminal.Say($"and {posteriors.Count - MostRows:N0} more; --json and --out have all.");
        }

        int[] unlike = [.. Enumerable.Range(0, posteriors.Count).Where(row => posteriors[row].Warnings.Count > 0)];
        terminal.Warn(unlike.Take(MostWarnings).Select(row => Text($"Row {row:N0}: {string.Join(" ", posteriors[row].Warnings)}")));
        if (unlike.Length > MostWarnings)
        {
            terminal.Say($"Warning: {unlike.Length:N0} of {posteriors.Count:N0} observations are unlike the simulations.");
        }
    }

    /// <exception cref="CheckFailedException">The posterior is over-confident.</exception>
    public static void RequireConfident(string path, PosteriorReport report, string remedy)
    {
        if (report.IsOverConfident)
        {
            string[] found =
            [
                .. report.Verdicts.Where(verdict => verdict.Finding == PosteriorFinding.OverConfident).Select(verdict => verdict.Text),
            ];
            throw new CheckFailedException($"{Path.GetFileName(path)} is {string.Join("; ", found)}. {remedy}");
        }
    }

    private static string Range(CredibleInterval interval) => $"{Number(interval.Low)} to {Number(interval.High)}";

    private static string Number(double value) => Text($"{value:G5}");
}
