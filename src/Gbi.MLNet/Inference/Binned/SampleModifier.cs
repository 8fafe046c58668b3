namespace Gbi.Inference.Binned;

/// <summary>What parameters do to one sample of one channel. Parameters are given by their index in the model.</summary>
public abstract record SampleModifier;

/// <summary>Multiplies the yield by θ: a strength, or the luminosity.</summary>
/// <param name="Parameter">Index of θ.</param>
public sealed record YieldFactor(int Parameter) : SampleModifier;

/// <summary>Multiplies the yield by f(α) with f(+1) = up, f(0) = 1, f(−1) = down.</summary>
/// <param name="Parameter">Index of α, in standard deviations.</param>
/// <param name="Down">Factor at α = −1; above 0 for the exponential laws.</param>
/// <param name="Up">Factor at α = +1; above 0 for the exponential laws.</param>
/// <param name="Law">How f runs between and beyond.</param>
public sealed record YieldVariation(int Parameter, double Down, double Up, FactorLaw Law = FactorLaw.PolynomialExponential) : SampleModifier;

/// <summary>Adds Δ(α) to every bin, with nominal + Δ = up at α = +1 and down at α = −1.</summary>
/// <param name="Parameter">Index of α, in standard deviations.</param>
/// <param name="Down">Yields at α = −1; one a bin.</param>
/// <param name="Up">Yields at α = +1; one a bin.</param>
/// <param name="Law">How Δ runs between and beyond.</param>
public sealed record ShapeVariation(
    int Parameter, IReadOnlyList<double> Down, IReadOnlyList<double> Up, ShapeLaw Law = ShapeLaw.PolynomialLinear) : SampleModifier;

/// <summary>Multiplies each bin by a parameter of its own.</summary>
/// <param name="Parameters">Index of each bin's parameter; −1 for a bin that is left as it is.</param>
public sealed record BinFactors(IReadOnlyList<int> Parameters) : SampleModifier;

/// <summary>A process in a channel.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Nominal">Expected yields with every variation at 0 and every factor at 1; one a bin.</param>
/// <param name="Modifiers">What parameters do to it.</param>
public sealed record BinnedSample(string Name, IReadOnlyList<double> Nominal, IReadOnlyList<SampleModifier> Modifiers);

/// <summary>Bins in which processes add up.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Samples">Its processes; all with the same number of bins.</param>
public sealed record BinnedChannel(string Name, IReadOnlyList<BinnedSample> Samples)
{
    /// <summary>Number of bins.</summary>
    public int BinCount => Samples.Count == 0 ? 0 : Samples[0].Nominal.Count;
}
