namespace Gbi.Inference;

/// <summary>A parameter of a fit with its constraint by an auxiliary measurement.</summary>
public sealed record FitParameter
{
    /// <summary>Its name; unique in a model.</summary>
    public required string Name { get; init; }

    /// <summary>Where fits start; and where it stays if fixed.</summary>
    public double Initial { get; init; }

    /// <summary>Lower bound of fits; −∞ for none.</summary>
    public double Lower { get; init; } = double.NegativeInfinity;

    /// <summary>Upper bound of fits; +∞ for none.</summary>
    public double Upper { get; init; } = double.PositiveInfinity;

    /// <summary>Whether every fit leaves it at <see cref="Initial"/>.</summary>
    public bool IsFixed { get; init; }

    /// <summary>What an auxiliary measurement says of it; null where none does.</summary>
    public AuxiliaryConstraint? Constraint { get; init; }
}
