using Gbi.Generators.Spectra;

namespace Gbi.Peaks;

/// <summary>What a peak in a mass spectrum and the background below it look like.</summary>
public sealed record PeakFitOptions
{
    /// <summary>The function of the background; every category has parameters of its own.</summary>
    public MassSpectrumOptions Background { get; init; } = new();

    /// <summary>
    /// Whether a share of the peak is a second Gaussian with the same mean and a larger width, as a resolution that differs between
    /// events makes it. Share and ratio of the widths are common to all categories.
    /// </summary>
    public bool HasTails { get; init; }

    /// <summary>
    /// Whether every category has a width of its own. A score can order events by their resolution; one width for all would then bias
    /// the yield.
    /// </summary>
    public bool HasWidthPerCategory { get; init; } = true;
}

/// <summary>A peak (1 − t) N(m; μ, σ) + t N(m; μ, ρσ), in the unit of the mass.</summary>
/// <param name="Mean">μ.</param>
/// <param name="Width">σ of the narrow part; one a category, or one for all.</param>
/// <param name="TailShare">t; 0 for a single Gaussian.</param>
/// <param name="TailScale">ρ, above 1.</param>
public sealed record PeakShape(double Mean, IReadOnlyList<double> Width, double TailShare, double TailScale)
{
    /// <summary>σ of a category.</summary>
    internal double WidthIn(int category) => Width[Math.Min(category, Width.Count - 1)];
}
