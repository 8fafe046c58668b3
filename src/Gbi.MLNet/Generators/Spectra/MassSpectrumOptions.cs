namespace Gbi.Generators.Spectra;

/// <summary>The families of functions for a background's mass spectrum.</summary>
public enum SpectrumShape
{
    /// <summary>dN/dm = Σₖ cₖ Pₖ(t), Legendre polynomials of the mass scaled to t ∈ [−1, 1].</summary>
    Polynomial,

    /// <summary>dN/dm = p₁ (1−y)^p₂ y^−(p₃ + p₄ ln y), y = m/√s: the form of dijet searches.</summary>
    Dijet,
}

/// <summary>The function that is fitted to the mass spectrum of the sidebands.</summary>
public sealed record MassSpectrumOptions
{
    /// <summary>The family: a polynomial for narrow ranges, the dijet function for a steeply falling spectrum over a wide range.</summary>
    public SpectrumShape Shape { get; init; } = SpectrumShape.Polynomial;

    /// <summary>Number of free parameters. Polynomial: degree + 1, range 1 to 8. Dijet: 3 (without p₄) or 4.</summary>
    public int ParameterCount
    {
        get;
        init => field = value is >= 1 and <= 8 ? value : throw new ArgumentOutOfRangeException(
            nameof(ParameterCount), value, "ParameterCount must be from 1 to 8: a smooth spectrum does not determine more.");
    } = 3;

    /// <summary>√s in the unit of the mass, above every mass; needed by the dijet function alone.</summary>
    public double? CollisionEnergy
    {
        get;
        init => field = value is null or > 0 ? value : throw new ArgumentOutOfRangeException(
            nameof(CollisionEnergy), value, "CollisionEnergy must be above 0.");
    }
}
