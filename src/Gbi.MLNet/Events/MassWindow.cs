using static Gbi.Numerics.InvariantText;

namespace Gbi.Events;

/// <summary>
/// A signal region [low, high) in the mass and the sidebands around it: everything else, or what lies inside outer limits.
/// </summary>
/// <remarks>
/// Columns are single precision, so the limits are rounded to single precision too: a mass that was stored as 3.3 in double
/// precision is inside [3.3, 3.7).
/// </remarks>
public sealed record MassWindow
{
    /// <summary>A window whose sidebands extend to the outer limits (default: no limit).</summary>
    /// <exception cref="ArgumentException">
    /// The lower limit is not below the upper one, or the outer limits do not enclose the signal region.
    /// </exception>
    public MassWindow(
        double low, double high, double outerLow = double.NegativeInfinity, double outerHigh = double.PositiveInfinity)
    {
        if (!(double.IsFinite(low) && double.IsFinite(high) && low < high))
        {
            throw new ArgumentException(
                Text($"The signal region {low}:{high} is reversed or empty; its lower limit must be below its upper limit."));
        }

        if (!(outerLow <= low && high <= outerHigh))
        {
            throw new ArgumentException(
                Text($"The mass range {outerLow}:{outerHigh} does not enclose the signal region {low}:{high}; widen it."));
        }

        Low = low;
        High = high;
        OuterLow = outerLow;
        OuterHigh = outerHigh;
    }

    /// <summary>Lower limit of the signal region, inside it.</summary>
    public double Low { get; }

    /// <summary>Upper limit of the signal region, outside it.</summary>
    public double High { get; }

    /// <summary>Lower limit of the lower sideband, inside it; −∞ for none.</summary>
    public double OuterLow { get; }

    /// <summary>Upper limit of the upper sideband, outside it; +∞ for none.</summary>
    public double OuterHigh { get; }

    /// <summary>Centre of the signal region.</summary>
    public double Centre => (Low + High) / 2;

    /// <summary>The region in which a mass lies.</summary>
    public MassRegion RegionOf(float mass)
    {
        if (mass >= (float)Low && mass < (float)High)
        {
            return MassRegion.SignalRegion;
        }

        return mass >= (float)OuterLow && mass < (float)OuterHigh ? MassRegion.Sideband : MassRegion.Outside;
    }

    /// <summary>Row numbers of the masses that lie in <paramref name="region"/>, in ascending order.</summary>
    public int[] Rows(ReadOnlySpan<float> masses, MassRegion region)
    {
        var rows = new List<int>();
        for (int row = 0; row < masses.Length; row++)
        {
            if (RegionOf(masses[row]) == region)
            {
                rows.Add(row);
            }
        }

        return [.. rows];
    }

    /// <inheritdoc/>
    public override string ToString() => Text($"[{Low}, {High})");
}

/// <summary>The three regions of a mass window.</summary>
public enum MassRegion
{
    /// <summary>Outside the outer limits of the sidebands: not used.</summary>
    Outside,

    /// <summary>In a sideband.</summary>
    Sideband,

    /// <summary>Inside the signal region.</summary>
    SignalRegion,
}
