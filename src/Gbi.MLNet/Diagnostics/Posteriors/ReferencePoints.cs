using Gbi.Events;
using Gbi.Numerics;
using Gbi.Numerics.Minima;

namespace Gbi.Diagnostics.Posteriors;

/// <summary>
/// Points ρ(x) of the test of accuracy with random points (TARP), one an observation, in standard deviations of the true parameters:
/// ρ = B z(x) + ½ ε. z are the standardised features, a missing one 0; B is the ridge regression of θ* on z in the half of the pairs that
/// does not hold this one, so that ρ does not depend on its own θ*; ε is standard normal. Points that follow x lie near the true
/// parameters, nearer than draws of the prior do: so a posterior that ignores x fails, which it does not for points free of x.
/// </summary>
/// <remarks>Lemos, Coogan, Hezaveh and Perreault-Levasseur, arXiv:2302.03026.</remarks>
internal sealed class ReferencePoints
{
    private const double Noise = 0.5;

    private readonly double[] _points;

    private ReferencePoints(double[] scales, double[] points)
    {
        Scales = scales;
        _points = points;
    }

    /// <summary>The unit of each parameter, its standard deviation among the pairs; 1 for a constant.</summary>
    public double[] Scales { get; }

    /// <summary>ρ of a pair, one coordinate a parameter, in the parameters' units.</summary>
    public ReadOnlySpan<double> Of(int pair) => _points.AsSpan(pair * Scales.Length, Scales.Length);

    /// <summary>Chooses the points.</summary>
    /// <param name="pairs">True parameters and observations.</param>
    /// <param name="seed">Of ε.</param>
    public static ReferencePoints Choose(TestPairs pairs, Seed seed)
    {
        (double[][] features, _, _) = Standardised(pairs.Observations);
        (double[][] targets, double[] means, double[] scales) = Standardised(pairs.Parameters);
        double[][][] fits = [Regression(features, targets, 1), Regression(features, targets, 0)];
        int width = targets.Length;
        double[] points = new double[pairs.Count * width];
        for (int at = 0; at < points.Length; at++)
        {
            (int pair, int j) = Math.DivRem(at, width);
            double sum = Noise * seed.NormalPair(at).First;
            double[] coefficients = fits[pair % 2][j];
            for (int k = 0; k < features.Length; k++)
            {
                sum += coefficients[k] * features[k][pair];
            }

            points[at] = means[j] + (scales[j] * sum);
        }

        return new ReferencePoints(scales, points);
    }

    /// <summary>Columns of mean 0 and standard deviation 1; a missing value and a constant column are 0.</summary>
    private static (double[][] Columns, double[] Means, double[] Scales) Standardised(EventTable table)
    {
        int width = table.ColumnNames.Count;
        double[][] columns = new double[width][];
        double[] means = new double[width];
        double[] scales = new double[width];
        for (int k = 0; k < width; k++)
        {
            double[] values = Array.ConvertAll(table[table.ColumnNames[k]].ToArray(), value => (double)value);
            double[] known = [.. values.Where(double.IsFinite)];
            double mean = means[k] = known.Length > 0 ? known.Average() : 0;
            double variance = known.Length > 1 ? known.Sum(value => (value - mean) * (value - mean)) / (known.Length - 1) : 0;
            double scale = scales[k] = variance > 0 ? Math.Sqrt(variance) : 1;
            columns[k] = Array.ConvertAll(values, value => double.IsFinite(value) ? (value - mean) / scale : 0);
        }

        return (columns, means, scales);
    }

    /// <summary>
    /// Coefficients [targets][features] from the pairs of one parity, with a ridge of as many pairs as there are features.
    /// </summary>
    private static double[][] Regression(double[][] features, double[][] targets, int parity)
    {
        int width = features.Length;
        double[] matrix = new double[width * width];
        EventBlocks.ForEachIndex(width, k =>
        {
            for (int other = 0; other <= k; other++)
            {
                matrix[(k * width) + other] = Product(features[k], features[other], parity) + (k == other ? width : 0);
            }
        });
        if (!CholeskyFactor.TryFactorise(matrix, width))
        {
            throw new InvalidOperationException("A ridge regression is not positive definite.");
        }

        return Array.ConvertAll(targets, target =>
        {
            double[] coefficients = Array.ConvertAll(features, feature => Product(feature, target, parity));
            CholeskyFactor.Solve(matrix, width, coefficients);
            return coefficients;
        });
    }

    private static double Product(double[] first, double[] second, int parity)
    {
        double sum = 0;
        for (int row = parity; row < first.Length; row += 2)
        {
            sum += first[row] * second[row];
        }

        return sum;
    }
}
