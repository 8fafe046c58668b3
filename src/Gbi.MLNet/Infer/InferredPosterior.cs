using Gbi.Diagnostics.Posteriors;
using Gbi.Posteriors.Autoregressive;
using Gbi.Posteriors.Models;

namespace Gbi.Infer;

/// <summary>How a posterior is learnt from simulations and tested on them.</summary>
public sealed record PosteriorInferenceOptions
{
    /// <summary>How it is learnt.</summary>
    public TreePosteriorOptions Training { get; init; } = new();

    /// <summary>How its tests are judged.</summary>
    public PosteriorTestOptions Tests { get; init; } = new();

    /// <summary>
    /// Whether simulations fail for reasons that say nothing of the parameters, as a program that crashes. Those that did not fail then
    /// stand for those that did, with weights 1/P(valid|θ) that are learnt, at most 10; the posterior is proportional to p(θ) p(x|θ).
    /// Otherwise the observation is one that did not fail, and the posterior is proportional to p(θ) P(valid|θ) p(x|θ).
    /// </summary>
    public bool FailuresAreTechnical { get; init; }

    /// <summary>One simulation in so many is held out for the tests. Range: 2 or more.</summary>
    public int HeldOutOneIn
    {
        get;
        init => field = value >= 2 ? value : throw new ArgumentOutOfRangeException(
            nameof(HeldOutOneIn), value, "HeldOutOneIn must be 2 or more: the others are learnt from.");
    } = 10;

    /// <summary>Simulations that are held out, at most. Range: 1 or more.</summary>
    public int MaxTestPairs
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(
            nameof(MaxTestPairs), value, "MaxTestPairs must be 1 or more: the posterior is tested on them.");
    } = 2000;

    /// <summary>Draws of the posterior of each simulation held out. Range: 1 or more.</summary>
    public int TestDrawCount
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(
            nameof(TestDrawCount), value, "TestDrawCount must be 1 or more: the truth is ranked among the draws.");
    } = 499;
}

/// <summary>A posterior that was learnt from simulations, with its tests.</summary>
public sealed record InferredPosterior : InferenceResult
{
    /// <summary>The posterior of any observation: <c>Posterior.Given(observation)</c>.</summary>
    public required TreePosterior Posterior { get; init; }

    internal override ILearntPosterior Model => Posterior;

    internal override int SimulationCount => Posterior.SimulationCount;
}
