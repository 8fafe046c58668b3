using Gbi.Numerics.Probability;
using static Gbi.Numerics.InvariantText;
using LogNormalDistribution = MathNet.Numerics.Distributions.LogNormal;
using NormalDistribution = MathNet.Numerics.Distributions.Normal;

namespace Gbi.Simulators.Priors.Distributions;

/// <summary>A normal density of one parameter, truncated to a range where it has one.</summary>
internal sealed class NormalPrior : ScalarPrior
{
    private const double FarthestRange = 8;

    private readonly bool _isTruncated;
    private readonly bool _isMirrored;
    private readonly double _lowProbability;
    private readonly double _mass;
    private readonly double _logMass;

    public NormalPrior(string name, double mean, double standardDeviation, double low, double high)
        : base(name, low, high)
    {
        RequirePositive(name, "standard deviation", standardDeviation);
        if (!double.IsFinite(mean) || !(low < high))
        {
            throw new ArgumentException(Text(
                $"Parameter '{name}' has the mean {mean} and the range [{low}, {high}], expected a finite mean and two numbers, the lower ")
                + "one first.");
        }

        (Mean, StandardDeviation) = (mean, standardDeviation);
        bool isBetween = double.IsFinite(low) && double.IsFinite(high);
        double farthest = Math.Abs(low) > Math.Abs(high) ? low : high;
        SinglePrecision.Require(name, Math.Min(standardDeviation, high - low), isBetween ? farthest : mean);
        _isTruncated = double.IsFinite(low) || double.IsFinite(high);
        (double a, double b) = ((low - mean) / standardDeviation, (high - mean) / standardDeviation);
        if (a > FarthestRange || b < -FarthestRange)
        {
            throw new ArgumentException(Text(
                $"Parameter '{name}' has the range [{low}, {high}], more than {FarthestRange} standard deviations from the mean {mean}; ")
                + "expected a range where the normal density is.");
        }

        // In the lower tail, where small probabilities keep their digits.
        _isMirrored = a > 0;
        (a, b) = _isMirrored ? (-b, -a) : (a, b);
        _lowProbability = NormalDistribution.CDF(0, 1, a);
        _mass = NormalDistribution.CDF(0, 1, b) - _lowProbability;
        _logMass = Math.Log(_mass);
    }

    public double Mean { get; }

    public double StandardDeviation { get; }

    /// <summary>Whether the range is all real numbers.</summary>
    public bool IsWhole => !_isTruncated;

    protected override double Sample(Random random)
    {
        if (!_isTruncated)
        {
            return random.NextNormal(Mean, StandardDeviation);
        }

        double z = NormalDistribution.InvCDF(0, 1, _lowProbability + (_mass * random.NextDouble()));
        return Math.Clamp(Mean + (StandardDeviation * (_isMirrored ? -z : z)), Low, High);
    }

    protected override double LogDensityOf(double value) =>
        NormalDistribution.PDFLn(Mean, StandardDeviation, value) - (_isTruncated ? _logMass : 0);
}

/// <summary>The upper half of a normal density around 0.</summary>
internal sealed class HalfNormalPrior : ScalarPrior
{
    public HalfNormalPrior(string name, double standardDeviation)
        : base(name, 0, double.PositiveInfinity)
    {
        RequirePositive(name, "standard deviation", standardDeviation);
        SinglePrecision.Require(name, 40 * standardDeviation, 0);
        StandardDeviation = standardDeviation;
    }

    public double StandardDeviation { get; }

    protected override double Sample(Random random) => Math.Abs(random.NextNormal(0, StandardDeviation));

    protected override double LogDensityOf(double value) => Math.Log(2) + NormalDistribution.PDFLn(0, StandardDeviation, value);
}

/// <summary>A positive number whose logarithm is normal.</summary>
internal sealed class LogNormalPrior : ScalarPrior
{
    // ln of the numbers that single precision has, subnormal ones left out.
    private const double LargestLogarithm = 87;
    private const double FarthestDraw = 8;

    public LogNormalPrior(string name, double median, double sigma)
        : base(name, 0, double.PositiveInfinity)
    {
        RequirePositive(name, "median", median);
        RequirePositive(name, "sigma", sigma);
        if (Math.Abs(Math.Log(median)) + (FarthestDraw * sigma) > LargestLogarithm)
        {
            throw new ArgumentException(Text(
                $"Parameter '{name}' has the median {median} and sigma {sigma}, with values beyond single precision; sigma is the ")
                + "standard deviation of the natural logarithm: give a smaller one, or change the unit.");
        }

        SinglePrecision.Require(name, median * sigma, median);
        (Median, Sigma) = (median, sigma);
    }

    public double Median { get; }

    public double Sigma { get; }

    protected override double Sample(Random random) => LogNormalDistribution.Sample(random, Math.Log(Median), Sigma);

    protected override double LogDensityOf(double value) =>
        value > 0 ? LogNormalDistribution.PDFLn(Math.Log(Median), Sigma, value) : double.NegativeInfinity;
}
