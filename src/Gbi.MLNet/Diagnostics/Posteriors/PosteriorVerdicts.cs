using Gbi.Numerics.Probability;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Diagnostics.Posteriors;

/// <summary>The findings of a report in plain words.</summary>
/// <param name="report">The tests.</param>
/// <param name="level">How often any of them fails for the exact posterior.</param>
/// <param name="repeatedShare">Share of draws that repeat the one before.</param>
internal sealed class PosteriorVerdicts(PosteriorReport report, double level, double repeatedShare)
{
    private const double LargestRepeatedShare = 0.01;

    // In nats: less is no information, and above the rounding of densities that are equal.
    private const double SmallestGain = 1e-3;

    private readonly double _limit = level / report.TestCount;

    private bool IsTooSmall => report.PairCount < report.NeededPairs;

    /// <summary>One line for each parameter, for all together, for distances, and for the information gain.</summary>
    public PosteriorVerdict[] All() =>
    [
        .. report.Parameters.SelectMany(OfParameter),
        .. Together(),
        .. Distance(),
        .. Gain(),
        .. Draws(),
    ];

    private IEnumerable<PosteriorVerdict> OfParameter(ParameterCalibration parameter)
    {
        string of = $"in `{parameter.Name}`";
        bool fails = parameter.Ranks.Probability < _limit;
        List<PosteriorVerdict> found = [];
        if (fails && parameter.ShiftProbability < _limit)
        {
            found.Add(new(PosteriorFinding.Shifted, parameter.Name, $"shifted {of}: draws lie {Shift(parameter)} the truth"));
        }

        found.AddRange(OfCoverage(of, parameter.Name, parameter.Coverage, "intervals"));
        if (fails && found.Count == 0)
        {
            found.Add(Nonuniform(of, parameter.Name, "ranks", parameter.Ranks));
        }

        return found.Count > 0 ? found : [Passing(of, parameter.Name, parameter.Coverage, "intervals")];
    }

    /// <summary>The distance where it is on the side of the ranks; for skew posteriors it need not be.</summary>
    private static string Shift(ParameterCalibration parameter)
    {
        bool isAbove = parameter.MeanRank.Value < 0.5;
        double distance = isAbove ? parameter.Shift.Value : -parameter.Shift.Value;
        string side = isAbove ? "above" : "below";
        return distance > 0 ? Text($"{distance:F2} ± {parameter.Shift.Error:F2} standard deviations {side}") : $"mostly {side}";
    }

    private IEnumerable<PosteriorVerdict> Together()
    {
        if (report.Density is not { } density)
        {
            yield break;
        }

        if (report.ExcludedCount > 0)
        {
            yield return new(PosteriorFinding.OverConfident, null, Text(
                $"over-confident: the density is 0 at the truth of {report.ExcludedCount:N0} of {report.PairCount:N0} pairs"));
        }

        PosteriorVerdict[] found = [.. OfCoverage("jointly", null, report.Coverage, "regions")];
        foreach (PosteriorVerdict verdict in found)
        {
            yield return verdict;
        }

        if (found.Length == 0)
        {
            yield return density.Probability < _limit
                ? Nonuniform("jointly", null, "ranks of the density", density)
                : Passing("jointly", null, [report.Coverage[1], report.Coverage[4]], "regions");
        }
    }

    private IEnumerable<PosteriorVerdict> Distance()
    {
        if (report.Distance.Probability < _limit)
        {
            yield return Nonuniform("at points that depend on x", null, "distances", report.Distance);
        }
        else
        {
            yield return IsTooSmall
                ? TooFew("at points that depend on x", null)
                : new(PosteriorFinding.Calibrated, null, Text(
                    $"calibrated at points that depend on x: p = {report.Distance.Probability:G2}"));
        }
    }

