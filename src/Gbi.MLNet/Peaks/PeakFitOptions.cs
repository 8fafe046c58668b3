using Gbi.Generators.Spectra;

namespace Gbi.Peaks;

/// <summary>The forms of a peak, as functions of z = (m − μ)/σ.</summary>
public enum PeakForm
{
    /// <summary>exp(−z²/2)/√2π.</summary>
    Gaussian,

    /// <summary>(1 − t) N(m; μ, σ) + t N(m; μ, ρσ), as a resolution that differs between events makes it.</summary>
    DoubleGaussian,

    /// <summary>A Gaussian with a power law below −α, as radiation makes it; the power is 2.</summary>
    CrystalBall,

    /// <summary>A Lorentz function of half-width γ convolved with a Gaussian of width σ: a natural width with a resolution.</summary>
    Voigt,
}

/// <summary>What a peak in a mass spectrum and the background below it look like.</summary>
public sealed record PeakFitOptions
{
    /// <summary>The function of the background; every category has parameters of its own.</summary>
    public MassSpectrumOptions Background { get; init; } = new();

    /// <summary>The form of the peak; all but its width is common to all categories.</summary>
    public PeakForm Form { get; init; }

    /// <summary>
    /// Whether every category with a significant peak has a width of its own. A score can order events by their resolution; one width for
    /// all would then bias the yield.
    /// </summary>
    public bool HasWidthPerCategory { get; init; } = true;

    /// <summary>A known position, which is held; null to fit it.</summary>
    public double? Mean { get; init; }

    /// <summary>A known width, which is held, one for all categories; null to fit it.</summary>
    public double? Width
    {
        get;
        init => field = value is null or > 0 ? value : throw new ArgumentOutOfRangeException(
            nameof(Width), value, "Width must be above 0: it is the standard deviation of the peak.");
    }
}

/// <summary>The shape of a peak, in the unit of the mass.</summary>
/// <param name="Mean">μ.</param>
/// <param name="Width">σ; one a category, or one for all.</param>
/// <param name="Form">The function.</param>
/// <param name="FormParameters">Double Gaussian: ρ and t; Crystal Ball: α; Voigt: γ/σ; Gaussian: none.</param>
public sealed record PeakShape(double Mean, IReadOnlyList<double> Width, PeakForm Form, IReadOnlyList<double> FormParameters)
{
    /// <summary>σ of a category.</summary>
    internal double WidthIn(int category) => Width[Math.Min(category, Width.Count - 1)];
}
