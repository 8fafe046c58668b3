using Gbi.Inference.MixtureFraction;
using Gbi.Numerics.Probability;

namespace Gbi.Searches.Family.Scans;

/// <summary>The events of a sample that are most like signal at one point of a family; all others have the ratio 0.</summary>
/// <param name="Positions">Their positions in the sample.</param>
/// <param name="Ratios">r before normalisation, one per event.</param>
internal sealed record LikeSignalEvents(int[] Positions, float[] Ratios)
{
    private const double Rounding = 1e-9;

    /// <summary>The mean of r over a sample.</summary>
    /// <param name="weightOf">The weight of an event by its position.</param>
    /// <param name="sum">Σ w of the sample.</param>
    public double Mean(Func<int, double> weightOf, double sum)
    {
        double mean = 0;
        for (int i = 0; i < Positions.Length; i++)
        {
            mean += weightOf(Positions[i]) * Ratios[i] / sum;
        }

        return mean;
    }

    /// <summary>The best signal fraction μ ≥ 0 of data, and 2 Σ w ln(1 + μ (r − 1)), by which −2 ln L falls to it.</summary>
    /// <param name="mean">The mean of r over the background.</param>
    /// <param name="weightOf">The weight of an event of the data by its position.</param>
    /// <param name="sum">Σ w of the data.</param>
    public (double Fraction, double Gain) Gain(double mean, Func<int, double> weightOf, double sum)
    {
        List<float> ratios = new(Positions.Length + 1);
        List<double> weights = new(Positions.Length + 1);
        double rest = sum;
        for (int i = 0; i < Positions.Length; i++)
        {
            double weight = weightOf(Positions[i]);
            if (weight != 0)
            {
                ratios.Add((float)(Ratios[i] / mean));
                weights.Add(weight);
                rest -= weight;
            }
        }

        if (ratios.Count == 0 || !(mean > 0))
        {
            return (0, 0);
        }

        // All other events are one with r = 0; where there is none, its weight is a rounding error.
        bool isRounding = Math.Abs(rest) < Rounding * sum;
        float[] all = [.. ratios, 0];
        double[] ofAll = [.. weights, isRounding ? 0 : rest];
        double fraction = Math.Max(0, SignalFractionFit.EstimateFromRatios(all, ofAll).Value);
        double gain = 0;
        for (int i = 0; i < (isRounding ? ratios.Count : all.Length); i++)
        {
            gain += 2 * ofAll[i] * LogMath.OnePlus(fraction * (all[i] - 1));
        }

        return (fraction, Math.Max(0, gain));
    }
}
