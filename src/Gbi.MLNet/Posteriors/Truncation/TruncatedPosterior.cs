using Gbi.Events;
using Gbi.Numerics;
using Gbi.Posteriors.Autoregressive;
using Gbi.Posteriors.Models;
using Gbi.Posteriors.Ratios;
using Gbi.Simulators.Priors;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Posteriors.Truncation;

/// <summary>
/// The posterior of one observation x_o, learnt in rounds of simulations near it: q(θ|x) 1[θ ∈ H]/Λ(x), Λ(x) = ∫_H q(θ|x) dθ. H is where
/// the posteriors of earlier rounds have density at x_o. It is right for x_o only: for another one there may be parameters outside H.
/// </summary>
/// <remarks>
/// The points of all rounds have the density of the prior times a constant in H, where x_o has its posterior: all are learnt from as they
/// are.
/// Deistler, Gonçalves and Macke, arXiv:2210.04815; Miller et al., arXiv:2107.01214.
/// </remarks>
public sealed partial class TruncatedPosterior : ILearntPosterior
{
    // Draws that the norms of other observations than x_o are found with; that of x_o has more.
    private const int DrawsOfNorm = 200;
    private const int DrawsOfOwnNorm = 20_000;
    private const int MostDrawsOfADraw = 2000;

    private static readonly double LeastLogNorm = Math.Log(0.9);

    private readonly TreePosterior _inner;
    private readonly HighDensityRegion _region;
    private readonly double _logNorm;

    /// <summary>A posterior of the region.</summary>
    /// <param name="inner">q.</param>
    /// <param name="region">H.</param>
    /// <param name="corrected">q as it was corrected by a classifier, of all parameters; null for none.</param>
    /// <param name="logNorm">ln Λ(x_o) where it is known.</param>
    internal TruncatedPosterior(TreePosterior inner, HighDensityRegion region, RatioPosterior? corrected = null, double? logNorm = null)
    {
        _inner = inner;
        _region = region;
        Corrected = corrected?.Within(points => region.RowsInside(points, CancellationToken.None));
        _logNorm = logNorm ?? LogNorm(region.Observation, DrawsOfOwnNorm, CancellationToken.None);
    }

    /// <summary>Refuses a posterior that holds for no other observation than its own.</summary>
    /// <exception cref="DataException">It was learnt in rounds.</exception>
    internal static void RefuseIn(ILearntPosterior posterior)
    {
        if (posterior is TruncatedPosterior)
        {
            throw new DataException(
                "The posterior was inferred in rounds near one observation, and holds for no other event; give one that was inferred from "
                    + "simulations of the whole prior.");
        }
    }

    /// <summary>The prior that the first round drew from.</summary>
    public Prior Prior => _inner.Prior;

    /// <inheritdoc/>
    public IReadOnlyList<string> Parameters => _inner.Parameters;

    /// <inheritdoc/>
    public IReadOnlyList<string> Features => _inner.Features;

    /// <summary>Number of simulations of all rounds that it was learnt from.</summary>
    public int SimulationCount => _inner.SimulationCount;

    /// <summary>x_o, one row with the columns <see cref="Features"/>.</summary>
    public EventTable Observation => _region.Observation;

    /// <summary>Share of q(θ|x_o) in H: what is left of the last round's posterior, before a correction. Range: (0, 1].</summary>
    public double Coverage => Math.Exp(_logNorm);

    /// <summary>The posterior as it was corrected by a classifier, in H; null where it was not.</summary>
    public RatioPosterior? Corrected { get; }

    /// <summary>The posterior of <see cref="Observation"/>.</summary>
    public Posterior Given() => new(this, Observation, (Corrected?.Given(Observation) ?? _inner.Given(Observation)).Warnings);

    /// <summary>The posterior of an observation, which must be <see cref="Observation"/>.</summary>
    /// <exception cref="DataException">It is another one.</exception>
    public Posterior Given(EventTable observation)
    {
        ArgumentNullException.ThrowIfNull(observation);
        foreach (string name in Features)
        {
            float found = observation.Count == 1 ? observation[name][0] : float.NaN;
            if (found != Observation[name][0])
            {
                throw new DataException(Text(
                    $"The posterior was learnt in rounds for the observation with {name} = {Observation[name][0]} and holds for no other; ")
                    + (observation.Count == 1
                        ? Text($"this one has {name} = {found}. Learn one for it, or a posterior without rounds for all observations.")
                        : Text($"there are {observation.Count:N0}. Give that one, or learn a posterior without rounds.")));
            }
        }

        return Given();
    }

    /// <summary>ln q of draws at x_o, not divided by Λ: what a border of a region is set by.</summary>
    internal double[] DrawnLogDensities(int count, Seed seed, CancellationToken cancellation) =>
        _inner.LogDensity(Draw(Observation, count, seed, cancellation).Table, Observation, cancellation);

