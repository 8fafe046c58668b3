using Gbi.Likelihoods.Model;

namespace Gbi.Inference.Toys;

/// <summary>A quantile of a distribution that is known by toys alone.</summary>
/// <param name="Level">The probability not to exceed it. Range: (0, 1).</param>
/// <param name="Value">The ⌈level · n⌉-th smallest of n values.</param>
/// <param name="Error">
/// Half the distance of the values that lie one binomial standard deviation √(n level (1 − level)) of ranks below and above; where there
/// are no such ranks, to the last one.
/// </param>
/// <remarks>The least of the values at or below which a share of at least <paramref name="Level"/> lies.</remarks>
public readonly record struct ToyQuantile(double Level, double Value, double Error)
{
    /// <summary>The quantile of values; NaN values are left out.</summary>
    /// <exception cref="FitException">There is no value.</exception>
    public static ToyQuantile Of(IReadOnlyList<double> values, double level)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (!(level > 0 && level < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(level), level, "The level of a quantile must lie between 0 and 1.");
        }

        double[] sorted = [.. values.Where(value => !double.IsNaN(value)).Order()];
        if (sorted.Length == 0)
        {
            throw new FitException(
                $"None of {values.Count:N0} toys could be fitted, so that there is no quantile of them; look at their reasons.");
        }

        double rank = level * sorted.Length;
        double width = Math.Sqrt(rank * (1 - level));
        return new ToyQuantile(level, At(rank), (At(rank + width) - At(rank - width)) / 2);

        // Less a little, because 0.9 · 10 is not exactly 9.
        double At(double position) => sorted[Math.Clamp((int)Math.Ceiling(position - 1e-9) - 1, 0, sorted.Length - 1)];
    }
}
