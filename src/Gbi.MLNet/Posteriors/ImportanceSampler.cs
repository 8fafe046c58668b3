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
        double scale = Math.Sqrt(DegreesOfFreedom / ChiSquared.Sample(random, DegreesOfFreedom));
        double squares = 0;
        centre.CopyTo(point);
        for (int column = 0; column < size; column++)
        {
            double along = random.NextNormal(0, 1) * scale;
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

/// <summary>Weighted draws from a posterior.</summary>
public sealed class ImportanceSample
{
    private readonly double[] _points;
    private readonly ImportanceWeights _weights;

    /// <summary>Points and the logarithms of their weights, posterior over proposal.</summary>
    /// <exception cref="ArgumentException">No point has a weight above 0.</exception>
    internal ImportanceSample(int parameterCount, double[] points, double[] logWeights)
    {
        if (!double.IsFinite(logWeights.Max()))
        {
            throw new ArgumentException(
                "The posterior is 0 at every point that was drawn; give its mode, and a covariance of its size.");
        }

        ParameterCount = parameterCount;
        _points = points;
        _weights = ImportanceWeights.Of(logWeights);
    }

    /// <summary>Number of parameters.</summary>
    public int ParameterCount { get; }

    /// <summary>Number of points.</summary>
    public int Count => _weights.Shares.Length;

    /// <summary>(Σw)²/Σw²: independent draws that would be worth as much.</summary>
    public double EffectiveSize => _weights.EffectiveSize;

    /// <summary><see cref="EffectiveSize"/> over <see cref="Count"/>; range (0, 1]. Below 0.1 the proposal fits the posterior
    /// badly.</summary>
    public double Efficiency => EffectiveSize / Count;

    /// <summary>ln Z, Z the mean weight.</summary>
    public double LogEvidence => _weights.LogEvidence;

    /// <summary>Statistical error of ln Z: the standard deviation of the mean weight over its value.</summary>
    public double LogEvidenceError => _weights.LogEvidenceError;

    /// <summary>Weights of the points; they sum to 1.</summary>
    public ReadOnlySpan<double> Weights => _weights.Shares;

    /// <summary>The parameters of a point.</summary>
    public ReadOnlySpan<double> Point(int index) => _points.AsSpan(index * ParameterCount, ParameterCount);

    /// <summary>Mean of a parameter.</summary>
    public double Mean(int parameter)
    {
        double mean = 0;
        for (int i = 0; i < Count; i++)
        {
            mean += Weights[i] * _points[(i * ParameterCount) + parameter];
        }

        return mean;
    }

    /// <summary>Standard deviation of a parameter.</summary>
    public double StandardDeviation(int parameter)
    {
        double mean = Mean(parameter);
        double variance = 0;
        for (int i = 0; i < Count; i++)
        {
            double away = _points[(i * ParameterCount) + parameter] - mean;
            variance += Weights[i] * away * away;
        }

        return Math.Sqrt(variance);
    }
}
