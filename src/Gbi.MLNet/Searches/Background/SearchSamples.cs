using Gbi.Events;
using Gbi.Numerics;
using Gbi.Ratios;

namespace Gbi.Searches.Background;

/// <summary>ln r of events with its relative spread over the members, which is NaN where it is not known.</summary>
internal sealed record EventScores(float[] LogRatio, float[] Spread)
{
    public static EventScores Of(RatioScores scores, Range rows) => new(scores.LogRatio[rows].ToArray(), scores.Spread[rows].ToArray());

    /// <summary>Those of some events.</summary>
    public EventScores Slice(Range rows) => new(LogRatio[rows], Spread[rows]);

    public static EventScores Of(float[] logRatio) => new(logRatio, Array.ConvertAll(logRatio, _ => float.NaN));
}

/// <summary>A score of a search, a ratio over the background: ln r of every event by models that did not see it.</summary>
/// <param name="Region">Of the data in the signal region; of no events where they are not looked at.</param>
/// <param name="Sideband">Of the data in the sidebands.</param>
/// <param name="Template">Of the template's events.</param>
/// <param name="Numerator">Of the numerator's events.</param>
/// <param name="MeanRatio">Mean of r over the template before normalisation.</param>
/// <param name="ClippedCount">Events whose log ratio was clipped.</param>
internal sealed record LearntScore(
    EventScores Region, EventScores Sideband, float[] Template, float[] Numerator, Estimate MeanRatio, int ClippedCount)
{
    /// <summary>The score of a ratio over the template.</summary>
    /// <param name="ratio">The ratio, with the scores of its numerator and then those of the template.</param>
    /// <param name="region">Scores of the data in the signal region.</param>
    /// <param name="template">The template.</param>
    /// <param name="sideband">Events of the sidebands; null to leave them without scores where they are not the template.</param>
    /// <param name="seed">For the folds that score the sidebands where they took no part.</param>
    public static LearntScore Of(CrossFittedRatio ratio, EventScores region, BackgroundTemplate template, EventTable? sideband, Seed seed)
    {
        int first = ratio.OutOfFold.LogRatio.Length - template.Events.Count;
        return new LearntScore(
            region,
            OfSideband(),
            ratio.OutOfFold.LogRatio[first..].ToArray(),
            ratio.OutOfFold.LogRatio[..first].ToArray(),
            ratio.MeanRatio,
            ratio.OutOfFold.ClippedCount);

        EventScores OfSideband() => (template.IsSideband, sideband) switch
        {
            (true, _) => EventScores.Of(ratio.OutOfFold, first..),
            (_, null) => EventScores.Of([]),
            _ => EventScores.Of(ratio.Model.ScoreByFold(sideband, FoldsOf(sideband, ratio.Model.FoldCount, seed)), ..),
        };
    }

    /// <summary>A fold for each event of the sidebands, whose models score it.</summary>
    public static int[] FoldsOf(EventTable sideband, int count, Seed seed) => seed.Child("sideband folds").Folds(sideband.Count, count);
}

/// <summary>The samples of a search with their score.</summary>
/// <param name="Sideband">Events of the sidebands.</param>
/// <param name="Template">The background in the signal region.</param>
/// <param name="Score">The score: signal over background, or data over background without a signal.</param>
internal sealed record SearchSamples(SidebandData Sideband, BackgroundTemplate Template, LearntScore Score)
{
    /// <summary>The data of the signal region; null where they are not looked at.</summary>
    public EventTable? Region { get; init; }

    /// <summary>The score of data over background; null where it is not learnt.</summary>
    public LearntScore? Anomaly { get; init; }

    /// <summary>Area under the ROC curve of data and template by that score; NaN where it is not learnt.</summary>
    public double AnomalyArea { get; init; } = double.NaN;

    /// <summary>Cuts on the score; null where the data of the signal region are not looked at.</summary>
    public ISearchCuts? Cuts { get; init; }

    /// <summary>The signal simulation in the signal region; null without one.</summary>
    public EventTable? Signal { get; init; }

    /// <summary>The data of the signal region, scored.</summary>
    public WeightedScores ScoredRegion => WeightedScores.Of(Region!, Score.Region.LogRatio);

    /// <summary>The template, scored.</summary>
    public WeightedScores ScoredTemplate { get; } = WeightedScores.Of(Template.Events, Score.Template);
}
