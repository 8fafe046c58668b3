using Gbi.Diagnostics.Posteriors;
using Gbi.Diagnostics.Posteriors.Repair;
using Gbi.Infer;
using Gbi.Reports.Figures.Posteriors;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Reports.Html.Posteriors;

/// <summary>A posterior with its tests and observations as one HTML file.</summary>
/// <remarks>Same command and inputs, same bytes but for the training time.</remarks>
internal static class PosteriorPage
{
    /// <summary>Observations of a file that have a figure, at most.</summary>
    public const int MostFigures = 5;

    private const int MostRows = 50;
    private const int MostParameters = CornerFigure.MostParameters;

    /// <summary>The HTML.</summary>
    public static string Write(PosteriorRun run)
    {
        var page = new ReportPage($"Posterior of {string.Join(", ", run.Model.Parameters)}");
        page.Paragraph(
            $"Features {PosteriorText.Features(run.Model)}; {PosteriorText.Origin(run.Model)}. Gbi.MLNet {SearchRun.PackageVersion}.");
        page.Paragraphs(Warnings(run), "warning");
        AddObservations(page, run);
        if (run is { Report: { } report, Ranks: { } ranks })
        {
            AddTests(page, report, ranks, run.Levels);
        }

        if (run.Training is { } training)
        {
            AddTraining(page, training);
        }

        page.Heading("Command");
        page.Paragraph(run.Command);
        return page.ToString();
    }

    private static IEnumerable<string> Warnings(PosteriorRun run)
    {
        foreach (PosteriorVerdict verdict in run.Report?.Verdicts ?? [])
        {
            if (verdict.Finding is not (PosteriorFinding.Calibrated or PosteriorFinding.Inconclusive))
            {
                yield return verdict.Text;
            }
        }

        foreach (string warning in run.Training?.Warnings ?? [])
        {
            yield return warning;
        }

        for (int row = 0; row < run.Observations.Count && row < MostRows; row++)
        {
            foreach (string warning in run.Observations[row].Warnings)
            {
                yield return run.Observations.Count == 1 ? warning : Text($"Row {row:N0}: ") + warning;
            }
        }
    }

    private static void AddObservations(ReportPage page, PosteriorRun run)
    {
        if (run.Observed is not { } observed || run.Observations.Count == 0)
        {
            return;
        }

        page.Heading(run.Observations.Count == 1 ? $"Posterior of {observed}" : $"Posteriors of {observed}");
        int draws = run.Observations[0].Draws?.DrawCount ?? 0;
        if (run.Observations.Count > 1)
        {
            string[] names = [.. run.Observations[0].Summary.Parameters.Select(parameter => parameter.Name)];
            page.Table(
                PosteriorText.PosteriorsOf(observed, run.Observations.Count, draws), ["Row", .. names, "Warnings"],
                run.Observations.Take(MostRows).Select((one, row) => (string[])
                [
                    Text($"{row:N0}"), .. one.Summary.Parameters.Select(PosteriorText.Value), one.Warnings.Count > 0 ? "yes" : "",
                ]));
        }

        for (int row = 0; row < run.Observations.Count; row++)
        {
            if (run.Observations[row] is { Draws: { } drawn } one)
            {
                string name = run.Observations.Count == 1 ? observed : Text($"row {row:N0} of ") + observed;
                page.Table(
                    PosteriorText.PosteriorOf(name, drawn.DrawCount), PosteriorText.Columns,
                    one.Summary.Parameters.Select(PosteriorText.Row));
                page.Figures(CornerFigure.Of(drawn.Table, one.Summary, one.Truth));
            }
        }
    }

    private static void AddTests(
        ReportPage page, PosteriorReport report, PosteriorRanks ranks, IReadOnlyList<RecalibratedLevel> levels)
    {
        page.Heading("Tests");
        page.Paragraph(PosteriorText.Tests(report));
        page.Paragraphs(report.Verdicts.Select(verdict => verdict.Text), "");
        if (report.Coverage.Count > 0)
        {
            page.Table(
                "Regions of highest density: how many hold the truth"
                    + (levels.Count > 0 ? ", and the level to take for this coverage." : "."),
                levels.Count > 0 ? ["Region", "holds the truth", "level to take"] : ["Region", "holds the truth"],
                report.Coverage.Select((region, at) => (string[])
                [
                    Text($"{100 * region.Level:G4} %"), Text($"{100 * region.Value:F1} ± {100 * region.Error:F1} %"),
                    .. levels.Count > at ? [Text($"{100 * levels[at].Level:F1} ± {100 * levels[at].LevelError:F1} %")] : (string[])[],
                ]));
        }

        page.Figures(
        [
            .. ranks.OfDensity.Count > 0 ? [RankFigures.OfDensity(ranks.OfDensity, report.Band)] : (Plots.PlotFigure[])[],
            RankFigures.OfDistance(ranks.OfDistance, report.Band),
            .. ranks.Parameters.Take(MostParameters)
                .Select((name, k) => RankFigures.OfParameter(name, ranks.OfParameters[k], report.Band)),
        ]);
        if (ranks.DrawCount >= 2 && ranks.PairCount >= 2)
        {
            AddRecovery(page, ParameterRecovery.Of(ranks));
        }
    }

    private static void AddRecovery(ReportPage page, IReadOnlyList<ParameterRecovery> all)
    {
        page.Heading("Recovery of the parameters");
        page.Table(
            "Posterior means beside the true values of the test pairs.",
            ["Parameter", "correlation", "root mean square error", "contraction", "z-score, mean", "z-score, size"],
            all.Select(one => (string[])
            [
                one.Name, Text($"{one.Correlation:F3}").Replace('-', '−'), Text($"{one.RootMeanSquareError:G4}"),
                RoundedNumber.WithError(one.MeanContraction.Value, one.MeanContraction.Error),
                RoundedNumber.WithError(one.MeanZScore.Value, one.MeanZScore.Error), Text($"{one.ZScoreSize:F2}"),
            ]));
        page.Figures(all.Take(MostParameters)
            .SelectMany(one => (Plots.PlotFigure[])[RecoveryFigures.Of(one), RecoveryFigures.OfScores(one)]));
        if (all.Count > MostParameters)
        {
            page.Paragraph(Text($"Figures of the first {MostParameters} of {Counted(all.Count, "parameter")}."));
        }
    }

    private static void AddTraining(ReportPage page, InferenceResult training)
    {
        page.Heading("Simulations and training");
        page.Paragraph(PosteriorText.Failures(training.Failures, training.FailuresAreTechnical));
        string[][] rows = [.. PosteriorText.FailureRows(training.Failures)];
        if (rows.Length > 0)
        {
            page.Table("Where simulations failed.", PosteriorText.FailureColumns, rows);
        }

        page.Paragraph(Text($"Learnt from {Counted(training.SimulationCount, "simulation")}."));
        if (training.WeightedCounts is { } counts)
        {
            page.Paragraph(PosteriorText.Weights(counts));
        }
    }
}
