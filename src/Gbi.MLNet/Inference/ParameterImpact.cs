using Gbi.Numerics;

namespace Gbi.Inference;

/// <summary>By how much one parameter moves the best value of another.</summary>
/// <param name="Parameter">Name of the parameter that is moved.</param>
/// <param name="Value">Its best value.</param>
/// <param name="Error">Its error after the fit.</param>
/// <param name="Down">Change of μ̂ where it is held one error below its best value, within its bounds; NaN where the fit failed.</param>
/// <param name="Up">The same above.</param>
/// <param name="Failure">Why a fit failed; null where none did.</param>
public sealed record ParameterImpact(string Parameter, double Value, double Error, double Down, double Up, string? Failure)
{
    /// <summary>The larger of both changes; 0 where a fit failed.</summary>
    public double Largest => double.IsNaN(Down + Up) ? 0 : Math.Max(Math.Abs(Down), Math.Abs(Up));

    /// <summary>The impacts of all free parameters on μ, the largest first; each is the change of μ̂ in a fit with the parameter held.</summary>
    /// <param name="twiceNll">−2 ln L.</param>
    /// <param name="parameters">Its parameters.</param>
    /// <param name="parameterOfInterest">Index of μ.</param>
    /// <exception cref="FitException">The best fit failed.</exception>
    public static IReadOnlyList<ParameterImpact> Rank(
        ISmoothFunction twiceNll, IReadOnlyList<FitParameter> parameters, int parameterOfInterest) =>
        Rank(new ProfileLikelihood(twiceNll, parameters, parameterOfInterest));

    /// <summary>The same in the valley of a fit's minimum.</summary>
    /// <exception cref="FitException">The best fit failed.</exception>
    public static IReadOnlyList<ParameterImpact> Rank(ProfileLikelihood fits)
    {
        ArgumentNullException.ThrowIfNull(fits);
        (IReadOnlyList<FitParameter> parameters, int parameterOfInterest) = (fits.Parameters, fits.ParameterOfInterest);
        FitResult best = fits.Fit();
        FitParameter[] atBest = [.. parameters.Select((parameter, i) => parameter with { Initial = best.Parameters[i] })];
        return [.. Enumerable.Range(0, atBest.Length)
            .Where(i => i != parameterOfInterest && !atBest[i].IsFixed)
            .Select(Move)
            .OrderByDescending(impact => impact.Largest)];

        ParameterImpact Move(int moved)
        {
            string? failure = null;
            double down = Change(moved, -best.Errors[moved], ref failure);
            double up = Change(moved, best.Errors[moved], ref failure);
            return new ParameterImpact(atBest[moved].Name, best.Parameters[moved], best.Errors[moved], down, up, failure);
        }

        double Change(int moved, double by, ref string? failure)
        {
            if (double.IsNaN(by))
            {
                failure = $"{atBest[moved].Name} has no error by which to move it; see the remarks of the fit.";
                return double.NaN;
            }

            FitParameter fixedThere = atBest[moved] with
            {
                Initial = Math.Clamp(best.Parameters[moved] + by, atBest[moved].Lower, atBest[moved].Upper),
                IsFixed = true,
            };
            try
            {
                var held = new ProfileLikelihood(fits.TwiceNll, [.. atBest.Select((parameter, i) => i == moved ? fixedThere : parameter)], parameterOfInterest);
                return held.MuHat - best.Parameters[parameterOfInterest];
            }
            catch (FitException cause)
            {
                failure = cause.Message;
                return double.NaN;
            }
        }
    }
}
