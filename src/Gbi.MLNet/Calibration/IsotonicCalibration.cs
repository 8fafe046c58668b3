namespace Gbi.Calibration;

/// <summary>
/// A non-decreasing map from a score s to ln p₁(s)/p₀(s). Events are merged, in order of the score, into cells that hold enough
/// of both samples; the cells' log ratios are made monotone (pool adjacent violators) and joined by straight lines through points
/// so placed that each cell keeps its ratio: the denominator's mean of r over the cell is p₁(cell)/p₀(cell).
/// </summary>
/// <remarks>
/// <para>Straight lines through the cells' own log ratios would not do: they miss the cells' ratios wherever the map's slope is not 1,
/// and a signal fraction fitted with them is biased by a few per cent.</para>
/// <para>Beyond the first and the last cell the map goes on with slope 1: there are too few events to measure a ratio there, so the
/// score's own is kept, shifted so that the map has no jump. Cranmer, Pavez and Louppe, arXiv:1506.02169: the calibrated ratio is
/// exact in the score, and exact in x where the score is a monotone function of the ratio.</para>
/// </remarks>
public sealed class IsotonicCalibration
{
    // Each pass leaves about a third of the misfit that it found.
    private const int Passes = 10;

    private readonly double[] _scores;
    private readonly double[] _logRatios;

    /// <summary>A map through points that were fitted before: scores ascending, log ratios non-decreasing.</summary>
    public IsotonicCalibration(ReadOnlySpan<double> scores, ReadOnlySpan<double> logRatios)
    {
        if (scores.Length != logRatios.Length || scores.IsEmpty)
        {
            throw new ArgumentException(
                $"There are {scores.Length} scores and {logRatios.Length} log ratios; give the same number of both, at least one.");
        }

        _scores = scores.ToArray();
        _logRatios = logRatios.ToArray();
    }

    /// <summary>Scores of the points, ascending.</summary>
    public ReadOnlySpan<double> Scores => _scores;

    /// <summary>Log ratios of the points, non-decreasing.</summary>
    public ReadOnlySpan<double> LogRatios => _logRatios;

    /// <summary>Fits the map on scores of events that the score was not trained on; null where a sample is too small for one cell.</summary>
    /// <param name="scores">Finite; one an event.</param>
    /// <param name="isNumerator">True where the event belongs to p₁.</param>
    /// <param name="weights">One an event; may be negative where a cell's sums stay positive (cells grow until they are).</param>
    /// <param name="options">Sizes of the cells.</param>
    public static IsotonicCalibration? Fit(
        ReadOnlySpan<float> scores, ReadOnlySpan<bool> isNumerator, ReadOnlySpan<double> weights, CalibrationOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        List<Cell> cells = MergeIntoCells(scores, isNumerator, weights, options);
        if (cells.Count == 0)
        {
            return null;
        }

        double numerator = cells.Sum(cell => cell.Numerator);
        double denominator = cells.Sum(cell => cell.Denominator);
        List<Cell> pooled = PoolAdjacentViolators(cells);
        var map = new IsotonicCalibration(
            [.. pooled.Select(cell => cell.Place)],
            [.. pooled.Select(cell => Math.Log(cell.Numerator / numerator) - Math.Log(cell.Denominator / denominator))]);
        double[] shares = [.. pooled.Select(cell => cell.Numerator / numerator * denominator)];
        double[] highest = [.. pooled.SkipLast(1).Select(cell => cell.Highest)];
        for (int pass = 0; pass < Passes; pass++)
        {
            map = new IsotonicCalibration(map._scores, map.RaisedTo(shares, map.SumsInCells(highest, scores, isNumerator, weights)));
        }

        return map;
    }

    /// <summary>ln p₁(s)/p₀(s).</summary>
    public double LogRatio(double score)
    {
        int last = _scores.Length - 1;
        if (score <= _scores[0])
        {
            return _logRatios[0] + (score - _scores[0]);
        }

        if (score >= _scores[last])
        {
            return _logRatios[last] + (score - _scores[last]);
        }

        int right = Array.BinarySearch(_scores, score);
        right = right >= 0 ? Math.Max(right, 1) : ~right;
        double fraction = (score - _scores[right - 1]) / (_scores[right] - _scores[right - 1]);
        return _logRatios[right - 1] + (fraction * (_logRatios[right] - _logRatios[right - 1]));
    }

    /// <summary>Σ w r over the denominator's events of each cell.</summary>
    private double[] SumsInCells(
        double[] highest, ReadOnlySpan<float> scores, ReadOnlySpan<bool> isNumerator, ReadOnlySpan<double> weights)
    {
        double[] sums = new double[highest.Length + 1];
        for (int row = 0; row < scores.Length; row++)
        {
            if (!isNumerator[row])
            {
                int found = Array.BinarySearch(highest, scores[row]);
                sums[found >= 0 ? found : ~found] += weights[row] * Math.Exp(LogRatio(scores[row]));
            }
        }

        return sums;
    }

