using Gbi.Numerics.Minima;
using MathNet.Numerics;

namespace Gbi.Posteriors.Sampling;

/// <summary>A t distribution of ν = 5 degrees of freedom in a mixture.</summary>
/// <param name="LogWeight">ln of its share.</param>
/// <param name="Mean">Its centre.</param>
/// <param name="Factor">The Cholesky factor of its scale matrix, [d × d] row-major.</param>
internal sealed record StudentComponent(double LogWeight, double[] Mean, double[] Factor)
{
    /// <summary>ν.</summary>
    public const int Freedom = 5;

    private readonly double _logNorm = LogWeight + SpecialFunctions.GammaLn((Freedom + Mean.Length) / 2.0)
        - SpecialFunctions.GammaLn(Freedom / 2.0) - (Mean.Length / 2.0 * Math.Log(Freedom * Math.PI))
        - CholeskyFactor.LogDeterminant(Factor, Mean.Length);

    public static StudentComponent Round(double[] mean, double variance, int count)
    {
        double[] factor = new double[mean.Length * mean.Length];
        for (int k = 0; k < mean.Length; k++)
        {
            factor[(k * mean.Length) + k] = Math.Sqrt(variance);
        }

        return new StudentComponent(-Math.Log(count), mean, factor);
    }

    public double LogDensity(double[] point) =>
        _logNorm - ((Freedom + Mean.Length) / 2.0 * Math.Log(1 + (Square(point, stackalloc double[Mean.Length]) / Freedom)));

    /// <summary>The component of points that belong to it by these shares.</summary>
    public StudentComponent Refitted(double[][] points, double[] shares, double even)
    {
        int width = Mean.Length;
        Span<double> distance = stackalloc double[width];
        double[] weights = new double[points.Length];
        double[] mean = new double[width];
        (double sum, double total) = (0, 0);
        for (int i = 0; i < points.Length; i++)
        {
            weights[i] = shares[i] * (Freedom + width) / (Freedom + Square(points[i], distance));
            sum += weights[i];
            total += shares[i];
            for (int k = 0; k < width; k++)
            {
                mean[k] += weights[i] * points[i][k];
            }
        }

        double prior = width + 1;
        double[] factor = new double[width * width];
        for (int k = 0; k < width; k++)
        {
            mean[k] = sum > 0 ? mean[k] / sum : Mean[k];
            factor[(k * width) + k] = prior * even;
        }

        for (int i = 0; i < points.Length; i++)
        {
            for (int j = 0; j < width; j++)
            {
                double weighted = weights[i] * (points[i][j] - mean[j]);
                for (int k = 0; k <= j; k++)
                {
                    factor[(j * width) + k] += weighted * (points[i][k] - mean[k]);
                }
            }
        }

        for (int j = 0; j < width; j++)
        {
            for (int k = 0; k <= j; k++)
            {
                factor[(j * width) + k] /= total + prior;
                factor[(k * width) + j] = factor[(j * width) + k];
            }
        }

        return CholeskyFactor.TryFactorise(factor, width)
            ? new StudentComponent(Math.Log(Math.Max(total, double.Epsilon) / points.Length), mean, factor)
            : this;
    }

    /// <summary>(θ − μ)ᵀ Σ⁻¹ (θ − μ).</summary>
    private double Square(double[] point, Span<double> distance)
    {
        double square = 0;
        for (int k = 0; k < distance.Length; k++)
        {
            double value = point[k] - Mean[k];
            for (int j = 0; j < k; j++)
            {
                value -= Factor[(k * distance.Length) + j] * distance[j];
            }

            distance[k] = value / Factor[(k * distance.Length) + k];
            square += distance[k] * distance[k];
        }

        return square;
    }
}
