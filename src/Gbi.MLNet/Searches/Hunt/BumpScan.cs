using Gbi.Events;
using Gbi.Numerics;

namespace Gbi.Searches.Hunt;

/// <summary>The plan of a bump hunt: signal regions of one width, step by step along the spectrum, each with its own sidebands.</summary>
public sealed record BumpScan
{
    /// <summary>A plan.</summary>
    /// <param name="firstCentre">Centre of the first region.</param>
    /// <param name="lastCentre">The last region's centre lies at or below it.</param>
    /// <param name="step">Distance of neighbouring centres; above 0. Half a region's width or less, lest a signal between two regions is
    /// lost.</param>
    /// <param name="halfWidth">Half the width of a region; above 0.</param>
    /// <param name="sidebandWidth">How far each sideband reaches from the region; above 0, +∞ for as far as the spectrum does.</param>
    /// <param name="lowestMass">Where the spectrum begins; −∞ for no limit.</param>
    /// <param name="highestMass">Where it ends; +∞ for no limit.</param>
    /// <exception cref="ArgumentException">The numbers give no scan, or a region would have no sideband on one side.</exception>
    public BumpScan(
        double firstCentre,
        double lastCentre,
        double step,
        double halfWidth,
        double sidebandWidth = double.PositiveInfinity,
        double lowestMass = double.NegativeInfinity,
        double highestMass = double.PositiveInfinity)
    {
        Require(
            double.IsFinite(firstCentre) && double.IsFinite(lastCentre) && firstCentre <= lastCentre,
            $"A scan from {firstCentre} to {lastCentre} has no region; the first centre must be at or below the last.");
        Require(step > 0 && double.IsFinite(step), $"The step {step} must be above 0 and finite.");
        Require(halfWidth > 0 && double.IsFinite(halfWidth), $"The half width {halfWidth} must be above 0 and finite.");
        Require(
            sidebandWidth > 0, $"The width of the sidebands is {sidebandWidth}, expected more than 0: the background is learnt from them.");
        double count = Math.Floor(((lastCentre - firstCentre) / step) + 1e-9) + 1;
        Require(
            count <= MostWindows,
            $"A scan from {firstCentre} to {lastCentre} in steps of {step} has {count:G4} regions, more than {MostWindows:N0}; take "
                + $"larger steps.");
        (FirstCentre, LastCentre, Step, HalfWidth) = (firstCentre, lastCentre, step, halfWidth);
        (SidebandWidth, LowestMass, HighestMass) = (sidebandWidth, lowestMass, highestMass);
        Count = (int)count;

        // Made once, so that a region without a sideband is refused here.
        _ = Windows;
    }

    private const int MostWindows = 10_000;

    /// <summary>Centre of the first region.</summary>
    public double FirstCentre { get; }

    /// <summary>At or above the centre of the last region.</summary>
    public double LastCentre { get; }

    /// <summary>Distance of neighbouring centres.</summary>
    public double Step { get; }

    /// <summary>Half the width of a region.</summary>
    public double HalfWidth { get; }

    /// <summary>How far each sideband reaches from the region.</summary>
    public double SidebandWidth { get; }

    /// <summary>Where the spectrum begins.</summary>
    public double LowestMass { get; }

    /// <summary>Where it ends.</summary>
    public double HighestMass { get; }

    /// <summary>Number of regions.</summary>
    public int Count { get; }

    /// <summary>The regions with their sidebands, by rising mass.</summary>
    public IReadOnlyList<MassWindow> Windows => [.. Enumerable.Range(0, Count).Select(WindowAt)];

    private MassWindow WindowAt(int at)
    {
        // Decimals, so that 2.9 is not 2.9000000000000004 in results and messages.
        decimal centre = (decimal)FirstCentre + (at * (decimal)Step);
        decimal low = centre - (decimal)HalfWidth;
        decimal high = centre + (decimal)HalfWidth;
        double outerLow = Math.Max(
            LowestMass, double.IsFinite(SidebandWidth) ? (double)(low - (decimal)SidebandWidth) : double.NegativeInfinity);
        double outerHigh = Math.Min(
            HighestMass, double.IsFinite(SidebandWidth) ? (double)(high + (decimal)SidebandWidth) : double.PositiveInfinity);
        Require(
            outerLow < (double)low && outerHigh > (double)high,
            $"The region {(double)low}:{(double)high} has no sideband on one side, as the spectrum is {LowestMass}:{HighestMass}; scan "
                + $"centres farther from its ends.");
        return new MassWindow((double)low, (double)high, outerLow, outerHigh);
    }

    private static void Require(bool condition, ref InvariantTextHandler otherwise)
    {
        if (!condition)
        {
            throw new ArgumentException(otherwise.ToStringAndClear());
        }
    }
}
