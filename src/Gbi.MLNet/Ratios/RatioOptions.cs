using Gbi.Calibration;
using Gbi.Trees;

namespace Gbi.Ratios;

/// <summary>How a density ratio is learnt with boosted trees.</summary>
public sealed record RatioOptions
{
    /// <summary>
    /// To test in little time whether two samples differ at all: small trees, and no calibration, as an order of the events is all that is
    /// asked for. <see cref="ForWeakSupervision"/> finds smaller ones, but only where the numerator has more.
    /// </summary>
    public static RatioOptions ForSmallDifferences { get; } = new()
    {
        Calibration = null,
        Trees = new TreeOptions { TreeCount = 100, LeafCount = 8, MinLeafHessian = 10, L2 = 10 },
    };

    /// <summary>
    /// To find a signal of a few per mille in data by the ratio to a background alone, without a signal simulation: data as a mixture with
    /// a little signal, by a large ensemble of small trees that choose their cuts at random. So many folds that nine tenths of the signal
    /// are learnt from. No further calibration, as an order of the events is all that is asked for.
    /// </summary>
    public static RatioOptions ForWeakSupervision { get; } = new()
    {
        FoldCount = 10,
        MemberCount = 20,
        Calibration = null,
        SignalFraction = 0.01,
        Trees = new TreeOptions { TreeCount = 80, LeafCount = 4, LearningRate = 0.3, MinLeafHessian = 1e-5, L2 = 5, RandomCuts = 1 },
    };

    /// <summary>Parts K of the samples; an event is scored by models that were trained on the other parts. Range: 2 or more.</summary>
    public int FoldCount
    {
        get;
        init => field = value >= 2 ? value : throw new ArgumentOutOfRangeException(
            nameof(FoldCount), value, "FoldCount must be 2 or more: an event is never scored by a model that saw it.");
    } = 5;

    /// <summary>
    /// Models in each fold, each trained on a bootstrap sample (Poisson weights) where there are several; their ratios are averaged.
    /// Range: 1 or more.
    /// </summary>
    public int MemberCount
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(
            nameof(MemberCount), value, "MemberCount must be 1 or more.");
    } = 3;

    /// <summary>How each model's trees are grown.</summary>
    public TreeOptions Trees { get; init; } = new() { TreeCount = 200, LeafCount = 16, MinLeafHessian = 10, L2 = 10 };

    /// <summary>
    /// λ of the balanced loss, mean loss + λ (E₁[p] + E₀[p] − 1)², p = r/(1+r) (BNRE; Delaunoy et al., arXiv:2208.13624, use 100). It keeps
    /// a ratio that is not yet learnt from being overconfident; trees whose loss has settled are balanced without it, and the
    /// normalisation κ comes after it. Range: 0 or more; 0 is the plain loss.
    /// </summary>
    public double Balance
    {
        get;
        init => field = value >= 0 ? value : throw new ArgumentOutOfRangeException(
            nameof(Balance), value, "Balance must be 0 or more: it weights a penalty.");
    }

    /// <summary>
    /// μ, where the numerator is data that hold a small signal: they are taken for the mixture p₁ = (1−μ) p₀ + μ p_S, and what is learnt is
    /// ln p_S/p₀. The ratio 1 − μ + μ p_S/p₀ cannot fall below 1 − μ, so that background alone teaches little, while leaves rich in signal
    /// weigh ever more; a μ that is wrong by a factor moves that balance and no more. Range: (0, 1); null for an ordinary ratio.
    /// </summary>
    /// <remarks>
    /// A penalty λ and a least second derivative are those of p(1−p) π² an event, π the probability of an event of the data to be signal,
    /// which begins at μ. That only the signal's density is to be learnt, as the background is known: R-ANODE, arXiv:2312.11629, there with
    /// density estimators.
    /// </remarks>
    public double? SignalFraction
    {
        get;
        init => field = value is null or (> 0 and < 1) ? value : throw new ArgumentOutOfRangeException(
            nameof(SignalFraction), value,
            "SignalFraction must lie between 0 and 1, or be null: it is the assumed share of signal in the numerator.");
    }

    /// <summary>Largest |log r| passed on; larger values are clipped and counted. Range: (0, ∞).</summary>
    public double MaxAbsLogRatio
    {
        get;
        init => field = value > 0 ? value : throw new ArgumentOutOfRangeException(
            nameof(MaxAbsLogRatio), value, "MaxAbsLogRatio must be above 0: it bounds |log r|.");
    } = 20;

    /// <summary>
    /// How the out-of-fold ratio is calibrated, which a likelihood needs and a mere ordering of events does not; null for not at all.
    /// </summary>
    public CalibrationOptions? Calibration { get; init; } = new();

    /// <summary>
    /// Standard errors z that ln r is lowered by, ln r − z σ with the jackknife's σ (<see cref="RatioScores.Uncertainty"/>): the lower
    /// confidence limit in place of the best value, so that a ratio is high only where the members agree on it. Range: [0, ∞); 0 is
    /// off, more needs two members.
    /// </summary>
    /// <remarks>
    /// The lowered ratio is a limit and no longer a density ratio: its mean over the denominator is below 1 and is left there, since
    /// raising it again would put it above the best value where the members agree. Use it to rank and to select events; a signal
    /// fraction fitted with it comes out biased. Calibration and normalisation are those of the ratio before it is lowered.
    /// </remarks>
    public double ConfidenceShift
    {
        get;
        init => field = value >= 0 && double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(
            nameof(ConfidenceShift), value,
            "ConfidenceShift must be finite and 0 or more: it counts the standard errors that ln r is lowered by.");
    }
}
