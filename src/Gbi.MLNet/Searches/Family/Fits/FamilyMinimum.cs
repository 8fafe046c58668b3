using Gbi.Ratios.Families;

namespace Gbi.Searches.Family.Fits;

/// <summary>A minimum of −2 ln L in signal fraction and parameters.</summary>
public sealed record FamilyMinimum
{
    /// <summary>The parameters.</summary>
    public required IReadOnlyList<double> Theta { get; init; }

    /// <summary>The signal fraction.</summary>
    public required double Fraction { get; init; }

    /// <summary>−2 ln L there, relative to the background's density.</summary>
    public required double TwiceNll { get; init; }

    internal double[] Centre { get; init; } = [];

    internal bool IsInner { get; init; }

    /// <summary>Whether two fits ended at one point.</summary>
    internal static bool AreSame(FamilyMinimum one, FamilyMinimum other, SignalFamily family) =>
        family.LocalCoordinates(one.Theta, other.Theta).All(coordinate => Math.Abs(coordinate) < 0.1);
}

/// <summary>What the fit with both parameters exchanged says.</summary>
public sealed record LabelSwap
{
    // Below this rise of −2 ln L, two standard deviations, the data do not tell the orders apart.
    internal const double Separation = 4;

    /// <summary>The minimum that the fit from the exchanged parameters ended at.</summary>
    public required FamilyMinimum Minimum { get; init; }

    /// <summary>−2 ln L there less that of the minimum before. Negative where the exchanged parameters are better; they are then the
    /// result.</summary>
    public required double Rise { get; init; }

    /// <summary>Whether both fits ended at one point.</summary>
    public required bool IsSame { get; init; }

    /// <summary>Whether the data tell the two orders apart by two standard deviations.</summary>
    public bool IsSeparated => !IsSame && Math.Abs(Rise) >= Separation;

    internal static LabelSwap Of(FamilyMinimum before, FamilyMinimum after, SignalFamily family) => new()
    {
        Minimum = after,
        Rise = after.TwiceNll - before.TwiceNll,
        IsSame = FamilyMinimum.AreSame(after, before, family),
    };
}