    /// <summary>
    /// The rows whose posteriors lie in H but for a tenth; where they are fewer than half of all, the half with the most in H. The choice
    /// depends on x alone, so that tests on these rows are fair; elsewhere the border of H cuts posteriors that were not learnt with it.
    /// </summary>
    internal int[] RowsWithin(EventTable observations, CancellationToken cancellation)
    {
        double[] logNorms = LogNorms(observations, cancellation);
        int[] order = [.. Enumerable.Range(0, logNorms.Length).OrderByDescending(row => logNorms[row])];
        int count = Math.Max((order.Length + 1) / 2, logNorms.Count(logNorm => logNorm >= LeastLogNorm));
        return [.. order.Take(count).Order()];
    }

    /// <inheritdoc/>
    /// <remarks>Simulations near x_o are meant, to test with; another observation may have parameters outside H.</remarks>
    public double[] LogDensity(EventTable parameters, EventTable observations, CancellationToken cancellation = default)
    {
        if (Corrected is not null)
        {
            return Corrected.LogDensity(parameters, observations, cancellation);
        }

        double[] densities = _inner.LogDensity(parameters, observations, cancellation);
        bool[] isInside = new bool[densities.Length];
        foreach (int row in _region.RowsInside(parameters.WithColumns(Parameters).WithWeights(null), cancellation))
        {
            isInside[row] = true;
        }

        double[] logNorms = LogNorms(observations, cancellation);
        for (int row = 0; row < densities.Length; row++)
        {
            densities[row] = isInside[row] ? densities[row] - logNorms[logNorms.Length == 1 ? 0 : row] : double.NegativeInfinity;
        }

        return densities;
    }

    /// <inheritdoc/>
    /// <exception cref="DataException">An observation is so unlike x_o that hardly a draw lies in H.</exception>
    public PosteriorDraws Draw(EventTable observations, int count, Seed seed, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(observations);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        if (Corrected is not null)
        {
            return Corrected.Draw(observations, count, seed, cancellation);
        }

        var draws = new EventTable[observations.Count];
        EventBlocks.ForEachIndex(
            draws.Length, row => draws[row] = Draw(observations.Slice(row, 1), count, seed.Child(row), row, cancellation), cancellation);
        EventTable table = EventTable.FromColumns([.. Parameters.Select(name =>
            (name, draws.SelectMany(ofRow => ofRow[name].ToArray()).ToArray()))]);
        int[] rows = [.. Enumerable.Range(0, table.Count).Select(draw => draw / count)];
        return new PosteriorDraws(
            table, count, () => LogDensity(table, observations.Count == 1 ? observations : observations.Select(rows), cancellation));
    }

    /// <summary>Draws of one observation in H.</summary>
    private EventTable Draw(EventTable observation, int count, Seed seed, int row, CancellationToken cancellation)
    {
        EventTable? kept = null;
        long tried = 0;
        for (int round = 0; (kept?.Count ?? 0) < count; round++)
        {
            int found = kept?.Count ?? 0;
            if (tried >= 1000 + ((long)MostDrawsOfADraw * Math.Max(1, found)))
            {
                throw new DataException(Text(
                    $"{found:N0} of {tried:N0} draws of the posterior of observation {row:N0} lie where that of the observation that it ")
                    + "was learnt for has density; it holds for that one only.");
            }

            double share = tried == 0 ? Math.Exp(_logNorm) : (found + 1.0) / (tried + 1.0);
            int next = (int)Math.Min(10 * (count + 100), Math.Ceiling(1.05 * (count - found) / share) + 10);
            EventTable drawn = _inner.Draw(observation, next, seed.Child(round), cancellation).Table;
            EventTable inside = drawn.Select(_region.RowsInside(drawn, cancellation));
            kept = kept?.Append(inside) ?? inside;
            tried += next;
        }

        return kept!.Slice(0, count);
    }

    /// <summary>ln Λ of one observation or, one a run of equal rows, of many.</summary>
    private double[] LogNorms(EventTable observations, CancellationToken cancellation)
    {
        EventTable x = observations.WithColumns(Features).WithWeights(null);
        int[] firsts = [.. Enumerable.Range(0, x.Count).Where(row => row == 0 || !IsSame(x, row, x, row - 1))];
        double[] ofFirsts = new double[firsts.Length];
        EventBlocks.ForEachIndex(
            firsts.Length,
            k => ofFirsts[k] = IsSame(x, firsts[k], Observation, 0)
                ? _logNorm
                : LogNorm(x.Slice(firsts[k], 1), DrawsOfNorm, cancellation),
            cancellation);
        double[] norms = new double[x.Count];
        for (int row = 0, at = 0; row < norms.Length; row++)
        {
            at = at + 1 < firsts.Length && firsts[at + 1] == row ? at + 1 : at;
            norms[row] = ofFirsts[at];
        }

        return norms;
    }

    /// <summary>ln Λ from draws, which depend on x alone; of no draw inside, that of half a draw.</summary>
    private double LogNorm(EventTable observation, int count, CancellationToken cancellation)
    {
        if (_region.Bounds.Count == 0)
        {
            return 0;
        }

        EventTable drawn = _inner.Draw(observation, count, new Seed(0).Child("norm"), cancellation).Table;
        return Math.Log(Math.Max(0.5, _region.RowsInside(drawn, cancellation).Length) / count);
    }

    private bool IsSame(EventTable left, int leftRow, EventTable right, int rightRow) =>
        Features.All(name => left[name][leftRow].Equals(right[name][rightRow]));
}
