namespace Gbi.Calibration;

/// <summary>
/// ln p₁(s)/p₀(s) as a constant in each of a row of cells of about equal content:
/// ln (Σ₁w / W₁) − ln (Σ₀w / W₀), sums over the cell's events of numerator and denominator, W their totals.
/// </summary>
/// <remarks>
/// <para>Nothing is pooled: the map may fall where the score rises, so it suits scores that are no monotone function of the ratio. The
/// mean of r over the denominator of the fit is exactly 1, and the cells' errors, √(1/n₁ + 1/n₀) of the effective numbers, are
/// independent. The price is a ratio with steps.</para>
/// <para>The first and the last cell extend to infinity with their constant: a histogram has no slope inside a cell, so
/// it has none to extrapolate with. No event then weighs more than the events that were seen justify, and a signal beyond the
/// last cell is underrated rather than overrated.</para>
/// </remarks>
internal sealed class HistogramCalibration : IRatioCalibration
{
    private readonly double[] _borders;
    private readonly double[] _logRatios;

    /// <summary>A map that was fitted before.</summary>
    /// <param name="borders">Scores between the cells, each above the one before; one fewer than cells. A border belongs to the cell above
    /// it.</param>
    /// <param name="logRatios">Log ratios of the cells; finite, at least one.</param>
    /// <exception cref="ArgumentException">Lengths do not fit, or a number is not finite or not in order.</exception>
    public HistogramCalibration(ReadOnlySpan<double> borders, ReadOnlySpan<double> logRatios)
    {
        if (borders.Length != logRatios.Length - 1)
        {
            throw new ArgumentException(
                $"There are {borders.Length} borders and {logRatios.Length} log ratios; give one border fewer than log ratios.");
        }

        AscendingNumbers.Require(borders, "border", strictly: true);
        AscendingNumbers.RequireFinite(logRatios, "log ratio");
        _borders = borders.ToArray();
        _logRatios = logRatios.ToArray();
    }

    /// <summary>Scores between the cells, ascending; one fewer than <see cref="LogRatios"/>.</summary>
    public ReadOnlySpan<double> Borders => _borders;

    /// <summary>Log ratios of the cells, in order of the score.</summary>
    public ReadOnlySpan<double> LogRatios => _logRatios;

    /// <summary>Fits the map on scores of events that the score was not trained on; null where a sample is too small for one
    /// cell.</summary>
    /// <param name="scores">Finite; one per event.</param>
    /// <param name="isNumerator">True where the event belongs to p₁.</param>
    /// <param name="weights">One per event; may be negative: cells grow until their sums are positive.</param>
    /// <param name="options">Sizes of the cells.</param>
    /// <exception cref="ArgumentException">Lengths disagree, or a score or weight is not finite.</exception>
    public static HistogramCalibration? Fit(
        ReadOnlySpan<float> scores, ReadOnlySpan<bool> isNumerator, ReadOnlySpan<double> weights, CalibrationOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        RatioCalibration.Check(scores, isNumerator, weights);
        List<ScoreCell> cells = ScoreCells.Merge(scores, isNumerator, weights, options);
        if (cells.Count == 0)
        {
            return null;
        }

        double numerator = cells.Sum(cell => cell.Numerator);
        double denominator = cells.Sum(cell => cell.Denominator);
        return new HistogramCalibration(
            [.. cells.Skip(1).Zip(cells, (above, below) => (below.Highest + above.Lowest) / 2)],
            [.. cells.Select(cell => Math.Log(cell.Numerator / numerator) - Math.Log(cell.Denominator / denominator))]);
    }

    /// <inheritdoc/>
    public double LogRatio(double score) =>
        double.IsNaN(score) ? score : _logRatios[AscendingNumbers.CountUpTo(_borders, score)];
}
