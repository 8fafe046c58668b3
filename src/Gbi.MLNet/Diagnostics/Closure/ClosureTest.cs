using Gbi.Diagnostics.Power;
using Gbi.Events;
using Gbi.Numerics;
using Gbi.Ratios;

namespace Gbi.Diagnostics.Closure;

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
    /// <param name="progress">Told the finished fraction, from 0 to 1.</param>
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
    /// <param name="features">Columns of both in which they are compared; more than the model knows may stand here.</param>
    /// <param name="options">What passes.</param>
    /// <param name="seed">For the classifier test.</param>
    /// <param name="progress">Told the finished fraction, from 0 to 1.</param>
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
            Mean = MeanRatio.Of(denominator),
            Curve = CalibrationCurve.Of(numerator, denominator, options.CalibrationBins),
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
