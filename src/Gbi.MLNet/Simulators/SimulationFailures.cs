using Gbi.Simulators.Priors;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Simulators;

/// <summary>Failed simulations where a parameter is in a range.</summary>
/// <param name="Parameter">Name of the parameter.</param>
/// <param name="Low">Lowest value.</param>
/// <param name="High">Highest value; <paramref name="Low"/> for one value of an integer or a category.</param>
/// <param name="Count">Simulations there.</param>
/// <param name="FailedCount">How many of them failed.</param>
public sealed record FailureRegion(string Parameter, double Low, double High, int Count, int FailedCount);

/// <summary>How many simulations failed, and where in θ.</summary>
/// <param name="Count">Number of simulations.</param>
/// <param name="FailedCount">How many of them failed: a feature is NaN or infinite.</param>
/// <param name="Regions">
/// Ten ranges of each parameter, tenths of its prior range, or of the range of the points where the prior has no bounds; the values of an
/// integer or a category.
/// </param>
/// <param name="FeatureCounts">In how many simulations each feature is NaN or infinite; features that never are, left out.</param>
public sealed record SimulationFailures(
    int Count, int FailedCount, IReadOnlyList<FailureRegion> Regions, IReadOnlyDictionary<string, int> FeatureCounts)
{
    private const int RegionCount = 10;

    // Of the excess of one region among tens of them.
    private const double SignificantExcess = 4;

    /// <summary>The region with the most significant excess of failures; null where failures are spread evenly.</summary>
    public FailureRegion? Worst => Regions.MaxBy(Excess) is { } worst && Excess(worst) > SignificantExcess ? worst : null;

    /// <summary>The counts in one sentence.</summary>
    public string Sentence
    {
        get
        {
            if (FailedCount == 0)
            {
                return Text($"None of {Count:N0} simulations failed.");
            }

            string failed = Text($"{FailedCount:N0} of {Count:N0} simulations failed ({100.0 * FailedCount / Count:G3} %)");
            return Worst is not { } worst ? $"{failed}, evenly over the parameters."
                : worst.Low == worst.High
                    ? Text($"{failed}, most where {worst.Parameter} is {worst.Low:G6}: {worst.FailedCount:N0} of {worst.Count:N0}.")
                    : Text($"{failed}, most where {worst.Parameter} is in [{worst.Low:G6}, {worst.High:G6}]: {worst.FailedCount:N0} of ")
                        + Text($"{worst.Count:N0}.");
        }
    }

    internal static SimulationFailures Of(Simulations simulations, Prior? prior)
    {
        List<FailureRegion> regions = [];
        foreach (string name in simulations.Parameters.ColumnNames)
        {
            regions.AddRange(RegionsOf(name, simulations, prior));
        }

        var features = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (string name in simulations.Observations.ColumnNames)
        {
            int count = 0;
            foreach (float value in simulations.Observations[name])
            {
                count += float.IsFinite(value) ? 0 : 1;
            }

            if (count > 0)
            {
                features[name] = count;
            }
        }

        return new SimulationFailures(simulations.Count, simulations.FailedCount, regions, features);
    }

    private static IEnumerable<FailureRegion> RegionsOf(string name, Simulations simulations, Prior? prior)
    {
        float[] values = simulations.Parameters[name].ToArray();
        int parameter = prior?.Parameters.ToList().IndexOf(name) ?? -1;
        IReadOnlyList<double> discrete = parameter < 0 ? [] : prior!.Values(parameter);
        (double low, double high) = parameter < 0 ? (values.Min(), values.Max()) : prior!.Range(parameter);
        (low, high) = (double.IsFinite(low) ? low : values.Min(), double.IsFinite(high) ? high : values.Max());
        (double Low, double High)[] ranges = discrete.Count > 0
            ? [.. discrete.Select(value => (value, value))]
            : [.. Enumerable.Range(0, RegionCount).Select(i => (Edge(i), Edge(i + 1)))];
        int[] counts = new int[ranges.Length], failed = new int[ranges.Length];
        for (int row = 0; row < values.Length; row++)
        {
            int at = discrete.Count > 0
                ? discrete.ToList().FindIndex(value => (float)value == values[row])
                : (int)Math.Clamp((values[row] - low) / (high - low) * RegionCount, 0, RegionCount - 1);
            if (at >= 0)
            {
                counts[at]++;
                failed[at] += simulations.IsValid(row) ? 0 : 1;
            }
        }

        return ranges.Select((range, i) => new FailureRegion(name, range.Low, range.High, counts[i], failed[i]));

        double Edge(int i) => low + ((high - low) * i / RegionCount);
    }

    /// <summary>Failures above those of all regions, in standard deviations of a binomial number.</summary>
    private double Excess(FailureRegion region)
    {
        double fraction = (double)FailedCount / Count;
        double variance = region.Count * fraction * (1 - fraction);
        return variance > 0 ? (region.FailedCount - (region.Count * fraction)) / Math.Sqrt(variance) : 0;
    }
}
