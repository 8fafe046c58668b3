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

    /// <summary>
    /// Upper bound in searches for upper limits and tests of discovery, if it is the parameter of interest; that of other fits unless set.
    /// +∞ where the bound only says where to begin, as in pyhf workspaces.
    /// </summary>
    public double UpperOfLimits
    {
        get => field is double.NaN ? Upper : Math.Max(field, Upper);
        init;
    } = double.NaN;

    /// <summary>Whether every fit leaves it at <see cref="Initial"/>.</summary>
    public bool IsFixed { get; init; }

    /// <summary>The constraint from an auxiliary measurement; null for a free parameter.</summary>
    public Constraint? Constraint { get; init; }
}

/// <summary>A nuisance parameter in standard deviations, with a unit Gaussian constraint at 0.</summary>
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

/// <summary>The parameters of a model by name.</summary>
internal sealed class ParameterNumbers(IReadOnlyList<FitParameter> parameters)
{
    private readonly Dictionary<string, int> _numbers = parameters.Select((parameter, at) => (parameter.Name, at)).ToDictionary();

    /// <summary>How many there are.</summary>
    public int Count => _numbers.Count;

    /// <summary>Index of a parameter that the model has.</summary>
    public int Of(string name) => _numbers[name];

    /// <summary>Index of a parameter; −1 where there is none of that name.</summary>
    public int Find(string name) => _numbers.GetValueOrDefault(name, -1);
}
