using System.Numerics.Tensors;
using Gbi.Events;
using Gbi.Numerics;
using Gbi.Numerics.Probability;
using Gbi.Simulators.Priors;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Posteriors.Correction;

/// <summary>Points of a mixture of sources, with ln [p(θ) p(x|θ)] and the weight of each; more can be drawn.</summary>
internal sealed class WeightedPoints(PointSource[] sources, Prior prior, LogLikelihood logLikelihood)
{
    private const int BlockSize = 4096;

    /// <summary>θ, a column a parameter in the prior's order.</summary>
    public EventTable Table { get; private set; } = EventTable.FromColumns(
        [.. prior.Parameters.Select(name => (name, Array.Empty<float>()))]);

    /// <summary>ln p(θ) p(x|θ) of each point; −∞ where it is 0, or no number.</summary>
    public double[] LogJoint { get; private set; } = [];

    /// <summary>ln w of each point.</summary>
    private double[] LogWeights { get; set; } = [];

    /// <summary>The weights of all points.</summary>
    public ImportanceWeights Weights { get; private set; } = ImportanceWeights.Of([double.NegativeInfinity]);

    public int Count => Table.Count;

    /// <summary>Points outside the prior's support.</summary>
    public int OutsideCount { get; private set; }

    /// <summary>Points whose likelihood is NaN or +∞.</summary>
    public int InvalidCount { get; private set; }

    /// <summary>The first of them, as text.</summary>
    public string? FirstInvalid { get; private set; }

    /// <summary>The same with other sources, and no points yet.</summary>
    public WeightedPoints By(PointSource[] others) => new(others, prior, logLikelihood);

    /// <summary>Draws more points; the source of each is chosen by its share, so that all are independent draws of the mixture.</summary>
    public void Draw(int count, Seed seed, CancellationToken cancellation)
    {
        (EventTable points, double[] logProposals) = Drawn(CountOfEach(count, seed.Child("sources")), seed, cancellation);

        // In an order of chance, so that any part of the points is one of the mixture.
        int[] order = seed.Child("order").Permutation(count);
        points = points.Select(order);
        logProposals = [.. order.Select(row => logProposals[row])];
        double[] logJoint = new double[count];
        double[] logWeights = new double[count];
        EventBlocks.ForEach(
            count, (start, length) => Weigh(points.Slice(start, length), logProposals.AsSpan(start, length),
                logJoint.AsSpan(start, length), logWeights.AsSpan(start, length)),
            BlockSize, cancellation);
        FindInvalid(points, logWeights);
        Table = Table.Append(points);
        LogJoint = [.. LogJoint, .. logJoint];
        LogWeights = [.. LogWeights, .. logWeights];
        Weights = ImportanceWeights.Of(LogWeights);
    }

    private int[] CountOfEach(int count, Seed seed)
    {
        int[] counts = new int[sources.Length];
        for (int i = 0; i < count; i++)
        {
            double left = seed.Uniform(i);
            int source = 0;
            while (source + 1 < sources.Length && left >= sources[source].Share)
            {
                left -= sources[source++].Share;
            }

            counts[source]++;
        }

        return counts;
    }

    /// <summary>Points of each source, with ln of the mixture's density.</summary>
    private (EventTable Points, double[] LogProposals) Drawn(int[] counts, Seed seed, CancellationToken cancellation)
    {
        EventTable points = Table.Slice(0, 0);
        double[]?[] own = new double[sources.Length][];
        for (int source = 0; source < sources.Length; source++)
        {
            if (counts[source] > 0)
            {
                (EventTable drawn, own[source]) =
                    sources[source].Draw(counts[source], seed.Child("source").Child(source), cancellation);
                points = points.Append(drawn.WithColumns(prior.Parameters));
            }
        }

        // Σ s q = the mean of K s q over the K sources.
        double[][] ofSources = new double[sources.Length][];
        for (int source = 0; source < sources.Length; source++)
        {
            ofSources[source] = sources[source].LogDensity(points, counts[..source].Sum(), own[source]);
            TensorPrimitives.Add(ofSources[source], Math.Log(sources.Length * sources[source].Share), ofSources[source]);
        }

        double[] logProposals = new double[points.Count];
        LogMath.MeanExp(ofSources, logProposals);
        return (points, logProposals);
    }

    /// <summary>ln p(θ) p(x|θ) and ln w of some points; ln w is NaN where the likelihood is NaN or +∞, +∞ outside the prior.</summary>
    private void Weigh(EventTable points, ReadOnlySpan<double> logProposals, Span<double> logJoint, Span<double> logWeights)
    {
        double[] logPrior = prior.LogDensities(points);
        int[] inside = [.. Enumerable.Range(0, points.Count).Where(row => logPrior[row] > double.NegativeInfinity)];
        logJoint.Fill(double.NegativeInfinity);
        logWeights.Fill(double.PositiveInfinity);
        if (inside.Length == 0)
        {
            return;
        }

        double[] likelihoods = logLikelihood(inside.Length == points.Count ? points : points.Select(inside))
            ?? throw new DataException("The log-likelihood returned null; return one number a point.");
        if (likelihoods.Length != inside.Length)
        {
            throw new DataException(Text(
                $"The log-likelihood returned {likelihoods.Length:N0} values for {inside.Length:N0} points; return one number a point."));
        }

        for (int i = 0; i < inside.Length; i++)
        {
            int row = inside[i];
            if (double.IsNaN(logProposals[row]))
            {
                throw new DataException($"The posterior's density is NaN at {Named(points, row)}, expected a number or −∞.");
            }

            bool isValid = !double.IsNaN(likelihoods[i]) && !double.IsPositiveInfinity(likelihoods[i]);
            logJoint[row] = isValid ? logPrior[row] + likelihoods[i] : double.NegativeInfinity;
            logWeights[row] = isValid ? logJoint[row] - logProposals[row] : double.NaN;
        }
    }

    /// <summary>Counts the points without a weight, and gives them weight 0.</summary>
    private void FindInvalid(EventTable points, double[] logWeights)
    {
        for (int row = 0; row < logWeights.Length; row++)
        {
            if (double.IsNaN(logWeights[row]))
            {
                InvalidCount++;
                FirstInvalid ??= Named(points, row);
                logWeights[row] = double.NegativeInfinity;
            }
            else if (double.IsPositiveInfinity(logWeights[row]))
            {
                OutsideCount++;
                logWeights[row] = double.NegativeInfinity;
            }
        }
    }

    private static string Named(EventTable points, int row) =>
        string.Join(", ", points.ColumnNames.Select(name => Text($"{name} = {points[name][row]}")));
}
