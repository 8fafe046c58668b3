using Gbi.Events;
using Gbi.Numerics;
using Gbi.Posteriors.Models;
using Gbi.Simulators.Priors;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Posteriors.Sampling;

/// <summary>ln p(xᵢ|θᵢ) of the pairs of equal rows; −∞ where the likelihood is 0.</summary>
/// <param name="parameters">A column a parameter.</param>
/// <param name="observations">A column a feature; as many rows, or one row for all parameters.</param>
/// <param name="cancellation">Stops between blocks of rows.</param>
public delegate double[] PairLogLikelihood(EventTable parameters, EventTable observations, CancellationToken cancellation);

/// <summary>
/// The posterior p(θ|x) = p(θ) p(x|θ)/Z(x) of a likelihood that can be computed, exact or learnt (NLE), sampled at each observation anew.
/// </summary>
/// <remarks>
/// Draws are those of <see cref="DensitySampler"/>: by importance resampling from the prior where that has weight enough, else by a grid
/// for one or two parameters and by differential evolution for more. ln Z comes with the former two; for the last one it is the mean weight
/// of 20,000 points of normal kernels at 200 draws, known to √((1−ε)/(20,000 ε)) where they are worth 20,000 ε independent draws.
/// </remarks>
public sealed class LikelihoodPosterior : ILearntPosterior
{
    private const int NormalisingDraws = 1000;
    private const int Kernels = 200;
    private const int KernelPoints = 20_000;

    // The evidence belongs to the observation, whoever asks.
    private static readonly Seed OfEvidence = new Seed(1).Child("evidence");

    private readonly PairLogLikelihood _logLikelihood;
    private readonly SamplingOptions _options;

    /// <summary>The posterior of a prior and a likelihood.</summary>
    /// <param name="prior">p(θ); it must have a density.</param>
    /// <param name="features">Names of the features of x.</param>
    /// <param name="logLikelihood">ln p(x|θ); called from several threads.</param>
    /// <param name="options">How it is sampled; null for the defaults.</param>
    /// <exception cref="DataException">The prior has no density.</exception>
    public LikelihoodPosterior(
        Prior prior, IReadOnlyList<string> features, PairLogLikelihood logLikelihood, SamplingOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(prior);
        ArgumentNullException.ThrowIfNull(features);
        ArgumentNullException.ThrowIfNull(logLikelihood);
        DensitySampler.RequireDensity(prior);
        Prior = prior;
        Features = [.. features];
        _logLikelihood = logLikelihood;
        _options = options ?? new SamplingOptions();
    }

    /// <inheritdoc/>
    public Prior Prior { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> Parameters => Prior.Parameters;

    /// <inheritdoc/>
    public IReadOnlyList<string> Features { get; }

    /// <inheritdoc/>
    public Posterior Given(EventTable observation)
    {
        ArgumentNullException.ThrowIfNull(observation);
        return new Posterior(this, Observations.One(observation, Features), []);
    }

    /// <summary>Draws of one observation, with the method that made them, what they are worth, and ln Z.</summary>
    /// <param name="observation">One row with the columns <see cref="Features"/>.</param>
    /// <param name="count">Draws. Range: 1 or more.</param>
    /// <param name="seed">Same seed, same draws: those of <see cref="Draw"/> are of its child 0.</param>
    /// <param name="cancellation">Stops between passes over many points.</param>
    /// <exception cref="DataException">The likelihood is 0 or infinite wherever it is tried; the message says why.</exception>
    public DensityDraws Sample(EventTable observation, int count, Seed seed, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(observation);
        EventTable x = Observations.One(observation, Features);
        return DensitySampler.Draw(
            Prior, parameters => LogJoint(parameters, x, cancellation), count, seed, _options, cancellation);
    }

    /// <inheritdoc/>
    /// <exception cref="DataException">Z of an observation is not known, as weights of points near its draws vary too much.</exception>
    public double[] LogDensity(EventTable parameters, EventTable observations, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(observations);
        EventTable x = Observations.OfRows(observations, Features, parameters);
        double[] densities = LogJoint(parameters, x, cancellation);
        double[] evidence = LogEvidence(x, cancellation);
        for (int row = 0; row < densities.Length; row++)
        {
            densities[row] -= evidence[x.Count == 1 ? 0 : row];
        }

        return densities;
    }

    /// <inheritdoc/>
    public PosteriorDraws Draw(EventTable observations, int count, Seed seed, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(observations);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        EventTable x = Observations.Of(observations, Features);
        var draws = new DensityDraws[x.Count];
        EventBlocks.ForEachIndex(
            x.Count, row => draws[row] = Sample(x.Slice(row, 1), count, seed.Child(row), cancellation), cancellation);
        EventTable table = EventTable.FromColumns(
            [.. Parameters.Select(name => (name, (float[])[.. draws.SelectMany(one => one.Table[name].ToArray())]))]);
        return new PosteriorDraws(table, count, () =>
        {
            double[] evidence = LogEvidence(x, cancellation);
            return [.. draws.SelectMany((one, row) => one.LogDensities.Select(density => density - evidence[row]))];
        });
    }

    private double[] LogEvidence(EventTable x, CancellationToken cancellation)
    {
        double[] evidence = new double[x.Count];
        EventBlocks.ForEachIndex(
            x.Count,
            row =>
            {
                EventTable one = x.Slice(row, 1);
                DensityDraws draws = Sample(one, NormalisingDraws, OfEvidence, cancellation);
                evidence[row] = double.IsFinite(draws.LogIntegral) ? draws.LogIntegral : LogEvidence(one, draws.Table, cancellation)
                    ?? throw new DataException(Text(
                        $"The density of the posterior of observation {row:N0} is known up to a factor only, as weights of points near ")
                        + "its draws vary too much; correct a learnt posterior by this likelihood (CorrectedBy), which gives the "
                            + "evidence.");
            },
            cancellation);
        return evidence;
    }

    /// <summary>ln Z by points near draws; null where their weights vary too much.</summary>
    private double? LogEvidence(EventTable observation, EventTable draws, CancellationToken cancellation)
    {
        if (KernelProposal.TryOf(draws.Slice(0, Kernels)) is not { } kernels)
        {
            return null;
        }

        var density = new SampledDensity(Prior, theta => LogJoint(theta, observation, cancellation), kernels, cancellation);
        var weights = ImportanceWeights.Of(Proposals.Of(density, KernelPoints, OfEvidence.Child("kernels"), null).LogWeights);
        return weights.EffectiveSize >= ImportanceResampler.LeastEffectiveSize ? weights.LogEvidence : null;
    }

    /// <summary>ln p(θ) p(x|θ); the likelihood is not asked where the prior is 0.</summary>
    private double[] LogJoint(EventTable parameters, EventTable x, CancellationToken cancellation)
    {
        double[] logs = Prior.LogDensities(parameters);
        int[] inside = [.. Enumerable.Range(0, logs.Length).Where(row => logs[row] > double.NegativeInfinity)];
        if (inside.Length == 0)
        {
            return logs;
        }

        bool isAll = inside.Length == logs.Length;
        double[] likelihoods = _logLikelihood(
            isAll ? parameters : parameters.Select(inside), isAll || x.Count == 1 ? x : x.Select(inside), cancellation);
        if (likelihoods.Length != inside.Length)
        {
            throw new DataException(Text(
                $"The log-likelihood returned {likelihoods.Length:N0} values for {inside.Length:N0} rows of parameters; return one a ")
                + "row.");
        }

        for (int i = 0; i < inside.Length; i++)
        {
            logs[inside[i]] += likelihoods[i];
        }

        return logs;
    }
}
