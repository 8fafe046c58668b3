namespace Gbi.Calibration;

/// <summary>
/// A non-decreasing map from a score s to ln p₁(s)/p₀(s). Events are merged, in order of the score, into cells that hold enough
/// of both samples; the cells' log ratios are made monotone (pool adjacent violators) and joined by straight lines through points
/// so placed that each cell keeps its ratio: the denominator's mean of r over the cell is p₁(cell)/p₀(cell).
/// </summary>
/// <remarks>
/// <para>Straight lines through the cells' own log ratios would not do: they miss the cells' ratios wherever the map's slope is not 1,
/// and a signal fraction fitted with them is biased by a few per cent.</para>
/// <para>Beyond the first and the last cell the map continues with slope 1: there are too few events to measure a ratio there, so the
/// score's own is kept, shifted so that the map has no jump. That is right for scores that are log odds already, and arbitrary for
/// scores on another scale: take <see cref="HistogramCalibration"/> or <see cref="PlattCalibration"/> for those.</para>
/// </remarks>
internal sealed class IsotonicCalibration : IRatioCalibration
{
    // Each pass leaves about a third of the misfit that it found.
    private const int Passes = 8;

    private readonly double[] _scores;
    private readonly double[] _logRatios;

    /// <summary>A map through points that were fitted before.</summary>
    /// <param name="scores">Finite, each above the one before.</param>
    /// <param name="logRatios">Finite, none below the one before.</param>
    /// <exception cref="ArgumentException">Lengths disagree or are 0, or the numbers are not in order.</exception>
    public IsotonicCalibration(ReadOnlySpan<double> scores, ReadOnlySpan<double> logRatios)
    {
        if (scores.Length != logRatios.Length || scores.IsEmpty)
        {
            throw new ArgumentException(
                $"There are {scores.Length} scores and {logRatios.Length} log ratios; give the same number of both, at least one.");
        }

        AscendingNumbers.Require(scores, "score", strictly: true);
        AscendingNumbers.Require(logRatios, "log ratio", strictly: false);
        _scores = scores.ToArray();
        _logRatios = logRatios.ToArray();
    }

    /// <summary>Scores of the points, ascending.</summary>
    public ReadOnlySpan<double> Scores => _scores;

    /// <summary>Log ratios of the points, non-decreasing.</summary>
    public ReadOnlySpan<double> LogRatios => _logRatios;

    /// <summary>Fits the map on scores of events that the score was not trained on; null where a sample is too small for one
    /// cell.</summary>
    /// <param name="scores">Finite; one per event.</param>
    /// <param name="isNumerator">True where the event belongs to p₁.</param>
    /// <param name="weights">One per event; may be negative: cells grow until their sums are positive.</param>
    /// <param name="options">Sizes of the cells.</param>
    /// <exception cref="ArgumentException">Lengths disagree, or a score or weight is not finite.</exception>
    public static IsotonicCalibration? Fit(
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
        List<ScoreCell> pooled = PoolAdjacentViolators(cells);
        double[] targets = [.. pooled.Select(cell => Math.Log(cell.Numerator / numerator) - Math.Log(cell.Denominator / denominator))];
        for (int cell = 1; cell < targets.Length; cell++)
        {
            // Two ratios in order can have logarithms that are not, by their last digit.
            targets[cell] = Math.Max(targets[cell], targets[cell - 1]);
        }

        var map = new IsotonicCalibration([.. pooled.Select(cell => cell.Position)], targets);
        for (int pass = 0; pass < Passes; pass++)
        {
            map = new IsotonicCalibration(map._scores, map.Moved(map.Excesses(pooled, targets, scores, isNumerator, weights)));
        }

        return map;
    }

    /// <inheritdoc/>
    public double LogRatio(double score)
    {
        int last = _scores.Length - 1;
        if (!(score > _scores[0]))
        {
            return _logRatios[0] + (score - _scores[0]);
        }

        if (score >= _scores[last])
        {
            return _logRatios[last] + (score - _scores[last]);
        }

        int right = AscendingNumbers.CountUpTo(_scores, score);
        double fraction = (score - _scores[right - 1]) / (_scores[right] - _scores[right - 1]);
        return _logRatios[right - 1] + (fraction * (_logRatios[right] - _logRatios[right - 1]));
    }

    /// <summary>For each cell the denominator's mean of r over the ratio that the cell should have.</summary>
    private double[] Excesses(
        List<ScoreCell> cells, double[] targets, ReadOnlySpan<float> scores, ReadOnlySpan<bool> isNumerator, ReadOnlySpan<double> weights)
    {
        double[] highest = [.. cells.SkipLast(1).Select(cell => cell.Highest)];
        double[] excesses = new double[cells.Count];
        for (int row = 0; row < scores.Length; row++)
        {
            if (!isNumerator[row])
            {
                int found = Array.BinarySearch(highest, scores[row]);
                int cell = found >= 0 ? found : ~found;

                // Relative to the cell's own ratio, which may be too large for a number.
                excesses[cell] += weights[row] / cells[cell].Denominator * Math.Exp(LogRatio(scores[row]) - targets[cell]);
            }
        }

        return excesses;
    }

    /// <summary>The points' log ratios, each lowered by the logarithm of its cell's excess, and kept non-decreasing.</summary>
    private double[] Moved(double[] excesses)
    {
        double[] moved = new double[excesses.Length];
        for (int cell = 0; cell < moved.Length; cell++)
        {
            // Signed weights can leave a sum without a logarithm, or next to nothing of it.
            double step = excesses[cell] > 0 ? Math.Clamp(-Math.Log(excesses[cell]), -1, 1) : 0;
            moved[cell] = Math.Max(_logRatios[cell] + step, cell > 0 ? moved[cell - 1] : double.NegativeInfinity);
        }

        return moved;
    }

    private static List<ScoreCell> PoolAdjacentViolators(List<ScoreCell> cells)
    {
        var pooled = new List<ScoreCell>();
        foreach (ScoreCell cell in cells)
        {
            ScoreCell last = cell;
            while (pooled.Count > 0 && pooled[^1].Numerator * last.Denominator >= last.Numerator * pooled[^1].Denominator)
            {
                last = pooled[^1].Join(last);
                pooled.RemoveAt(pooled.Count - 1);
            }

            pooled.Add(last);
        }

        return pooled;
    }
}
