using Gbi.Events;
using Gbi.Numerics;
using Gbi.Posteriors.Models;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Posteriors.Correction;

/// <summary>
/// The posterior p(θ) p(x|θ)/Z of one observation, as weighted points. It is exact up to the number of points, unless it refuses: its
/// diagnostics can be read then, but it gives no means and no draws.
/// </summary>
public sealed class CorrectedPosterior
{
    private const double LeastEffectiveSize = 100;
    private const double LargestParetoShape = 0.7;

    // A draw for each of so many independent ones: errors of draws are then at most 10 % larger than those of independent draws.
    private const int EffectiveDrawsOfADraw = 5;

    // Of the probability, which points lose that are drawn once though their weight says more.
    private const double LargestLoss = 0.01;

    private readonly WeightedPoints _points;
    private readonly ImportanceWeights _weights;
    private readonly double _logPriorError;
    private readonly Lazy<PosteriorSummary> _summary;
    private readonly Lazy<int> _maxDrawCount;

    internal CorrectedPosterior(WeightedPoints points, IReadOnlyList<string> warnings, double logPriorError)
    {
        _points = points;
        _weights = points.Weights;
        _logPriorError = logPriorError;
        Refusal = Refuse();
        Warnings = points.InvalidCount == 0 ? warnings : [.. warnings, InvalidSentence()];
        _summary = new Lazy<PosteriorSummary>(SummariseAll);
        _maxDrawCount = new Lazy<int>(() => Refusal is null
            ? SystematicSampling.LargestCount(_weights.Shares, (int)(EffectiveSize / EffectiveDrawsOfADraw), LargestLoss)
            : 0);
    }

    /// <summary>Names of the parameters.</summary>
    public IReadOnlyList<string> Parameters => _points.Table.ColumnNames;

    /// <summary>The weighted points, a column a parameter.</summary>
    public EventTable Points => _points.Table;

    /// <summary>Weights of the points; they sum to 1, or are all 0 where the posterior is 0 at every point.</summary>
    public ReadOnlySpan<double> Weights => _weights.Shares;

    /// <summary>n_eff = (Σw)²/Σw²: independent draws of the exact posterior that are worth as much.</summary>
    public double EffectiveSize => _weights.EffectiveSize;

    /// <summary>
    /// ε = n_eff/n of the weighted points: how near the density that they were drawn from is to the posterior. Range: [0, 1].
    /// </summary>
    public double Efficiency => EffectiveSize / _points.Count;

    /// <summary>ln Z, the evidence Z = ∫ p(θ) p(x|θ) dθ, by the mean weight; −∞ where the posterior is 0 at every point.</summary>
    public double LogEvidence => _weights.LogEvidence;

    /// <summary>
    /// Standard error of ln Z: √((1−ε)/(nε)), and in quadrature that of ln p(θ) where the prior's normalisation is estimated; +∞ where ε is
    /// 0.
    /// </summary>
    public double LogEvidenceError => double.Hypot(_weights.LogEvidenceError, _logPriorError);

    /// <summary>
    /// k̂, the shape of the weights' tail: above ½ their variance may be infinite, and above 0.7 neither means nor errors can be trusted.
    /// −∞ where the largest weights are equal.
    /// </summary>
    /// <remarks>Vehtari, Simpson, Gelman, Yao and Gabry, arXiv:1507.02646.</remarks>
    public double ParetoShape => _weights.ParetoShape;

    /// <summary>Points whose likelihood is NaN or +∞; they have weight 0.</summary>
    public int InvalidCount => _points.InvalidCount;

    /// <summary>Points outside the prior's support, with weight 0.</summary>
    public int OutsideCount => _points.OutsideCount;

    /// <summary>Why the correction must not be trusted, where n_eff is below 100 or k̂ above 0.7; null where it may.</summary>
    public string? Refusal { get; }

    /// <summary>Warnings of the posterior that was corrected, and one of a likelihood that is NaN or +∞ at some points.</summary>
    public IReadOnlyList<string> Warnings { get; }

