using Gbi.Diagnostics.Closure;
using Gbi.Events;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Diagnostics;

/// <summary>
/// How far an estimate and its error are off over toys of known truth, such as the signal strength of toys without signal: the mean and the
/// width of the pulls (μ̂ − μ)/σ, which are 0 and 1 where both are right.
/// </summary>
/// <param name="ToyCount">n, the toys with a result.</param>
/// <param name="FailureCount">Toys that failed, excluded from the mean.</param>
/// <param name="Bias">Mean of μ̂ − μ, in the unit of μ.</param>
/// <param name="BiasError">Its standard error.</param>
/// <param name="MeanPull">Mean of the pulls.</param>
/// <param name="MeanPullError">Its standard error.</param>
/// <remarks>Estimates must be free to lie below 0: those that are bounded there have no pulls.</remarks>
public sealed record EstimatorBias(
    int ToyCount, int FailureCount, double Bias, double BiasError, double MeanPull, double MeanPullError)
{
    private const double Sigmas = 2;
    private const int FewestToys = 20;

    /// <summary>Largest |mean pull| that passes, two errors aside: the bias may be a fifth of the error.</summary>
    public const double MaxMeanPull = 0.2;

    /// <summary>Largest distance of the pulls' width from 1 that passes, two errors aside.</summary>
    public const double MaxWidthDistance = 0.15;

    /// <summary>Standard deviation s of the pulls.</summary>
    public required double Width { get; init; }

    /// <summary>Its standard error √((m₄ − s⁴)/n)/(2 s) with the fourth central moment m₄.</summary>
    public required double WidthError { get; init; }

    /// <summary>Whether the estimate is unbiased, and whether its error is right.</summary>
    public IReadOnlyList<ClosureCheck> Checks =>
    [
        Check("Mean pull", MeanPull, MeanPullError, 0, MaxMeanPull, Text(
            $"The bias is {Bias:G3} ± {BiasError:G2} over {ToyCount:N0} toys of known truth: subtract it, add it to the error, or correct "
                + $"the background that causes it.")),
        Check("Width of the pulls", Width, WidthError, 1, MaxWidthDistance, Width > 1
            ? "The errors are too small: a source of uncertainty is missing, such as the background generator's; add it as a nuisance "
                + "parameter, or scale the errors by this width."
            : "The errors are too large: an uncertainty is counted twice; find it, or scale the errors by this width."),
    ];

    /// <summary>Whether no check fails.</summary>
    public bool Passed => Checks.All(check => !check.Failed);

    /// <summary>Compares estimates with the truth.</summary>
    /// <param name="estimates">μ̂ of each toy; NaN where it failed.</param>
    /// <param name="errors">σ of each toy; above 0, NaN where it failed.</param>
    /// <param name="truth">μ.</param>
    /// <exception cref="ArgumentException">Lengths disagree.</exception>
    /// <exception cref="DataException">Fewer than 20 toys have a result, or an error is not above 0.</exception>
    public static EstimatorBias Of(IReadOnlyList<double> estimates, IReadOnlyList<double> errors, double truth = 0)
    {
        ArgumentNullException.ThrowIfNull(estimates);
        ArgumentNullException.ThrowIfNull(errors);
        if (estimates.Count != errors.Count)
        {
            throw new ArgumentException(
                $"There are {estimates.Count} estimates and {errors.Count} errors; give one of each a toy.", nameof(errors));
        }

        int[] fitted = [.. Enumerable.Range(0, errors.Count).Where(toy => !double.IsNaN(estimates[toy]) && !double.IsNaN(errors[toy]))];
        if (fitted.Length < FewestToys)
        {
            throw new DataException(
                $"{fitted.Length} of {errors.Count} toys have a result, expected {FewestToys} or more to measure a bias.");
        }

        int wrong = fitted.Count(toy => !(errors[toy] > 0));
        if (wrong > 0)
        {
            throw new DataException(
                $"{wrong} of {fitted.Length} toys have an error that is not above 0; leave out toys whose fit gives no error.");
        }

        Moments distances = Moments.Of([.. fitted.Select(toy => estimates[toy] - truth)]);
        Moments pulls = Moments.Of([.. fitted.Select(toy => (estimates[toy] - truth) / errors[toy])]);
        return new EstimatorBias(
            fitted.Length, errors.Count - fitted.Length, distances.Mean, distances.MeanError, pulls.Mean, pulls.MeanError)
        {
            Width = pulls.Width,
            WidthError = pulls.WidthError,
        };
    }

    private static ClosureCheck Check(string name, double value, double error, double expected, double tolerance, string remedy)
    {
        double halfWidth = tolerance + (Sigmas * error);
        return new ClosureCheck(
            name, value, error, expected - halfWidth, expected + halfWidth, remedy, !(Sigmas * error > tolerance) ? null : Text(
                $"Inconclusive: 2σ = {Sigmas * error:G2} exceeds the tolerance {tolerance:G2}; the toys are too few."))
        { IsInconclusive = Sigmas * error > tolerance };
    }

    /// <summary>Mean and width of numbers with their errors.</summary>
    private readonly record struct Moments(double Mean, double MeanError, double Width, double WidthError)
    {
        public static Moments Of(double[] values)
        {
            double mean = values.Average();
            double variance = values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1);
            double fourth = values.Average(value => Math.Pow(value - mean, 4));
            double width = Math.Sqrt(variance);
            return new Moments(
                mean, width / Math.Sqrt(values.Length), width,
                Math.Sqrt(Math.Max(0, fourth - (variance * variance)) / values.Length) / (2 * width));
        }
    }
}
