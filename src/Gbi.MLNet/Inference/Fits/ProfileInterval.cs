using Gbi.Likelihoods.Model;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Inference.Fits;

/// <summary>
/// The interval of μ over which t_μ stays below a quantile of χ² with one degree of freedom, every other parameter at its best value for
/// each μ (the errors of MINOS).
/// </summary>
public static class ProfileInterval
{
    private const int MostFits = 100;
    private const double Tolerance = 1e-9;

    /// <summary>
    /// The interval; an end is the bound of μ, or of the region where the likelihood is defined, where t does not rise far enough
    /// before it.
    /// </summary>
    /// <param name="fits">The likelihood and μ.</param>
    /// <param name="lower">Lower bound of μ; −∞ for none.</param>
    /// <param name="upper">Upper bound of μ; +∞ for none.</param>
    /// <param name="confidenceLevel">Range: (0, 1).</param>
    /// <exception cref="FitException">A fit failed, or t does not reach the quantile within 100 fits of a side.</exception>
    /// <remarks>
    /// Steps in all parameters at once find an end in two or three evaluations where the likelihood is close to a parabola and no bound
    /// is met. Elsewhere the root of √t − z, z the quantile of a normal variable, is searched: it is close to a straight line in μ, and
    /// the secant rule of Illinois finds it in a few fits, each of which starts from the one before. A value of μ where the likelihood is
    /// not defined, as where an event's expected density is negative, lies outside, and the search goes halfway back.
    /// </remarks>
    public static ConfidenceInterval Of(
        ProfileLikelihood fits,
        double lower = double.NegativeInfinity,
        double upper = double.PositiveInfinity,
        double confidenceLevel = ConfidenceLevel.OneSigma)
    {
        ArgumentNullException.ThrowIfNull(fits);
        double z = Math.Sqrt(Numerics.Probability.TailProbability.ChiSquaredOneQuantile(confidenceLevel));
        double error = fits.Fit().Errors[fits.ParameterOfInterest];
        double step = z * (error > 0 && double.IsFinite(error) ? error : 0.1 * (1 + Math.Abs(fits.MuHat)));
        return new ConfidenceInterval(End(fits, z, -step, lower), End(fits, z, step, upper), confidenceLevel);
    }

    private static double End(ProfileLikelihood fits, double z, double step, double bound)
    {
        if (fits.TryCross(z * z, Math.Sign(step), out double crossing) && Math.Sign(step) * (bound - crossing) >= 0)
        {
            return crossing;
        }

        // Offsets from μ̂: t is below the quantile at the inner one and above it at the outer one.
        double limit = bound - fits.MuHat;
        double inner = 0;
        double innerValue = -z;
        double outer = step;
        double outerValue = 0;
        int count = 0;
        for (; ; outer *= 2)
        {
            bool atBound = Math.Abs(outer) >= Math.Abs(limit);
            outer = atBound ? limit : outer;
            outerValue = Excess(outer);
            if (outerValue >= 0)
            {
                break;
            }

            if (atBound)
            {
                return bound;
            }

            (inner, innerValue) = (outer, outerValue);
        }

        while (Math.Abs(outer - inner) > Tolerance * Math.Abs(step) && outerValue > 0)
        {
            bool isSecant = double.IsFinite(outerValue);
            double next = isSecant ? outer - (outerValue * (outer - inner) / (outerValue - innerValue)) : (inner + outer) / 2;
            double value = Excess(next);
            if (value >= 0)
            {
                // Twice the same side: the weight of the other is halved, or it would never move.
                (outer, outerValue, innerValue) = (next, value, isSecant ? innerValue / 2 : innerValue);
            }
            else
            {
                (inner, innerValue, outerValue) = (next, value, outerValue / 2);
            }

            if (Math.Abs(value) < Tolerance)
            {
                return fits.MuHat + next;
            }
        }

        return fits.MuHat + outer;

        double Excess(double offset) => ++count <= MostFits
            ? fits.IsDefined(fits.MuHat + offset) ? Math.Sqrt(fits.TMu(fits.MuHat + offset)) - z : double.PositiveInfinity
            : throw new FitException(Text(
                $"t does not reach {z * z:G4} within {MostFits} fits, the last one {offset:G4} from the best value; the likelihood hardly "
                    + $"depends on the parameter."));
    }
}
