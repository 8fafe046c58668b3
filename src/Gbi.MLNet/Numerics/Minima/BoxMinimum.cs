namespace Gbi.Numerics.Minima;

/// <summary>How a minimisation in a box ended.</summary>
public enum MinimumStatus
{
    /// <summary>The estimated distance to the minimum (EDM) is below the tolerance.</summary>
    Converged,

    /// <summary>The gradient vanishes, but the function does not depend on some combination of the parameters: a minimum, without
    /// errors.</summary>
    Degenerate,

    /// <summary>No step lowers the function although its gradient does not vanish.</summary>
    NoProgress,

    /// <summary>The largest number of iterations was reached.</summary>
    IterationLimit,

    /// <summary>The function is not finite where the minimisation starts, or its derivatives are not at the point reached.</summary>
    Undefined,

    /// <summary>The function falls without end: a parameter without bound ran away.</summary>
    Unbounded,
}

/// <summary>Where a minimisation in a box ended.</summary>
public sealed record BoxMinimum
{
    /// <summary>How it ended.</summary>
    public required MinimumStatus Status { get; init; }

    /// <summary>The reason why it ended, one sentence.</summary>
    public required string Reason { get; init; }

    /// <summary>The lowest point found; inside the box, fixed parameters as they were.</summary>
    public required IReadOnlyList<double> Parameters { get; init; }

    /// <summary>The function there.</summary>
    public required double Value { get; init; }

    /// <summary>½ gᵀH⁻¹g over parameters that are neither fixed nor held by a bound, in units of the function; NaN where H is not positive
    /// definite.</summary>
    public required double EstimatedDistance { get; init; }

    /// <summary>Steps tried.</summary>
    public required int Iterations { get; init; }

    /// <summary>Index of the parameter that ran away or whose derivatives are not finite; null where no single one is to blame.</summary>
    public int? Culprit { get; init; }

    /// <summary>Whether the value is that of a minimum: converged, or degenerate.</summary>
    public bool IsMinimum => Status is MinimumStatus.Converged or MinimumStatus.Degenerate;
}
