using Gbi.Numerics;
using Gbi.Numerics.Minima;

namespace Gbi.Posteriors;

/// <summary>How a posterior is sampled by Hamiltonian dynamics.</summary>
public sealed record HamiltonianOptions
{
    /// <summary>Independent chains, run side by side. Range: 2 or more, so that they can be compared.</summary>
    public int ChainCount
    {
        get;
        init => field = value >= 2 ? value : throw new ArgumentOutOfRangeException(
            nameof(ChainCount), value, "ChainCount must be 2 or more: whether chains agree is the test of all of them.");
    } = 4;

    /// <summary>Draws kept of each chain. Range: 4 or more.</summary>
    public int DrawCount { get; init => field = AtLeast(4, value, nameof(DrawCount)); } = 1000;

    /// <summary>Draws before these, in which step and scales are learnt; they are thrown away. Range: 100 or more.</summary>
    public int WarmUpCount { get; init => field = AtLeast(100, value, nameof(WarmUpCount)); } = 1000;

    /// <summary>Acceptance that the step is adapted to. Range: (0, 1).</summary>
    public double TargetAcceptance
    {
        get;
        init => field = value is > 0 and < 1 ? value : throw new ArgumentOutOfRangeException(
            nameof(TargetAcceptance), value, "TargetAcceptance must be between 0 and 1: it is a probability.");
    } = 0.8;

    /// <summary>Most steps of one trajectory. Range: 1 or more.</summary>
    public int MaxSteps { get; init => field = AtLeast(1, value, nameof(MaxSteps)); } = 256;

    private static int AtLeast(int least, int value, string name) => value >= least
        ? value
        : throw new ArgumentOutOfRangeException(name, value, $"{name} must be {least} or more.");
}

/// <summary>
/// Draws from a posterior by Hamiltonian dynamics: a draw is a particle that rolls over −ln p(θ), pushed off at random, so that it moves
/// far in one draw and depends on the last one little, in many parameters too.
/// </summary>
/// <remarks>
/// Neal, Handbook of Markov Chain Monte Carlo (2011), chapter 5. Trajectories have lengths around a quarter of a period of a Gaussian
/// with the learnt scales. The step is learnt by dual averaging and the scales from the draws in windows that double, after Hoffman
/// and Gelman, JMLR 15 (2014) 1593. Each chain has a seed of its own, so that no draw depends on the number of threads.
/// </remarks>
public static class HamiltonianSampler
{
    /// <summary>Samples exp(−f(θ)), which need not be normalised.</summary>
    /// <param name="minusLogPosterior">f; +∞ where the posterior is 0. It is called from several threads at once.</param>
    /// <param name="start">Where chains start, one array each, or one for all; f must be finite there.</param>
    /// <param name="options">Chains, draws and steps.</param>
    /// <param name="seed">Same seed, same draws.</param>
    /// <param name="bounds">
    /// Ends of each parameter's range, where the posterior ends sharply: trajectories are reflected there. Null where it has no such ends.
    /// </param>
    /// <param name="cancellation">Stops between draws.</param>
    /// <exception cref="ArgumentException">
    /// A start or the bounds have another length, there is another number of starts, or a start is out of bounds or f not finite there.
    /// </exception>
    public static PosteriorSample Sample(
        ISmoothFunction minusLogPosterior,
        IReadOnlyList<double[]> start,
        HamiltonianOptions options,
        Seed seed,
        IReadOnlyList<(double Low, double High)>? bounds = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(minusLogPosterior);
        ArgumentNullException.ThrowIfNull(start);
        ArgumentNullException.ThrowIfNull(options);
        if (start.Count != 1 && start.Count != options.ChainCount)
        {
            throw new ArgumentException(
                $"There are {start.Count} starts for {options.ChainCount} chains; give one for all, or one for each.", nameof(start));
        }

        bounds ??= [.. Enumerable.Repeat((double.NegativeInfinity, double.PositiveInfinity), minusLogPosterior.ParameterCount)];
        foreach (double[] point in start)
        {
            RequireInside(minusLogPosterior, point, bounds);
        }

        var chains = new HamiltonianChain[options.ChainCount];
        EventBlocks.ForEachIndex(chains.Length, chain =>
        {
            chains[chain] = new HamiltonianChain(
                minusLogPosterior, start[start.Count == 1 ? 0 : chain], bounds, options, seed.Child(chain));
            chains[chain].Run(cancellation);
        }, cancellation);
        return new PosteriorSample(
            minusLogPosterior.ParameterCount,
            [.. chains.Select(chain => chain.Draws)],
            chains.Average(chain => chain.Acceptance),
            chains.Sum(chain => chain.DivergentCount));
    }

    private static void RequireInside(ISmoothFunction function, double[] point, IReadOnlyList<(double Low, double High)> bounds)
    {
        if (point.Length != function.ParameterCount || bounds.Count != function.ParameterCount)
        {
            throw new ArgumentException(
                $"A start has {point.Length} values and there are {bounds.Count} bounds for {function.ParameterCount} parameters; give "
                    + $"one each.");
        }

        double value = function.Evaluate(point, [], []);
        if (!double.IsFinite(value) || point.Where((number, k) => !(number >= bounds[k].Low && number <= bounds[k].High)).Any())
        {
            throw new ArgumentException(string.Create(
                System.Globalization.CultureInfo.InvariantCulture,
                $"−ln of the posterior is {value} at the start ({string.Join(", ", point)}), expected a finite number within the bounds; "
                    + $"start inside its domain, best at its maximum."));
        }
    }
}
