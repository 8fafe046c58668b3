using Gbi.Events;

namespace Gbi.Diagnostics.Posteriors.Repair;

/// <summary>The level to use in place of a nominal one.</summary>
/// <param name="Nominal">α, the coverage that is wanted.</param>
/// <param name="Level">α′, the level of the region of highest density that has it; 1 for the whole support.</param>
/// <param name="LevelError">Standard error of α′ by the size of the calibration set.</param>
/// <param name="CoverageError">
/// Standard deviation of the coverage of one calibration set's regions about α, √(k(n+1−k)/((n+1)²(n+2))) at the k-th of n ranks.
/// </param>
public sealed record RecalibratedLevel(double Nominal, double Level, double LevelError, double CoverageError);

/// <summary>
/// Conformal repair of regions of highest density: in place of level α the ⌈(n+1)α⌉-th smallest rank of n held-out truths, the share of
/// draws that are denser than the truth. Regions of that level hold the truth with a probability between α and α + 1/(n+1), on average
/// over calibration sets and observations, however wrong the posterior is; at one observation they need not.
/// </summary>
/// <remarks>Vovk, Gammerman and Shafer, Algorithmic Learning in a Random World (2005), chapter 2.</remarks>
public sealed class HpdRecalibration
{
    private readonly double[] _ranks;

    private HpdRecalibration(double[] ranks) => _ranks = ranks;

    /// <summary>The held-out ranks, ascending: all that an equal object needs.</summary>
    public IReadOnlyList<double> Ranks => _ranks;

    /// <summary>Learns from ranks of truths that neither training nor tests use.</summary>
    /// <param name="densityRanks">Shares of denser draws, as in <see cref="PosteriorRanks.OfDensity"/>.</param>
    /// <exception cref="DataException">There is none, or one is outside [0, 1].</exception>
    public static HpdRecalibration Of(IReadOnlyList<double> densityRanks)
    {
        ArgumentNullException.ThrowIfNull(densityRanks);
        double[] sorted = [.. densityRanks.Order()];
        if (sorted.Length == 0 || !sorted.All(rank => rank is >= 0 and <= 1))
        {
            throw new DataException(
                $"There are {sorted.Length:N0} ranks to recalibrate with, from {sorted.FirstOrDefault()} to {sorted.LastOrDefault()}; "
                    + "give the ranks of the truth's density in held-out pairs, which lie in [0, 1].");
        }

        return new HpdRecalibration(sorted);
    }

    /// <summary>The level whose regions hold the truth with a probability.</summary>
    /// <param name="nominal">α. Range: (0, 1).</param>
    public RecalibratedLevel At(double nominal)
    {
        if (!(nominal is > 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(nominal), nominal, "The level of a region must lie between 0 and 1.");
        }

        int n = _ranks.Length;

        // (n + 1)α is a whole number up to rounding for many levels, such as 95 % of 999 + 1.
        int k = (int)Math.Ceiling(((n + 1) * nominal) - 1e-9);
        double spread = Math.Sqrt(n * nominal * (1 - nominal));
        double error = (Rank(k + spread) - Rank(k - spread)) / 2;
        double bounded = Math.Min(k, n);
        double coverageError = Math.Sqrt(bounded * (n + 1 - bounded) / (n + 2)) / (n + 1);
        return new RecalibratedLevel(nominal, k > n ? 1 : _ranks[k - 1], error, coverageError);
    }

    /// <summary>
    /// The nominal level at which a region of a given level of the posterior ends up: its measured coverage, k/(n + 1) of the k ranks
    /// below.
    /// </summary>
    public double CoverageOf(double level) => (double)_ranks.Count(rank => rank <= level) / (_ranks.Length + 1);

    private double Rank(double order)
    {
        double at = Math.Clamp(order, 1, _ranks.Length) - 1;
        int below = (int)at;
        int above = Math.Min(below + 1, _ranks.Length - 1);
        return _ranks[below] + ((at - below) * (_ranks[above] - _ranks[below]));
    }
}
