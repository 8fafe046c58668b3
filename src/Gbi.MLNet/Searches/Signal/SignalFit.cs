using Gbi.Events;
using Gbi.Jobs;
using Gbi.Likelihoods.Model;
using Gbi.Searches.Background;
using Gbi.Searches.Options;

namespace Gbi.Searches.Signal;

/// <summary>
/// The fit of a signal fraction in steps that pass values: a first likelihood finds the signal; the background is learnt once more from
/// sidebands without it, which gives the effect of the signal contamination; a likelihood that knows it is fitted; and at last one that
/// knows the samples' finite size.
/// </summary>
/// <param name="Options">The search's options.</param>
/// <param name="Background">The step that made the template.</param>
/// <param name="Template">The template.</param>
/// <param name="Simulation">The signal.</param>
/// <param name="Ratio">The ratio of both.</param>
internal sealed record SignalFit(
    ResonanceSearchOptions Options, BackgroundStep Background, BackgroundTemplate Template, SimulatedSignal Simulation, SignalRatio Ratio)
{
    private SignalInferenceOptions Inference => Options.Inference;

    /// <summary>The likelihood of the events in the signal region.</summary>
    /// <param name="region">The events.</param>
    /// <param name="logRatio">Their ln r.</param>
    /// <param name="steps">Told of each step.</param>
    /// <exception cref="FitException">A likelihood has no minimum, or the template takes in all of the signal.</exception>
    public SignalLikelihood OfRegion(EventTable region, float[] logRatio, SearchSteps steps)
    {
        float[][] members = Inference.VariesGenerator ? Template.MemberLogRatios(region, Options.Seed.Child("generator folds")) : [];
        return Run(Input(SampleOfTemplate(), new RegionSample(WeightedScores.Of(region, logRatio), members)
        {
            FeatureLogRatio = Ratio.HasOwnFeatures ? Ratio.Score(Ratio.OfFeatures, region).LogRatio.ToArray() : null,
        }), steps);
    }

    /// <summary>The likelihood with the template's Asimov data in place of events of the signal region.</summary>
    /// <param name="eventScale">Σw²/Σw that events of the signal region are taken to have.</param>
    /// <param name="steps">Told of each step.</param>
    /// <exception cref="FitException">A likelihood has no minimum, or the template takes in all of the signal.</exception>
    public SignalLikelihood OfAsimov(double eventScale, SearchSteps steps)
    {
        RegionSample template = SampleOfTemplate();
        return Run(Input(template, template) with { EventScale = eventScale, IsAsimov = true }, steps);
    }

    private SignalLikelihood Run(SignalLikelihoodInput input, SearchSteps steps)
    {
        if (Inference.CorrectsContamination)
        {
            input.Contamination.RequireSignal();
        }

        SignalLikelihood fitted = Fit(input);
        if (Inference.CorrectsContamination && Template.HoldsSidebands && Simulation.InSidebands.Count > 0)
        {
            input = input with { Contamination = input.Contamination with { Effect = Effect(input, fitted.Fitted, steps) } };
            input.Contamination.RequireSignal();
            fitted = Fit(input);
        }

        return Inference.VariesSamples ? Fit(input, SampleVariation.At(input, Inference, fitted.Fits)) : fitted;

        SignalLikelihood Fit(SignalLikelihoodInput samples, SampleVariation? sizes = null) => steps.Run(
            SearchSteps.Fitting, (_, _) => SignalLikelihood.Of(samples, Inference, sizes));
    }

    /// <summary>κ of the signal that was found.</summary>
    private double Effect(SignalLikelihoodInput input, Estimate found, SearchSteps steps)
    {
        var subtracted = SignalSubtraction.Of(
            Simulation, Ratio.OfSidebandSignal(Simulation.InSidebands), Template.Events.Count, found, input.Observed * input.EventScale);
        BackgroundTemplate without = steps.Run(
            BackgroundStep.NameWithoutSignal,
            (progress, cancellation) => Background.LearnWith(Template, subtracted.Events, progress, cancellation));
        return subtracted.Effect(
            Template.Expected.Value, WeightedScores.Of(Template.Events, Ratio.OfTemplate(Ratio.OfFeatures)), without.Events,
            WeightedScores.Of(Simulation.InRegion, Ratio.OfSimulation(Ratio.OfFeatures)));
    }

    private SignalLikelihoodInput Input(RegionSample template, RegionSample region)
    {
        var signal = new RegionSample(WeightedScores.Of(Simulation.InRegion, Ratio.OfSimulation(Ratio.OfAll)), [])
        {
            FeatureLogRatio = Ratio.HasOwnFeatures ? Ratio.OfSimulation(Ratio.OfFeatures) : null,
        };
        var contamination = SignalContamination.Of(Template, Background.Sideband, Simulation);
        var input = new SignalLikelihoodInput(region, template, signal, Template.Expected, contamination);
        return Inference.VariesGenerator && template.MemberLogRatios.Length > 1 ? input : input.WithoutMembers();
    }

    private RegionSample SampleOfTemplate() => new(
        WeightedScores.Of(Template.Events, Ratio.OfTemplate(Ratio.OfAll)), Inference.VariesGenerator ? Template.MemberLogRatios() : [])
    {
        FeatureLogRatio = Ratio.HasOwnFeatures ? Ratio.OfTemplate(Ratio.OfFeatures) : null,
    };
}
