using Gbi.Events;
using Gbi.Inference.Fits;
using Gbi.Inference.Tests;
using Gbi.Jobs;
using Gbi.Numerics.Probability;

namespace Gbi.Searches.Coverage;

/// <summary>What a <see cref="SearchCoverage"/> measured.</summary>
public sealed record SearchCoverageResult
{
    /// <summary>Searches with a result.</summary>
    public required int ToyCount { get; init; }

    /// <summary>Searches without one, with their sentences; excluded from all numbers.</summary>
    public required IReadOnlyList<string> Failures { get; init; }

    /// <summary>Mean share of injected signal in the signal region.</summary>
    public required double TrueFraction { get; init; }

    /// <summary>Significances without a cut and after each cut, or of the fitted fraction.</summary>
    public required IReadOnlyList<SignificanceCoverage> Significances { get; init; }

    /// <summary>Searches whose lower limit of the signal fraction, without a signal model, lies above the truth; null with a
    /// model.</summary>
    public required CountedShare? LimitsAboveTruth { get; init; }

    /// <summary>Searches whose lower limit lies above 0; null with a model.</summary>
    public required CountedShare? LimitsAboveZero { get; init; }

    /// <summary>Mean of fitted less true fraction.</summary>
    public required Estimate Bias { get; init; }

    /// <summary>Mean and width of (fitted − true fraction)/(half of the 68.27 % interval).</summary>
    public required (Estimate Mean, Estimate Width) Pulls { get; init; }

    /// <summary>Searches whose 68.27 % interval holds the true fraction.</summary>
    public required CountedShare Coverage68 { get; init; }

    /// <summary>Searches whose 95 % interval holds the true fraction.</summary>
    public required CountedShare Coverage95 { get; init; }

    /// <summary>Searches in which any check failed.</summary>
    public required CountedShare Warned { get; init; }

    /// <summary>Each check that ever failed or was inconclusive.</summary>
    public required IReadOnlyList<CheckCoverage> Checks { get; init; }

    /// <summary>Puts the outcomes together.</summary>
    /// <exception cref="DataException">No search has a result.</exception>
    internal static SearchCoverageResult Of(SearchCoverageOptions options, IReadOnlyList<JobOutcome<CoverageToy>> outcomes)
    {
        CoverageToy[] toys = [.. outcomes.Select(outcome => outcome.Result).OfType<CoverageToy>()];
        if (toys.Length == 0)
        {
            throw new DataException($"None of {outcomes.Count} searches has a result. The first: {outcomes[0].Failure}");
        }

        bool hasLimits = toys[0].LowerLimit is not null;
        return new SearchCoverageResult
        {
            ToyCount = toys.Length,
            Failures = [.. outcomes.Select(outcome => outcome.Failure).OfType<string>()],
            TrueFraction = toys.Average(toy => toy.TrueFraction),
            Significances = [.. Enumerable.Range(0, toys.Min(toy => toy.Significances.Count)).Select(cut => SignificanceCoverage.Of(
                hasLimits ? cut == 0 ? 1 : options.Search.BackgroundEfficiencies[cut - 1] : null,
                [.. toys.Select(toy => toy.Significances[cut])]))],
            LimitsAboveTruth = hasLimits ? Share(toy => toy.LowerLimit > toy.TrueFraction) : null,
            LimitsAboveZero = hasLimits ? Share(toy => toy.LowerLimit > 0) : null,
            Bias = Moments.MeanOf([.. toys.Select(toy => toy.Fraction - toy.TrueFraction)]),
            Pulls = Moments.Of([.. toys.Select(toy => (toy.Fraction - toy.TrueFraction) / toy.Error)]),
            Coverage68 = Share(toy => Holds(toy.Interval68, toy)),
            Coverage95 = Share(toy => Holds(toy.Interval95, toy)),
            Warned = Share(toy => toy.Failed.Count > 0),
            Checks = [.. toys.SelectMany(toy => toy.Failed.Concat(toy.Inconclusive)).Distinct().Order(StringComparer.Ordinal)
                .Select(name => new CheckCoverage(
                    name, Share(toy => toy.Failed.Contains(name)), Share(toy => toy.Inconclusive.Contains(name))))],
        };

        static bool Holds(IReadOnlyList<double> interval, CoverageToy toy) =>
            interval[0] <= toy.TrueFraction && toy.TrueFraction <= interval[1];

        CountedShare Share(Func<CoverageToy, bool> which) => new(toys.Count(which), toys.Length);
    }
}

/// <summary>A significance over pseudo-data sets.</summary>
/// <param name="BackgroundEfficiency">Share of the background above the cut; 1 without one, null for a fitted fraction.</param>
/// <param name="Mean">Mean of Z; 0 without signal.</param>
/// <param name="Width">Standard deviation of Z; 1 without signal.</param>
/// <param name="Uniformity">Kolmogorov–Smirnov probability that the p-values Φ(−Z) are uniform, as they are without signal.</param>
/// <param name="AboveTwoSigma">Data sets with Z of 2 and more; 2.3 % without signal.</param>
/// <param name="AboveThreeSigma">Data sets with Z of 3 and more; 0.13 % without signal.</param>
public sealed record SignificanceCoverage(
    double? BackgroundEfficiency, Estimate Mean, Estimate Width, double Uniformity, CountedShare AboveTwoSigma,
    CountedShare AboveThreeSigma)
{
    internal static SignificanceCoverage Of(double? efficiency, double[] significances)
    {
        (Estimate mean, Estimate width) = Moments.Of(significances);
        return new SignificanceCoverage(
            efficiency, mean, width, UniformityTest.Of(Array.ConvertAll(significances, TailProbability.OfNormal)).Probability,
            new CountedShare(significances.Count(z => z >= 2), significances.Length),
            new CountedShare(significances.Count(z => z >= 3), significances.Length));
    }
}

/// <summary>How often a check failed and was inconclusive.</summary>
public sealed record CheckCoverage(string Name, CountedShare Failed, CountedShare Inconclusive);

/// <summary>A share of data sets.</summary>
/// <param name="Count">How many.</param>
/// <param name="Total">Of how many.</param>
public sealed record CountedShare(int Count, int Total)
{
    /// <summary>The share.</summary>
    public double Value => (double)Count / Total;

    /// <summary>68.27 % interval of Clopper and Pearson.</summary>
    public ConfidenceInterval Interval => BinomialInterval.ClopperPearson(Count, Total);
}

/// <summary>Mean and standard deviation with their errors.</summary>
internal static class Moments
{
    /// <summary>The mean with its error s/√n; the error is NaN for one value.</summary>
    public static Estimate MeanOf(double[] values) => Of(values).Mean;

    /// <summary>Mean and standard deviation s; its error is s/√(2(n−1)), that of a normal distribution.</summary>
    public static (Estimate Mean, Estimate Width) Of(double[] values)
    {
        double mean = values.Average();
        double width = values.Length > 1
            ? Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1))
            : double.NaN;
        return (new Estimate(mean, width / Math.Sqrt(values.Length)), new Estimate(width, width / Math.Sqrt(2.0 * (values.Length - 1))));
    }
}
