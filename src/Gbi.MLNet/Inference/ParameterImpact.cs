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
        ISmoothFunction twiceNll, IReadOnlyList<FitParameter> parameters, int parameterOfInterest)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        FitResult best = new ProfileLikelihood(twiceNll, parameters, parameterOfInterest).Fit();
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
            FitParameter held = atBest[moved] with
            {
                Initial = Math.Clamp(best.Parameters[moved] + by, atBest[moved].Lower, atBest[moved].Upper),
                IsFixed = true,
            };
            try
            {
                var fits = new ProfileLikelihood(twiceNll, [.. atBest.Select((parameter, i) => i == moved ? held : parameter)], parameterOfInterest);
                return fits.MuHat - best.Parameters[parameterOfInterest];
            }
            catch (FitException cause)
            {
                failure = cause.Message;
                return double.NaN;
            }
        }
    }
}
