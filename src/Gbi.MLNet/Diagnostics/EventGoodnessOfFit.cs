using Gbi.Diagnostics.Power;
using Gbi.Events;
using Gbi.Numerics;
using Gbi.Numerics.Probability;
using Gbi.Ratios;

namespace Gbi.Diagnostics;

/// <summary>
/// The goodness of fit of an unbinned channel: a classifier learns to separate the observed events from the channel's reference events,
/// weighted to the fitted expectation. Where the fit describes the data these are one distribution, and the area under the ROC curve of
/// scores by classifiers that did not see the event is 0.5.
/// </summary>
/// <param name="Area">The area.</param>
/// <param name="Error">Its statistical error (<see cref="RocCurve.AreaWithError"/>).</param>
/// <param name="ObservedEvents">Number of observed events.</param>
/// <param name="EffectiveReferenceEvents">(Σw)²/Σw² of the weighted reference events.</param>
/// <remarks>
/// Only shapes are compared: the class balance is removed. A test that passes means that this classifier, with as many events, found no
/// difference. Lopez-Paz and Oquab, arXiv:1610.06545.
/// </remarks>
public sealed record EventGoodnessOfFit(double Area, double Error, int ObservedEvents, double EffectiveReferenceEvents)
{
    /// <summary>
    /// P(area ≥ this) where the fit describes the data, for a normal area of mean 0.5: a little too high rather than too low, because
    /// out of fold a classifier that learnt noise scores below 0.5 on average. In 80 samples of the model, (area − 0.5)/error had a mean of
    /// −0.23 ± 0.12 and a standard deviation of 1.07 ± 0.08.
    /// </summary>
    public double Probability => TailProbability.OfNormal((Area - 0.5) / Error);

    /// <summary>Trains the classifier in folds and tests it.</summary>
    /// <param name="expected">
    /// The channel's reference events at the best fit, as <c>LikelihoodModel.ExpectedEvents</c> returns them, with the features.
    /// </param>
    /// <param name="observed">The observed events of the channel, with the features; weights may have either sign.</param>
    /// <param name="features">Columns of both in which they are compared; may include columns that the model does not use.</param>
    /// <param name="options">How the classifier is trained.</param>
    /// <param name="seed">For folds and training.</param>
    /// <param name="progress">Receives the finished fraction, from 0 to 1.</param>
    /// <param name="cancellation">Stops between trees.</param>
    /// <exception cref="DataException">A feature is missing, or weights do not sum to more than 0.</exception>
    public static EventGoodnessOfFit Test(
        EventTable expected,
        EventTable observed,
        IReadOnlyList<string> features,
        RatioOptions options,
        Seed seed,
        IProgress<double>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(expected);
        ArgumentNullException.ThrowIfNull(observed);
        ArgumentNullException.ThrowIfNull(features);
        double[] weights = [.. Enumerable.Range(0, expected.Count).Select(expected.Weight)];
        EventTable data = OnlyFeatures(observed, features, observed.HasWeights ? observed.Weights.ToArray() : null);
        EventTable reference = OnlyFeatures(expected, features, weights);
        CrossFittedRatio trained = RatioTrainer.CrossFit(data, reference, features, options, seed, progress, cancellation);
        ReadOnlySpan<float> scores = trained.OutOfFold.LogRatio;
        Estimate area = RocCurve.AreaWithError(new(scores[..data.Count], data.Weights), new(scores[data.Count..], weights));
        return new EventGoodnessOfFit(
            area.Value, area.Error, data.Count, weights.Sum() * weights.Sum() / weights.Sum(weight => weight * weight));
    }

    private static EventTable OnlyFeatures(EventTable events, IReadOnlyList<string> features, double[]? weights) => new(
        features.Select(name => KeyValuePair.Create(name, events.Memory(name))), events.Count,
        weights is null ? (ReadOnlyMemory<double>?)null : weights);
}
