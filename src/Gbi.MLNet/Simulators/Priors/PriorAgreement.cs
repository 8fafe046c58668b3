using Gbi.Events;
using Gbi.Numerics;
using Gbi.Numerics.Probability;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Simulators.Priors;

/// <summary>Compares points with a prior that they should have been drawn from.</summary>
internal static class PriorAgreement
{
    private const int DrawCount = 100_000;

    // Points of the prior are taken for others once in a million times.
    private const double Level = 1e-6;

    /// <summary>
    /// One sentence for each parameter whose distribution differs from the prior's, by the Kolmogorov–Smirnov test of two samples.
    /// </summary>
    /// <param name="prior">The prior.</param>
    /// <param name="points">Columns of the prior's parameters, those of failed simulations too.</param>
    /// <param name="seed">Of the draws that they are compared with.</param>
    public static IReadOnlyList<string> Warnings(Prior prior, EventTable points, Seed seed)
    {
        EventTable draws = prior.Draw(DrawCount, seed);
        double number = (double)points.Count * DrawCount / (points.Count + DrawCount);
        List<string> sentences = [];
        foreach (string name in prior.Parameters)
        {
            double distance = Distance(Sorted(points[name]), Sorted(draws[name]));
            double probability = TailProbability.OfKolmogorovDistance(distance, number);
            if (probability * prior.Parameters.Count < Level)
            {
                sentences.Add(Text(
                    $"Parameter '{name}' of the simulations is not distributed as in the prior (Kolmogorov–Smirnov distance {distance:F3},")
                    + Text($" p = {probability:G2}); give the prior that they were drawn from, or weights that turn them into it. Files ")
                    + "without their failed simulations are allowed to differ.");
            }
        }

        return sentences;
    }

    private static float[] Sorted(ReadOnlySpan<float> values)
    {
        float[] sorted = values.ToArray();
        Array.Sort(sorted);
        return sorted;
    }

    /// <summary>The largest distance of the empirical distributions; equal values count at once, so that values may be discrete.</summary>
    private static double Distance(float[] first, float[] second)
    {
        double distance = 0;
        for (int i = 0, j = 0; i < first.Length && j < second.Length;)
        {
            float value = Math.Min(first[i], second[j]);
            while (i < first.Length && first[i] == value)
            {
                i++;
            }

            while (j < second.Length && second[j] == value)
            {
                j++;
            }

            distance = Math.Max(distance, Math.Abs(((double)i / first.Length) - ((double)j / second.Length)));
        }

        return distance;
    }
}
