using Gbi.Numerics.Probability;

namespace Gbi.Peaks;

/// <summary>A function of a peak's mean μ and of s = ln σ, with its first and second derivatives.</summary>
internal readonly record struct PeakTerm(double Value, double Mean, double Scale, double MeanMean, double MeanScale, double ScaleScale)
{
    /// <summary>exp(−z²/2)/(√2π σ), z = (m − μ)/σ.</summary>
    public static PeakTerm Density(double mass, double mean, double logWidth)
    {
        double width = Math.Exp(logWidth);
        double z = (mass - mean) / width;
        double value = Normal(z) / width;
        double square = z * z;
        return new PeakTerm(
            value,
            value * z / width,
            value * (square - 1),
            value * (square - 1) / (width * width),
            value * z * (square - 3) / width,
            value * ((square * (square - 4)) + 1));
    }

    /// <summary>The share of the peak between two masses.</summary>
    public static PeakTerm Share(double low, double high, double mean, double logWidth) =>
        Below(high, mean, logWidth) - Below(low, mean, logWidth);

    public static PeakTerm operator -(PeakTerm a, PeakTerm b) => new(
        a.Value - b.Value, a.Mean - b.Mean, a.Scale - b.Scale, a.MeanMean - b.MeanMean, a.MeanScale - b.MeanScale,
        a.ScaleScale - b.ScaleScale);

    private static PeakTerm Below(double mass, double mean, double logWidth)
    {
        double width = Math.Exp(logWidth);
        double z = (mass - mean) / width;
        double density = Normal(z);
        return new PeakTerm(
            TailProbability.OfNormal(-z),
            -density / width,
            -z * density,
            -z * density / (width * width),
            density * (1 - (z * z)) / width,
            z * density * (1 - (z * z)));
    }

    private static double Normal(double z) => Math.Exp(-z * z / 2) / Math.Sqrt(Math.Tau);
}
