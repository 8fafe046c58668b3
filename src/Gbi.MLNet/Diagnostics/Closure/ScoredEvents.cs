using Gbi.Events;
using Gbi.Numerics;
using Gbi.Ratios;

namespace Gbi.Diagnostics.Closure;

/// <summary>Events with the log ratio that a model gives them, which has to be one that did not see them. Immutable.</summary>
public sealed class ScoredEvents
{
    /// <summary>Largest |ln r| that a test takes: the squares of larger ratios leave the range of a double.</summary>
    public const double MaxAbsLogRatio = 300;

    private readonly double[] _reweighted;

    /// <summary>Events with log ratios from anywhere.</summary>
    /// <param name="events">Features and, optionally, weights of any sign.</param>
    /// <param name="logRatio">ln r, one per event; finite, at most <see cref="MaxAbsLogRatio"/> in size.</param>
    /// <param name="clippedCount">Events whose log ratio the model clipped.</param>
    /// <exception cref="ArgumentException">Lengths disagree; the message holds both.</exception>
    /// <exception cref="DataException">A log ratio is not finite or too large; the message holds their number and the first
    /// row.</exception>
    public ScoredEvents(EventTable events, ReadOnlyMemory<float> logRatio, int clippedCount = 0)
    {
        ArgumentNullException.ThrowIfNull(events);
        ArgumentOutOfRangeException.ThrowIfNegative(clippedCount);
        if (logRatio.Length != events.Count)
        {
            throw new ArgumentException(
                $"There are {logRatio.Length} log ratios for {events.Count} events; give one per event.", nameof(logRatio));
        }

        RequireFinite(logRatio.Span);
        Events = events;
        ClippedCount = clippedCount;
        Scores = WeightedScores.Of(events, logRatio.Span);
        _reweighted = new double[events.Count];
        EventBlocks.ForEach(events.Count, (start, length) =>
        {
            ReadOnlySpan<float> values = LogRatio;
            for (int row = start; row < start + length; row++)
            {
                _reweighted[row] = events.Weight(row) * Math.Exp(values[row]);
            }
        });
    }

    /// <summary>The events.</summary>
    public EventTable Events { get; }

    /// <summary>ln r, one per event.</summary>
    public ReadOnlySpan<float> LogRatio => Scores.Scores;

    /// <summary>ln r and weights alone.</summary>
    public WeightedScores Scores { get; }

    /// <summary>w r, one per event: weights that turn the denominator into the numerator where the ratio is right.</summary>
    public ReadOnlySpan<double> RatioWeights => _reweighted;

    /// <summary>Events whose log ratio the model clipped.</summary>
    public int ClippedCount { get; }

    /// <summary>Error of ln r that all events share, from the ratio's own normalisation; 0 where none is known. Range: 0 or more.</summary>
    public double NormalisationError
    {
        get;
        init => field = value >= 0 ? value : throw new ArgumentOutOfRangeException(
            nameof(NormalisationError), value, "NormalisationError must be 0 or more: it is a standard deviation.");
    }

    /// <summary>Scores events with a model.</summary>
    /// <param name="model">The ratio.</param>
    /// <param name="events">Events that took no part in its training.</param>
    /// <exception cref="DataException">A feature of the model is not a column of the table.</exception>
    public static ScoredEvents By(IDensityRatio model, EventTable events)
    {
        ArgumentNullException.ThrowIfNull(model);
        RatioScores scores = model.Score(events);
        return new ScoredEvents(events, scores.LogRatio.ToArray(), scores.ClippedCount) { NormalisationError = model.NormalisationError };
    }

    /// <summary>
    /// The mean C = Σ w r / Σ w, which is 1 over the denominator of a ratio of two normalised densities: ∫ p₀ (p₁/p₀) = 1. Its error is
    /// √(Σ w² (r − C)²) / Σ w of this sample and, in quadrature, C times <see cref="NormalisationError"/>.
    /// </summary>
    /// <exception cref="DataException">The weights do not sum to more than 0.</exception>
    public Estimate MeanRatio()
    {
        WeightSums.RequirePositive(Events.SumOfWeights, "The weights of the denominator");
        double[] ratios = new double[Events.Count];
        EventBlocks.ForEach(ratios.Length, (start, length) =>
        {
            for (int row = start; row < start + length; row++)
            {
                ratios[row] = Math.Exp(LogRatio[row]);
            }
        });
        var mean = Estimate.OfMean(ratios, Events);
        return mean with { Error = double.Hypot(mean.Error, mean.Value * NormalisationError) };
    }

    /// <summary>The events with the weights w r.</summary>
    internal EventTable Reweighted() => Events.WithWeights(_reweighted);

    private static void RequireFinite(ReadOnlySpan<float> logRatio)
    {
        int count = 0;
        int first = 0;
        for (int row = logRatio.Length - 1; row >= 0; row--)
        {
            // The negation catches NaN too.
            if (!(Math.Abs(logRatio[row]) <= MaxAbsLogRatio))
            {
                count++;
                first = row;
            }
        }

        if (count > 0)
        {
            throw new DataException(
                $"{count} log ratios are not finite or beyond ±{MaxAbsLogRatio} (first at row {first}); clip them before the test, as "
                    + $"RatioOptions.MaxAbsLogRatio does.");
        }
    }
}
