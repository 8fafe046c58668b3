using Gbi.Likelihoods.Factors;
using Gbi.Likelihoods.Interpolations;

namespace Gbi.Likelihoods.Model;

/// <summary>A process in the bins of a channel: ν_b = Π factors · (nominal_b + Σ shifts_b) · Π factors of the bin.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Nominal">Expected yields with every variation at 0 and every factor at 1; one a bin, finite.</param>
/// <remarks>Cranmer et al., HistFactory, CERN-OPEN-2012-016.</remarks>
public sealed record BinnedSample(string Name, IReadOnlyList<double> Nominal)
{
    /// <summary>Factors on all bins; they multiply.</summary>
    public IReadOnlyList<YieldFactor> YieldFactors { get; init; } = [];

    /// <summary>Shifts of bins; they add.</summary>
    public IReadOnlyList<BinShift> Shifts { get; init; } = [];

    /// <summary>Factors of single bins; they multiply.</summary>
    public IReadOnlyList<BinFactors> BinFactors { get; init; } = [];
}

/// <summary>Adds Δ(α) to every bin, with nominal + Δ = up at α = +1 and down at α = −1.</summary>
/// <param name="Parameter">Name of α, in standard deviations.</param>
/// <param name="Down">Yields at α = −1; one a bin.</param>
/// <param name="Up">Yields at α = +1; one a bin.</param>
/// <param name="Law">How Δ runs between and beyond; a law that is linear in up and down, codes 0, 2 and 4p.</param>
public sealed record BinShift(
    string Parameter, IReadOnlyList<double> Down, IReadOnlyList<double> Up, InterpolationLaw Law = InterpolationLaw.PolynomialLinear);

/// <summary>Multiplies each bin by a parameter of its own.</summary>
/// <param name="Parameters">Name of each bin's parameter; null for a bin that is left as it is.</param>
public sealed record BinFactors(IReadOnlyList<string?> Parameters);
