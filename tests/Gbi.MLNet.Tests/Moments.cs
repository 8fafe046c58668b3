namespace Gbi.Tests;

/// <summary>Mean, standard deviation and standard error of the mean of a set of numbers.</summary>
internal readonly record struct Moments(double Mean, double Deviation, int Count)
{
    public double ErrorOfMean => Deviation / Math.Sqrt(Count);

    /// <summary>Standard error of the standard deviation of normal numbers: σ/√(2n).</summary>
    public double ErrorOfDeviation => Deviation / Math.Sqrt(2.0 * Count);

    public static Moments Of(IReadOnlyCollection<double> values)
    {
        double mean = values.Average();
        double variance = values.Sum(value => (value - mean) * (value - mean)) / (values.Count - 1);
        return new Moments(mean, Math.Sqrt(variance), values.Count);
    }
}
