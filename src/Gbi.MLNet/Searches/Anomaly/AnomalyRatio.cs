using Gbi.Events;
using Gbi.Ratios;
using Gbi.Searches.Background;

namespace Gbi.Searches.Anomaly;

/// <summary>Data over background, each event scored by a classifier that learnt neither from it nor from a model behind its
/// weight.</summary>
internal sealed class AnomalyRatio
{
    private readonly EventScores _scores;
    private readonly int _dataCount;
    private readonly int _clippedCount;
    private readonly IReadOnlyList<CountedClassifier> _classifiers;

    /// <summary>A learnt ratio.</summary>
    /// <param name="model">For new events.</param>
    /// <param name="scores">Of the data and then of the template.</param>
    /// <param name="dataCount">Events of the data.</param>
    /// <param name="meanRatio">Mean ratio over the template before normalisation.</param>
    /// <param name="clippedCount">Events whose log ratio was clipped.</param>
    /// <param name="classifiers">Scores for counting.</param>
    public AnomalyRatio(
        RatioModel model, EventScores scores, int dataCount, Estimate meanRatio, int clippedCount,
        IReadOnlyList<CountedClassifier> classifiers)
    {
        (Model, _scores, _dataCount, MeanRatio) = (model, scores, dataCount, meanRatio);
        (_clippedCount, _classifiers) = (clippedCount, classifiers);
        double sum = classifiers.Sum(classifier => classifier.Data.SumOfWeights);
        Area = classifiers.Where(classifier => !double.IsNaN(classifier.Area))
            .Sum(classifier => classifier.Area * classifier.Data.SumOfWeights / sum);
    }

    /// <summary>The model for new events.</summary>
    public RatioModel Model { get; }

    /// <summary>Mean ratio over the template before normalisation.</summary>
    public Estimate MeanRatio { get; }

    /// <summary>Area under the ROC curve of data and template, the mean over the classifiers.</summary>
    public double Area { get; }

    /// <summary>The scores of the search's events.</summary>
    /// <param name="template">The template.</param>
    /// <param name="sideband">Events of the sidebands, scored by all classifiers where they are not the template.</param>
    public LearntScore ScoreOf(BackgroundTemplate template, EventTable sideband)
    {
        EventScores ofTemplate = _scores.Slice(_dataCount..);
        EventScores ofSideband = template.IsSideband ? ofTemplate : EventScores.Of(Model.Score(sideband), ..);
        EventScores ofData = _scores.Slice(.._dataCount);
        return new LearntScore(ofData, ofSideband, ofTemplate.LogRatio, ofData.LogRatio, MeanRatio, _clippedCount);
    }

    /// <summary>The cuts, with the errors of a template.</summary>
    public ISearchCuts CutsOf(BackgroundTemplate template) => new ClassifierCuts(_classifiers, template);
}
