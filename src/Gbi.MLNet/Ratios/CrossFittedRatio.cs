using Gbi.Events;

namespace Gbi.Ratios;

/// <summary>A trained ratio with the out-of-fold scores of its training events: each by models that were not trained on it.</summary>
public sealed class CrossFittedRatio
{
    internal CrossFittedRatio(RatioModel model, RatioScores outOfFold, Estimate meanRatio)
    {
        Model = model;
        OutOfFold = outOfFold;
        MeanRatio = meanRatio;
    }

    /// <summary>The model for new events.</summary>
    public RatioModel Model { get; }

    /// <summary>Scores of the training events, in their order: the numerator's first where two tables were given.</summary>
    public RatioScores OutOfFold { get; }

    /// <summary>
    /// Mean of the out-of-fold r over the denominator *before* normalisation, 1 for a perfect ratio, with its statistical error
    /// √(Σ w² (r − mean)²) / Σ w.
    /// </summary>
    public Estimate MeanRatio { get; }
}
