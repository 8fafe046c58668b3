using Gbi.Events;
using Gbi.Numerics;
using Gbi.Numerics.Probability;
using Gbi.Posteriors.Autoregressive.Means;
using Gbi.Posteriors.Misspecification;
using Gbi.Posteriors.Models;
using Gbi.Simulators.Priors;

namespace Gbi.Posteriors.Autoregressive;

/// <summary>
/// The posterior q(θ|x) of parameters, learnt from simulations by boosted trees: a mean of autoregressive densities, Π q(θⱼ|x, θ before j),
/// each with a location, a scale and a histogram of the residual whose bits are predicted. It is normalised exactly, draws without
/// rejection, and has no density outside the support of the prior's ranges.
/// </summary>
/// <remarks>
/// Every part is kept only as far as it lowers the loss on simulations that it does not see. What later parameters see of those before are
/// residuals, so that a density that moves with x is learnt as one that does not.
/// </remarks>
public sealed partial class TreePosterior : ILearntPosterior
{
    private const int BlockSize = 2048;

    private readonly Summaries _summaries;
    private readonly PosteriorMember[] _members;
    private readonly MisspecificationAlarm? _alarm;

    private TreePosterior(
        Prior prior, IReadOnlyList<string> features, Summaries summaries, PosteriorMember[] members, MisspecificationAlarm? alarm,
        int simulationCount)
    {
        Prior = prior;
        Features = features;
        _summaries = summaries;
        _members = members;
        _alarm = alarm;
        SimulationCount = simulationCount;
    }

