using Gbi.Likelihoods.Model;
using Gbi.Numerics.Minima;

namespace Gbi.Inference.Fits;

/// <summary>The minimum of twice a negative log likelihood, with Hessian errors.</summary>
public sealed record FitResult
{
    /// <summary>The parameters' names, in order.</summary>
    public required IReadOnlyList<string> Names { get; init; }

    /// <summary>Their values at the minimum.</summary>
    public required IReadOnlyList<double> Parameters { get; init; }

    /// <summary>
    /// Standard errors, the square roots of the covariance's diagonal; 0 for fixed parameters, NaN for those that the data do not
    /// determine, and for all where the Hessian has a negative curvature.
    /// </summary>
    public required IReadOnlyList<double> Errors { get; init; }

    /// <summary>
    /// 2 H⁻¹ with H the Hessian of −2 ln L over the free parameters, 0 for fixed ones; shape [n × n], row-major; null where H is not
    /// positive definite.
    /// </summary>
    public required IReadOnlyList<double>? Covariance { get; init; }

    /// <summary>−2 ln L at the minimum.</summary>
    public required double TwiceNll { get; init; }

    /// <summary>How the minimisation ended.</summary>
    public required BoxMinimum Minimum { get; init; }

    /// <summary>Names of the parameters that ended at a bound, whose errors then mean little.</summary>
    public required IReadOnlyList<string> AtBounds { get; init; }

    /// <summary>
    /// Names of the free parameters that the data do not determine, alone or together: along some direction the likelihood does not
    /// change. Their values are those of one minimum among many.
    /// </summary>
    public IReadOnlyList<string> Undetermined { get; init; } = [];

    /// <summary>One sentence for everything that a reader of values and errors must know; empty where there is nothing.</summary>
    public IReadOnlyList<string> Remarks { get; init; } = [];

    /// <summary>Pulls of the constrained parameters, in their order.</summary>
    public IReadOnlyList<ParameterPull> Pulls { get; init; } = [];

    internal static FitResult Of(BoxMinimum best, IReadOnlyList<FitParameter> parameters, int[] free, HessianErrors errors)
    {
        FitParameter[] atBounds =
        [
            .. free.Where(i => best.Parameters[i] <= parameters[i].Lower || best.Parameters[i] >= parameters[i].Upper)
                .Select(i => parameters[i])
        ];
        string[] freeNames = [.. free.Select(i => parameters[i].Name)];
        return new FitResult
        {
            Names = [.. parameters.Select(parameter => parameter.Name)],
            Parameters = best.Parameters,
            Errors = errors.Errors,
            Covariance = errors.Covariance,
            TwiceNll = best.Value,
            Minimum = best,
            AtBounds = [.. atBounds.Select(parameter => parameter.Name)],
            Pulls = [.. parameters.Select((parameter, i) => parameter.Constraint is { } known
                ? ParameterPull.Of(parameter.Name, best.Parameters[i], errors.Errors[i], known.BestValue, known.Width)
                : null).OfType<ParameterPull>()],
            Undetermined = errors.Flat is { } flat ? [.. freeNames.Where((_, i) => flat.Rows.Any(row => row[i] != 0))] : [],
            Remarks =
            [
                .. Remarked(errors, freeNames),
                .. atBounds.Select(parameter => $"{parameter.Name} ended at a bound, where its error means little.")
            ],
        };
    }

    private static IEnumerable<string> Remarked(HessianErrors errors, string[] freeNames) => errors switch
    {
        { Flat: { } flat } => UndeterminedParameters.Sentences(flat, freeNames),
        { Covariance: null } =>
            ["The Hessian is not positive definite at the minimum, which only bounds hold there, so there are no errors."],
        _ => [],
    };
}
