using Gbi.Events;
using Gbi.Numerics;
using Gbi.Posteriors.Models;

namespace Gbi.Diagnostics.Posteriors;

/// <summary>
/// Where the true parameters of test pairs lie among draws of the posterior of their observation: all that the tests of a posterior need,
/// with no draws kept. A rank r of L draws is u = (r + v)/(L + 1), with r the draws below the truth, v uniform in (0, 1 + number of draws
/// equal to it): uniform in (0, 1) for the exact posterior, whatever L, also for discrete parameters.
/// </summary>
/// <remarks>
/// Ranks of parameters: Talts et al., arXiv:1804.06788. Of the density: Hermans et al., arXiv:2110.06581. Distance to a reference point:
/// Lemos et al., arXiv:2302.03026. Draws must be independent: thin chains to their effective size.
/// </remarks>
public sealed class PosteriorRanks
{
    private readonly RankColumns _columns;

    internal PosteriorRanks(TestPairs pairs, RankColumns columns, int drawCount)
    {
        _columns = columns;
        Parameters = pairs.Parameters.ColumnNames;
        PairCount = pairs.Count;
        DrawCount = drawCount;
        RepeatedShare = columns.RepeatedShare;
        InformationGains = columns.LogDensities.Length == 0 || pairs.LogPrior.Count == 0
            ? []
            : [.. columns.LogDensities.Zip(pairs.LogPrior, (density, prior) => density - prior)];
        Truths = [.. Parameters.Select(name => Array.ConvertAll(pairs.Parameters[name].ToArray(), value => (double)value))];
    }

    /// <summary>Names of the parameters, in order.</summary>
    public IReadOnlyList<string> Parameters { get; }

    /// <summary>Number of test pairs N.</summary>
    public int PairCount { get; }

    /// <summary>Draws of each posterior L.</summary>
    public int DrawCount { get; }

    /// <summary>Rank of each true value among the draws of its parameter; [parameters][pairs], in (0, 1).</summary>
    public IReadOnlyList<IReadOnlyList<double>> OfParameters => _columns.Ranks;

    /// <summary>
    /// Share of the draws that are denser than the truth, so that the region of highest posterior density of level α holds the truth where
    /// this is below α; one a pair, empty where no densities are known.
    /// </summary>
    public IReadOnlyList<double> OfDensity => _columns.DensityRanks;

    /// <summary>
    /// Share of the draws that are nearer to a reference point ρ(x) than the truth; one a pair. See the remarks of the class; ρ(x) is a
    /// regression of the other pairs' true parameters on their observations, plus noise.
    /// </summary>
    public IReadOnlyList<double> OfDistance => _columns.DistanceRanks;

    /// <summary>ln q(θ*|x), one a pair; −∞ where it excludes the truth. Empty where no densities are known.</summary>
    public IReadOnlyList<double> LogDensities => _columns.LogDensities;

    /// <summary>ln q(θ*|x) − ln p(θ*), one a pair, in nats; empty without a prior or densities.</summary>
    public IReadOnlyList<double> InformationGains { get; }

    /// <summary>True values [parameters][pairs].</summary>
    public IReadOnlyList<IReadOnlyList<double>> Truths { get; }

    /// <summary>Means of the draws [parameters][pairs].</summary>
    public IReadOnlyList<IReadOnlyList<double>> Means => _columns.Means;

    /// <summary>Standard deviations of the draws [parameters][pairs].</summary>
    public IReadOnlyList<IReadOnlyList<double>> Deviations => _columns.Deviations;

    /// <summary>Share of the draws that repeat the one before in every parameter, as those of a stuck chain do.</summary>
    public double RepeatedShare { get; }

    /// <summary>Draws from the posterior of each test pair and ranks the truth among them, in blocks of pairs on all cores.</summary>
    /// <param name="model">The posterior.</param>
    /// <param name="pairs">True parameters and observations, with the model's parameters and features.</param>
    /// <param name="drawCount">Draws L of each posterior. Range: 1 or more; 999 give percentages without rounding.</param>
    /// <param name="seed">Of draws, ties and reference points.</param>
    /// <param name="progress">Receives the finished fraction, from 0 to 1.</param>
    /// <param name="cancellation">Stops between blocks of pairs.</param>
    /// <exception cref="DataException">
    /// Parameters disagree; a draw or a density is not a number; or the model gives its draws other densities than it did while drawing.
    /// </exception>
    public static PosteriorRanks Of(
        IPosteriorModel model,
        TestPairs pairs,
        int drawCount,
        Seed seed,
        IProgress<double>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(pairs);
        ArgumentOutOfRangeException.ThrowIfLessThan(drawCount, 1);
        if (!model.Parameters.SequenceEqual(pairs.Parameters.ColumnNames, StringComparer.Ordinal))
        {
            throw new DataException(
                $"The posterior is one of {string.Join(", ", model.Parameters)}, the test pairs have "
                    + $"{string.Join(", ", pairs.Parameters.ColumnNames)}; name the same parameters in the same order.");
        }

        return new RankPass(pairs, drawCount, hasDensities: true, seed).Run(model, progress, cancellation);
    }

    /// <summary>Ranks the truth among draws that were made before, by any method.</summary>
    /// <param name="pairs">True parameters and observations.</param>
    /// <param name="draws">Draws for each pair, with densities if <paramref name="logDensities"/> is given.</param>
    /// <param name="logDensities">ln q(θ*|x) of the true parameters, one a pair; null where the densities are not known.</param>
    /// <param name="seed">Of ties and reference points.</param>
    /// <exception cref="DataException">Numbers of rows or names disagree, or a draw or a density is not a number.</exception>
    public static PosteriorRanks OfDraws(TestPairs pairs, PosteriorDraws draws, IReadOnlyList<double>? logDensities, Seed seed)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        ArgumentNullException.ThrowIfNull(draws);
        if (draws.ObservationCount != pairs.Count || (logDensities is not null && logDensities.Count != pairs.Count))
        {
            throw new DataException(
                $"There are {pairs.Count:N0} test pairs, draws for {draws.ObservationCount:N0} observations and "
                    + $"{logDensities?.Count ?? pairs.Count:N0} densities of true parameters; give one of each a pair.");
        }

        return new RankPass(pairs, draws.DrawCount, hasDensities: logDensities is not null, seed).Run(draws, logDensities);
    }
}

/// <summary>What a pass over the pairs fills in.</summary>
internal sealed record RankColumns(
    double[][] Ranks, double[][] Means, double[][] Deviations, double[] DensityRanks, double[] DistanceRanks, double[] LogDensities)
{
    public double RepeatedShare { get; init; }
}
