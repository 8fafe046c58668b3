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
    public static SampleVariation At(SignalLikelihoodInput input, SignalInference options, ProfileLikelihood fits)
    {
        // At μ = 0 and below the score has no bound; one error above it does.
        FitResult fit = fits.Fit();
        double fraction = Math.Max(fit.Parameters[fits.ParameterOfInterest], fit.Errors[fits.ParameterOfInterest]);
        double background = input.Expected.Value / input.EventScale * fit.Parameters[fit.Names.ToList().IndexOf(SignalLikelihood.BackgroundRate)];
        (double inShape, double inRate) = options.CorrectsContamination ? (input.Absorption.Effect, input.Absorption.Rate) : default;
        double[] ofTemplate = Scores(input.Template);
        double[] ofSimulation = Scores(input.Simulation);
        Moments template = Moments.Of(ofTemplate, input.Template);
        Moments simulation = Moments.Of(ofSimulation, input.Simulation);
        double scale = template.ErrorOfMean / template.Variance;
        double raised = simulation.Mean - template.Mean;
        double promised = Moments.Of(
            [.. ofTemplate.Select((score, row) => Math.Exp(input.Template.LogRatio[row]) * (score - template.Mean))], input.Template).Mean;
        if (!(raised > 0 && promised > 0))
        {
            throw new FitException(Text(
                $"The signal simulation raises the mean score by {raised:G3} where the ratio promises {promised:G3}, expected more than 0 "
                    + $"for both; signal and background cannot be told apart by these features."));
        }

        return new SampleVariation(Varied(Scores(input.Region)), Varied(ofTemplate), raised / promised, simulation.ErrorOfMean / raised);

        double[] Scores(RegionSample sample) => [.. Enumerable.Range(0, sample.LogRatio.Length).Select(row =>
        {
            double signal = input.Observed * (sample.SignalRatio(row, inShape) + inShape - inRate);
            return signal / (background + (fraction * signal));
        })];

        float[] Varied(double[] scores) => Array.ConvertAll(scores, score => (float)(scale * (score - template.Mean)));
    }

    /// <summary>Weighted mean and variance of a sample, and the standard error of the mean.</summary>
    private readonly record struct Moments(double Mean, double Variance, double ErrorOfMean)
    {
        public static Moments Of(double[] scores, RegionSample sample)
        {
            double sum = 0;
            double first = 0;
            for (int row = 0; row < scores.Length; row++)
            {
                sum += sample.Weight(row);
                first += sample.Weight(row) * scores[row];
            }

            double mean = first / sum;
            double second = 0;
            double squares = 0;
            for (int row = 0; row < scores.Length; row++)
            {
                double weight = sample.Weight(row);
                double distance = scores[row] - mean;
                second += weight * distance * distance;
                squares += weight * weight * distance * distance;
            }

            return new Moments(mean, second / sum, Math.Sqrt(squares) / sum);
        }
    }
}
