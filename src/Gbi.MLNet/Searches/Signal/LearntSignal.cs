using Gbi.Events;
using Gbi.Ratios;
using Gbi.Searches.Background;
using Gbi.Searches.Options;

namespace Gbi.Searches.Signal;

/// <summary>The ratio of a signal simulation over the background template, and the samples of the likelihood that are scored by
/// it.</summary>
internal sealed class LearntSignal
{
    private readonly ResonanceSearchSettings _settings;
    private readonly SimulatedSignal _simulation;
    private readonly BackgroundTemplate _template;

    // The ratio of the features alone, where the mass takes part in the other and the template took in signal that the likelihood
    // subtracts.
    private readonly CrossFittedRatio? _ofFeatures;

    /// <summary>Learns signal over background.</summary>
    /// <param name="settings">The search's settings.</param>
    /// <param name="simulation">The signal.</param>
    /// <param name="template">The background.</param>
    /// <param name="begin">Begins a step of the search by its name.</param>
    /// <param name="cancellation">Stops between trees.</param>
    public LearntSignal(
        ResonanceSearchSettings settings,
        SimulatedSignal simulation,
        BackgroundTemplate template,
        Func<string, IProgress<double>> begin,
        CancellationToken cancellation)
    {
        (_settings, _simulation, _template) = (settings, simulation, template);
        IReadOnlyList<string> features = settings.Schema.Features;
        SignalInference inference = settings.Inference;
        Ratio = Learn(inference.UsesMass ? [.. features, settings.MassColumn] : features, "signal", "Learning signal over background");
        _ofFeatures = inference is { UsesMass: true, CorrectsContamination: true } && template.WeightOf is not null
            ? Learn(features, "signal features", "Learning signal over background without the mass")
            : null;

        CrossFittedRatio Learn(IReadOnlyList<string> columns, string child, string step) => RatioTrainer.CrossFit(
            simulation.InRegion.WithColumns(columns), template.Events, columns, settings.Signal, settings.Seed.Child(child), begin(step),
            cancellation);
    }

    /// <summary>The ratio of the features, and of the mass where it takes part.</summary>
    public CrossFittedRatio Ratio { get; }

    /// <summary>ln r of the simulation's events in the signal region, out of fold.</summary>
    public float[] OfSimulation => Of(Ratio, ..SignalCount);

    /// <summary>ln r of the template's events, out of fold.</summary>
    public float[] OfTemplate => Of(Ratio, SignalCount..);

    private int SignalCount => _simulation.InRegion.Count;

    /// <summary>
    /// ln r of the data's events in the signal region. They took no part in this training; the background did, as its denominator. One
    /// fold's models for each event, so that both are scored alike.
    /// </summary>
    public RatioScores Score(EventTable region) => ByFold(Ratio, region);

    /// <summary>What the likelihood of the signal fraction is made of, with the template's Asimov data in place of events of the signal
    /// region.</summary>
    /// <param name="sideband">The data's events of the sidebands.</param>
    public SignalLikelihoodInput Asimov(EventTable sideband)
    {
        RegionSample template = Template();
        return Input(sideband, template, template);
    }

    /// <summary>What the likelihood of the signal fraction is made of.</summary>
    /// <param name="sideband">The data's events of the sidebands.</param>
    /// <param name="region">Those of the signal region.</param>
    /// <param name="logRatio">Their ln r.</param>
    public SignalLikelihoodInput Input(EventTable sideband, EventTable region, float[] logRatio)
    {
        float[][] members = _settings.Inference.VariesGenerator && _template.Members is { } known
            ? known.Of(region, _settings.Seed.Child("generator folds"))
            : [];
        return Input(sideband, Template(), new RegionSample(logRatio, RegionSample.WeightsOf(region), members)
        {
            FeatureLogRatio = _ofFeatures is null ? null : ByFold(_ofFeatures, region).LogRatio.ToArray(),
        });
    }

    private SignalLikelihoodInput Input(EventTable sideband, RegionSample template, RegionSample region)
    {
        EventTable inRegion = _simulation.InRegion;
        var signal = new RegionSample(OfSimulation, RegionSample.WeightsOf(inRegion), [])
        {
            FeatureLogRatio = _ofFeatures is null ? null : Of(_ofFeatures, ..SignalCount)
        };
        var absorption = SignalAbsorption.Of(_template, sideband, _simulation, _settings);
        return new SignalLikelihoodInput(region, template, signal, _template.Expected, absorption) { Subtraction = Subtraction() };
    }

    private RegionSample Template() => new(
        OfTemplate,
        RegionSample.WeightsOf(_template.Events),
        _settings.Inference.VariesGenerator && _template.Members is { } known ? known.OfTemplate() : [])
    {
        FeatureLogRatio = _ofFeatures is null ? null : Of(_ofFeatures, SignalCount..),
    };

    private SignalSubtraction? Subtraction()
    {
        EventTable beside = _simulation.Beside;
        if (!_settings.Inference.CorrectsContamination || _template.With is null || beside.Count == 0)
        {
            return null;
        }

        CrossFittedRatio ratio = _ofFeatures ?? Ratio;
        int[] foldOf = _settings.Seed.Child("signal beside").Folds(beside.Count, ratio.Model.FoldCount);
        return new SignalSubtraction(
            _template, Of(ratio, SignalCount..), _simulation, ratio.Model.ScoreByFold(beside, foldOf).LogRatio.ToArray(),
            (_simulation.InRegion, Of(ratio, ..SignalCount)));
    }

    private RatioScores ByFold(CrossFittedRatio ratio, EventTable region) =>
        ratio.Model.ScoreByFold(region, _settings.Seed.Child("scoring folds").Folds(region.Count, ratio.Model.FoldCount));

    private static float[] Of(CrossFittedRatio ratio, Range rows) => ratio.OutOfFold.LogRatio[rows].ToArray();
}
