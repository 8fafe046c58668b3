using Gbi.Events;
using Gbi.Numerics;
using Gbi.Numerics.Probability;

namespace Gbi.Diagnostics.Posteriors;

/// <summary>
/// Tests of a posterior by the ranks of true parameters: simulation-based calibration of each parameter, coverage of central intervals and
/// of regions of highest density, distances to reference points that depend on x, and the information gain over the prior.
/// </summary>
public static class PosteriorTests
{
    private static readonly double[] CentralLevels = [0.68, 0.95];
    private static readonly double[] DensityLevels = [0.5, 0.68, 0.8, 0.9, 0.95, 0.99];

    /// <summary>Tests ranks.</summary>
    /// <param name="ranks">Ranks of test pairs.</param>
    /// <param name="options">How they are judged.</param>
    /// <param name="seed">Of the band's simulation.</param>
    public static PosteriorReport Run(PosteriorRanks ranks, PosteriorTestOptions options, Seed seed)
    {
        ArgumentNullException.ThrowIfNull(ranks);
        ArgumentNullException.ThrowIfNull(options);
        bool hasDensities = ranks.OfDensity.Count > 0;
        int testCount = (ranks.Parameters.Count * (1 + CentralLevels.Length)) + 1 + (hasDensities ? 1 + DensityLevels.Length : 0);
        double visible = UniformityTest.DistanceOfWidths(options.VisibleWidthFactor);
        var report = new PosteriorReport
        {
            PairCount = ranks.PairCount,
            DrawCount = ranks.DrawCount,
            TestCount = testCount,
            NeededPairs = (int)Math.Ceiling(Math.Log(2 * testCount / options.Level) / (2 * visible * visible)),
            Parameters = [.. ranks.Parameters.Select((name, j) => OfParameter(name, ranks.OfParameters[j]))],
            Density = hasDensities ? UniformityTest.Of(ranks.OfDensity) : null,
            Coverage = hasDensities ? [.. DensityLevels.Select(level => RegionCoverage.OfHighestDensity(ranks.OfDensity, level))] : [],
            Distance = UniformityTest.Of(ranks.OfDistance),
            InformationGain = MeanOf(ranks.InformationGains),
            NegativeLogDensity = MeanOf([.. ranks.LogDensities.Select(density => -density)]),
            ExcludedCount = ranks.LogDensities.Count(double.IsNegativeInfinity),
            Band = EcdfBand.Simulate(ranks.PairCount, 1 - options.Level, seed.Child("band")),
        };
        return report with { Verdicts = new PosteriorVerdicts(report, options.Level, ranks.RepeatedShare).All() };
    }

    private static ParameterCalibration OfParameter(string name, IReadOnlyList<double> ranks)
    {
        int count = ranks.Count;
        double mean = ranks.Average();
        double error = Math.Sqrt(1.0 / (12 * count));
        double shift = -Math.Sqrt(2) * TailProbability.NormalQuantile(Math.Clamp(mean, 1e-9, 1 - 1e-9));

        // dū/db = φ(b/√2)/√2.
        double slope = Math.Exp(-shift * shift / 4) / Math.Sqrt(2 * Math.Tau);
        double distance = Math.Abs(mean - 0.5) / error;
        return new ParameterCalibration(
            name,
            UniformityTest.Of(ranks),
            [.. CentralLevels.Select(level => RegionCoverage.OfCentral(ranks, level))],
            new Estimate(shift, error / slope),
            2 * TailProbability.OfNormal(distance));
    }

    private static Estimate? MeanOf(IReadOnlyList<double> values)
    {
        if (values.Count == 0)
        {
            return null;
        }

        double mean = values.Average();
        return double.IsInfinity(mean) ? new Estimate(mean, double.NaN) : new Estimate(
            mean, Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / Math.Max(1, values.Count - 1) / values.Count));
    }
}
