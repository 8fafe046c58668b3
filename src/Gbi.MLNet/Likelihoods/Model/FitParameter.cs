using System.Diagnostics.CodeAnalysis;
using Gbi.Likelihoods.Constraints;

namespace Gbi.Likelihoods.Model;

/// <summary>A parameter of a model: where fits may take it and what is known of it from elsewhere.</summary>
public record FitParameter
{
    /// <summary>Its name, by which yields and shapes refer to it; unique in a model.</summary>
    public required string Name { get; init; }

    /// <summary>Where fits start; and where it stays if fixed.</summary>
    public double Initial { get; init; }

    /// <summary>Lower bound of fits; −∞ for none.</summary>
    public double Lower { get; init; } = double.NegativeInfinity;

    /// <summary>Upper bound of fits; +∞ for none.</summary>
    public double Upper { get; init; } = double.PositiveInfinity;

    /// <summary>Whether every fit leaves it at <see cref="Initial"/>.</summary>
    public bool IsFixed { get; init; }

    /// <summary>What an auxiliary measurement says of it; null where the data alone determine it.</summary>
    public Constraint? Constraint { get; init; }
}

/// <summary>A parameter in standard deviations that is fitted beside those of interest, with a unit Gaussian constraint at 0.</summary>
public sealed record NuisanceParameter : FitParameter
{
    /// <summary>A nuisance parameter.</summary>
    /// <param name="name">Its name.</param>
    [SetsRequiredMembers]
    public NuisanceParameter(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        Name = name;
        Constraint = Constraint.UnitGaussian();
    }
}
