using Gbi.Numerics;
using Gbi.Numerics.Minima;
using Gbi.Numerics.Probability;
using MathNet.Numerics.Distributions;
using MathNet.Numerics.LinearAlgebra;

namespace Gbi.Posteriors;

/// <summary>
/// Weighted draws from a posterior and its evidence Z = ∫ exp(−f(θ)) dθ: points from a multivariate Student distribution about the
/// posterior's mode, each with the weight exp(−f)/q. Its tails are heavier than a posterior's, so that no weight runs away.
/// </summary>
public static class ImportanceSampler
{
    // Five: the fewest degrees of freedom whose fourth moment exists.
    private const double DegreesOfFreedom = 5;

    /// <summary>Draws points and weights them.</summary>
    /// <param name="minusLogPosterior">f; +∞ where the posterior is 0. It is called from several threads at once.</param>
    /// <param name="mode">Where f is least.</param>
    /// <param name="covariance">Of the posterior, about; shape [n × n], such as the inverse of f's second derivatives at the mode.</param>
    /// <param name="count">Points. Range: 2 or more.</param>
    /// <param name="seed">Same seed, same points.</param>
    /// <param name="cancellation">Stops between blocks of points.</param>
    /// <exception cref="ArgumentException">Lengths disagree, the covariance is not positive definite, or no point has a finite
    /// weight.</exception>
    public static ImportanceSample Sample(
        ISmoothFunction minusLogPosterior,
        ReadOnlySpan<double> mode,
        ReadOnlySpan<double> covariance,
        int count,
        Seed seed,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(minusLogPosterior);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 2);
        int size = minusLogPosterior.ParameterCount;
        if (mode.Length != size || covariance.Length != size * size)
        {
            throw new ArgumentException(
                $"The mode has {mode.Length} values and the covariance {covariance.Length} for {size} parameters; give {size} and "
                    + $"{size * size}.");
        }

        double[] centre = mode.ToArray();
        double[] root = RootOf(covariance, size, out double logDeterminant);
        double[] points = new double[count * size];
        double[] logWeights = new double[count];
        EventBlocks.ForEach(count, (start, length) =>
        {
            for (int i = start; i < start + length; i++)
            {
                Span<double> point = points.AsSpan(i * size, size);
                double logDensity = Draw(seed.Child(i).CreateRandom(), centre, root, point) - (logDeterminant / 2);
                double value = minusLogPosterior.Evaluate(point, [], []);
                logWeights[i] = double.IsNaN(value) ? double.NegativeInfinity : -value - logDensity;
            }
        }, blockSize: 256, cancellation);
        return new ImportanceSample(size, points, logWeights);
    }

    /// <summary>Fills a point and returns ln q of it, without the determinant.</summary>
    private static double Draw(Random random, double[] centre, double[] root, Span<double> point)
    {
        int size = point.Length;
        double stretch = Math.Sqrt(DegreesOfFreedom / ChiSquared.Sample(random, DegreesOfFreedom));
        double squares = 0;
        centre.CopyTo(point);
        for (int column = 0; column < size; column++)
        {
            double along = random.NextNormal(0, 1) * stretch;
            squares += along * along;
            for (int row = column; row < size; row++)
            {
                point[row] += root[(row * size) + column] * along;
            }
        }

        // ln of the multivariate Student density at Mahalanobis distance √squares.
        double half = (DegreesOfFreedom + size) / 2;
        return MathNet.Numerics.SpecialFunctions.GammaLn(half) - MathNet.Numerics.SpecialFunctions.GammaLn(DegreesOfFreedom / 2)
            - (size / 2.0 * Math.Log(DegreesOfFreedom * Math.PI)) - (half * Math.Log(1 + (squares / DegreesOfFreedom)));
    }

    private static double[] RootOf(ReadOnlySpan<double> covariance, int size, out double logDeterminant)
    {
        var matrix = Matrix<double>.Build.Dense(size, size, covariance.ToArray());
        try
        {
            MathNet.Numerics.LinearAlgebra.Factorization.Cholesky<double> cholesky = matrix.Cholesky();
            logDeterminant = cholesky.DeterminantLn;
            return cholesky.Factor.ToRowMajorArray();
        }
        catch (ArgumentException cause)
        {
            throw new ArgumentException(
                "The covariance is not symmetric and positive definite; give the inverse of the second derivatives at the minimum.", cause);
        }
    }
}