    /// <summary>The points' log ratios, each moved by ln of what its cell should hold over what it holds, and kept non-decreasing.</summary>
    private double[] RaisedTo(double[] shares, double[] sums)
    {
        double[] moved = new double[sums.Length];
        for (int cell = 0; cell < moved.Length; cell++)
        {
            // Signed weights can leave a sum without a logarithm, or next to nothing of it.
            double step = sums[cell] > 0 ? Math.Clamp(Math.Log(shares[cell] / sums[cell]), -1, 1) : 0;
            moved[cell] = Math.Max(_logRatios[cell] + step, cell > 0 ? moved[cell - 1] : double.NegativeInfinity);
        }

        return moved;
    }

    private static List<Cell> MergeIntoCells(
        ReadOnlySpan<float> scores, ReadOnlySpan<bool> isNumerator, ReadOnlySpan<double> weights, CalibrationOptions options)
    {
        float[] sorted = scores.ToArray();
        int[] order = [.. Enumerable.Range(0, sorted.Length)];
        Array.Sort(sorted, order);
        var cells = new List<Cell>();
        var open = new Cell();
        int leastEvents = sorted.Length / options.MaxCells;
        for (int i = 0; i < order.Length; i++)
        {
            int row = order[i];
            open = open.With(sorted[i], weights[row], isNumerator[row]);
            bool tied = i + 1 < order.Length && sorted[i + 1] == sorted[i];
            if (!tied && open.Events >= leastEvents && open.IsFull(options.MinEventsInCell))
            {
                cells.Add(open);
                open = new Cell();
            }
        }

        // What is left at the top is too small to stand alone.
        if (cells.Count > 0 && open.Events > 0)
        {
            cells[^1] = cells[^1].Join(open);
        }

        // With signed weights that can leave the last cell without a ratio.
        while (cells.Count > 0 && !cells[^1].HasRatio)
        {
            open = cells[^1];
            cells.RemoveAt(cells.Count - 1);
            if (cells.Count > 0)
            {
                cells[^1] = cells[^1].Join(open);
            }
        }

        return cells;
    }

    private static List<Cell> PoolAdjacentViolators(List<Cell> cells)
    {
        var pooled = new List<Cell>();
        foreach (Cell cell in cells)
        {
            Cell last = cell;
            while (pooled.Count > 0 && pooled[^1].Numerator * last.Denominator >= last.Numerator * pooled[^1].Denominator)
            {
                last = pooled[^1].Join(last);
                pooled.RemoveAt(pooled.Count - 1);
            }

            pooled.Add(last);
        }

        return pooled;
    }

    /// <summary>Sums over neighbouring events.</summary>
    private readonly record struct Cell
    {
        public int Events { get; private init; }

        public double Numerator { get; private init; }

        public double Denominator { get; private init; }

        public bool HasRatio => Numerator > 0 && Denominator > 0;

        /// <summary>
        /// The score at which the cell's ratio belongs: the logarithm of the denominator's mean of eˢ. A score that is a log ratio
        /// already is then left as it is, however wide the cell.
        /// </summary>
        public double Place => Math.Clamp(
            SumOfRatios > 0 && Denominator > 0 ? Math.Log(SumOfRatios / Denominator) : (Lowest + Highest) / 2, Lowest, Highest);

        private double Lowest { get; init; }

        public double Highest { get; private init; }

        private double SumOfRatios { get; init; }

        private double NumeratorSquares { get; init; }

        private double DenominatorSquares { get; init; }

        public Cell With(double score, double weight, bool isNumerator) => new()
        {
            Events = Events + 1,
            Lowest = Events == 0 ? score : Lowest,
            Highest = score,
            Numerator = Numerator + (isNumerator ? weight : 0),
            Denominator = Denominator + (isNumerator ? 0 : weight),
            SumOfRatios = SumOfRatios + (isNumerator ? 0 : weight * Math.Exp(score)),
            NumeratorSquares = NumeratorSquares + (isNumerator ? weight * weight : 0),
            DenominatorSquares = DenominatorSquares + (isNumerator ? 0 : weight * weight),
        };

        public Cell Join(Cell above) => new()
        {
            Events = Events + above.Events,
            Lowest = Lowest,
            Highest = above.Highest,
            Numerator = Numerator + above.Numerator,
            Denominator = Denominator + above.Denominator,
            SumOfRatios = SumOfRatios + above.SumOfRatios,
            NumeratorSquares = NumeratorSquares + above.NumeratorSquares,
            DenominatorSquares = DenominatorSquares + above.DenominatorSquares,
        };

        public bool IsFull(int events) =>
            HasRatio
            && Numerator * Numerator >= events * NumeratorSquares
            && Denominator * Denominator >= events * DenominatorSquares;
    }
}
