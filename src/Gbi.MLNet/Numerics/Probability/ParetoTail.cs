namespace Gbi.Numerics.Probability;

/// <summary>The shape of a distribution's upper tail.</summary>
internal static class ParetoTail
{
    private const int FewestExceedances = 5;

    /// <summary>
    /// The shape k of a generalised Pareto distribution, P(w &gt; u + y) = (1 + k y/σ)^(−1/k), fitted to the M largest magnitudes above u,
    /// the largest of the others, once with M the smaller of n/5 and 3√n and once with half of that: the smaller k. A heavy tail is heavy
    /// from either on; a ratio that has steps, as one by trees, can look heavy from a threshold that stands at a step. Moments of w exist
    /// below order 1/k: the variance of a weighted sum for k &lt; ½, its mean for k &lt; 1.
    /// </summary>
    /// <param name="weights">Weights; of signed ones the magnitude counts, which is what a sum varies by.</param>
    /// <returns>
    /// k, drawn towards ½ as if ten more weights said so, as in the reference. −∞ where fewer than 5 weights lie above u, because the
    /// largest ones are all alike (or too few): a tail that ends there.
    /// </returns>
    /// <remarks>
    /// Pareto-smoothed importance sampling, Vehtari, Simpson, Gelman, Yao and Gabry, arXiv:1507.02646, with the fit of Zhang and Stephens,
    /// Technometrics 51 (2009) 316. The reference fits once, with the larger M.
    /// </remarks>
    public static double Shape(ReadOnlySpan<double> weights)
    {
        double[] sorted = new double[weights.Length];
        for (int i = 0; i < sorted.Length; i++)
        {
            sorted[i] = Math.Abs(weights[i]);
        }

        Array.Sort(sorted);
        int tail = (int)Math.Ceiling(Math.Min(0.2 * sorted.Length, 3 * Math.Sqrt(sorted.Length)));
        return Math.Min(ShapeOfLargest(sorted, tail), ShapeOfLargest(sorted, (tail + 1) / 2));
    }

    private static double ShapeOfLargest(double[] sorted, int tail)
    {
        if (tail >= sorted.Length)
        {
            return double.NegativeInfinity;
        }

        double threshold = sorted[^(tail + 1)];
        double[] exceedances = [.. sorted[^tail..].Where(weight => weight > threshold).Select(weight => weight - threshold)];
        return exceedances.Length < FewestExceedances
            ? double.NegativeInfinity
            : ((exceedances.Length * FitShape(exceedances)) + (10 * 0.5)) / (exceedances.Length + 10);
    }

    /// <summary>
    /// Zhang and Stephens' estimate of k from sorted exceedances y: the posterior mean of θ = −k/σ over m points
    /// θⱼ = 1/yₙ + (1 − √(m/(j−½))) / (3 y*), y* the lower quartile, weighted by the profile likelihood
    /// n (ln(−θ/k(θ)) − k(θ) − 1), where k(θ) = mean of ln(1 − θ y).
    /// </summary>
    internal static double FitShape(double[] exceedances)
    {
        int count = exceedances.Length;
        int points = 30 + (int)Math.Sqrt(count);
        double quartile = exceedances[(int)((count / 4.0) + 0.5) - 1];
        double[] theta = new double[points];
        double[] logLikelihood = new double[points];
        for (int j = 0; j < points; j++)
        {
            theta[j] = (1 / exceedances[^1]) + ((1 - Math.Sqrt(points / (j + 0.5))) / (3 * quartile));
            double shape = ShapeAt(theta[j], exceedances);
            logLikelihood[j] = count * (Math.Log(-theta[j] / shape) - shape - 1);
        }

        double largest = logLikelihood.Max();
        double sum = 0;
        double mean = 0;
        for (int j = 0; j < points; j++)
        {
            double weight = Math.Exp(logLikelihood[j] - largest);
            sum += weight;
            mean += weight * theta[j];
        }

        return ShapeAt(mean / sum, exceedances);
    }

    private static double ShapeAt(double theta, double[] exceedances)
    {
        double sum = 0;
        foreach (double exceedance in exceedances)
        {
            sum += Math.Log(1 - (theta * exceedance));
        }

        return sum / exceedances.Length;
    }
}
