using Gbi.Events;
using Gbi.Numerics;

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
            Parameters = [.. Enumerable.Range(0, ranks.Parameters.Count).Select(parameter => OfParameter(ranks, parameter))],
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

    private static ParameterCalibration OfParameter(PosteriorRanks ranks, int parameter)
    {
        IReadOnlyList<double> ofParameter = ranks.OfParameters[parameter];
        double[] distances =
        [
            .. Enumerable.Range(0, ranks.PairCount).Where(pair => ranks.Deviations[parameter][pair] > 0).Select(pair =>
                (ranks.Means[parameter][pair] - ranks.Truths[parameter][pair]) / ranks.Deviations[parameter][pair]),
        ];
        return new ParameterCalibration(
            ranks.Parameters[parameter],
            UniformityTest.Of(ofParameter),
            [.. CentralLevels.Select(level => RegionCoverage.OfCentral(ofParameter, level))],
            MeanOf(distances) ?? new Estimate(double.NaN, double.NaN),
            new Estimate(ofParameter.Average(), Math.Sqrt(1.0 / (12 * ranks.PairCount))));
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
