using Gbi.Events;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Peaks;

/// <summary>The caveats of a measurement in sentences.</summary>
internal static class PeakRemarks
{
    /// <summary>Area under the curve between the sidebands above which the features sort by mass.</summary>
    private const double KnowsMass = 0.7;

    private const double LeastProbability = 0.01;

    public static IReadOnlyList<string> Of(PeakMeasurement measurement)
    {
        List<string> remarks = [];
        if (measurement.Features is { } features)
        {
            remarks.AddRange(ConstantFeatures.SentencesOf(measurement.Options.Features, measurement.Events));
            remarks.AddRange(OfFeatures(features));
        }
        else
        {
            remarks.AddRange(OfFit(measurement.MassOnly, measurement.MassOnlyShape));
        }

        return [.. remarks.Concat(measurement.MassOnly.Remarks).Distinct()];
    }

    private static IEnumerable<string> OfFeatures(PeakFeatures features)
    {
        double error = features.Fit.Yield.Error;
        if (features.GeneratorError > error)
        {
            yield return Text(
                $"The generator's error {features.GeneratorError:N0} is above the statistical one, {error:N0}: trainings sort the events "
                    + $"differently. Use fewer categories or features or wider sidebands, or the yield from the mass alone.");
        }

        if (features.SidebandArea.Value > KnowsMass)
        {
            yield return Text(
                $"The features separate the lower from the upper sideband (area under the curve {features.SidebandArea.Value:F2}, 0.5 if "
                    + $"they are independent of the mass), so that the categories sort by mass and may bias the yield: leave such features "
                    + $"out, or use the yield from the mass alone.");
        }

        if (features.FailedReplicas > 0)
        {
            yield return Text($"{features.FailedReplicas} replicas had no fit and are left out of the generator's error.");
        }

        if (features.NullTest is { FailedCount: > 0 } test)
        {
            yield return Text($"Left out, as it had no fit: {Counted(test.FailedCount, "toy")} without a peak.");
        }

        foreach (string remark in features.Fit.Remarks.Concat(OfFit(features.Fit, features.Shape)))
        {
            yield return remark;
        }
    }

    private static IEnumerable<string> OfFit(PeakFit fit, PeakShapeError shape)
    {
        if (shape.Preferred is { } better)
        {
            yield return Text(
                $"The data prefer another {(better.IsBackground ? "background" : "peak")}, the {better.Name}: −2 ln L is lower by "
                    + $"{-better.TwiceNllChange:F1} with {better.ParameterChange:+0;−0;0} parameters.");
        }

        if (fit.GoodnessOfFit < LeastProbability)
        {
            yield return Text(
                $"The χ² probability of the fit is {fit.GoodnessOfFit:G2}: the shape error covers only functions that were tried.");
        }

        for (int category = 0; category < fit.CategoryCount; category++)
        {
            if (fit.Yields[category].Value < -2 * fit.Yields[category].Error)
            {
                yield return Text(
                    $"The yield {(fit.CategoryCount > 1 ? "of a category " : "")}is negative, {fit.Yields[category].Value:N0} ± "
                        + $"{fit.Yields[category].Error:N0}: the masses show a deficit there.");
            }
        }
    }
}
