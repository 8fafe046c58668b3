using Gbi.Systematics;

namespace Gbi.Inference;

/// <summary>What an unbinned likelihood is made of: parameters, processes and, through their columns, the observed events.</summary>
public sealed record UnbinnedModel
{
    /// <summary>Names of the parameters without constraint, such as signal strengths; they come first among the parameters.</summary>
    public IReadOnlyList<string> FreeParameters { get; init; } = [];

    /// <summary>Nuisance parameters; they come after the free ones.</summary>
    public IReadOnlyList<NuisanceParameter> Nuisances { get; init; } = [];

    /// <summary>The processes, one or more; their densities add.</summary>
    public required IReadOnlyList<Process> Processes { get; init; }

    /// <summary>Weights of the events, of either sign; empty for 1 each.</summary>
    public ReadOnlyMemory<double> Weights { get; init; }

    /// <summary>Names of all parameters, in the order in which the likelihood takes their values.</summary>
    public IReadOnlyList<string> Parameters => [.. FreeParameters, .. Nuisances.Select(nuisance => nuisance.Name)];
}
