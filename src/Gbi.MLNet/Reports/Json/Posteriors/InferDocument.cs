using Gbi.Infer;
using Gbi.Simulators;

namespace Gbi.Reports.Json.Posteriors;

/// <summary>A posterior that was learnt from simulations.</summary>
[DocumentKind("infer", "A posterior that was learnt from simulations, and its tests; printed by `gbi infer --json`")]
internal sealed record InferDocument(
    [property: Meaning("File of the posterior")] string Out,
    [property: Meaning("Folder with the simulations; null where they were made before")] string? SimulationFolder,
    [property: Meaning("Names of the parameters")] IReadOnlyList<string> Parameters,
    [property: Meaning("Names of the features")] IReadOnlyList<string> Features,
    [property: Meaning("The simulations, and where they failed")] SimulationFailuresDocument Simulations,
    [property: Meaning("Simulations that the posterior was learnt from")] int TrainingSimulations,
    [property: Meaning("What weights do to the numbers of simulations; null without --weight")] SimulationWeightsDocument? Weights,
    [property: Meaning("Time that the training took", Unit = "s")] double ElapsedSeconds,
    [property: Meaning("Tests on simulations that were held out")] PosteriorTestsDocument Tests,
    [property: Meaning("Simulations that are unlike the prior, constant features and failures; empty where there are none")]
    IReadOnlyList<string> Warnings,
    [property: Meaning("Posterior of the observation; null without --observed")] PosteriorSummaryDocument? Observation,
    [property: Meaning("Rounds of simulations near the observation; null without --rounds")] IReadOnlyList<RoundDocument>? Rounds,
    [property: Meaning("Trees of each model of the correction, 0 where nothing was kept; null without --correct")]
    IReadOnlyList<int>? CorrectionTrees)
    : ResultDocument
{
    public static InferDocument Of(string path, string? folder, InferenceResult inferred, PosteriorSummaryDocument? observation) => new(
        path,
        folder,
        inferred.Model.Parameters,
        inferred.Model.Features,
        SimulationFailuresDocument.Of(inferred.Failures),
        inferred.SimulationCount,
        inferred.WeightedCounts is { } counts
            ? new SimulationWeightsDocument(counts.EffectiveTrainingCount, counts.HeldOutCount, counts.TestedCount)
            : null,
        inferred.TrainingTime.TotalSeconds,
        PosteriorTestsDocument.Of(inferred.Report),
        inferred.Warnings,
        observation,
        (inferred as LocallyInferredPosterior)?.Rounds.Select(RoundDocument.Of).ToArray(),
        inferred.Correction?.TreeCounts);
}

internal sealed record SimulationWeightsDocument(
    [property: Meaning("Simulations without weights that those learnt from are worth, (Σw)²/Σw²")] double EffectiveTrainingSimulations,
    [property: Meaning("Simulations held out for the tests")] int HeldOut,
    [property: Meaning("Those of them that are tested with, kept in proportion to their weights")] int Tested);

internal sealed record RoundDocument(
    [property: Meaning("Simulations of the round, failed ones included")] int Count,
    [property: Meaning("Failed simulations of the round")] int Failed,
    [property: Meaning("Share of the prior that they were drawn from")] double PriorShare,
    [property: Meaning("Simulations of all rounds that the round's posterior was learnt from")] int TrainingSimulations)
{
    public static RoundDocument Of(InferenceRound round) =>
        new(round.SimulationCount, round.FailedCount, round.PriorShare, round.TrainingCount);
}

internal sealed record SimulationFailuresDocument(
    [property: Meaning("Simulations, failed ones included")] int Count,
    [property: Meaning("Failed simulations: a feature is NaN or infinite")] int Failed,
    [property: Meaning("Simulations by ranges of each parameter")] IReadOnlyList<FailureRegionDocument> Regions)
{
    public static SimulationFailuresDocument Of(SimulationFailures failures) => new(
        failures.Count,
        failures.FailedCount,
        [
            .. failures.Regions.Select(region => new FailureRegionDocument(
                region.Parameter, region.Low, region.High, region.Count, region.FailedCount)),
        ]);
}

internal sealed record FailureRegionDocument(
    [property: Meaning("Name of the parameter")] string Parameter,
    [property: Meaning("Lowest value")] double Lower,
    [property: Meaning("Highest value; lower for one value of an integer or a category")] double Upper,
    [property: Meaning("Simulations there")] int Count,
    [property: Meaning("How many of them failed")] int Failed);
