using Gbi.Numerics;

namespace Gbi.Inference;

/// <summary>The minimum of twice a negative log likelihood, with Hessian errors.</summary>
public sealed record FitResult
{
    /// <summary>The parameters' names, in order.</summary>
    public required IReadOnlyList<string> Names { get; init; }

    /// <summary>Their values at the minimum.</summary>
    public required IReadOnlyList<double> Parameters { get; init; }

    /// <summary>Square roots of the covariance's diagonal; 0 for fixed parameters, NaN where the Hessian is not positive definite.</summary>
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
}
