using Gbi.Events;
using Gbi.Generators.Spectra;
using Gbi.Searches.Background;

namespace Gbi.Searches.Signal;

/// <summary>Scores and weights of the events of one sample in the signal region.</summary>
/// <param name="LogRatio">ln p_S/t, one an event, by models that did not see it.</param>
/// <param name="Weights">One an event; null for 1 each.</param>
/// <param name="MemberLogRatios">ln of each generator member's density over their mean, [members][events]; empty without members.</param>
internal sealed record RegionSample(float[] LogRatio, double[]? Weights, float[][] MemberLogRatios)
{
    /// <summary>
    /// ln p_S/t of the features alone, where <see cref="LogRatio"/> knows the mass too: signal of the sidebands has the template's masses.
    /// Null where both are the same.
    /// </summary>
    public float[]? FeatureLogRatio { get; init; }

    /// <summary>Weights of events; null for 1 each.</summary>
    public static double[]? WeightsOf(EventTable events) => events.HasWeights ? events.Weights.ToArray() : null;

    /// <summary>[p_S − k t_S]/t of an event, where the template took k of the signal.</summary>
    public double SignalRatio(int row, double k) => Math.Exp(LogRatio[row]) - (k * Math.Exp((FeatureLogRatio ?? LogRatio)[row]));

    public double Weight(int row) => Weights is { } weights ? weights[row] : 1;
}

/// <summary>What the likelihood of a signal fraction is made of.</summary>
/// <param name="Region">The observed events.</param>
/// <param name="Template">The background template.</param>
/// <param name="Simulation">The signal simulation; its members are not used.</param>
/// <param name="Expected">Expected background by the template, signal that it took included.</param>
/// <param name="Absorption">What the template took of the signal.</param>
internal sealed record SignalLikelihoodInput(
    RegionSample Region, RegionSample Template, RegionSample Simulation, Estimate Expected, SignalAbsorption Absorption)
{
    /// <summary>Σw²/Σw of the observed events: by this weight they count as one event each.</summary>
    public double EventScale { get; init; } = Region.Weights is { } weights && weights.Sum() > 0
        ? weights.Sum(weight => weight * weight) / weights.Sum()
        : 1;

    /// <summary>What tells the effect of signal in the template; null where that takes in none, or where it is not corrected for.</summary>
    public SignalSubtraction? Subtraction { get; init; }

    /// <summary>Observed events, in units of <see cref="EventScale"/>.</summary>
    public double Observed => (Region.Weights?.Sum() ?? Region.LogRatio.Length) / EventScale;

    public SignalLikelihoodInput WithoutMembers() =>
        this with { Region = Region with { MemberLogRatios = [] }, Template = Template with { MemberLogRatios = [] } };
}
