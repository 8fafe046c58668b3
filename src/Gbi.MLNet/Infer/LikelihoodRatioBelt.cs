using Gbi.Events;
using Gbi.Inference.Toys;
using Gbi.Numerics;
using Gbi.Posteriors.Ratios;
using Gbi.Simulators;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Infer;

/// <summary>How a belt of a learnt likelihood ratio is built.</summary>
public sealed record LikelihoodRatioBeltOptions
{
    /// <summary>Toys, simulated observations, at each point of the grid. Range: 10 or more.</summary>
    public int ToyCount
    {
        get;
        init => field = value >= 10 ? value : throw new ArgumentOutOfRangeException(
            nameof(ToyCount), value, "ToyCount must be 10 or more: fewer toys have no quantiles.");
    } = 1000;

    /// <summary>Independent events of an observation, over which ln p(x|θ) is summed. Range: 1 or more.</summary>
    public int EventCount
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(
            nameof(EventCount), value, "EventCount must be 1 or more: an observation has an event at least.");
    } = 1;
}

/// <summary>
/// Confidence sets of parameters from a learnt likelihood ratio and the simulator: a point θ of a grid is accepted where the observation's
/// statistic −2 ln λ(θ) is at most the quantile of the statistic of observations that are simulated at θ.
/// </summary>
/// <remarks>
/// The sets hold the true point, where it is one of the grid, with the confidence level as its probability, whatever the quality of the
/// learnt ratio: a poor one makes them larger, not wrong. Where the truth lies between points they hold its neighbours. Sets are of all
/// parameters of the posterior together; the values of one parameter in a set of two are an interval that covers more. Neyman, Phil.
/// Trans. R. Soc. A 236 (1937) 333; Dalmasso, Izbicki and Lee, ICML 2020, arXiv:2002.10399.
/// </remarks>
public sealed class LikelihoodRatioBelt
{
    private readonly LearntLikelihoodRatio _ratio;
    private readonly double[][] _toys;
    private Critical? _lastAsked;

    private LikelihoodRatioBelt(
        LearntLikelihoodRatio ratio, EventTable grid, LikelihoodRatioBeltOptions options, double[][] toys, int[] failures) =>
        (_ratio, Grid, Options, _toys, FailedEventCounts) = (ratio, grid, options, toys, failures);

    /// <summary>The points θ, a column a parameter.</summary>
    public EventTable Grid { get; }

    /// <summary>How it was built.</summary>
    public LikelihoodRatioBeltOptions Options { get; }

    /// <summary>
    /// Simulated events of each point that failed, with a feature that is NaN or infinite. They are in no toy, so that the sets cover for
    /// observations whose events have not failed.
    /// </summary>
    public IReadOnlyList<int> FailedEventCounts { get; }

    /// <summary>Simulates toys at each point and builds the belt. The toys of a point depend on the seed and on its row alone.</summary>
    /// <param name="ratio">The learnt likelihood ratio.</param>
    /// <param name="simulator">
    /// Simulates one event a row, with the parameters of the ratio and its features among others. It may differ from the one that the
    /// posterior was learnt from: the sets cover for this one.
    /// </param>
    /// <param name="grid">Points inside the prior, two or more, each once; a column a parameter.</param>
    /// <param name="options">Toys, and events of an observation.</param>
    /// <param name="seed">Same seed, same belt.</param>
    /// <param name="progress">Receives the finished fraction, from 0 to 1.</param>
    /// <param name="cancellation">Stops between simulations and events.</param>
    /// <exception cref="DataException">
    /// A point is outside the prior, occurs twice or is alone, simulator and ratio have other parameters or features, or hardly a
    /// simulation of a point has not failed.
    /// </exception>
    public static LikelihoodRatioBelt Build(
        LearntLikelihoodRatio ratio, ISimulator simulator, EventTable grid, LikelihoodRatioBeltOptions options, Seed seed,
        IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(ratio);
        ArgumentNullException.ThrowIfNull(simulator);
        ArgumentNullException.ThrowIfNull(grid);
        ArgumentNullException.ThrowIfNull(options);
        EventTable points = grid.WithColumns(ratio.Parameters).WithWeights(null);
        RequireGrid(points);
        double[][] toys = new double[points.Count][];
        int[] failures = new int[points.Count];
        for (int point = 0; point < toys.Length; point++)
        {
            int[] same = new int[checked(options.ToyCount * options.EventCount)];
            Array.Fill(same, point);
            var part = PartialProgress.Of(progress, (double)point / toys.Length, 1.0 / toys.Length);
            Simulations made = new SimulationPlan(simulator, ratio.Posterior.Prior, points.Select(same), seed.Child(point))
                .Run(part, cancellation);
            made = new Simulations(made.Parameters, made.Observations.WithColumns(ratio.Features));
            failures[point] = made.FailedCount;
            toys[point] = StatisticsAt(point, ratio, made.Valid().Observations, points, options, cancellation);
            Array.Sort(toys[point]);
        }

        return new LikelihoodRatioBelt(ratio, points, options, toys, failures);
    }