    /// <summary>The prior that the simulations were drawn from.</summary>
    public Prior Prior { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> Parameters => Prior.Parameters;

    /// <inheritdoc/>
    public IReadOnlyList<string> Features { get; }

    /// <summary>Number of simulations that it was learnt from.</summary>
    public int SimulationCount { get; }

    /// <summary>Numbers that a draw is made of: one a parameter, and one that chooses the member where there are several.</summary>
    internal int NoiseCount => Parameters.Count + (_members.Length > 1 ? 1 : 0);

    /// <summary>What is learnt of x.</summary>
    internal Summaries Summaries => _summaries;

    /// <summary>The densities whose mean is the posterior.</summary>
    internal IReadOnlyList<PosteriorMember> Members => _members;

    /// <summary>What tells observations that the simulator does not make; null of a posterior without one.</summary>
    internal MisspecificationAlarm? Alarm => _alarm;

    /// <summary>Learns the posterior.</summary>
    /// <param name="prior">What the parameters were drawn from.</param>
    /// <param name="parameters">θ of the simulations, a column a parameter; its weights are those of the simulations.</param>
    /// <param name="observations">x of the same rows; NaN for a missing value. Failed simulations are left out before.</param>
    /// <param name="options">How it learns.</param>
    /// <param name="seed">Same seed, same posterior.</param>
    /// <param name="progress">Told the share of the members' parameters that is learnt, from 0 to 1.</param>
    /// <param name="cancellation">Stops between trees.</param>
    /// <exception cref="DataException">Rows disagree or are too few, or a parameter is constant or outside the prior.</exception>
    public static TreePosterior Train(
        Prior prior, EventTable parameters, EventTable observations, TreePosteriorOptions options, Seed seed,
        IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(prior);
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(observations);
        ArgumentNullException.ThrowIfNull(options);
        TrainingSimulations.Require(prior, parameters, observations);
        EventTable x = observations.WithWeights(null);
        double[] weights = TrainingSimulations.EffectiveWeights(parameters);
        options = options with
        {
            Trees = TrainingSimulations.TreesFor(options.Trees, weights) with { MaxBins = options.BinsFor(weights.Sum()) },
        };
        TrainingSet Set(Seed of) => new(weights, Folds.Of(weights.Length, options.FoldCount, of.Child("folds")), cancellation);
        float[][] values = [.. prior.Parameters.Select(name => parameters[name].ToArray())];
        float[][] coordinates = [.. values.SelectMany((column, k) => ParameterScale.Of(prior, k).Coordinates(column))];
        int parts = 1 + (options.MemberCount * values.Length);
        int learnt = 0;
        void Tell() => progress?.Report((double)Interlocked.Increment(ref learnt) / parts);
        (Summaries summaries, SummarisedEvents events) = Summaries.Fit(coordinates, x, Set(seed), options.Trees);
        Tell();
        var members = new PosteriorMember[options.MemberCount];
        EventBlocks.ForEachIndex(
            members.Length,
            k =>
            {
                Seed ofMember = seed.Child("members").Child(k);
                TrainingSet set = Set(ofMember) with { Learnt = Tell };
                members[k] = PosteriorMember.Fit(prior, Order(values.Length, k, seed), values, events, set, options, ofMember);
            },
            cancellation);
        var alarm = MisspecificationAlarm.Learn(
            parameters.HasWeights ? x.WithWeights(weights) : x, x.ColumnNames, seed.Child("alarm"), summaries.MeansOf(events));
        return new TreePosterior(prior, [.. x.ColumnNames], summaries, members, alarm, weights.Length);
    }

    /// <summary>The posterior of one observation.</summary>
    /// <param name="observation">One row with the columns <see cref="Features"/>.</param>
    /// <exception cref="DataException">A feature is no column or infinite, or there is another number of rows.</exception>
    public Posterior Given(EventTable observation)
    {
        ArgumentNullException.ThrowIfNull(observation);
        EventTable x = Observations.One(observation, Features);
        EventTable? means = _summaries.MeansOf(_summaries.Predict(x));
        IReadOnlyList<string> warnings = _alarm is null ? [] : _alarm.Check(x, means)[0].Warnings;
        return new Posterior(this, x, warnings);
    }

    /// <summary>
    /// The learnt means E[θ|x], one number a parameter: summaries of an observation, as for <see cref="Rejection.RejectionAbc"/> or as
    /// observables of another analysis, without draws. A posterior's own mean is that of its draws.
    /// </summary>
    /// <param name="observations">
    /// Columns <see cref="Features"/>; NaN for a missing value. Simulations that the means were learnt from look better than others.
    /// </param>
    /// <returns>
    /// A column <c>mean_NAME</c> a parameter, a row an observation, a little beyond the prior's range at most; the direction of an angle's
    /// mean. The mean of a category has no meaning.
    /// </returns>
    /// <exception cref="DataException">A feature is no column or infinite.</exception>
    public EventTable LearntMeans(EventTable observations)
    {
        ArgumentNullException.ThrowIfNull(observations);
        return _summaries.ParameterMeans(Prior, Observations.Of(observations, Features));
    }

    /// <inheritdoc/>
    public double[] LogDensity(EventTable parameters, EventTable observations, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(observations);
        EventTable x = Observations.OfRows(observations, Features, parameters);
        float[][] theta = [.. Parameters.Select(name => parameters[name].ToArray())];
        if (x.Count == 1)
        {
            return LogDensity(theta, _summaries.Predict(x), new int[parameters.Count], cancellation);
        }

        double[] densities = new double[x.Count];
        EventBlocks.ForEach(x.Count, (start, length) =>
        {
            float[][] block = [.. theta.Select(column => column[start..(start + length)])];
            LogDensity(block, _summaries.Predict(x.Slice(start, length)), Repeated(length, 1), cancellation).CopyTo(densities, start);
        }, BlockSize, cancellation);
        return densities;
    }

    /// <summary>ln q of each point.</summary>
    /// <param name="parameters">θ, a column a parameter.</param>
    /// <param name="events">Observations and their summaries.</param>
    /// <param name="observationOf">The observation of each point.</param>
    /// <param name="cancellation">Stops between blocks.</param>
    internal double[] LogDensity(
        float[][] parameters, SummarisedEvents events, int[] observationOf, CancellationToken cancellation = default)
    {
        double[] densities = new double[observationOf.Length];
        ForEachBlock(
            parameters, events, observationOf,
            (start, ofMembers) => LogMath.MeanExp(ofMembers, densities.AsSpan(start, ofMembers[0].Length)), cancellation);
        return densities;
    }

    /// <summary>Calls back with ln q of each member at the points of a block: (first point, [members][points]).</summary>
    internal void ForEachBlock(
        float[][] parameters, SummarisedEvents events, int[] observationOf, Action<int, double[][]> body,
        CancellationToken cancellation = default)
    {
        ObservationBlock[] blocks = ObservationBlock.Of(observationOf, BlockSize);
        EventBlocks.ForEachIndex(blocks.Length, index =>
        {
            ObservationBlock block = blocks[index];
            SummarisedEvents ofBlock = events.Select(block.Observations(observationOf));
            float[][] values = [.. parameters.Select(column => column[block.Start..(block.Start + block.Length)])];
            body(block.Start, [.. _members.Select(member => member.LogDensity(values, ofBlock))]);
        }, cancellation);
    }

    /// <inheritdoc/>
    public PosteriorDraws Draw(EventTable observations, int count, Seed seed, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(observations);
        return Draw(observations, count, [.. Enumerable.Range(0, observations.Count).Select(row => seed.Child(row))], cancellation);
    }

    /// <summary>The same with the seed of each observation's draws.</summary>
    internal PosteriorDraws Draw(EventTable observations, int count, Seed[] seeds, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        EventTable x = Observations.Of(observations, Features);
        int width = NoiseCount;
        int[] observationOf = Repeated(x.Count, count);
        SummarisedEvents events = _summaries.Predict(x);
        EventTable table = At(
            events, observationOf, (row, number) => seeds[row / count].Uniform(((long)(row % count) * width) + number), cancellation);
        return new PosteriorDraws(
            table, count, () => LogDensity([.. Parameters.Select(name => table[name].ToArray())], events, observationOf));
    }

    /// <summary>The draws that standard normal numbers z stand for: shares Φ(z) of the probability, as an exported graph makes
    /// them.</summary>
    /// <param name="observations">x, a row a draw.</param>
    /// <param name="noise">Shape [draws × <see cref="NoiseCount"/>]; the number of a parameter, and the member's last.</param>
    internal EventTable DrawFrom(EventTable observations, float[] noise)
    {
        int width = NoiseCount;
        EventTable x = Observations.Of(observations, Features);
        return At(
            _summaries.Predict(x), Repeated(x.Count, 1),
            (row, number) => TailProbability.OfNormal(-noise[(row * width) + number]), CancellationToken.None);
    }

    /// <summary>Points θ below which shares of the probability of each parameter lie, given those before it.</summary>
    /// <param name="events">Observations and their summaries.</param>
    /// <param name="observationOf">The observation of each point.</param>
    /// <param name="share">The share of a point and a number; the last number chooses the member.</param>
    /// <param name="cancellation">Stops between blocks.</param>
    internal EventTable At(
        SummarisedEvents events, int[] observationOf, Func<int, int, double> share, CancellationToken cancellation = default)
    {
        int total = observationOf.Length;
        float[][] columns = [.. Parameters.Select(_ => new float[total])];
        ObservationBlock[] blocks = ObservationBlock.Of(observationOf, BlockSize);
        EventBlocks.ForEachIndex(blocks.Length, index =>
        {
            (int start, int length, bool isOne) = blocks[index];
            int[] memberOf = new int[length];
            for (int i = 0; _members.Length > 1 && i < length; i++)
            {
                memberOf[i] = Math.Min((int)(share(start + i, Parameters.Count) * _members.Length), _members.Length - 1);
            }

            for (int member = 0; member < _members.Length; member++)
            {
                int[] rows = [.. Enumerable.Range(start, length).Where(row => memberOf[row - start] == member)];
                if (rows.Length == 0)
                {
                    continue;
                }

                float[][] points = _members[member].Draw(
                    events.Select(isOne ? [observationOf[start]] : Array.ConvertAll(rows, row => observationOf[row])),
                    [.. Parameters.Select((_, k) => Array.ConvertAll(rows, row => share(row, k)))]);
                for (int k = 0; k < columns.Length; k++)
                {
                    for (int i = 0; i < rows.Length; i++)
                    {
                        columns[k][rows[i]] = points[k][i];
                    }
                }
            }
        }, cancellation);
        return EventTable.FromColumns([.. Parameters.Select((name, k) => (name, columns[k]))]);
    }

    private static int[] Repeated(int rows, int count) => [.. Enumerable.Range(0, checked(rows * count)).Select(draw => draw / count)];

    /// <summary>Even members have random orders of the parameters, odd ones the reverse of the member before.</summary>
    private static int[] Order(int count, int member, Seed seed)
    {
        int[] order = seed.Child("orders").Child(member / 2).Permutation(count);
        return member % 2 == 0 ? order : [.. order.Reverse()];
    }
}
