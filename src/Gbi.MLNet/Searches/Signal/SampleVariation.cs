using Gbi.Events;
using Gbi.Inference.Fits;
using Gbi.Likelihoods.Model;
using Gbi.Searches.Options;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Searches.Signal;

/// <summary>
/// What template and simulation say beyond the learnt ratio. μ depends on the density through the means of its score
/// g = ∂ ln(dN/dx)/∂μ alone, over template and signal, and the samples give both with their errors. The template's finite size: its mean
/// has the standard error σ, and a density t(x) (1 + ν σ (g − ḡ)/Var g) with ν ~ N(0,1) has just this freedom. An imperfect ratio: signal
/// raises the mean score by ḡ_S − ḡ instead of the ⟨r g⟩ − ḡ that the ratio promises, and the signal's density c r t + (1 − c) t with c
/// the quotient of both puts that right. The simulation's finite size: ḡ_S − ḡ has a relative error.
/// </summary>
/// <param name="Region">σ (g − ḡ)/Var g of the observed events.</param>
/// <param name="Template">The same of the template.</param>
/// <param name="SignalScale">c; 1 for a perfect ratio.</param>
/// <param name="SimulationError">Relative standard error of c from the simulation.</param>
internal sealed record SampleVariation(float[] Region, float[] Template, double SignalScale, double SimulationError)
{
    /// <summary>The variation at the best fit of the likelihood without it.</summary>
    public static SampleVariation At(SignalLikelihoodInput input, SignalInferenceOptions options, ProfileLikelihood fits)
    {
        // At μ = 0 and below the score has no bound; one error above it does.
        FitResult fit = fits.Fit();
        double fraction = Math.Max(fit.Parameters[fits.ParameterOfInterest], fit.Errors[fits.ParameterOfInterest]);
        double rate = fit.Parameters[fit.Names.ToList().IndexOf(SignalLikelihood.BackgroundRate)];
        double background = input.Expected.Value / input.EventScale * rate;
        (double inShape, double inRate) = options.CorrectsContamination ? (input.Contamination.Effect, input.Contamination.Rate) : default;
        double[] ofTemplate = Scores(input.Template);
        Estimate template = input.Template.Scores.MeanOf(ofTemplate);
        Estimate simulation = input.Simulation.Scores.MeanOf(Scores(input.Simulation));
        double variance = input.Template.Scores.MeanOf(Array.ConvertAll(ofTemplate, score => Math.Pow(score - template.Value, 2))).Value;
        double scale = template.Error / variance;
        double raised = simulation.Value - template.Value;
        float[] logRatio = input.Template.Scores.Scores.ToArray();
        double promised = input.Template.Scores.MeanOf(
            [.. ofTemplate.Select((score, row) => Math.Exp(logRatio[row]) * (score - template.Value))]).Value;
        if (!(raised > 0 && promised > 0))
        {
            throw new FitException(Text(
                $"The signal simulation raises the mean score by {raised:G3} where the ratio promises {promised:G3}, expected more than 0 "
                    + $"for both; these features do not separate signal and background."));
        }

        return new SampleVariation(Varied(Scores(input.Region)), Varied(ofTemplate), raised / promised, simulation.Error / raised);

        double[] Scores(RegionSample sample) => Array.ConvertAll(sample.SignalRatios(inShape), ratio =>
        {
            double signal = input.Observed * (ratio + inShape - inRate);
            return signal / (background + (fraction * signal));
        });

        float[] Varied(double[] scores) => Array.ConvertAll(scores, score => (float)(scale * (score - template.Value)));
    }
}
