using Gbi.Events;
using Gbi.Numerics;
using Gbi.Posteriors.Models;
using Gbi.Simulators.Priors;
using Gbi.Trees;

namespace Gbi.Posteriors.Autoregressive;

/// <summary>How a tree posterior is learnt.</summary>
public sealed record TreePosteriorOptions
{
    /// <summary>Members, whose densities are averaged. Range: 1 or more.</summary>
    public int MemberCount { get; init; } = 4;

    /// <summary>Most levels of cells.</summary>
    public int MaxDepth { get; init; } = 9;

    /// <summary>Simulations of a cell of the last level, about.</summary>
    public double EventsOfACell { get; init; } = 75;

    /// <summary>One simulation in so many decides how many trees are kept.</summary>
    public int HeldOutOneIn { get; init; } = 7;

    /// <summary>Folds of the cross-fitted locations.</summary>
    public int FoldCount { get; init; } = 4;

    /// <summary>How trees are grown.</summary>
    public TreeOptions Trees { get; init; } = new()
    {
        TreeCount = 400, LeafCount = 24, LearningRate = 0.1, MinLeafHessian = 5, EarlyStoppingRounds = 20, MaxBins = 64,
    };
}

/// <summary>The posterior of parameters, learnt from simulations by boosted trees.</summary>
public sealed class TreePosterior : IPosteriorModel
{
    private const int BlockSize = 2048;
    private const int UniformsOfAPosition = 16;

    private readonly Summaries _summaries;
    private readonly PosteriorMember[] _members;

    private TreePosterior(Prior prior, IReadOnlyList<string> features, Summaries summaries, PosteriorMember[] members)
    {
        Prior = prior;
        Features = features;
        _summaries = summaries;
        _members = members;
    }

    /// <summary>The prior.</summary>
    public Prior Prior { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> Parameters => Prior.Parameters;

    /// <inheritdoc/>
    public IReadOnlyList<string> Features { get; }

    /// <summary>Learns the posterior.</summary>
    public static TreePosterior Train(
        Prior prior, EventTable parameters, EventTable observations, TreePosteriorOptions options, Seed seed,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(prior);
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(observations);
        ArgumentNullException.ThrowIfNull(options);
        double[] weights = new double[parameters.Count];
        for (int row = 0; row < weights.Length; row++)
        {
            weights[row] = parameters.Weight(row) * parameters.Count / parameters.SumOfWeights;
        }

        var set = new TrainingSet(weights, Folds.Of(weights.Length, options.FoldCount, seed.Child("folds")), cancellation);
        float[][] values = [.. prior.Parameters.Select(name => parameters[name].ToArray())];
        (Summaries summaries, EventTable features, float[][] residuals) = Summaries.Fit(values, observations, set, options.Trees);
        var data = new SummarisedSimulations(values, features, residuals);
        var members = new PosteriorMember[options.MemberCount];
        EventBlocks.ForEachIndex(members.Length, k =>
        {
            Seed ofMember = seed.Child("members").Child(k);
            var own = set with { Folds = Folds.Of(weights.Length, options.FoldCount, ofMember.Child("folds")) };
            members[k] = PosteriorMember.Fit(prior, Order(values.Length, k, seed), data, own, options, ofMember);
        }, cancellation);
        return new TreePosterior(prior, [.. observations.ColumnNames], summaries, members);
    }

    /// <inheritdoc/>
    public double[] LogDensity(EventTable parameters, EventTable observations, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(observations);
        double[] densities = new double[parameters.Count];
        EventTable x = observations.WithColumns(Features);
        EventBlocks.ForEach(densities.Length, (start, length) =>
        {
            EventTable part = x.Count == 1 ? x.Select(new int[length]) : x.Slice(start, length);
            (EventTable summaries, float[][] means) = _summaries.Predict(part);
            EventTable features = Joined(part, summaries);
            float[][] values = [.. Parameters.Select(name => parameters[name].Slice(start, length).ToArray())];
            double[][] ofMembers = [.. _members.Select(member => member.LogDensity(values, features, means))];
            for (int row = 0; row < length; row++)
            {
                densities[start + row] = LogMean(ofMembers, row);
            }
        }, BlockSize, cancellation);
        return densities;
    }

    /// <inheritdoc/>
    public PosteriorDraws Draw(EventTable observations, int count, Seed seed, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(observations);
        EventTable x = observations.WithColumns(Features);
        (EventTable summaries, float[][] means) = _summaries.Predict(x);
        EventTable features = Joined(x, summaries);
        int total = checked(observations.Count * count);
        float[][] columns = [.. Parameters.Select(_ => new float[total])];
        int perMember = (count + _members.Length - 1) / _members.Length;
        EventBlocks.ForEach(total, (start, length) =>
        {
            for (int member = 0; member < _members.Length; member++)
            {
                int[] rows = [.. Enumerable.Range(start, length).Where(row => row % count % _members.Length == member)];
                int[] of = [.. rows.Select(row => row / count)];
                float[][] ownMeans = [.. means.Select(mean => Array.ConvertAll(of, row => mean[row]))];
                float[][] drawn = _members[member].Draw(features.Select(of), ownMeans, (position, level, i) =>
                {
                    long index = ((((long)(rows[i] % count)) * Parameters.Count) + position) * UniformsOfAPosition;
                    return seed.Child(of[i]).Uniform(index + level);
                });
                for (int k = 0; k < columns.Length; k++)
                {
                    for (int i = 0; i < rows.Length; i++)
                    {
                        columns[k][rows[i]] = drawn[k][i];
                    }
                }
            }
        }, BlockSize, cancellation);
        EventTable table = EventTable.FromColumns([.. Parameters.Select((name, k) => (name, columns[k]))]);
        return new PosteriorDraws(table, new double[total], count);
    }

    private static double LogMean(double[][] values, int row)
    {
        double largest = values.Max(ofMember => ofMember[row]);
        return double.IsNegativeInfinity(largest)
            ? largest
            : largest + Math.Log(values.Average(ofMember => Math.Exp(ofMember[row] - largest)));
    }

    /// <summary>Even members have random orders, odd ones the reverse of the member before.</summary>
    private static int[] Order(int count, int member, Seed seed)
    {
        int[] order = seed.Child("orders").Child(member / 2).Permutation(count);
        return member % 2 == 0 ? order : [.. order.Reverse()];
    }

    private static EventTable Joined(EventTable first, EventTable second)
    {
        foreach (string name in second.ColumnNames)
        {
            first = first.WithColumn(name, second.Memory(name));
        }

        return first;
    }
}
