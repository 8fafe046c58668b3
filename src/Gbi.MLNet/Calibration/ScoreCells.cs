namespace Gbi.Calibration;

/// <summary>
/// Events merged, in order of their score, into cells of about equal content. A cell is closed where it holds enough of both
/// samples and their sums are positive, so that negative weights never leave a cell without a ratio; equal scores share a cell.
/// </summary>
internal static class ScoreCells
{
    /// <summary>The cells in order of the score; none where the events do not fill one.</summary>
    public static List<ScoreCell> Merge(
        ReadOnlySpan<float> scores, ReadOnlySpan<bool> isNumerator, ReadOnlySpan<double> weights, CalibrationOptions options)
    {
        float[] sorted = scores.ToArray();
        int[] order = [.. Enumerable.Range(0, sorted.Length)];
        Array.Sort(sorted, order);
        var cells = new List<ScoreCell>();
        var open = new ScoreCell();
        int leastEvents = sorted.Length / options.MaxCells;
        for (int i = 0; i < order.Length; i++)
        {
            int row = order[i];
            open.Add(sorted[i], weights[row], isNumerator[row]);
            bool tied = i + 1 < order.Length && sorted[i + 1] == sorted[i];
            if (!tied && open.Events >= leastEvents && open.IsFull(options.MinEventsInCell))
            {
                cells.Add(open);
                open = new ScoreCell();
            }
        }

        JoinRest(cells, open);
        return cells;
    }

    /// <summary>What is left at the top is too small to stand alone, and with signed weights can cost the last cells their ratio.</summary>
    private static void JoinRest(List<ScoreCell> cells, ScoreCell rest)
    {
        if (cells.Count > 0 && rest.Events > 0)
        {
            cells[^1] = cells[^1].Join(rest);
        }

        while (cells.Count > 0 && !cells[^1].HasRatio)
        {
            rest = cells[^1];
            cells.RemoveAt(cells.Count - 1);
            if (cells.Count > 0)
            {
                cells[^1] = cells[^1].Join(rest);
            }
        }
    }
}

/// <summary>Sums over neighbouring events.</summary>
internal struct ScoreCell
{
    private double _numeratorSquares;
    private double _denominatorSquares;

    // Σ over the denominator of w exp(s − Lowest): relative to the cell, because a score of any classifier may be large.
    private double _sumOfRatios;

    public int Events { get; private set; }

    public double Numerator { get; private set; }

    public double Denominator { get; private set; }

    public double Lowest { get; private set; }

    public double Highest { get; private set; }

    public readonly bool HasRatio => Numerator > 0 && Denominator > 0;

    /// <summary>
    /// The score at which the cell's ratio belongs: the logarithm of the denominator's mean of eˢ. A score that is a log ratio
    /// already is then left as it is, however wide the cell.
    /// </summary>
    public readonly double Position => Math.Clamp(
        _sumOfRatios > 0 && Denominator > 0 ? Lowest + Math.Log(_sumOfRatios / Denominator) : (Lowest + Highest) / 2, Lowest, Highest);

    public void Add(double score, double weight, bool isNumerator)
    {
        Lowest = Events == 0 ? score : Lowest;
        Highest = score;
        Events++;
        if (isNumerator)
        {
            Numerator += weight;
            _numeratorSquares += weight * weight;
        }
        else
        {
            Denominator += weight;
            _denominatorSquares += weight * weight;
            _sumOfRatios += weight * Math.Exp(score - Lowest);
        }
    }

    public readonly ScoreCell Join(ScoreCell above) => new()
    {
        Events = Events + above.Events,
        Lowest = Lowest,
        Highest = above.Highest,
        Numerator = Numerator + above.Numerator,
        Denominator = Denominator + above.Denominator,
        _sumOfRatios = _sumOfRatios + (above._sumOfRatios * Math.Exp(above.Lowest - Lowest)),
        _numeratorSquares = _numeratorSquares + above._numeratorSquares,
        _denominatorSquares = _denominatorSquares + above._denominatorSquares,
    };

    public readonly bool IsFull(int events) =>
        HasRatio
        && Numerator * Numerator >= events * _numeratorSquares
        && Denominator * Denominator >= events * _denominatorSquares;
}
