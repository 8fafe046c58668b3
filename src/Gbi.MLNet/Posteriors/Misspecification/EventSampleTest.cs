using System.Numerics.Tensors;
using Gbi.Events;
using Gbi.Numerics;

namespace Gbi.Posteriors.Misspecification;

/// <summary>
/// Whether independent events of one observation are distributed like events that the posterior predicts: the unbiased squared maximum mean
/// discrepancy MMD² = mean k(x, x') + mean k(y, y') − 2 mean k(x, y), k a Gaussian whose width is the median distance of the events, in
/// features of unit variance.
/// </summary>
/// <param name="Statistic">MMD²; 0 on average for equal distributions, so that it may be below.</param>
/// <param name="Probability">
/// p = (1 + #{permuted ≥ observed})/(1 + permutations). Predicted events of a posterior of the same data make it conservative.
/// </param>
/// <param name="ObservedCount">Observed events that were compared.</param>
/// <param name="PredictedCount">Predicted events that were compared.</param>
/// <remarks>Gretton et al., J. Mach. Learn. Res. 13 (2012) 723.</remarks>
public sealed record EventSampleTest(double Statistic, double Probability, int ObservedCount, int PredictedCount)
{
    private const int MostEvents = 2_000;
    private const int DistanceCount = 2_000;

    /// <summary>Compares two sets of events.</summary>
    /// <param name="observed">Independent events of the observation.</param>
    /// <param name="predicted">Events by the simulator at draws of the posterior, about as many.</param>
    /// <param name="features">Columns of both, without missing values.</param>
    /// <param name="seed">Of permutations, and of the events taken where there are more than 2,000.</param>
    /// <param name="permutations">Number of permutations. Range: 1 or more; a p-value cannot be below 1/(1 + it).</param>
    /// <param name="cancellation">Stops between permutations.</param>
    /// <exception cref="DataException">A column is missing or not finite, events have weights, or a set has fewer than 2.</exception>
    public static EventSampleTest Of(
        EventTable observed, EventTable predicted, IReadOnlyList<string> features, Seed seed, int permutations = 300,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(observed);
        ArgumentNullException.ThrowIfNull(predicted);
        ArgumentNullException.ThrowIfNull(features);
        ArgumentOutOfRangeException.ThrowIfLessThan(permutations, 1);
        if (observed.Count < 2 || predicted.Count < 2 || features.Count == 0 || observed.HasWeights || predicted.HasWeights)
        {
            throw new DataException(
                $"There are {observed.Count:N0} observed and {predicted.Count:N0} predicted events to compare in {features.Count} "
                    + "features; give 2 or more of each, without weights, and a feature.");
        }

        float[] points = Standardised(
            [.. features.Select(name => Values(observed, name, "observed", seed))],
            [.. features.Select(name => Values(predicted, name, "predicted", seed))]);
        int first = Math.Min(observed.Count, MostEvents);
        int count = points.Length / features.Count;
        float[][] kernel = Kernel(points, features.Count, seed.Child("width"));
        double[] rowSums = Array.ConvertAll(kernel, row => (double)TensorPrimitives.Sum<float>(row));
        double total = rowSums.Sum();
        double statistic = Statistic([.. Enumerable.Range(0, first)]);
        int asLarge = 0;
        Seed ofPermutations = seed.Child("permutations");
        EventBlocks.ForEachIndex(permutations, permutation =>
        {
            if (Statistic(ofPermutations.Child(permutation).Permutation(count)[..first]) >= statistic)
            {
                Interlocked.Increment(ref asLarge);
            }
        }, cancellation);
        return new EventSampleTest(statistic, (1.0 + asLarge) / (1 + permutations), first, count - first);

        double Statistic(int[] rows)
        {
            float[] isFirst = new float[count];
            foreach (int row in rows)
            {
                isFirst[row] = 1;
            }

            double ofFirst = 0;
            double fromFirst = 0;
            foreach (int row in rows)
            {
                ofFirst += TensorPrimitives.Dot<float>(kernel[row], isFirst);
                fromFirst += rowSums[row];
            }

            double between = fromFirst - ofFirst;
            double ofSecond = total - ofFirst - (2 * between);
            double m = rows.Length;
            double n = count - m;
            return (ofFirst / (m * (m - 1))) + (ofSecond / (n * (n - 1))) - (2 * between / (m * n));
        }
    }

    private static float[] Values(EventTable events, string name, string kind, Seed seed)
    {
        float[] values = events[name].ToArray();
        int row = Array.FindIndex(values, value => !float.IsFinite(value));
        if (row >= 0)
        {
            throw new DataException(
                $"'{name}' of {kind} event {row:N0} is {values[row]}, expected a finite number; leave out such events.");
        }

        return values.Length <= MostEvents
            ? values
            : [.. seed.Child(kind).Permutation(values.Length).Take(MostEvents).Select(at => values[at])];
    }

    /// <summary>Events one after the other, in units of the standard deviation of both sets together.</summary>
    private static float[] Standardised(float[][] observed, float[][] predicted)
    {
        int width = observed.Length;
        int count = observed[0].Length + predicted[0].Length;
        float[] points = new float[count * width];
        for (int k = 0; k < width; k++)
        {
            float[] values = [.. observed[k], .. predicted[k]];
            double mean = values.Average(value => (double)value);
            double variance = values.Average(value => (value - mean) * (value - mean));
            double scale = variance > 0 ? 1 / Math.Sqrt(variance) : 0;
            for (int i = 0; i < count; i++)
            {
                points[(i * width) + k] = (float)((values[i] - mean) * scale);
            }
        }

        return points;
    }

    /// <summary>k of all pairs, 0 on the diagonal.</summary>
    private static float[][] Kernel(float[] points, int width, Seed seed)
    {
        int count = points.Length / width;
        float[] distances = [.. Enumerable.Range(0, DistanceCount)
            .Select(i => (First: seed.Below(count, 2 * i), Second: seed.Below(count, (2 * i) + 1)))
            .Where(pair => pair.First != pair.Second)
            .Select(pair => TensorPrimitives.Distance<float>(Of(pair.First), Of(pair.Second)))
            .Order()];
        double median = distances[distances.Length / 2];
        float factor = median > 0 ? (float)(-1 / (2 * median * median)) : 0;
        float[][] kernel = new float[count][];
        EventBlocks.ForEachIndex(count, i =>
        {
            float[] row = new float[count];
            for (int j = 0; j < count; j++)
            {
                float distance = TensorPrimitives.Distance<float>(Of(i), Of(j));
                row[j] = factor * distance * distance;
            }

            TensorPrimitives.Exp<float>(row, row);
            row[i] = 0;
            kernel[i] = row;
        });
        return kernel;

        ReadOnlySpan<float> Of(int at) => points.AsSpan(at * width, width);
    }
}
