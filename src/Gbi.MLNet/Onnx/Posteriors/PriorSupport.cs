using Gbi.Events;
using Gbi.Numerics;
using Gbi.Simulators.Priors;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Onnx.Posteriors;

/// <summary>Keeps draws of a network to the prior's support, and measures how much of it lies there.</summary>
/// <param name="sampler">The network.</param>
/// <param name="prior">The prior.</param>
/// <param name="name">Name of the network's file.</param>
/// <param name="isKept">Whether they are kept to it; otherwise everything counts as inside.</param>
internal sealed class PriorSupport(PosteriorSampler sampler, Prior prior, string name, bool isKept)
{
    private const int FirstDraws = 500;
    private const int MoreDraws = 10_000;
    private const double LeastShare = 1e-3;

    // The probability inside belongs to the observation, whoever asks.
    private static readonly Seed OfShares = new Seed(1).Child("support");

    /// <summary>Whether rows of parameters are in the support.</summary>
    public bool[] Contains(EventTable parameters)
    {
        bool[] isInside = new bool[parameters.Count];
        ReadOnlyMemory<float>[] columns = [.. prior.Parameters.Select(parameters.Memory)];
        EventBlocks.ForEach(isInside.Length, (start, length) =>
        {
            Span<double> point = stackalloc double[columns.Length];
            for (int row = start; row < start + length; row++)
            {
                for (int k = 0; k < point.Length; k++)
                {
                    point[k] = columns[k].Span[row];
                }

                isInside[row] = !isKept || prior.Contains(point);
            }
        });
        return isInside;
    }

    /// <summary>
    /// Draws of observations, in their order, with ln q of the network; the draws of observation i depend on seed.Child(i).
    /// </summary>
    /// <exception cref="DataException">Less than a thousandth of the draws of an observation are in the support.</exception>
    public (float[][] Columns, double[] LogDensities) Draw(EventTable x, int count, Seed seed, CancellationToken cancellation)
    {
        int total = checked(x.Count * count);
        float[][] columns = [.. prior.Parameters.Select(_ => new float[total])];
        double[] densities = new double[total];
        bool[] isOutside = new bool[total];
        long[] tried = new long[x.Count];
        int[] pending = [.. Enumerable.Range(0, total)];
        for (int round = 0; pending.Length > 0; round++)
        {
            Seed[] seeds = [.. Enumerable.Range(0, x.Count).Select(row => seed.Child(row).Child(round))];
            sampler.Draw(
                x, count, seeds, pending,
                (row, theta, logDensity, isInside) =>
                {
                    isOutside[row] = isKept && !isInside;
                    densities[row] = logDensity;
                    for (int k = 0; k < theta.Length; k++)
                    {
                        columns[k][row] = theta[k];
                    }
                },
                cancellation);
            int[] left = [.. pending.Where(row => isOutside[row])];
            RequireSome(count, tried, pending, left);
            pending = left;
        }

        return (columns, densities);
    }

    /// <summary>The probability inside at each observation.</summary>
    /// <exception cref="DataException">It is below a thousandth at one of them.</exception>
    public Estimate[] Shares(EventTable x, CancellationToken cancellation)
    {
        var shares = new Estimate[x.Count];
        Array.Fill(shares, new Estimate(1, 0));
        if (!isKept)
        {
            return shares;
        }

        int[] inside = sampler.CountInside(x, FirstDraws, OfShares, cancellation);
        int[] leaking = [.. Enumerable.Range(0, x.Count).Where(row => inside[row] < FirstDraws)];
        for (int row = 0; row < shares.Length; row++)
        {
            shares[row] = ShareOf(inside[row], FirstDraws);
        }

        if (leaking.Length > 0)
        {
            int[] more = sampler.CountInside(x.Select(leaking), MoreDraws, OfShares.Child("more"), cancellation);
            for (int i = 0; i < leaking.Length; i++)
            {
                int held = inside[leaking[i]] + more[i];
                Require(leaking[i], held, FirstDraws + MoreDraws);
                shares[leaking[i]] = ShareOf(held, FirstDraws + MoreDraws);
            }
        }

        return shares;
    }

    /// <summary>Its natural log.</summary>
    public double[] LogShares(EventTable x, CancellationToken cancellation) =>
        Array.ConvertAll(Shares(x, cancellation), share => Math.Log(share.Value));

    /// <summary>The error of a share of 0 or 1 is that of one draw.</summary>
    private static Estimate ShareOf(int inside, int count)
    {
        double share = (double)inside / count;
        return new Estimate(share, Math.Max(Math.Sqrt(share * (1 - share) / count), 1.0 / count));
    }

    private void RequireSome(int count, long[] tried, int[] pending, int[] left)
    {
        foreach (int row in pending)
        {
            tried[row / count]++;
        }

        int[] missing = new int[tried.Length];
        foreach (int row in left)
        {
            missing[row / count]++;
        }

        for (int observation = 0; observation < tried.Length; observation++)
        {
            if (missing[observation] > 0 && tried[observation] >= MoreDraws)
            {
                Require(observation, count - missing[observation], tried[observation]);
            }
        }
    }

    private void Require(int observation, long inside, long count)
    {
        if (inside < LeastShare * count)
        {
            throw new DataException(Text(
                $"Of {count:N0} draws of {name} at observation {observation:N0} only {inside:N0} are in the prior's support, expected one ")
                + Text($"in {1 / LeastShare:N0} or more; the network does not know such observations, or was learnt with another prior. ")
                + "Learn it with parameters mapped to the prior's range.");
        }
    }
}
