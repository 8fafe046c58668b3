using Gbi.Likelihoods.Factors;

namespace Gbi.Likelihoods.Model;

/// <summary>
/// One process of an unbinned channel: its expected density at event x relative to the reference is
/// ν(θ) r(x) h(x|ν), the yield with its factors, the ratio of its nominal density to the reference, and the shape's variations.
/// </summary>
public sealed record Process
{
    /// <summary>A process.</summary>
    /// <param name="name">Its name, for messages.</param>
    /// <param name="expectedYield">Expected events at nominal. Range: finite, not negative.</param>
    public Process(string name, double expectedYield)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        Name = name;
        ExpectedYield = expectedYield >= 0 && double.IsFinite(expectedYield)
            ? expectedYield
            : throw new ArgumentOutOfRangeException(
                nameof(expectedYield), expectedYield,
                $"The yield of '{name}' must be finite and not negative: it is an expected number of events.");
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>Expected events at nominal.</summary>
    public double ExpectedYield { get; }

    /// <summary>Factors on the yield; they multiply.</summary>
    public IReadOnlyList<YieldFactor> YieldFactors { get; init; } = [];

    /// <summary>Column of ln r(x), r = p(x)/p_ref(x); null for the reference itself, where r is 1, or where <see cref="Ratio"/> is
    /// given.</summary>
    public string? LogRatio { get; init; }

    /// <summary>Column of r(x) itself, 0 or more, in place of its log.</summary>
    public string? Ratio { get; init; }

    /// <summary>Factors on the density at an event; they multiply.</summary>
    public IReadOnlyList<ShapeVariation> ShapeVariations { get; init; } = [];
}
