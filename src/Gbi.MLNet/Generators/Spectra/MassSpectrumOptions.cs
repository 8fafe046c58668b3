using static Gbi.Numerics.InvariantText;

namespace Gbi.Generators.Spectra;

/// <summary>The families of functions for a background's mass spectrum.</summary>
public enum SpectrumShape
{
    /// <summary>dN/dm = Σₖ cₖ Pₖ(t), Legendre polynomials of the mass scaled to t ∈ [−1, 1].</summary>
    Polynomial,

    /// <summary>dN/dm = p₁ (1−y)^p₂ y^−(p₃ + p₄ ln y + p₅ ln² y), y = m/√s: the form of dijet searches.</summary>
    Dijet,

    /// <summary>dN/dm = exp Σₖ cₖ Pₖ(t), Legendre polynomials of the mass scaled to t ∈ [−1, 1].</summary>
    Exponential,

    /// <summary>
    /// The function with the least AIC = 2k − 2 ln L, k its number of parameters, of exponentials with 4 to 6 parameters and, where the
    /// collision energy is given, of dijet functions with 3 to 5. The spread of the others' expectations, each with its Akaike weight, is
    /// part of the error.
    /// </summary>
    Automatic,
}

/// <summary>The function that is fitted to the mass spectrum of the sidebands.</summary>
public sealed record MassSpectrumOptions
{
    /// <summary>The family; <see cref="SpectrumShape.Automatic"/> chooses one by AIC.</summary>
    public SpectrumShape Shape { get; init; } = SpectrumShape.Polynomial;

    /// <summary>
    /// Number of free parameters, the normalisation included. Polynomial and exponential: degree + 1, range 1 to 8. Dijet: 3 (p₁ to p₃) to
    /// 5. Automatic: not used.
    /// </summary>
    public int ParameterCount
    {
        get;
        init => field = value is >= 1 and <= 8 ? value : throw new ArgumentOutOfRangeException(
            nameof(ParameterCount), value, "ParameterCount must be from 1 to 8: a smooth spectrum does not determine more.");
    } = 3;

    /// <summary>√s in the unit of the mass, above every mass; needed by the dijet function.</summary>
    public double? CollisionEnergy
    {
        get;
        init => field = value is null or > 0 ? value : throw new ArgumentOutOfRangeException(
            nameof(CollisionEnergy), value, "CollisionEnergy must be above 0.");
    }

    /// <summary>The function in words, such as "exponential spectrum with 4 parameters".</summary>
    internal string InWords => Shape == SpectrumShape.Automatic
        ? "spectrum chosen by AIC"
        : Text($"{Shape.ToString().ToLowerInvariant()} spectrum with {ParameterCount} parameters");
}
