using Gbi.Events;
using Gbi.Numerics;
using Gbi.Posteriors.Models;
using Gbi.Simulators.Priors;

namespace Gbi.Posteriors.Autoregressive;

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
        float[][] coordinates = [.. values.SelectMany((column, k) => ParameterScale.Of(prior, k).Coordinates(column))];
        (Summaries summaries, SummarisedEvents events) = Summaries.Fit(coordinates, observations, set, options.Trees);
        var members = new PosteriorMember[options.MemberCount];
        EventBlocks.ForEachIndex(members.Length, k =>
        {
            Seed ofMember = seed.Child("members").Child(k);
            var own = set with { Folds = Folds.Of(weights.Length, options.FoldCount, ofMember.Child("folds")) };
            members[k] = PosteriorMember.Fit(prior, Order(values.Length, k, seed), values, events, own, options, ofMember);
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
            SummarisedEvents events = _summaries.Predict(part);
            float[][] values = [.. Parameters.Select(name => parameters[name].Slice(start, length).ToArray())];
            double[][] ofMembers = [.. _members.Select(member => member.LogDensity(values, events))];
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
        SummarisedEvents events = _summaries.Predict(x);
        int total = checked(observations.Count * count);
        float[][] columns = [.. Parameters.Select(_ => new float[total])];
        EventBlocks.ForEach(total, (start, length) =>
        {
            for (int member = 0; member < _members.Length; member++)
            {
                int[] rows = [.. Enumerable.Range(start, length).Where(row => row % count % _members.Length == member)];
                int[] of = [.. rows.Select(row => row / count)];
                float[][] drawn = _members[member].Draw(events.Select(of), (position, level, i) =>
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
}
