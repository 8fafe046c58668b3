using System.Text.Json.Serialization;
using Gbi.Events;
using Gbi.Numerics.Probability;

namespace Gbi.Searches.Hunt;

/// <summary>What a window of a bump hunt holds.</summary>
/// <param name="Significance">
/// Z, negative for a deficit: that of the cut with the smallest p-value after its trials, or sign(μ̂) √t₀ of the ratio fit with a signal
/// sample.
/// </param>
/// <param name="BackgroundEfficiency">Share of the background above that cut; 1 for the ratio fit, which uses all events.</param>
/// <param name="Observed">Σ w of the data above the cut.</param>
/// <param name="Expected">Background above it, with the errors of the spectrum and of the template's size.</param>
/// <param name="SpectrumGoodnessOfFit">χ² probability of the spectrum in the sidebands; NaN where there is no spectrum.</param>
/// <param name="Warnings">What the user should know before trusting the numbers.</param>
public sealed record BumpPoint(
    double Significance, double BackgroundEfficiency, double Observed, Estimate Expected, double SpectrumGoodnessOfFit,
    IReadOnlyList<string> Warnings)
{
    /// <summary>Z of that cut alone, not corrected for the other cuts; negative for a deficit.</summary>
    public double CutSignificance { get; init; } = Significance;

    // So that no p-value is 0, which no logarithm takes.
    private const double LeastProbability = 1e-300;

    /// <summary>Φ(−Z), the one-sided local p-value: below ½ for an excess, above for a deficit. Range: [1e-300, 1].</summary>
    [JsonIgnore]
    public double LocalProbability => ProbabilityOf(Significance);

    internal static double ProbabilityOf(double significance) => Math.Max(LeastProbability, TailProbability.OfNormal(significance));
}

/// <summary>What a toy of a bump hunt showed.</summary>
/// <param name="Significances">Z of each window; NaN where its search gave no result.</param>
public sealed record BumpToy(IReadOnlyList<double> Significances);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(BumpPoint))]
[JsonSerializable(typeof(BumpToy))]
internal sealed partial class BumpContext : JsonSerializerContext;
