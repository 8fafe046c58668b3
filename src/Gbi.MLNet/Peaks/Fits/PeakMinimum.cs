using Gbi.Events;
using Gbi.Inference.Fits;
using Gbi.Likelihoods.Model;
using Gbi.Peaks.Shapes;

namespace Gbi.Peaks.Fits;

/// <summary>A fit of a peak's likelihood: a minimum with errors.</summary>
/// <param name="Likelihood">The likelihood.</param>
/// <param name="Result">Parameters with their errors.</param>
/// <param name="Without">−2 ln L without a peak.</param>
internal sealed record PeakMinimum(PeakLikelihood Likelihood, FitResult Result, double Without)
{
    private const int GridPoints = 200;

    private double[] Parameters { get; } = [.. Result.Parameters];

    /// <summary>−2 ln of the likelihood without a peak over that of the fit.</summary>
    public double LogLikelihoodRatio => Math.Max(0, Without - Result.TwiceNll);

    /// <summary>The peak's shape, with a width for each category where they differ.</summary>
    public PeakShape Shape => new(
        Parameters[0],
        Likelihood.WidthCount == 1
            ? [Math.Exp(Parameters[3])]
            : [.. Likelihood.WidthOf.Select(width => Math.Exp(Parameters[3 + width]))],
        Likelihood.Form,
        PeakForms.ShapeOf(Likelihood.Form, Parameters[1], Parameters[2]));

    /// <summary>Events of the peak at the masses that were fitted, all categories together.</summary>
    public double YieldInRange => Enumerable.Range(0, Likelihood.CategoryCount)
        .Sum(category => Likelihood.Expected(Parameters, category, Likelihood.Low, Likelihood.High).Peak);

    /// <summary>Fitted yields, all categories together.</summary>
    public Estimate Yield => ErrorOfSum([.. Enumerable.Range(0, Likelihood.CategoryCount).Select(Likelihood.YieldOf)]);

    /// <summary>Number of parameters that were fitted.</summary>
    public int FreeCount => Result.Errors.Count(error => error > 0);

    /// <summary>Whether the position or a width ended at a bound: the fit found no peak in the region.</summary>
    public bool IsShapeAtBound =>
        Result.AtBounds.Any(name => name == "mean" || name.StartsWith("ln width", StringComparison.Ordinal));

    /// <summary>Fits.</summary>
    /// <param name="likelihood">The likelihood.</param>
    /// <param name="start">Where fits start.</param>
    /// <param name="known">A shape to start from or to hold; null to look for the mode.</param>
    /// <param name="isShapeFixed">Whether it is held.</param>
    /// <exception cref="FitException">No minimum with errors was found.</exception>
    public static PeakMinimum Of(PeakLikelihood likelihood, PeakStart start, PeakShape? known, bool isShapeFixed)
    {
        FitResult With(PeakFreedom freedom) => Fitted(likelihood, start.Parameters(likelihood, known, freedom));
        PeakMinimum Fit(bool isPositive) => new(
            likelihood,
            With(new PeakFreedom(isShapeFixed, HasPeak: true, isPositive)),
            With(new PeakFreedom(IsShapeFixed: true, HasPeak: false, isPositive)).TwiceNll);

        // Parameters of 0 or more suffice for a background that is positive everywhere, but are not necessary.
        PeakMinimum held = Fit(isPositive: true);
        if (!Enumerable.Range(0, held.Likelihood.CategoryCount).Any(held.IsBackgroundHeld))
        {
            return held;
        }

        try
        {
            PeakMinimum free = Fit(isPositive: false);
            return free.IsPositive ? free : held;
        }
        catch (FitException)
        {
            return held;
        }
    }

    /// <summary>The lowest mass at which the background, or with the peak the sum of both, is negative; null where there is none.</summary>
    /// <param name="category">The category.</param>
    /// <param name="withPeak">Whether the peak is added.</param>
    public double? NegativeAt(int category, bool withPeak)
    {
        (double low, double high) = (Likelihood.Low, Likelihood.High);
        for (int point = 0; point <= GridPoints; point++)
        {
            double mass = low + ((high - low) * point / GridPoints);
            (double peak, double background) = Likelihood.Densities(Parameters, category, mass);
            if (background + (withPeak ? peak : 0) < 0)
            {
                return mass;
            }
        }

        return null;
    }

    /// <summary>Whether a parameter of a category's background is held at 0.</summary>
    public bool IsBackgroundHeld(int category) =>
        Result.AtBounds.Any(name => name.StartsWith(string.Create(null, $"background {category}."), StringComparison.Ordinal));

    private bool IsPositive => Enumerable.Range(0, Likelihood.CategoryCount).All(
        category => NegativeAt(category, withPeak: false) is null);

    // Parameters at a bound, and those of a form without effect there, leave no errors for the others: they are held.
    private static FitResult Fitted(PeakLikelihood likelihood, List<FitParameter> parameters)
    {
        FitResult result = Fit(likelihood, parameters);
        for (int round = 0; round < 3 && result.Covariance is null; round++)
        {
            List<FitParameter> fewer =
            [
                .. parameters.Select((parameter, i) => parameter with
                {
                    Initial = result.Parameters[i],
                    IsFixed = parameter.IsFixed || result.AtBounds.Contains(parameter.Name)
                        || (parameter.Name.StartsWith("form", StringComparison.Ordinal) && result.Degenerate.Contains(parameter.Name)),
                })
            ];
            if (fewer.Count(parameter => parameter.IsFixed) == parameters.Count(parameter => parameter.IsFixed))
            {
                break;
            }

            parameters = fewer;
            result = Fit(likelihood, parameters) with { AtBounds = [.. result.AtBounds] };
        }

        return result.Covariance is not null
            ? result
            : throw new FitException(
                $"The fit of the peak does not determine all of its parameters: {string.Join(" ", result.Remarks)} Use fewer, such as "
                    + $"a single Gaussian or a shorter polynomial.");
    }

    private static FitResult Fit(PeakLikelihood likelihood, List<FitParameter> parameters) =>
        new ProfileLikelihood(likelihood, parameters, likelihood.YieldOf(0)).Fit();

    private Estimate ErrorOfSum(int[] indices)
    {
        double variance = 0;
        foreach (int i in indices)
        {
            foreach (int j in indices)
            {
                variance += Result.Covariance![(i * Likelihood.ParameterCount) + j];
            }
        }

        return new Estimate(indices.Sum(i => Parameters[i]), Math.Sqrt(Math.Max(0, variance)));
    }
}
