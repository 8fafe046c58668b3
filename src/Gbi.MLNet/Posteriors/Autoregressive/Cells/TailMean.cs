namespace Gbi.Posteriors.Autoregressive.Cells;

/// <summary>
/// The mean distance λ of values beyond the outermost edge of cells, where their density is an exponential that the bounds of each value
/// cut off at both ends: with d the distance from the edge, or from the nearer bound where it lies beyond the edge, and r that of the
/// farther bound, the likelihood is largest at Σ w (d − λ + r/(exp(r/λ) − 1)) = 0.
/// </summary>
internal static class TailMean
{
    private const int Steps = 60;

    // A bound that leaves more than this many times the span of the edges cuts nothing off, and a density is flat whose λ is as long.
    private const double MostSpans = 100;

    /// <summary>λ below the lowest edge.</summary>
    public static double Below(float[] edges, Residuals residuals, double[] weights)
    {
        Tail[] tails = [.. Rows(weights).Where(row => residuals.Values[row] < edges[0]).Select(row =>
        {
            double from = Math.Min(edges[0], residuals.High[row]);
            return new Tail(from - residuals.Values[row], from - residuals.Low[row], weights[row]);
        })];
        return Of(edges, tails);
    }

    /// <summary>λ above the highest edge.</summary>
    public static double Above(float[] edges, Residuals residuals, double[] weights)
    {
        Tail[] tails = [.. Rows(weights).Where(row => residuals.Values[row] > edges[^1]).Select(row =>
        {
            double from = Math.Max(edges[^1], residuals.Low[row]);
            return new Tail(residuals.Values[row] - from, residuals.High[row] - from, weights[row]);
        })];
        return Of(edges, tails);
    }

    private static IEnumerable<int> Rows(double[] weights) => Enumerable.Range(0, weights.Length).Where(row => weights[row] > 0);

    private static double Of(float[] edges, Tail[] tails)
    {
        double span = Math.Max(edges[^1] - (double)edges[0], float.Epsilon);
        double mean = tails.Sum(tail => tail.Weight * tail.Distance) / tails.Sum(tail => tail.Weight);
        if (!(mean > 0))
        {
            return span;
        }

        double low = Math.Log(mean);
        double high = Math.Log(Math.Max(mean, MostSpans * span));
        int steps = Excess(high) < 0 ? Steps : 0;
        for (int step = 0; step < steps; step++)
        {
            double middle = (low + high) / 2;
            (low, high) = Excess(middle) > 0 ? (middle, high) : (low, middle);
        }

        return Math.Exp(high);

        // What the observed distances are longer than those of an exponential of mean exp(logMean), cut off.
        double Excess(double logMean)
        {
            double lambda = Math.Exp(logMean);
            double sum = 0;
            foreach (Tail tail in tails)
            {
                double lost = tail.Room > MostSpans * span ? 0 : tail.Room > 0 ? tail.Room / (Math.Exp(tail.Room / lambda) - 1) : lambda;
                sum += tail.Weight * (tail.Distance - lambda + lost);
            }

            return sum;
        }
    }

    /// <summary>A value beyond an edge.</summary>
    private readonly record struct Tail(double Distance, double Room, double Weight);
}