    /// <summary>
    /// Largest number of draws without replacement: n_eff/5, or fewer where single weights are so large that draws would lose more than 1 %
    /// of the probability; 0 where the correction is refused.
    /// </summary>
    public int MaxDrawCount => _maxDrawCount.Value;

    /// <summary>
    /// Draws without weights: points without replacement, each once at most, in an order of chance. A point of weight w is drawn with the
    /// probability min(1, c w), Σ min(1, c w) = n, so that the draws have the distribution of the weighted points where no weight exceeds
    /// 1/n.
    /// </summary>
    /// <param name="count">n. Range: 1 to <see cref="MaxDrawCount"/>.</param>
    /// <param name="seed">Same seed, same draws.</param>
    /// <returns>The draws, with ln of their exact posterior density up to the error of ln Z.</returns>
    /// <remarks>
    /// Systematic sampling in an order of chance (Madow, Ann. Math. Stat. 20 (1949) 333). Weights above 1/n lose Σ max(0, w − 1/n) of the
    /// probability, at most 1 %. The variance of a mean is that of n independent draws times 1 + n/n_eff, at most 1.2. Draws of several
    /// seeds have points in common. Points are equal where their draws were: where parameters are discrete, or single precision is coarse.
    /// </remarks>
    /// <exception cref="DataException">The correction is refused, or there are too few points for so many draws.</exception>
    public PosteriorDraws Draw(int count, Seed seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        RequireTrusted();
        if (count > MaxDrawCount)
        {
            throw new DataException(Text(
                $"{count:N0} draws without replacement are too many for points that are worth {EffectiveSize:N0} independent draws; take ")
                + Text($"{MaxDrawCount:N0} or fewer, or raise EffectiveSize and MaxDraws of CorrectionOptions."));
        }

        int[] rows = SystematicSampling.Draw(_weights.Shares, count, seed);
        return new PosteriorDraws(_points.Table.Select(rows), LogDensities(rows), count);
    }

    /// <summary>Means, deviations, intervals and regions of the weighted points.</summary>
    /// <exception cref="DataException">The correction is refused.</exception>
    public PosteriorSummary Summarise()
    {
        RequireTrusted();
        return _summary.Value;
    }

    private PosteriorSummary SummariseAll()
    {
        int[] rows = [.. Enumerable.Range(0, _points.Count).Where(row => _weights.Shares[row] > 0)];
        return PosteriorSummary.Of(
            _points.Table.Select(rows), LogDensities(rows), Array.ConvertAll(rows, row => _weights.Shares[row]));
    }

    private double[] LogDensities(int[] rows) => Array.ConvertAll(rows, row => _points.LogJoint[row] - LogEvidence);

    private void RequireTrusted()
    {
        if (Refusal is not null)
        {
            throw new DataException(Refusal);
        }
    }

    private string? Refuse()
    {
        const string Remedy =
            " Learn the posterior from more simulations, draw more points (MaxDraws of CorrectionOptions), or check that likelihood and "
            + "simulator agree.";
        string? reason = EffectiveSize == 0
            ? Text($"The likelihood is 0 or no number at all of {_points.Count:N0} points, so that no posterior follows from them.")
            : EffectiveSize < LeastEffectiveSize
                ? Text($"The correction must not be trusted: {_points.Count:N0} points are worth {EffectiveSize:F1} independent draws, ")
                    + Text($"expected {LeastEffectiveSize} or more.")
                : ParetoShape > LargestParetoShape
                    ? Text($"The correction must not be trusted: its weights have a tail of Pareto shape {ParetoShape:F2}, expected ")
                        + Text($"{LargestParetoShape} or less, so that a few points decide.")
                    : null;
        return reason is null ? null : reason + Remedy;
    }

    private string InvalidSentence() => Text(
        $"The likelihood is NaN or +∞ at {InvalidCount:N0} of {_points.Count:N0} points (first at {_points.FirstInvalid}); they have ")
        + "weight 0, as if the likelihood were 0 there.";
}
