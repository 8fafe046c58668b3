namespace Gbi.Numerics.Minima;

/// <summary>When a minimisation in a box ends.</summary>
internal sealed record BoundedNewtonOptions
{
    /// <summary>½ gᵀH⁻¹g, in units of the function, at which it has converged. Range: above 0.</summary>
    /// <remarks>For twice a negative log likelihood it is the squared distance in standard errors: 1e-18 leaves 1e-9 of an error.</remarks>
    public double Tolerance
    {
        get;
        init => field = value > 0 ? value : throw new ArgumentOutOfRangeException(
            nameof(Tolerance), value, "Tolerance must be above 0: it bounds the distance to the minimum.");
    } = 1e-18;

    /// <summary>Steps after which to give up. Range: 1 or more.</summary>
    public int MaxIterations
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(
            nameof(MaxIterations), value, "MaxIterations must be 1 or more: it counts steps.");
    } = 500;
}
