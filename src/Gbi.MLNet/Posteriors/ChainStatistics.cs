namespace Gbi.Posteriors;

/// <summary>Convergence statistics of the draws of one parameter in several chains.</summary>
/// <param name="RHat">Split R̂.</param>
/// <param name="EffectiveSize">Independent draws that would be worth as much.</param>
public sealed record ChainStatistics(double RHat, double EffectiveSize)
{
    /// <summary>Statistics of draws; each chain is cut in two halves.</summary>
    /// <param name="values">Draws, chain after chain, as many of each.</param>
    /// <param name="chains">Number of chains; 1 or more, with four draws each at least.</param>
    /// <exception cref="ArgumentException">The draws are no whole number of chains, or too few.</exception>
    public static ChainStatistics Of(double[] values, int chains)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (chains < 1 || values.Length % chains != 0 || values.Length / chains < 4)
        {
            throw new ArgumentException($"{values.Length} draws are no {chains} chains of four draws or more each.");
        }

        int ofChain = values.Length / chains;
        int length = ofChain / 2;
        double[][] halves = [.. Enumerable.Range(0, 2 * chains).Select(half =>
            values.AsSpan(((half / 2) * ofChain) + ((half % 2) * (ofChain - length)), length).ToArray())];
        double[] means = [.. halves.Select(half => half.Average())];
        double within = halves.Zip(means, (half, mean) => half.Sum(value => (value - mean) * (value - mean)) / (length - 1)).Average();
        double grand = means.Average();
        double between = means.Sum(mean => (mean - grand) * (mean - grand)) / (means.Length - 1);
        double variance = (within * (length - 1) / length) + between;
        return new ChainStatistics(Math.Sqrt(variance / within), halves.Length * length / CorrelationTime(halves, means, within, variance));
    }

    /// <summary>1 + 2 Σ ρ_t, up to where the sums of neighbouring pairs end to be positive and to fall.</summary>
    private static double CorrelationTime(double[][] halves, double[] means, double within, double variance)
    {
        int length = halves[0].Length;
        double time = -1;
        double last = double.PositiveInfinity;
        for (int lag = 0; lag + 1 < length; lag += 2)
        {
            double pair = Correlation(lag) + Correlation(lag + 1);
            if (!(pair > 0))
            {
                break;
            }

            last = Math.Min(last, pair);
            time += 2 * last;
        }

        // Draws can be worth more than independent ones, but not without limit.
        return Math.Max(time, 1 / Math.Log10(halves.Length * length));

        double Correlation(int lag)
        {
            double covariance = 0;
            for (int half = 0; half < halves.Length; half++)
            {
                double sum = 0;
                for (int i = 0; i + lag < length; i++)
                {
                    sum += (halves[half][i] - means[half]) * (halves[half][i + lag] - means[half]);
                }

                covariance += sum / length / halves.Length;
            }

            return 1 - ((within - covariance) / variance);
        }
    }
}