    /// <summary>The largest accepted statistic of each point: a quantile of its toys, with its error.</summary>
    /// <param name="confidenceLevel">Range: (0, 1).</param>
    public IReadOnlyList<ToyQuantile> CriticalValues(double confidenceLevel)
    {
        // Many observations are asked for at one level.
        Critical critical = _lastAsked is { } last && last.Level == confidenceLevel
            ? last
            : new Critical(confidenceLevel, [.. _toys.Select(toys => ToyQuantile.Of(toys, confidenceLevel))]);
        _lastAsked = critical;
        return critical.Values;
    }

    /// <summary>The points that an observation accepts.</summary>
    /// <param name="events">The events of the observation, as many as those of a toy, with the features of the ratio.</param>
    /// <param name="confidenceLevel">Probability with which such sets hold the true point. Range: (0, 1).</param>
    /// <param name="cancellation">Stops between events.</param>
    /// <exception cref="DataException">
    /// There is another number of events, a feature is no column or no finite number: such an event has failed, and is in no toy.
    /// </exception>
    public ConfidenceSet Accept(EventTable events, double confidenceLevel, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(events);
        if (events.Count != Options.EventCount)
        {
            throw new DataException(Text(
                $"There are {events.Count:N0} events, expected {Options.EventCount:N0}, as many as each toy of the belt has."));
        }

        foreach (string name in _ratio.Features)
        {
            int row = Array.FindIndex(events[name].ToArray(), value => !float.IsFinite(value));
            if (row >= 0)
            {
                throw new DataException(Text(
                    $"Feature '{name}' of event {row:N0} is {events[name][row]}, expected a finite number: simulated events with such a ")
                    + "feature have failed, and are in no toy.");
            }
        }

        double[] statistics = _ratio.Statistics(events, Grid, cancellation);
        IReadOnlyList<ToyQuantile> critical = CriticalValues(confidenceLevel);
        (double Low, double High) range = _ratio.Posterior.Prior.Range(0);
        return new ConfidenceSet(
            confidenceLevel,
            Grid,
            [.. statistics.Select((value, point) => ConfidencePoint.Of(value, _toys[point], critical[point]))],
            range);
    }

    /// <summary>The statistic of a point for its toys, of so many valid events each.</summary>
    private static double[] StatisticsAt(
        int point, LearntLikelihoodRatio ratio, EventTable valid, EventTable points, LikelihoodRatioBeltOptions options,
        CancellationToken cancellation)
    {
        int count = valid.Count / options.EventCount;
        return 2 * count >= options.ToyCount
            ? [.. ratio.OfSets(valid, options.EventCount, points, cancellation).Select(sums =>
                LearntLikelihoodRatio.StatisticsOf(sums)[point])]
            : throw new DataException(Text(
                $"{valid.Count:N0} of {options.ToyCount * options.EventCount:N0} events simulated at point {point:N0} of the grid have ")
                + "not failed, expected half of them or more; leave the point out, or mend the simulator.");
    }

    private static void RequireGrid(EventTable points)
    {
        string[] texts = [.. Enumerable.Range(0, points.Count).Select(row =>
            string.Join(", ", points.ColumnNames.Select(name => Text($"{name} = {points[name][row]:R}"))))];
        string? twice = texts.GroupBy(text => text, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1)?.Key;
        if (twice is not null || texts.Length < 2)
        {
            throw new DataException(twice is null
                ? Text($"The grid has {texts.Length} points, expected two or more that are compared.")
                : $"The grid has the point {twice} twice; give each point once.");
        }
    }

    private sealed record Critical(double Level, IReadOnlyList<ToyQuantile> Values);
}
