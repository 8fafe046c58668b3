using Gbi.Events;
using Gbi.Numerics;
using Gbi.Numerics.Probability;
using Gbi.Posteriors.Autoregressive;
using Gbi.Posteriors.Autoregressive.Means;
using Gbi.Posteriors.Misspecification;
using Gbi.Posteriors.Models;
using Gbi.Posteriors.Sampling;
using Gbi.Simulators.Priors;
using Gbi.Trees.Model;

namespace Gbi.Posteriors.Ratios;

/// <summary>
/// The posterior p(θ|x) = r(x, θ) p(θ) by the likelihood-to-evidence ratio r = p(x, θ)/(p(x) p(θ)), learnt by a classifier of boosted trees
/// between simulations (x, θ) and the same x with other θ.
/// </summary>
/// <remarks>
/// Trees see x, θ, the learnt means m(x) of the parameters and the distances θ − m(x). The mean of r over the prior is 1 for an exact one;
/// it is computed at each observation, and r is divided by it. The ratio is constant in pieces: it has no gradient.
/// </remarks>
public sealed partial class RatioPosterior : ILearntPosterior
{
    private const int BlockSize = 1 << 15;

    private readonly IContrast _contrast;
    private readonly TreeEnsemble[] _members;
    private readonly MisspecificationAlarm _alarm;
    private readonly RatioPosteriorOptions _options;
    private readonly Seed _seed;
    private readonly Func<EventTable, int[]>? _rowsInside;

    private RatioPosterior(
        IContrast contrast, TreeEnsemble[] members, MisspecificationAlarm alarm, string[] features, RatioPosteriorOptions options,
        Seed seed)
    {
        _contrast = contrast;
        _members = members;
        _alarm = alarm;
        Features = features;
        _options = options;
        _seed = seed;
    }

    private RatioPosterior(RatioPosterior whole, Func<EventTable, int[]> rowsInside)
        : this(whole._contrast, whole._members, whole._alarm, [.. whole.Features], whole._options, whole._seed) =>
        _rowsInside = rowsInside;

    /// <summary>The prior that the simulations were drawn from.</summary>
    public Prior Prior => _contrast.Prior;

    /// <inheritdoc/>
    public IReadOnlyList<string> Parameters => Prior.Parameters;

    /// <inheritdoc/>
    public IReadOnlyList<string> Features { get; }

    /// <summary>
    /// The posterior that the ratio corrects, with <see cref="RatioContrast.TreePosterior"/>; null with other contrasts.
    /// </summary>
    public TreePosterior? Uncorrected => (_contrast as TreeContrast)?.Posterior;

    /// <summary>
    /// Trees of each member; 0 where the held-out loss did not fall: then the posterior is the contrast, the prior or
    /// <see cref="Uncorrected"/>.
    /// </summary>
    public IReadOnlyList<int> TreeCounts => Array.ConvertAll(_members, member => member.TreeCount);

    /// <summary>The posterior of one observation, with warnings where the observation or the ratio at it cannot be trusted.</summary>
    /// <param name="observation">One row with the columns <see cref="Features"/>.</param>
    /// <exception cref="DataException">A feature is no column or infinite, or there is another number of rows.</exception>
    public Posterior Given(EventTable observation)
    {
        EventTable x = One(observation);
        IReadOnlyList<string> warnings = _alarm.Check(x, _contrast.Summaries.MeansOf(_contrast.Summaries.Predict(x)))[0].Warnings;
        return new Posterior(this, x, [.. warnings, .. NormalisationOf(x).Warnings]);
    }

    /// <inheritdoc cref="TreePosterior.LearntMeans"/>
    public EventTable LearntMeans(EventTable observations)
    {
        ArgumentNullException.ThrowIfNull(observations);
        return _contrast.Summaries.ParameterMeans(Prior, Observations.Of(observations, Features));
    }

    /// <summary>The same cut off at the border of a region of the parameters, and normalised in it.</summary>
    /// <param name="rowsInside">Numbers of the rows of a table of parameters that lie in the region.</param>
    internal RatioPosterior Within(Func<EventTable, int[]> rowsInside) => new(this, rowsInside);

