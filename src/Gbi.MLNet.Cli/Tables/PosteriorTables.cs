using Gbi.Diagnostics.Posteriors;
using Gbi.Diagnostics.Posteriors.Repair;
using Gbi.Infer;
using Gbi.Posteriors.Models;
using Gbi.Reports.Html.Posteriors;
using Gbi.Simulators;
using Spectre.Console;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Cli.Tables;

/// <summary>Prints posteriors and their tests for people.</summary>
internal static class PosteriorTables
{
    private const int MostRows = 50;
    private const int MostWarnings = 10;

    private static readonly TimeSpan LeastTimeToSay = TimeSpan.FromMinutes(1);

    /// <summary>The simulations, where they failed, their rounds, and the training.</summary>
    public static void PrintTraining(Terminal terminal, string? folder, InferenceResult inferred)
    {
        SimulationFailures failures = inferred.Failures;
        terminal.Say($"Simulations   {failures.Count:N0}{(folder is null ? "" : $" in {folder}")}");
        terminal.Say($"Parameters    {string.Join(", ", inferred.Model.Parameters)}");
        terminal.Say($"Features      {string.Join(", ", inferred.Model.Features)}");
        terminal.Say($"{PosteriorText.Failures(failures, inferred.FailuresAreTechnical)}");
        if (failures.FailedCount > 0)
        {
            terminal.People.Write(TableOf(PosteriorText.FailureColumns, PosteriorText.FailureRows(failures)));
        }

        if (inferred is LocallyInferredPosterior local)
        {
            terminal.People.Write(TableOf(local.Rounds));
        }

        terminal.Warn(inferred.Warnings);
        string time = inferred.TrainingTime >= LeastTimeToSay ? Text($" in {inferred.TrainingTime.TotalSeconds:N0} s") : "";
        terminal.Say($"Learnt from {Counted(inferred.SimulationCount, "simulation")}{time}.");
        if (inferred.WeightedCounts is { } counts)
        {
            terminal.Say($"{PosteriorText.Weights(counts)}");
        }

        if (inferred.Correction is { } corrected)
        {
            string trees = string.Join(" and ", corrected.TreeCounts);
            bool isCorrected = corrected.TreeCounts.Any(count => count > 0);
            terminal.Say($"{(isCorrected ? $"Corrected by a classifier of {trees} trees." : "The classifier found nothing to correct.")}");
        }
    }

    /// <summary>A verdict a line.</summary>
    public static void PrintTests(Terminal terminal, PosteriorReport report)
    {
        terminal.Say($"{PosteriorText.Tests(report)}");
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
        terminal.Say($"{PosteriorText.PosteriorOf(observed, draws)}");
        terminal.People.Write(TableOf(PosteriorText.Columns, summary.Parameters.Select(PosteriorText.Row)));
        terminal.Warn(warnings);
    }

    /// <summary>Posteriors of several observations, a row each, the first ones where they are many.</summary>
    public static void PrintSeveral(
        Terminal terminal, string observed, int draws, IReadOnlyList<(PosteriorSummary Summary, IReadOnlyList<string> Warnings)> posteriors)
    {
        terminal.Say($"{PosteriorText.PosteriorsOf(observed, posteriors.Count, draws)}");
        string[] names = [.. posteriors[0].Summary.Parameters.Select(parameter => Terminal.Cell(parameter.Name))];
        Table table = new Table().Border(TableBorder.Rounded).AddNumbers(["Row", .. names]).AddColumn("Warnings");
        for (int row = 0; row < Math.Min(posteriors.Count, MostRows); row++)
        {
            (PosteriorSummary summary, IReadOnlyList<string> warnings) = posteriors[row];
            string[] values = [.. summary.Parameters.Select(PosteriorText.Value)];
            table.AddRow([Text($"{row:N0}"), .. values, warnings.Count > 0 ? "yes" : ""]);
        }

        terminal.People.Write(table);
        if (posteriors.Count > MostRows)
        {
            terminal.Say($"and {posteriors.Count - MostRows:N0} more; --json and --out have all.");
        }

        int[] warned = [.. Enumerable.Range(0, posteriors.Count).Where(row => posteriors[row].Warnings.Count > 0)];
        terminal.Warn(warned.Take(MostWarnings).Select(row => Text($"Row {row:N0}: {string.Join(" ", posteriors[row].Warnings)}")));
        if (warned.Length > MostWarnings)
        {
            terminal.Say($"Warning: {warned.Length:N0} of {posteriors.Count:N0} observations have warnings; --json has all.");
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

    private static Table TableOf(IReadOnlyList<InferenceRound> rounds)
    {
        Table table = new Table().Border(TableBorder.Rounded)
            .AddNumbers("Round", "Simulations", "Failed", "Share of the prior", "Learnt from");
        foreach ((int number, InferenceRound round) in rounds.Index())
        {
            table.AddRow(
                Text($"{number + 1}"), Text($"{round.SimulationCount:N0}"), Text($"{round.FailedCount:N0}"), Text($"{round.PriorShare:G2}"),
                Text($"{round.TrainingCount:N0}"));
        }

        return table;
    }

    /// <summary>A table whose first column holds names.</summary>
    private static Table TableOf(string[] columns, IEnumerable<string[]> rows)
    {
        Table table = new Table().Border(TableBorder.Rounded).AddColumn(columns[0]).AddNumbers(columns[1..]);
        foreach (string[] row in rows)
        {
            table.AddRow([.. row.Select(Terminal.Cell)]);
        }

        return table;
    }
}
