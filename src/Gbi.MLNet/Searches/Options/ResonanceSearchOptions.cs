using Gbi.Events;
using Gbi.Generators.Spectra;
using Gbi.Numerics;
using Gbi.Ratios;
using Gbi.Trees;

namespace Gbi.Searches.Options;

/// <summary>Everything that decides the result of a <see cref="ResonanceSearch"/>, besides its events.</summary>
public sealed record ResonanceSearchOptions
{
    /// <summary>Features, mass and weight; the mass column is needed.</summary>
    public required EventSchema Schema { get; init; }

    /// <summary>Signal region and sidebands.</summary>
    public required MassWindow Window { get; init; }

    /// <summary>The function of the background's mass spectrum, which is fitted to the sidebands and gives the background's rate.</summary>
    public MassSpectrumOptions Spectrum { get; init; } = new() { Shape = SpectrumShape.Automatic };

    /// <summary>Where the background's features come from.</summary>
    public SearchBackground Background { get; init; } = new ReweightedSidebands();

    /// <summary>What the likelihood of the signal fraction takes into account, where a signal sample is given.</summary>
    public SignalInferenceOptions Inference { get; init; } = new();

    /// <summary>
    /// How the anomaly score, data over background, is learnt: for each fold of the data and each half of the template a classifier with
    /// these members. It orders events, so it is not calibrated.
    /// </summary>
    public RatioOptions Anomaly { get; init; } = RatioOptions.ForWeakSupervision with { FoldCount = 5, MemberCount = 12 };

    /// <summary>
    /// Whether the anomaly score is learnt besides the ratio of signal over background; without a signal sample it always is.
    /// </summary>
    public bool LearnsAnomaly { get; init; } = true;

    /// <summary>How the ratio of signal over background is learnt, where a signal sample is given.</summary>
    public RatioOptions Signal { get; init; } = new()
    {
        CountsEffectiveEvents = false,
        ChoosesLeafCount = false,
        Trees = new TreeOptions { TreeCount = 200, LeafCount = 16, MinLeafHessian = 10, L2 = 10 },
    };

    /// <summary>
    /// The signal as a family, whose parameters are columns of the signal sample and are fitted together with the signal fraction; null for
    /// one signal. <see cref="Signal"/> has then no meaning, and of <see cref="Inference"/> only
    /// <see cref="SignalInferenceOptions.CorrectsContamination"/> and <see cref="SignalInferenceOptions.VariesGenerator"/>.
    /// </summary>
    public FamilySearchOptions? Family { get; init; }

    /// <summary>Background efficiencies of the cuts on the score; each in (0, 1]; 1 is no cut, which is always counted.</summary>
    public IReadOnlyList<double> BackgroundEfficiencies
    {
        get;
        init => field = value is { Count: > 0 } && value.All(efficiency => efficiency is > 0 and <= 1)
            ? value
            : throw new ArgumentException(
                "Background efficiencies must be above 0 and at most 1; name at least one.", nameof(BackgroundEfficiencies));
    } = [0.1, 0.01, 0.001];

    /// <summary>
    /// Whether the search checks itself, with one more training for reweighted sidebands, and works out what it expected and its curves
    /// (<c>Checks</c>, <c>Sensitivity</c> and <c>Curves</c> of the result). Toys need neither.
    /// </summary>
    public bool RunsChecks { get; init; } = true;

    /// <summary>The origin of every random number in the search.</summary>
    public Seed Seed { get; init; } = new(1);

    /// <summary>Events of the sidebands with what is needed to learn from them.</summary>
    internal SidebandData SidebandOf(EventTable events) => new(events, MassColumn, Schema.Features, Window);

    /// <summary>Name of the mass column.</summary>
    /// <exception cref="ArgumentException">The schema names none.</exception>
    internal string MassColumn =>
        Schema.Mass ?? throw new ArgumentException("A resonance search needs a mass column; name it in the schema.");
}
