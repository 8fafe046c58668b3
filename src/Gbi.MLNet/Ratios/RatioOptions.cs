using Gbi.Calibration;
using Gbi.Trees;

namespace Gbi.Ratios;

/// <summary>Options of a density ratio that is learnt with boosted trees.</summary>
public sealed record RatioOptions
{
    /// <summary>
    /// For a quick test whether two samples differ: small trees and no calibration, as only the order of the events matters.
    /// <see cref="ForWeakSupervision"/> finds smaller differences, but only excesses of the numerator.
    /// </summary>
    public static RatioOptions ForSmallDifferences { get; } = new()
    {
        Calibration = null,
        CountsEffectiveEvents = false,
        ChoosesLeafCount = false,
        Trees = new TreeOptions { TreeCount = 100, LeafCount = 8, MinLeafHessian = 10, L2 = 10 },
    };

    /// <summary>
    /// For a signal of a few per mille in data, found by the ratio to the background without a signal simulation: a large ensemble of small
    /// trees with random cuts, and the loss of a mixture with a small signal fraction. Ten folds, so that nine tenths of the signal are
    /// used in training. No calibration, as only the order of the events matters.
    /// </summary>
    public static RatioOptions ForWeakSupervision { get; } = new()
    {
        FoldCount = 10,
        MemberCount = 20,
        Calibration = null,
        SignalFraction = 0.01,
        CountsEffectiveEvents = false,
        ChoosesLeafCount = false,
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

    /// <summary>
    /// How each model's trees are grown. By default training stops early, so that <see cref="TreeOptions.TreeCount"/> is a limit that large
    /// samples alone come near. The events held out from a model are those of the other folds that its bootstrap sample left out, or a
    /// fifth of them where there is one member.
    /// </summary>
    public TreeOptions Trees { get; init; } = new()
    {
        TreeCount = 1000,
        EarlyStoppingRounds = 20,
        LeafCount = 16,
        LearningRate = 0.2,
        MinLeafHessian = 5,
        L2 = 1,
        RandomCuts = 1,
    };

    /// <summary>
    /// Whether <see cref="TreeOptions.LeafCount"/> is the largest number of leaves: it is halved as long as the loss of the folds' first
    /// members on the events held out from them falls. Without early stopping it has no meaning.
    /// </summary>
    public bool ChoosesLeafCount { get; init; } = true;

    /// <summary>
    /// Whether <see cref="TreeOptions.MinLeafHessian"/> and <see cref="TreeOptions.L2"/> of <see cref="Trees"/> count effective events,
    /// 4/(1/n₁ + 1/n₀) in both samples together with n = (Σw)²/Σw², so that the smaller sample decides. Otherwise they count events whose
    /// mean weight is 1 after both samples are given the same sum.
    /// </summary>
    public bool CountsEffectiveEvents { get; init; } = true;

    /// <summary>
    /// λ of the balanced loss, mean loss + λ (E₁[p] + E₀[p] − 1)², p = r/(1+r) (BNRE; Delaunoy et al., arXiv:2208.13624, use 100). It makes
    /// an insufficiently trained ratio less overconfident. Fully trained trees are balanced without it, and the normalisation κ is applied
    /// after it. Range: 0 or more; 0 is the plain loss.
    /// </summary>
    public double Balance
    {
        get;
        init => field = value >= 0 ? value : throw new ArgumentOutOfRangeException(
            nameof(Balance), value, "Balance must be 0 or more: it weights a penalty.");
    }

    /// <summary>
    /// Signal fraction μ, if the numerator is data with a small signal: the numerator is modelled as the mixture p₁ = (1−μ) p₀ + μ p_S, and
    /// what is learnt is ln p_S/p₀. The ratio 1 − μ + μ p_S/p₀ cannot fall below 1 − μ, so that pure background has little influence on the
    /// trees and leaves rich in signal have much. The result depends weakly on μ. Range: (0, 1); null for an ordinary ratio.
    /// </summary>
    /// <remarks>
    /// A penalty λ and a least second derivative are those of p(1−p) π² an event, π the probability of an event of the data to be signal,
    /// which begins at μ. Learning only the signal density, with a known background: R-ANODE, arXiv:2312.11629, there with density
    /// estimators.
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
    /// Calibration of the out-of-fold ratio. A likelihood needs it, an ordering of events does not. Null for no calibration.
    /// </summary>
    public CalibrationOptions? Calibration { get; init; } = new();

    /// <summary>
    /// Standard errors z that ln r is lowered by, ln r − z σ with the jackknife's σ (<see cref="RatioScores.Uncertainty"/>): the lower
    /// confidence limit in place of the best value, so that a ratio is high only if the members agree. Range: [0, ∞); 0 is off, a value
    /// above 0 needs at least two members.
    /// </summary>
    /// <remarks>
    /// The lowered ratio is a limit and no longer a density ratio: its mean over the denominator is below 1 and is not normalised again,
    /// which would raise it above the best value wherever the members agree. Use it to rank and select events; a signal fraction fitted
    /// with it is biased. Calibration and normalisation are those of the ratio before it is lowered.
    /// </remarks>
    public double ConfidenceShift
    {
        get;
        init => field = value >= 0 && double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(
            nameof(ConfidenceShift), value,
            "ConfidenceShift must be finite and 0 or more: it counts the standard errors that ln r is lowered by.");
    }
}
