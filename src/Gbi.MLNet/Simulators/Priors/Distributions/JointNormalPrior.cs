using Gbi.Numerics.Minima;
using Gbi.Numerics.Probability;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Simulators.Priors.Distributions;

/// <summary>A normal density of several parameters with their covariances: θ = mean + L z, L Lᵀ = covariance.</summary>
internal sealed class JointNormalPrior : Prior
{
    private const double Asymmetry = 1e-9;

    private readonly double[] _mean;
    private readonly double[] _factor;
    private readonly double _logNorm;

    public JointNormalPrior(
        IReadOnlyList<string> names, IReadOnlyList<double> mean, IReadOnlyList<IReadOnlyList<double>> covariance)
        : base(names)
    {
        int size = Parameters.Count;
        RequireCount(mean, size, "means");
        RequireMatrix(covariance, size, "covariances");
        _mean = [.. mean];
        Covariance = covariance;
        _factor = [.. covariance.SelectMany(row => row)];
        for (int k = 0; k < size; k++)
        {
            if (!double.IsFinite(mean[k]) || !(covariance[k][k] > 0))
            {
                throw new ArgumentException(Text(
                    $"Parameter '{Parameters[k]}' has the mean {mean[k]} and the variance {covariance[k][k]}, expected a finite mean and ")
                    + "a variance above 0.");
            }

            SinglePrecision.Require(Parameters[k], Math.Sqrt(covariance[k][k]), mean[k]);
        }

        if (!CholeskyFactor.TryFactorise(_factor, size))
        {
            throw new ArgumentException(
                $"The covariance of {string.Join(", ", Parameters)} is not positive definite; check its correlations: each is within -1 "
                    + "and 1, and they must go together.");
        }

        _logNorm = size / 2.0 * Math.Log(Math.Tau);
        for (int k = 0; k < size; k++)
        {
            _logNorm += Math.Log(_factor[(k * size) + k]);
        }
    }

    public IReadOnlyList<double> Mean => _mean;

    public IReadOnlyList<IReadOnlyList<double>> Covariance { get; }

    /// <summary>The covariance of standard deviations and correlations.</summary>
    public static double[][] CovarianceOf(
        IReadOnlyList<string> names, IReadOnlyList<double> deviations, IReadOnlyList<IReadOnlyList<double>> correlations)
    {
        ArgumentNullException.ThrowIfNull(names);
        RequireCount(deviations, names.Count, "standard deviations");
        RequireMatrix(correlations, names.Count, "correlations");
        for (int k = 0; k < names.Count; k++)
        {
            if (!(deviations[k] > 0) || !double.IsFinite(deviations[k]) || correlations[k][k] != 1)
            {
                throw new ArgumentException(Text(
                    $"Parameter '{names[k]}' has the standard deviation {deviations[k]} and the correlation {correlations[k][k]} with ")
                    + "itself, expected a finite number above 0, and 1.");
            }
        }

        return [.. names.Select((_, i) => names.Select((_, j) => correlations[i][j] * deviations[i] * deviations[j]).ToArray())];
    }

    public override (double Low, double High) Range(int parameter, ReadOnlySpan<double> point) =>
        (double.NegativeInfinity, double.PositiveInfinity);

    public override void Draw(Random random, Span<double> point)
    {
        int size = _mean.Length;
        Span<double> z = stackalloc double[size];
        for (int i = 0; i < size; i++)
        {
            z[i] = random.NextNormal(0, 1);
            point[i] = _mean[i];
            for (int j = 0; j <= i; j++)
            {
                point[i] += _factor[(i * size) + j] * z[j];
            }
        }
    }

    public override double LogDensity(ReadOnlySpan<double> point)
    {
        int size = _mean.Length;
        Span<double> solved = stackalloc double[size];
        for (int i = 0; i < size; i++)
        {
            solved[i] = point[i] - _mean[i];
        }

        CholeskyFactor.Solve(_factor, size, solved);
        double square = 0;
        for (int i = 0; i < size; i++)
        {
            square += (point[i] - _mean[i]) * solved[i];
        }

        return double.IsNaN(square) ? double.NegativeInfinity : (-square / 2) - _logNorm;
    }

    private static void RequireCount(IReadOnlyList<double> numbers, int count, string what)
    {
        ArgumentNullException.ThrowIfNull(numbers);
        if (numbers.Count != count)
        {
            throw new ArgumentException($"There are {numbers.Count} {what} of {count} parameters; give one a parameter.");
        }
    }

    private static void RequireMatrix(IReadOnlyList<IReadOnlyList<double>> matrix, int size, string what)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        if (matrix.Count != size || matrix.Any(row => row.Count != size))
        {
            throw new ArgumentException(
                $"The matrix of {what} of {size} parameters has {matrix.Count} rows of "
                    + $"{string.Join(", ", matrix.Select(row => row.Count))} numbers; "
                    + "give one row a parameter, with as many numbers.");
        }

        for (int i = 0; i < size; i++)
        {
            for (int j = 0; j < i; j++)
            {
                double scale = Math.Sqrt(Math.Abs(matrix[i][i] * matrix[j][j]));
                if (!(Math.Abs(matrix[i][j] - matrix[j][i]) <= Asymmetry * scale))
                {
                    throw new ArgumentException(Text(
                        $"The matrix of {what} is not symmetric: row {i} has {matrix[i][j]} in column {j}, and row {j} has ")
                        + Text($"{matrix[j][i]} in column {i}; give the same number."));
                }
            }
        }
    }
}
