using Gbi.Numerics.Probability;
using Gbi.Peaks.Fits;

namespace Gbi.Peaks;

/// <summary>Masses of a fit in bins.</summary>
internal static class PeakBins
{
    private const double LeastExpected = 10;
    private const int MostBins = 70;

    /// <summary>χ² probability of all categories, each in bins of equal width wide enough for a mean of ten events.</summary>
    public static double GoodnessOf(PeakMinimum minimum, double[][] masses)
    {
        PeakLikelihood likelihood = minimum.Likelihood;
        (double low, double high) = (likelihood.Low, likelihood.High);
        double[] parameters = [.. minimum.Result.Parameters];
        double sum = 0;
        int degrees = -minimum.FreeCount;
        for (int category = 0; category < masses.Length; category++)
        {
            int[] counts = Counts(masses[category], low, high, Math.Clamp((int)(masses[category].Length / LeastExpected), 1, MostBins));
            for (int bin = 0; bin < counts.Length; bin++)
            {
                double width = (high - low) / counts.Length;
                (double peak, double background) = likelihood.Expected(
                    parameters, category, low + (bin * width), low + ((bin + 1) * width));
                double expected = Math.Max(peak + background, 0.5);
                sum += (counts[bin] - expected) * (counts[bin] - expected) / expected;
            }

            degrees += counts.Length;
        }

        return degrees > 0 ? TailProbability.OfChiSquared(sum, degrees) : double.NaN;
    }

    /// <summary>Number of masses in each of equal bins.</summary>
    public static int[] Counts(IEnumerable<double> masses, double low, double high, int bins)
    {
        int[] counts = new int[bins];
        foreach (double mass in masses)
        {
            counts[Math.Clamp((int)(bins * (mass - low) / (high - low)), 0, bins - 1)]++;
        }

        return counts;
    }
}