    /// <summary>The mean of r over the prior at an observation before r is divided by it: 1 for an exact ratio.</summary>
    /// <param name="observation">One row with the columns <see cref="Features"/>.</param>
    /// <remarks>
    /// Draws of g with weights p/g. The softmax loss leaves a constant open: its ratio is divided by the mean over other draws before.
    /// </remarks>
    public RatioNormalisation NormalisationOf(EventTable observation)
    {
        EventTable x = One(observation);
        SummarisedEvents events = _contrast.Summaries.Predict(x);
        double[] logRatios = Normalising(events, _seed)[0];
        double open = _options.Loss == RatioLoss.Softmax ? LogMath.MeanExp(Normalising(events, _seed.Child("other"))[0]) : 0;
        return RatioNormalisation.Of([.. logRatios.Select(value => value - open)]);
    }

    /// <summary>ln p(θᵢ|xᵢ) = ln r(xᵢ, θᵢ) + ln p(θᵢ), r divided by its mean over the prior at xᵢ, of the pairs of equal rows.</summary>
    /// <inheritdoc/>
    public double[] LogDensity(EventTable parameters, EventTable observations, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(observations);
        EventTable x = Observations.OfRows(observations, Features, parameters);
        float[][] theta = [.. Parameters.Select(name => parameters[name].ToArray())];
        SummarisedEvents events = _contrast.Summaries.Predict(x);
        double[] norms = LogNorms(events, cancellation);
        IContrastDensity contrast = _contrast.At(events);
        double[] densities = new double[parameters.Count];
        EventBlocks.ForEach(densities.Length, (start, length) =>
        {
            int[] observationOf = [.. Enumerable.Range(start, length).Select(row => x.Count == 1 ? 0 : row)];
            float[][] block = [.. theta.Select(column => column[start..(start + length)])];
            (double[] logs, _) = Unnormalised(contrast, block, observationOf);
            for (int row = 0; row < length; row++)
            {
                densities[start + row] = logs[row] - norms[observationOf[row]];
            }
        }, BlockSize, cancellation);
        return densities;
    }

    /// <inheritdoc/>
    public PosteriorDraws Draw(EventTable observations, int count, Seed seed, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(observations);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        EventTable x = Observations.Of(observations, Features);
        SummarisedEvents events = _contrast.Summaries.Predict(x);
        double[] norms = LogNorms(events, cancellation);
        int total = checked(x.Count * count);
        float[][] columns = [.. Parameters.Select(_ => new float[total])];
        double[] densities = new double[total];
        EventBlocks.ForEachIndex(
            x.Count,
            i =>
            {
                DensityDraws draws = Sample(events.Select([i]), count, seed.Child(i), cancellation);
                for (int row = 0; row < count; row++)
                {
                    densities[(i * count) + row] = draws.LogDensities[row] - norms[i];
                }

                for (int k = 0; k < columns.Length; k++)
                {
                    draws.Table[Parameters[k]].CopyTo(columns[k].AsSpan(i * count, count));
                }
            },
            cancellation);
        return new PosteriorDraws(EventTable.FromColumns([.. Parameters.Zip(columns)]), densities, count);
    }

    /// <summary>Draws from the posterior of one observation, with the method that made them and what they are worth.</summary>
    /// <param name="observation">One row with the columns <see cref="Features"/>.</param>
    /// <param name="count">Draws. Range: 1 or more.</param>
    /// <param name="seed">Same seed, same draws: those of <see cref="Draw"/> are of its child 0.</param>
    /// <param name="cancellation">Stops between passes over many points.</param>
    public DensityDraws Sample(EventTable observation, int count, Seed seed, CancellationToken cancellation = default) =>
        Sample(_contrast.Summaries.Predict(One(observation)), count, seed, cancellation);

    private DensityDraws Sample(SummarisedEvents one, int count, Seed seed, CancellationToken cancellation)
    {
        IContrastDensity contrast = _contrast.At(one);
        var proposal = new ContrastProposal(contrast, Parameters);
        ParameterLogDensity density = table =>
        {
            (double[] logs, double[] ofContrast) = Unnormalised(
                contrast, [.. Parameters.Select(name => table[name].ToArray())], new int[table.Count]);
            proposal.Keep(table, ofContrast);
            return logs;
        };
        return DensitySampler.Draw(new SampledDensity(Prior, density, proposal, cancellation), count, seed, _options.Sampling);
    }

