namespace Gbi.Inference.Fits;

/// <summary>From where lower minima are looked for.</summary>
/// <remarks>
/// A free parameter starts at a uniform number: within <see cref="Reach"/> widths of its constraint where it has one, else between its
/// bounds where both are finite, else within <see cref="Reach"/> errors of its best value. It stays at the latter where that error is not
/// defined either. Bounds always hold.
/// </remarks>
public sealed record ValleySearchOptions
{
    /// <summary>Fits besides that from the initial values. Range: 1 or more.</summary>
    public int Starts
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(
            nameof(Starts), value, "Starts must be 1 or more: it counts fits from drawn points.");
    } = 20;

    /// <summary>Half the range of a drawn parameter, in widths or errors. Range: above 0.</summary>
    public double Reach
    {
        get;
        init => field = value > 0 && double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(
            nameof(Reach), value, "Reach must be above 0 and finite: starts are drawn that many widths around a value.");
    } = 5;
}
