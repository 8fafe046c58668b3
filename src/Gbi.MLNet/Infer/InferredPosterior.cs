using Gbi.Diagnostics.Posteriors;
using Gbi.Events;
using Gbi.Events.IO.Outputs;
using Gbi.Posteriors.Autoregressive;
using Gbi.Posteriors.Models;
using Gbi.Posteriors.Ratios;

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

    /// <summary>
    /// Whether a classifier corrects the posterior, as by <see cref="RatioPosteriorOptions.CorrectedTrees"/>: it is sharper where models
    /// disagree, as with several modes or curved shapes, trains four times as long, and is sampled at each observation. Of rounds only the
    /// last one's posterior is corrected.
    /// </summary>
    public bool IsCorrected { get; init; }

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
    /// <summary>The posterior of any observation, before a correction: <c>Posterior.Given(observation)</c>.</summary>
    public required TreePosterior Posterior { get; init; }

    /// <summary>The same corrected by a classifier; null where none was asked for.</summary>
    public RatioPosterior? Corrected { get; init; }

    /// <summary>The posterior that was tested: <see cref="Corrected"/>, or <see cref="Posterior"/> where it is null.</summary>
    public override ILearntPosterior Model => Corrected ?? (ILearntPosterior)Posterior;

    /// <summary>Writes the posterior that was tested, for <c>gbi posterior</c> and the Load of its class.</summary>
    /// <param name="path">The file.</param>
    /// <param name="overwrite">Whether an existing file is replaced.</param>
    /// <exception cref="DataException">The file exists, or cannot be written.</exception>
    public void Save(string path, bool overwrite = false)
    {
        using var file = new PendingFile(path, overwrite);
        Save(file);
        file.Complete();
    }

    /// <summary>Writes it to a file that the caller completes.</summary>
    internal void Save(PendingFile file)
    {
        if (Corrected is null)
        {
            Posterior.Save(file);
        }
        else
        {
            Corrected.Save(file);
        }
    }

    internal override int SimulationCount => Posterior.SimulationCount;
}
