namespace Gbi.Posteriors.Autoregressive.Cells;

/// <summary>
/// The mean distance λ of values beyond the outermost edge of cells, where their density is an exponential that each value's bound cuts
/// off at a room r: the likelihood is largest at Σ w (d − λ + r/(exp(r/λ) − 1)) = 0.
/// </summary>
internal static class TailMean
{
    private const int Steps = 60;

    // A bound that leaves more than this many times the span of the edges cuts nothing off.
    private const double MostSpans = 100;

    /// <summary>λ below the lowest edge.</summary>
    public static double Below(float[] edges, Residuals residuals, double[] weights) => Of(
        edges, residuals, weights, row => edges[0] - (double)residuals.Values[row], row => edges[0] - (double)residuals.Low[row]);

    /// <summary>λ above the highest edge.</summary>
    public static double Above(float[] edges, Residuals residuals, double[] weights) => Of(
        edges, residuals, weights, row => residuals.Values[row] - (double)edges[^1], row => residuals.High[row] - (double)edges[^1]);

    private static double Of(float[] edges, Residuals residuals, double[] weights, Func<int, double> distance, Func<int, double> room)
    {
        double span = Math.Max(edges[^1] - (double)edges[0], float.Epsilon);
        int[] rows = [.. Enumerable.Range(0, weights.Length).Where(row => distance(row) > 0 && weights[row] > 0)];
        double weight = rows.Sum(row => weights[row]);
        double mean = rows.Sum(row => weights[row] * distance(row)) / weight;
        if (!(mean > 0))
        {
            return span;
        }

        double low = Math.Log(mean);
        double high = Math.Log(Math.Max(mean, span));
        if (Excess(high) < 0)
        {
            for (int step = 0; step < Steps; step++)
            {
                double middle = (low + high) / 2;
                (low, high) = Excess(middle) > 0 ? (middle, high) : (low, middle);
            }
        }

        return Math.Exp(high);

        // What the observed distances are longer than those of an exponential of mean exp(logMean), cut off.
        double Excess(double logMean)
        {
            double lambda = Math.Exp(logMean);
            return rows.Sum(row => weights[row] * (distance(row) - lambda + Lost(room(row), lambda)));
        }

        double Lost(double r, double lambda) => r > MostSpans * span ? 0 : r / (Math.Exp(r / lambda) - 1);
    }
}