    private IEnumerable<PosteriorVerdict> Gain()
    {
        if (report.InformationGain is not { } gain)
        {
            yield break;
        }

        double limit = TailProbability.NormalQuantile(1 - _limit);
        string text = double.IsInfinity(gain.Value)
            ? "the density is 0 at the truth of some pairs"
            : Text($"{gain.Value:F2} ± {gain.Error:F2} nats over the prior");
        bool isNone = double.IsInfinity(gain.Value) || gain.Value + (limit * gain.Error) < SmallestGain
            || (gain.Value <= Math.Max(2 * gain.Error, SmallestGain) && !IsTooSmall);
        if (gain.Value > SmallestGain && gain.Value > limit * gain.Error)
        {
            yield return new(PosteriorFinding.Calibrated, null, $"information gain: {text}");
        }
        else if (isNone)
        {
            yield return new(PosteriorFinding.NoInformation, null, $"no information gain: {text}");
        }
        else
        {
            yield return new(PosteriorFinding.Inconclusive, null, $"inconclusive information gain: {text}; test with more pairs");
        }
    }

    private IEnumerable<PosteriorVerdict> Draws()
    {
        if (repeatedShare > LargestRepeatedShare)
        {
            yield return new(PosteriorFinding.Inconclusive, null, Text(
                $"inconclusive: {100 * repeatedShare:F0} % of the draws repeat the one before; ranks need independent draws, so thin the ")
                + "chains or draw without replacement (discrete parameters alone may repeat)");
        }
    }

    /// <summary>
    /// The failing level with the smallest p-value on each side. Coverage that crosses its nominal value may be both, in the middle and in
    /// the tails.
    /// </summary>
    private IEnumerable<PosteriorVerdict> OfCoverage(string of, string? parameter, IReadOnlyList<RegionCoverage> coverage, string regions)
    {
        RegionCoverage[] failing = [.. coverage.Where(region => region.Probability < _limit)];
        RegionCoverage[] below = [.. failing.Where(region => region.Value < region.Level)];
        RegionCoverage[] above = [.. failing.Where(region => region.Value >= region.Level)];
        if (below.Length > 0)
        {
            yield return new(
                PosteriorFinding.OverConfident, parameter, $"over-confident {of}: {Sentence(coverage, below, regions)}");
        }

        if (above.Length > 0)
        {
            yield return new(
                PosteriorFinding.UnderConfident, parameter, $"under-confident {of}: {Sentence(coverage, above, regions)}");
        }
    }

    /// <summary>Coverage at 68 and 95 % where one of them fails and the other is not on the other side, else where it fails.</summary>
    private static string Sentence(IReadOnlyList<RegionCoverage> coverage, RegionCoverage[] failing, string regions)
    {
        bool isBelow = failing[0].Value < failing[0].Level;
        RegionCoverage[] shown = failing.Any(IsUsual)
            ? [.. coverage.Where(region => IsUsual(region) && (failing.Contains(region) || (region.Value < region.Level) == isBelow))]
            : failing;
        return string.Join(", ", shown.Select((region, at) => at == 0
            ? Text($"{100 * region.Level:F0} % {regions} hold {Percent(region)}")
            : Text($"{100 * region.Level:F0} % hold {Percent(region)}")));
    }

    private static bool IsUsual(RegionCoverage region) => region.Level is 0.68 or 0.95;

    private static string Percent(RegionCoverage region)
    {
        double error = 100 * region.Error;
        return error >= 1 ? Text($"{100 * region.Value:F0} ± {error:F0} %") : Text($"{100 * region.Value:F1} ± {error:F1} %");
    }

    private PosteriorVerdict Passing(string of, string? parameter, IReadOnlyList<RegionCoverage> coverage, string regions) => IsTooSmall
        ? TooFew(of, parameter)
        : new(PosteriorFinding.Calibrated, parameter, $"calibrated {of}: {Sentence(coverage, [.. coverage], regions)}");

    private PosteriorVerdict TooFew(string of, string? parameter) => new(PosteriorFinding.Inconclusive, parameter, Text(
        $"inconclusive {of}: {report.PairCount:N0} pairs show no difference, but {report.NeededPairs:N0} are needed to see one"));

    private static PosteriorVerdict Nonuniform(string of, string? parameter, string what, UniformityTest test) => new(
        PosteriorFinding.Miscalibrated, parameter, Text(
            $"miscalibrated {of}: {what} are not uniform, D = {test.Distance:F3}, p = {test.Probability:G2}"));
}
