using Gbi.Events;
using Gbi.Numerics;
using Gbi.Ratios.Parametric;
using Gbi.Trees;
using Gbi.Trees.Binning;

namespace Gbi.Systematics;

/// <summary>Options of the training of a systematic.</summary>
public sealed record SystematicTrainingOptions
{
    /// <summary>Trees and least events of a leaf.</summary>
    public ParametricRatioOptions Ratio { get; init; } = new();

    /// <summary>
    /// Approximate share of each sample that is held out from training, for closure tests and for early stopping (if
    /// <see cref="TreeOptions.EarlyStoppingRounds"/> is set). Range: [0, 0.5]; 0 trains on all events.
    /// </summary>
    public double HeldOutFraction
    {
        get;
        init => field = value is >= 0 and <= 0.5 ? value : throw new ArgumentOutOfRangeException(
            nameof(HeldOutFraction), value, "HeldOutFraction must be from 0 to 0.5: the larger part of the events is for training.");
    }

    /// <summary>Refuses options that contradict each other.</summary>
    /// <exception cref="ArgumentException">EarlyStoppingRounds is set and no event is held out.</exception>
    internal void RequireConsistent()
    {
        if (Ratio.Trees.EarlyStoppingRounds is { } rounds && HeldOutFraction == 0)
        {
            throw new ArgumentException(
                $"EarlyStoppingRounds is {rounds} and HeldOutFraction 0; early stopping needs events held out: set HeldOutFraction, or "
                    + "no EarlyStoppingRounds.");
        }
    }
}

/// <summary>A trained systematic and the held-out events.</summary>
/// <param name="Ratio">ln dσ(x|ν)/dσ(x|0).</param>
/// <param name="Samples">All events.</param>
/// <param name="IsHeldOut">One flag an event of the samples: true where it took no part in training.</param>
public sealed record TrainedSystematic(ParametricRatio Ratio, SystematicSamples Samples, ReadOnlyMemory<bool> IsHeldOut)
{
    /// <summary>The rate of all events of the samples, which a model takes as factors beside the shape.</summary>
    public SystematicRate Rate => SystematicRate.Of(Samples);

    /// <summary>The held-out events of a sample.</summary>
    /// <param name="point">Number of the base point.</param>
    public EventTable HeldOut(int point) => Samples.Where(point, IsHeldOut.Span, value: true);
}

/// <summary>Learns the coefficients Δ_A(x) of ln dσ(x|ν)/dσ(x|0) = Σ_A ν_A Δ_A(x) from nominal and varied samples.</summary>
public static class SystematicTrainer
{
    /// <summary>Trains one group of parameters whose effects do not factorise; train independent groups separately.</summary>
    /// <param name="samples">Nominal and varied events.</param>
    /// <param name="features">Columns that the trees see.</param>
    /// <param name="options">How to train.</param>
    /// <param name="seed">For the choice of the events held out.</param>
    /// <param name="progress">Told the finished fraction, from 0 to 1.</param>
    /// <param name="cancellation">Stops between trees.</param>
    /// <exception cref="DataException">
    /// A column is missing, a sample has no event to train on or none to hold out, or its weights do not sum to more than 0.
    /// </exception>
    /// <exception cref="ArgumentException">EarlyStoppingRounds is set and no event is held out.</exception>
    public static TrainedSystematic Train(
        SystematicSamples samples,
        IReadOnlyList<string> features,
        SystematicTrainingOptions options,
        Seed seed,
        IProgress<double>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(samples);
        ArgumentNullException.ThrowIfNull(options);
        options.RequireConsistent();
        EventTable events = samples.Events;
        bool[] isHeldOut = samples.HoldOut(options.HeldOutFraction, seed.Child("held out"));
        RequireBothParts(samples, isHeldOut, options.HeldOutFraction);
        BinnedEvents data = FeatureBins.Learn(events, features, options.Ratio.Trees.MaxBins).Apply(events);
        ParametricRatio ratio = ParametricTrees.Train(
            data,
            new BasePointSample(samples.BasePoints, samples.BasePointOf, Weights(events, isHeldOut, ofHeldOut: false)),
            options.Ratio,
            options.Ratio.Trees.EarlyStoppingRounds is null ? [] : Weights(events, isHeldOut, ofHeldOut: true),
            progress,
            cancellation);
        return new TrainedSystematic(ratio, samples, isHeldOut);
    }

    private static double[] Weights(EventTable events, bool[] isHeldOut, bool ofHeldOut) =>
        [.. isHeldOut.Select((held, row) => held == ofHeldOut ? events.Weight(row) : 0)];

    private static void RequireBothParts(SystematicSamples samples, bool[] isHeldOut, double fraction)
    {
        int points = samples.BasePoints.Points.Count;
        int[] trained = new int[points];
        int[] held = new int[points];
        for (int row = 0; row < isHeldOut.Length; row++)
        {
            (isHeldOut[row] ? held : trained)[samples.BasePointOf[row]]++;
        }

        int empty = Array.FindIndex(trained, count => count == 0);
        empty = empty < 0 && fraction > 0 ? Array.FindIndex(held, count => count == 0) : empty;
        if (empty >= 0)
        {
            throw new DataException(string.Create(System.Globalization.CultureInfo.InvariantCulture,
                $"Base point {samples.BasePoints.TextOfPoint(empty)} has {trained[empty]} events to train on and {held[empty]} held out "
                    + $"(fraction {fraction}), expected some; give more events of this sample."));
        }
    }
}
