using Gbi.Diagnostics.Power;
using Gbi.Events;
using Gbi.Numerics;
using Gbi.Ratios;

namespace Gbi.Diagnostics.Closure;

/// <summary>
/// The two-sample test after reweighting: an independent classifier learns to separate the numerator from the denominator weighted by w r.
/// Where the ratio is right these are one distribution, and the area under its ROC curve is 0.5 on events that it did not see.
/// </summary>
/// <param name="Area">Mean of the areas in the two halves of the events, each scored by a classifier trained on the other half.</param>
/// <param name="Error">
/// Mean of the two areas' errors (<see cref="RocCurve.AreaWithError"/>). Averaging two independent areas would divide it by √2, but these
/// are not independent where nothing is to be learnt: a classifier then follows a chance excess d₁ of its own half, the area in the other
/// half is above 0.5 as far as that half's d₂ points the same way, and so is, for the same d₁·d₂, the area the other way round.
/// </param>
/// <param name="NumeratorEvents">Events of the numerator that were used.</param>
/// <param name="DenominatorEvents">Events of the denominator that were used.</param>
public sealed record ReweightingTest(double Area, double Error, int NumeratorEvents, int DenominatorEvents)
{
    /// <summary>Trains both classifiers and tests them.</summary>
    /// <param name="numerator">Events of p₁.</param>
    /// <param name="denominator">Events of p₀.</param>
    /// <param name="features">Columns of both that the classifiers see.</param>
    /// <param name="options">How the classifiers are trained, and on how many events at most.</param>
    /// <param name="seed">For the halves, a subsample and the training.</param>
    /// <param name="progress">Receives the finished fraction, from 0 to 1.</param>
    /// <param name="cancellation">Stops between trees.</param>
    /// <exception cref="DataException">A column is missing, or the weights of half a sample do not sum to more than 0.</exception>
    public static ReweightingTest Run(
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
        ArgumentNullException.ThrowIfNull(options);
        (EventTable One, EventTable Two) first = Halves(numerator.Events, options.MaxClassifierEvents, seed.Child("numerator"));
        (EventTable One, EventTable Two) second = Halves(denominator.Reweighted(), options.MaxClassifierEvents, seed.Child("denominator"));
        Seed training = seed.Child("training");
        Estimate one = AreaOf(first.One, second.One, first.Two, second.Two, training.Child(1), new HalfOfProgress(progress, 0));
        Estimate two = AreaOf(first.Two, second.Two, first.One, second.One, training.Child(2), new HalfOfProgress(progress, 0.5));
        return new ReweightingTest(
            (one.Value + two.Value) / 2,
            (one.Error + two.Error) / 2,
            first.One.Count + first.Two.Count,
            second.One.Count + second.Two.Count);

        Estimate AreaOf(
            EventTable seenNumerator, EventTable seenDenominator,
            EventTable newNumerator, EventTable newDenominator,
            Seed ofHalf, HalfOfProgress half)
        {
            RatioModel classifier = RatioTrainer.CrossFit(
                seenNumerator, seenDenominator, features, options.Classifier, ofHalf, half, cancellation).Model;
            return RocCurve.AreaWithError(
                WeightedScores.Of(newNumerator, classifier.Score(newNumerator).LogRatio),
                WeightedScores.Of(newDenominator, classifier.Score(newDenominator).LogRatio));
        }
    }

    /// <summary>A random subsample of about the given size, where there are more events, in two random halves.</summary>
    private static (EventTable One, EventTable Two) Halves(EventTable events, int atMost, Seed seed)
    {
        Seed ofSubsample = seed.Child("subsample");
        Seed ofHalf = seed.Child("half");
        double share = Math.Min(1, (double)atMost / events.Count);
        var one = new List<int>();
        var two = new List<int>();
        for (int row = 0; row < events.Count; row++)
        {
            if (share >= 1 || ofSubsample.Uniform(row) < share)
            {
                (ofHalf.Below(2, row) == 0 ? one : two).Add(row);
            }
        }

        return (events.Select([.. one]), events.Select([.. two]));
    }

    /// <summary>Progress of one of the two trainings.</summary>
    private sealed class HalfOfProgress(IProgress<double>? target, double start) : IProgress<double>
    {
        public void Report(double value) => target?.Report(start + (value / 2));
    }
}
