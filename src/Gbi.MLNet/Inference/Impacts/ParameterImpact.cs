using Gbi.Inference.Fits;
using Gbi.Likelihoods;
using Gbi.Likelihoods.Model;
using Gbi.Numerics.Minima;

namespace Gbi.Inference.Impacts;

/// <summary>By how much one parameter, or what is known of it, moves the best value of the parameter of interest μ.</summary>
/// <param name="Parameter">Name of the parameter.</param>
/// <param name="Value">Its best value.</param>
/// <param name="Error">Its error after the fit; NaN where a bound holds it.</param>
/// <param name="Down">Change of μ̂ for a shift down; NaN where a bound forbids it or the fit failed.</param>
/// <param name="Up">The same for a shift up.</param>
/// <param name="Failure">Why a fit failed; null where none did.</param>
public sealed record ParameterImpact(string Parameter, double Value, double Error, double Down, double Up, string? Failure)
{
    /// <summary>The same as <see cref="Down"/> with the width that the parameter had before the fit, of its constraint, in the place of
    /// its error; NaN without a constraint.</summary>
    public double DownBefore { get; init; } = double.NaN;

    /// <summary>The same for a shift up.</summary>
    public double UpBefore { get; init; } = double.NaN;

    /// <summary>The larger of both changes, or the only one; 0 where there is none.</summary>
    public double Largest => Math.Max(double.IsNaN(Down) ? 0 : Math.Abs(Down), double.IsNaN(Up) ? 0 : Math.Abs(Up));

    /// <summary>
    /// Impacts of all free parameters, the largest first: the change of μ̂ in a fit with the parameter held one error away from its best
    /// value, within its bounds. A parameter at a bound has one side only; one without error, because the bound holds it, is moved to
    /// where −2 ln L, all others profiled, has risen by 1. Beside that the change for the width of the parameter's constraint, its error
    /// before the fit.
    /// </summary>
    /// <param name="twiceNll">−2 ln L.</param>
    /// <param name="parameters">Its parameters.</param>
    /// <param name="parameterOfInterest">Index of μ.</param>
    /// <exception cref="FitException">The best fit failed.</exception>
    public static IReadOnlyList<ParameterImpact> Rank(
        ISmoothFunction twiceNll, IReadOnlyList<FitParameter> parameters, int parameterOfInterest) =>
        Rank(new ProfileLikelihood(twiceNll, parameters, parameterOfInterest));

    /// <summary>The same of a profile likelihood, whose best fit is not made again.</summary>
    /// <param name="fits">The profile likelihood of μ.</param>
    /// <param name="most">Parameters to move, at most: those for which the covariance expects the largest impacts, |cov(μ,θ)|/σ(θ).</param>
    /// <exception cref="FitException">The best fit failed.</exception>
    public static IReadOnlyList<ParameterImpact> Rank(ProfileLikelihood fits, int most = int.MaxValue)
    {
        ArgumentNullException.ThrowIfNull(fits);
        FitResult best = fits.Fit();
        IReadOnlyList<FitParameter> parameters = fits.Parameters;
        var held = new HeldFits(fits, best);
        return Ranked(
            best, fits.ParameterOfInterest,
            Enumerable.Range(0, parameters.Count).Where(i => i != fits.ParameterOfInterest && !parameters[i].IsFixed)
                .OrderByDescending(Expected).Take(most),
            (moved, sign) => Held(moved, sign, Shifted(moved, sign)),
            (moved, sign) => parameters[moved].Constraint is { } known
                ? Held(moved, sign, best.Parameters[moved] + (sign * known.Width))
                : double.NaN);

        double Expected(int moved) => best.Errors[moved] > 0 && best.HessianCovariance is { } covariance
            ? Math.Abs(covariance[(fits.ParameterOfInterest * parameters.Count) + moved]) / best.Errors[moved]
            : 0;

        double Held(int moved, int sign, double value)
        {
            (double lower, double upper) = (parameters[moved].Lower, parameters[moved].Upper);
            return (sign < 0 ? best.Parameters[moved] <= lower : best.Parameters[moved] >= upper)
                ? double.NaN
                : held.At(moved, Math.Clamp(value, lower, upper))[fits.ParameterOfInterest];
        }

        double Shifted(int moved, int sign)
        {
            if (!double.IsNaN(best.Errors[moved]))
            {
                return best.Parameters[moved] + (sign * best.Errors[moved]);
            }

            if (!best.AtBounds.Contains(best.Names[moved]))
            {
                throw new FitException($"{parameters[moved].Name} has no error by which to move it; see the remarks of the fit.");
            }

            ConfidenceInterval rise = ProfileInterval.Of(
                new ProfileLikelihood(fits.TwiceNll, StartingAt(best, parameters), moved) { Cancellation = fits.Cancellation },
                parameters[moved].Lower, parameters[moved].Upper);
            return sign < 0 ? rise.Lower : rise.Upper;
        }
    }

    /// <summary>
    /// Impacts of the auxiliary measurements, the largest first: the change of μ̂ in a fit of all parameters where one measurement is
    /// moved by one standard deviation. For a likelihood close to a parabola their squares add up to the variance of μ̂ that the
    /// measurements bring, cov(μ, θ_k)²/σ_k² each.
    /// </summary>
    /// <exception cref="FitException">The best fit failed, or the model has no parameter of interest.</exception>
    public static IReadOnlyList<ParameterImpact> OfMeasurements(LikelihoodModel model, ModelData data)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(data);
        var likelihood = new Likelihood(model, data);
        var fits = ProfileLikelihood.Of(likelihood);
        FitResult best = fits.Fit();
        FitParameter[] atBest = StartingAt(best, model.Parameters);
        return Ranked(best, fits.ParameterOfInterest, model.ConstrainedParameters.Where(i => !model.Parameters[i].IsFixed), Shifted,
            (_, _) => double.NaN);

        double Shifted(int moved, int sign)
        {
            double[] auxiliary = [.. data.Auxiliary.Select((measured, k) => model.ConstrainedParameters[k] == moved
                ? model.Parameters[moved].Constraint!.Shifted(measured, sign)
                : measured)];
            likelihood.SetData(data with { Auxiliary = auxiliary });
            return new ProfileLikelihood(likelihood, atBest, fits.ParameterOfInterest).MuHat;
        }
    }

    private static FitParameter[] StartingAt(FitResult best, IReadOnlyList<FitParameter> parameters) =>
        [.. parameters.Select((parameter, i) => parameter with { Initial = best.Parameters[i] })];

    private static ParameterImpact[] Ranked(
        FitResult best, int parameterOfInterest, IEnumerable<int> moved, Func<int, int, double> muHat, Func<int, int, double> muHatBefore)
    {
        return [.. moved.Select(Move).OrderByDescending(impact => impact.Largest)];

        ParameterImpact Move(int parameter)
        {
            string? failure = null;
            double down = Change(muHat, parameter, -1, ref failure);
            double up = Change(muHat, parameter, +1, ref failure);
            double downBefore = Change(muHatBefore, parameter, -1, ref failure);
            double upBefore = Change(muHatBefore, parameter, +1, ref failure);
            return new ParameterImpact(
                best.Names[parameter], best.Parameters[parameter], best.Errors[parameter], down, up, failure)
            {
                DownBefore = downBefore,
                UpBefore = upBefore,
            };
        }

        double Change(Func<int, int, double> of, int parameter, int sign, ref string? failure)
        {
            try
            {
                return of(parameter, sign) - best.Parameters[parameterOfInterest];
            }
            catch (FitException cause)
            {
                failure ??= cause.Message;
                return double.NaN;
            }
        }
    }
}