    /// <summary>ln (r p) before it is normalised, −∞ outside the prior and the region, and ln g.</summary>
    private (double[] Logs, double[] OfContrast) Unnormalised(IContrastDensity contrast, float[][] parameters, int[] observationOf)
    {
        double[] densities = new double[observationOf.Length];
        double[] ofContrast = new double[observationOf.Length];
        EventBlocks.ForEach(densities.Length, (start, length) =>
        {
            float[][] block = [.. parameters.Select(column => column[start..(start + length)])];
            (double[] logs, double[] logContrast) = LogRatios(contrast, block, observationOf[start..(start + length)]);
            logContrast.CopyTo(ofContrast, start);
            CutOff(logs, block);
            for (int row = 0; row < length; row++)
            {
                densities[start + row] = logs[row] + logContrast[row];
            }
        }, blockSize: 4096);
        return (densities, ofContrast);
    }

    /// <summary>Sets to −∞ what lies outside the prior or the region.</summary>
    private void CutOff(double[] logs, float[][] parameters)
    {
        Span<double> point = stackalloc double[parameters.Length];
        for (int row = 0; row < logs.Length; row++)
        {
            for (int k = 0; k < point.Length; k++)
            {
                point[k] = parameters[k][row];
            }

            logs[row] = Prior.Contains(point) ? logs[row] : double.NegativeInfinity;
        }

        if (_rowsInside is not null)
        {
            double[] kept = [.. Enumerable.Repeat(double.NegativeInfinity, logs.Length)];
            foreach (int row in _rowsInside(EventTable.FromColumns([.. Parameters.Zip(parameters)])))
            {
                kept[row] = logs[row];
            }

            kept.CopyTo(logs, 0);
        }
    }

    /// <summary>ln of the mean of e^F over the members, and ln g, of each pair.</summary>
    private (double[] LogRatios, double[] OfContrast) LogRatios(IContrastDensity contrast, float[][] parameters, int[] observationOf)
    {
        PairFeatures pairs = contrast.Pairs(parameters, observationOf);
        float[][] ofMembers = [.. _members.Select(member => member.Predict(pairs.Table))];
        double[] logs = new double[observationOf.Length];
        double[] ofPair = new double[ofMembers.Length];
        for (int row = 0; row < logs.Length; row++)
        {
            for (int k = 0; k < ofPair.Length; k++)
            {
                ofPair[k] = ofMembers[k][row];
            }

            logs[row] = LogMath.MeanExp(ofPair);
        }

        return (logs, pairs.LogReference);
    }

    private double[] LogNorms(SummarisedEvents events, CancellationToken cancellation)
    {
        int count = events.Features.Count;
        double[] norms = new double[count];
        EventBlocks.ForEach(count, (start, length) =>
        {
            double[][] logs = Normalising(events.Select([.. Enumerable.Range(start, length)]), _seed);
            for (int i = 0; i < length; i++)
            {
                norms[start + i] = LogMath.MeanExp(logs[i]);
            }
        }, blockSize: 16, cancellation);
        return norms;
    }

    /// <summary>ln (r p/g) at draws of g, [observations][draws], −∞ outside the prior and the region; of the observation alone.</summary>
    private double[][] Normalising(SummarisedEvents events, Seed seed)
    {
        int count = events.Features.Count;
        int draws = _options.NormalisationDraws;
        IContrastDensity contrast = _contrast.At(events);
        int[] observationOf = [.. Enumerable.Range(0, count * draws).Select(i => i / draws)];
        float[][] theta = contrast.Draw(observationOf, i => seed.Child(i % draws));
        (double[] logs, _) = LogRatios(contrast, theta, observationOf);
        CutOff(logs, theta);
        return [.. Enumerable.Range(0, count).Select(observation => logs[(observation * draws)..((observation + 1) * draws)])];
    }

    private EventTable One(EventTable observation)
    {
        ArgumentNullException.ThrowIfNull(observation);
        return Observations.One(observation, Features);
    }
}
