using Gbi.Posteriors.Autoregressive;
using Gbi.Posteriors.Sampling;
using Gbi.Trees;

namespace Gbi.Posteriors.Ratios;

/// <summary>The loss by which a likelihood-to-evidence ratio is learnt. h is the log ratio, K the contrast draws of a simulation.</summary>
public enum RatioLoss
{
    /// <summary>NRE-A: softplus(−h) of the simulation, and softplus(h) of each contrast draw with a weight of 1/K.</summary>
    /// <remarks>Hermans, Begy and Louppe, ICML 2020, arXiv:1903.04057.</remarks>
    Logistic,

    /// <summary>
    /// NRE-B: −h₀ + ln Σₖ e^hₖ over the simulation, k = 0, and its contrast draws. It leaves a constant of each observation open, so that
    /// the mean ratio at an observation checks nothing.
    /// </summary>
    /// <remarks>Durkan, Murray and Papamakarios, ICML 2020, arXiv:2002.03712.</remarks>
    Softmax,

    /// <summary>
    /// NRE-C: 1/(1+γ) ln[(K + γ Σₖ e^hₖ)/K] over K contrast draws and −γ/(1+γ) ln[γ e^h₀/(K + γ Σₖ e^hₖ)] over the simulation and K − 1 of
    /// them. K = 1 and γ = 1 is <see cref="Logistic"/>.
    /// </summary>
    /// <remarks>Miller, Weniger and Forré, NeurIPS 2022, arXiv:2210.06170.</remarks>
    Contrastive,

    /// <summary>Balanced NRE: <see cref="Logistic"/> with λ (E₁[σ(h)] + E₀[σ(h)] − 1)² added: a ratio that is rather too flat.</summary>
    /// <remarks>Delaunoy and others, NeurIPS 2022, arXiv:2208.13624.</remarks>
    Balanced,
}

/// <summary>What simulations are contrasted with.</summary>
public enum RatioContrast
{
    /// <summary>
    /// Half draws of the prior and half draws about the learnt mean of the parameters: g(θ|x) = ½ p(θ) + ½ q₀(θ|x). Trees learn
    /// ln p(θ|x)/g(θ|x), and ln g/p, which is known, is added. Where no mean says much this is <see cref="Prior"/>.
    /// </summary>
    NearMean,

    /// <summary>Draws of the prior alone, as in the papers: few of them lie where a narrow posterior is.</summary>
    Prior,

    /// <summary>
    /// Draws of a <see cref="Autoregressive.TreePosterior"/> q(θ|x) of the same simulations: trees learn ln p(θ|x)/q(θ|x), which corrects
    /// q. They learn from simulations that q has not seen: for each of three parts q is learnt from the other two. Where that does not
    /// lower the loss, the posterior is q.
    /// </summary>
    TreePosterior,
}

/// <summary>How a posterior is learnt by ratios.</summary>
public sealed record RatioPosteriorOptions
{
    /// <summary>
    /// The options of a tree posterior with a correction: <see cref="RatioContrast.TreePosterior"/>, and as few draws as it needs, being
    /// near the posterior.
    /// </summary>
    public static RatioPosteriorOptions CorrectedTrees { get; } = new()
    {
        Contrast = RatioContrast.TreePosterior,
        NormalisationDraws = 256,
        Sampling = new SamplingOptions { FirstProposals = 1024 },
    };

    /// <summary>The loss.</summary>
    public RatioLoss Loss { get; init; } = RatioLoss.Logistic;

    /// <summary>What simulations are contrasted with.</summary>
    public RatioContrast Contrast { get; init; } = RatioContrast.NearMean;

    /// <summary>K, contrast draws of each simulation. Range: 1 or more.</summary>
    public int ContrastCount
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(
            nameof(ContrastCount), value, "ContrastCount must be 1 or more: a ratio is learnt from a contrast.");
    } = 5;

    /// <summary>γ of <see cref="RatioLoss.Contrastive"/>. Range: above 0, finite.</summary>
    public double Gamma
    {
        get;
        init => field = value > 0 && double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(
            nameof(Gamma), value, "Gamma must be above 0 and finite; the limit of an infinite one is the softmax loss.");
    } = 1;

    /// <summary>λ of <see cref="RatioLoss.Balanced"/>. Range: above 0.</summary>
    public double Balance
    {
        get;
        init => field = value > 0 ? value : throw new ArgumentOutOfRangeException(
            nameof(Balance), value, "Balance must be above 0: it weights a penalty; without one take the logistic loss.");
    } = 100;

    /// <summary>
    /// Members, whose ratios are averaged, each with contrast draws of its own; those of a correction share them. Range: 1 or more.
    /// </summary>
    public int MemberCount
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(
            nameof(MemberCount), value, "MemberCount must be 1 or more: the ratio is their mean.");
    } = 2;

    /// <summary>How trees are grown; early stopping decides how many are kept.</summary>
    public TreeOptions Trees
    {
        get;
        init => field = value is { EarlyStoppingRounds: not null } ? value : throw new ArgumentException(
            "Trees must have EarlyStoppingRounds: held-out loss decides how much is learnt.", nameof(Trees));
    } = new()
    {
        TreeCount = 400,
        LeafCount = 24,
        LearningRate = 0.1,
        MinLeafHessian = 3,
        EarlyStoppingRounds = 20,
        MaxBins = 255,
    };

    /// <summary>How the posterior is learnt that <see cref="RatioContrast.TreePosterior"/> corrects; other contrasts have none.</summary>
    public TreePosteriorOptions Posterior { get; init; } = new();

    /// <summary>Draws of g by which the ratio is normalised at each observation. Range: 100 or more.</summary>
    public int NormalisationDraws
    {
        get;
        init => field = value >= 100 ? value : throw new ArgumentOutOfRangeException(
            nameof(NormalisationDraws), value, "NormalisationDraws must be 100 or more: their mean is the ratio's normalisation.");
    } = 2048;

    /// <summary>How draws are made.</summary>
    public SamplingOptions Sampling { get; init; } = new();

    /// <summary>One simulation in so many decides how many trees are kept.</summary>
    internal int HeldOutOneIn { get; init; } = 7;

    /// <summary>Parts of the simulations of a corrected posterior; it is learnt once without each.</summary>
    internal int PartCount { get; init; } = 3;

    /// <summary>Folds of the cross-fitted means; an even number, as trees take their halves.</summary>
    internal int FoldCount { get; init; } = 4;

    /// <summary>How the trees of the means are grown.</summary>
    internal TreeOptions MeanTrees { get; init; } = new TreePosteriorOptions().Trees;
}
