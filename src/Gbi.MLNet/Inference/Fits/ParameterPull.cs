using static Gbi.Numerics.InvariantText;

namespace Gbi.Inference.Fits;

/// <summary>
/// How far a fit moved a constrained parameter from what was measured of it beforehand, and how much it narrowed it. With θ₀ the measured
/// value and σ₀ its width, θ̂ ± σ̂ the fit's:
/// </summary>
/// <param name="Parameter">The parameter's name.</param>
/// <param name="Pull">(θ̂ − θ₀)/σ₀.</param>
/// <param name="Constraint">σ̂/σ₀: 1 where the data say nothing; null where σ̂ is not defined.</param>
/// <param name="Normalised">
/// (θ̂ − θ₀)/√(σ₀² − σ̂²), which is standard normal where the model is right, as σ₀² − σ̂² is the variance of θ̂ − θ₀; null where the
/// remark says why.
/// </param>
/// <param name="Remark">Why a number is missing; null where none is.</param>
/// <remarks>Demortier and Lyons, "Everything you always wanted to know about pulls" (2008).</remarks>
public sealed record ParameterPull(string Parameter, double Pull, double? Constraint, double? Normalised, string? Remark)
{
    // Below this share of σ₀² the variance of θ̂ − θ₀ is the difference of two rounded numbers.
    private const double LeastGain = 1e-8;

    /// <summary>The pull of one parameter.</summary>
    /// <param name="parameter">Its name.</param>
    /// <param name="estimate">θ̂, finite.</param>
    /// <param name="error">σ̂; NaN where the fit has none, 0 where the parameter was fixed.</param>
    /// <param name="observed">θ₀, finite.</param>
    /// <param name="width">σ₀, above 0 and finite.</param>
    /// <exception cref="ArgumentException">A number is out of its range; the message holds the parameter and the numbers.</exception>
    public static ParameterPull Of(string parameter, double estimate, double error, double observed, double width)
    {
        if (!double.IsFinite(estimate) || !double.IsFinite(observed) || !(width > 0) || !double.IsFinite(width) || error < 0)
        {
            throw new ArgumentException(Text(
                $"The pull of {parameter} needs finite values, a width above 0 and an error that is not negative, but {estimate:G6} ± "
                    + $"{error:G6} was fitted and {observed:G6} ± {width:G6} measured."));
        }

        double pull = (estimate - observed) / width;
        double ratio = error / width;
        double gain = 1 - (ratio * ratio);
        string? remark = error switch
        {
            double.NaN or double.PositiveInfinity => $"{parameter} has no error: the fit does not determine it.",
            0 => $"{parameter} was fixed in the fit.",
            _ when gain < -LeastGain => Text(
                $"The error of {parameter} is {ratio:G4} times the width of its constraint; expected 1 or less: the likelihood is far "
                    + $"from a parabola, or lacks the constraint."),
            _ when gain < LeastGain => $"The data do not narrow {parameter}: its error is the width of its constraint.",
            _ => null,
        };
        return new ParameterPull(
            parameter,
            pull,
            double.IsFinite(ratio) && error > 0 ? ratio : null,
            remark is null ? pull / Math.Sqrt(gain) : null,
            remark);
    }
}
