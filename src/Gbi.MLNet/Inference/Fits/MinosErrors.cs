using Gbi.Likelihoods.Model;

namespace Gbi.Inference.Fits;

/// <summary>The interval of one parameter in which −2 ln L, all others at their best, is less than 1 above its minimum.</summary>
/// <param name="Parameter">Its name.</param>
/// <param name="Lower">Lower end; the bound of the parameter where −2 ln L does not rise enough before it; NaN where it failed.</param>
/// <param name="Upper">Upper end, likewise.</param>
/// <param name="Failure">Why it was not found; null where it was.</param>
public sealed record MinosInterval(string Parameter, double Lower, double Upper, string? Failure);

/// <summary>Errors of MINOS of all parameters, which need not be symmetric.</summary>
/// <remarks>James and Roos, Comput. Phys. Commun. 10 (1975) 343.</remarks>
public static class MinosErrors
{
    /// <summary>The intervals of all parameters that are not fixed, in their order.</summary>
    /// <param name="fits">The likelihood.</param>
    /// <param name="progress">Receives the finished fraction, from 0 to 1.</param>
    /// <exception cref="FitException">The best fit failed; an interval that is not found is reported in its place.</exception>
    public static IReadOnlyList<MinosInterval> Of(ProfileLikelihood fits, IProgress<double>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(fits);
        FitResult best = fits.Fit();
        FitParameter[] atBest = [.. fits.Parameters.Select((parameter, i) => parameter with { Initial = best.Parameters[i] })];
        List<MinosInterval> found = [];
        for (int i = 0; i < atBest.Length; i++)
        {
            if (!atBest[i].IsFixed)
            {
                found.Add(Interval(fits, atBest, i));
            }

            progress?.Report((i + 1.0) / atBest.Length);
        }

        return found;
    }

    private static MinosInterval Interval(ProfileLikelihood fits, FitParameter[] atBest, int of)
    {
        try
        {
            ConfidenceInterval interval = ProfileInterval.Of(
                new ProfileLikelihood(fits.TwiceNll, atBest, of) { Cancellation = fits.Cancellation }, atBest[of].Lower, atBest[of].Upper);
            return new MinosInterval(atBest[of].Name, interval.Lower, interval.Upper, null);
        }
        catch (FitException failure)
        {
            return new MinosInterval(atBest[of].Name, double.NaN, double.NaN, failure.Message);
        }
    }
}
