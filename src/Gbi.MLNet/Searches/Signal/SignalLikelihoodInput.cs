using Gbi.Events;

namespace Gbi.Searches.Signal;

/// <summary>One sample of the signal region as a likelihood takes it.</summary>
/// <param name="Scores">ln p_S/t by models that did not see the event, and weights.</param>
/// <param name="MemberLogRatios">ln of each generator member's density over their mean, [members][events]; empty without members.</param>
internal sealed record RegionSample(WeightedScores Scores, float[][] MemberLogRatios)
{
    /// <summary>
    /// ln p_S/t of the features alone, where <see cref="Scores"/> know the mass too: signal of the sidebands has the template's masses.
    /// Null where both are the same.
    /// </summary>
    public float[]? FeatureLogRatio { get; init; }

    /// <summary>[p_S − k t_S]/t of each event, where the template took k of the signal.</summary>
    public double[] SignalRatios(double k)
    {
        ReadOnlySpan<float> ofAll = Scores.Scores;
        ReadOnlySpan<float> ofFeatures = FeatureLogRatio ?? ofAll;
        double[] ratios = new double[ofAll.Length];
        for (int row = 0; row < ratios.Length; row++)
        {
            ratios[row] = Math.Exp(ofAll[row]) - (k * Math.Exp(ofFeatures[row]));
        }

        return ratios;
    }
}

/// <summary>What the likelihood of a signal fraction is made of.</summary>
/// <param name="Region">The observed events.</param>
/// <param name="Template">The background template.</param>
/// <param name="Simulation">The signal simulation; its members are not used.</param>
/// <param name="Expected">Expected background by the template, signal that it took included.</param>
/// <param name="Contamination">What the template took of the signal.</param>
internal sealed record SignalLikelihoodInput(
    RegionSample Region, RegionSample Template, RegionSample Simulation, Estimate Expected, SignalContamination Contamination)
{
    /// <summary>Σw²/Σw of the observed events: by this weight they count as one event each.</summary>
    public double EventScale { get; init; } = Region.Scores.SumOfWeights > 0
        ? Region.Scores.SumOfSquaredWeights / Region.Scores.SumOfWeights
        : 1;

    /// <summary>Whether the template's Asimov data stand for the observed events.</summary>
    public bool IsAsimov { get; init; }

    /// <summary>Observed events, in units of <see cref="EventScale"/>.</summary>
    public double Observed => Region.Scores.SumOfWeights / EventScale;

    public SignalLikelihoodInput WithoutMembers() =>
        this with { Region = Region with { MemberLogRatios = [] }, Template = Template with { MemberLogRatios = [] } };
}
