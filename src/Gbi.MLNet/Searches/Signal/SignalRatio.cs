using Gbi.Events;
using Gbi.Jobs;
using Gbi.Numerics;
using Gbi.Ratios;
using Gbi.Searches.Background;
using Gbi.Searches.Options;

namespace Gbi.Searches.Signal;

/// <summary>The ratio of a signal simulation over the background template.</summary>
/// <param name="OfAll">The ratio of the features, and of the mass where it takes part.</param>
/// <param name="OfFeatures">
/// That of the features alone, where the mass takes part in the other and the template took in signal that the likelihood subtracts; else
/// the same as the other.
/// </param>
/// <param name="SignalCount">Events of the simulation, which come first among the scores.</param>
/// <param name="Seed">The search's seed.</param>
internal sealed record SignalRatio(CrossFittedRatio OfAll, CrossFittedRatio OfFeatures, int SignalCount, Seed Seed)
{
    /// <summary>Learns signal over background.</summary>
    /// <param name="options">The search's options.</param>
    /// <param name="simulation">The signal.</param>
    /// <param name="template">The background.</param>
    /// <param name="steps">Told of each step.</param>
    public static SignalRatio Learn(
        ResonanceSearchOptions options, SimulatedSignal simulation, BackgroundTemplate template, SearchSteps steps)
    {
        IReadOnlyList<string> features = options.Schema.Features;
        SignalInferenceOptions inference = options.Inference;
        CrossFittedRatio ofAll = Learn(
            inference.UsesMass ? [.. features, options.MassColumn] : features, "signal", "Learning signal over background");
        CrossFittedRatio ofFeatures = inference is { UsesMass: true, CorrectsContamination: true } && template.HoldsSidebands
            ? Learn(features, "signal features", "Learning signal over background without the mass")
            : ofAll;
        return new SignalRatio(ofAll, ofFeatures, simulation.InRegion.Count, options.Seed);

        CrossFittedRatio Learn(IReadOnlyList<string> columns, string child, string step) => steps.Run(step, (progress, cancellation) =>
            RatioTrainer.CrossFit(
                simulation.InRegion.WithColumns(columns), template.Events, columns, options.Signal, options.Seed.Child(child), progress,
                cancellation));
    }

    /// <summary>Whether the features alone have a ratio of their own.</summary>
    public bool HasOwnFeatures => OfFeatures != OfAll;

    /// <summary>
    /// Scores of the data's events in the signal region. They took no part in this training; the background did, as its denominator. One
    /// fold's models for each event, so that both are scored alike.
    /// </summary>
    public RatioScores Score(CrossFittedRatio ratio, EventTable region) => ByFold(ratio, region, "scoring folds");

    /// <summary>ln r of simulated events of the sidebands.</summary>
    public float[] OfSidebandSignal(EventTable events) => ByFold(OfFeatures, events, "signal beside").LogRatio.ToArray();

    /// <summary>ln r of the simulation's events in the signal region, out of fold.</summary>
    public float[] OfSimulation(CrossFittedRatio ratio) => ratio.OutOfFold.LogRatio[..SignalCount].ToArray();

    /// <summary>ln r of the template's events, out of fold.</summary>
    public float[] OfTemplate(CrossFittedRatio ratio) => ratio.OutOfFold.LogRatio[SignalCount..].ToArray();

    private RatioScores ByFold(CrossFittedRatio ratio, EventTable events, string child) =>
        ratio.Model.ScoreByFold(events, Seed.Child(child).Folds(events.Count, ratio.Model.FoldCount));
}
