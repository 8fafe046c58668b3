using Gbi.Events;
using Gbi.Numerics;
using Gbi.Ratios;

namespace Gbi.Diagnostics.Closure;

/// <summary>How a closure set is made, and what passes.</summary>
public sealed record ClosureOptions
{
    /// <summary>
    /// The classifier of <see cref="ReweightingTest"/>. It is not calibrated: an area needs only an order, and a calibration that is flat
    /// in parts would tie events.
    /// </summary>
    public RatioOptions Classifier
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(Classifier));
    } = RatioOptions.ForSmallDifferences with { FoldCount = 2, MemberCount = 1 };

    /// <summary>
    /// About how many events of each sample the classifier test takes at most; a random subsample of a larger one. The report holds the
    /// numbers. Range: 200 or more.
    /// </summary>
    public int MaxClassifierEvents
    {
        get;
        init => field = value >= 200 ? value : throw new ArgumentOutOfRangeException(
            nameof(MaxClassifierEvents), value, "MaxClassifierEvents must be 200 or more: a classifier is trained on half of them.");
    } = 2_000_000;

    /// <summary>Most bins of the calibration curve. Range: 3 or more.</summary>
    public int CalibrationBins
    {
        get;
        init => field = value >= 3 ? value : throw new ArgumentOutOfRangeException(
            nameof(CalibrationBins), value, "CalibrationBins must be 3 or more: a line through two points is always straight.");
    } = 20;

    /// <summary>Accuracy wanted of the mean ratio; where two errors are larger, the check says in a caveat that it is not confirmed. Range:
    /// above 0.</summary>
    public double MeanTolerance { get; init => field = Positive(value, nameof(MeanTolerance)); } = 0.01;

    /// <summary>Largest area under the ROC curve of the classifier test, two errors aside. Range: above 0.5.</summary>
    public double MaxArea
    {
        get;
        init => field = value > 0.5 ? value : throw new ArgumentOutOfRangeException(
            nameof(MaxArea), value, "MaxArea must be above 0.5, the area of a classifier that separates nothing.");
    } = 0.52;

    /// <summary>Distance of the calibration curve's slope from 1 that passes, two errors aside. Range: above 0.</summary>
    public double SlopeTolerance { get; init => field = Positive(value, nameof(SlopeTolerance)); } = 0.05;

    /// <summary>Kolmogorov–Smirnov distance of a feature that passes, its error aside. Range: above 0.</summary>
    public double DistanceTolerance { get; init => field = Positive(value, nameof(DistanceTolerance)); } = 0.01;

    /// <summary>Largest share of saturated events. Range: above 0.</summary>
    public double MaxSaturation { get; init => field = Positive(value, nameof(MaxSaturation)); } = 0.01;

    /// <summary>Largest Pareto shape of the weights' tail. Range: above 0.</summary>
    public double MaxParetoShape { get; init => field = Positive(value, nameof(MaxParetoShape)); } = 0.7;

    private static double Positive(double value, string name) => value > 0
        ? value
        : throw new ArgumentOutOfRangeException(name, value, $"{name} must be above 0.");
}

/// <summary>
/// The closure set of a learnt density ratio: six checks that the right ratio passes, on events that the model did not see. A model that
/// fails one is not fit for a likelihood. By chance, the right ratio fails the mean in 4.6 % of all samples, the AUC in at most 2.3 %, the
/// slope in at most 4.6 % and the features in at most about 5 %; saturation and the weights' tail do not fail by chance but where the
/// samples hardly overlap.
/// </summary>
/// <remarks>Cranmer, Pavez and Louppe, arXiv:1506.02169; the classifier test after Lopez-Paz and Oquab, arXiv:1610.06545.</remarks>
public static class ClosureTest
{
    private const int FewestEvents = 200;

    /// <summary>The closure set of a model.</summary>
    /// <param name="model">The ratio.</param>
    /// <param name="numerator">Events of p₁ that took no part in the training; weights of any sign.</param>
    /// <param name="denominator">The same of p₀.</param>
    /// <param name="options">What passes.</param>
    /// <param name="seed">For the classifier test.</param>
    /// <param name="progress">Receives the finished fraction, from 0 to 1.</param>
    /// <param name="cancellation">Stops between trees.</param>
    /// <exception cref="DataException">A feature is missing, a sample is too small, or its weights do not sum to more than 0.</exception>
    public static ClosureReport Run(
        IDensityRatio model,
        EventTable numerator,
        EventTable denominator,
        ClosureOptions options,
        Seed seed,
        IProgress<double>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        return Run(
            ScoredEvents.By(model, numerator), ScoredEvents.By(model, denominator), model.Features, options, seed, progress, cancellation);
    }

    /// <summary>The closure set of a ratio from anywhere: exact, trained elsewhere, or changed.</summary>
    /// <param name="numerator">Events of p₁ with their ln r.</param>
    /// <param name="denominator">Events of p₀ with theirs.</param>
    /// <param name="features">Columns of both in which they are compared; may include columns that the model does not use.</param>
    /// <param name="options">What passes.</param>
    /// <param name="seed">For the classifier test.</param>
    /// <param name="progress">Receives the finished fraction, from 0 to 1.</param>
    /// <param name="cancellation">Stops between trees.</param>
    /// <exception cref="DataException">A feature is missing, a sample is too small, or its weights do not sum to more than 0.</exception>
    public static ClosureReport Run(
        ScoredEvents numerator,
        ScoredEvents denominator,
        IReadOnlyList<string> features,
        ClosureOptions options,
        Seed seed,
        IProgress<double>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(numerator);
        ArgumentNullException.ThrowIfNull(denominator);
        ArgumentNullException.ThrowIfNull(features);
        ArgumentNullException.ThrowIfNull(options);
        Require(numerator.Events, "numerator");
        Require(denominator.Events, "denominator");
        if (features.Count == 0)
        {
            throw new ArgumentException("There are no features to compare; name at least one column.", nameof(features));
        }

        progress?.Report(0);
        RatioWeightQuality weights = RatioWeightQuality.Of(denominator);
        var distances = new FeatureDistance[features.Count];
        EventBlocks.ForEachIndex(
            distances.Length, feature => distances[feature] = FeatureDistance.Of(features[feature], numerator, denominator), cancellation);
        var report = new ClosureReport
        {
            NumeratorEvents = numerator.Events.Count,
            DenominatorEvents = denominator.Events.Count,
            Mean = denominator.MeanRatio(),
            Curve = CalibrationCurve.Of(numerator.Scores, denominator.Scores, options.CalibrationBins),
            Features = distances,
            Saturation = Saturation.Of(numerator, denominator),
            Weights = weights,
            Reweighting = ReweightingTest.Run(
                numerator, denominator, features, options, seed.Child("reweighting test"), progress, cancellation),
            Checks = [],
        };
        return report with { Checks = ClosureChecks.Of(report, options) };
    }

    private static void Require(EventTable events, string sample)
    {
        if (events.Count < FewestEvents)
        {
            throw new DataException(
                $"The {sample} has {events.Count} events, expected {FewestEvents} or more: nothing can be tested with fewer.");
        }

        WeightSums.RequirePositive(events.SumOfWeights, $"The weights of the {sample}");
    }
}
