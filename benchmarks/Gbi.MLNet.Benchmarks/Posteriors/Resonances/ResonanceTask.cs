using System.Diagnostics;
using Gbi.Events;
using Gbi.Inference.Fits;
using Gbi.Likelihoods.Model;
using Gbi.Numerics;
using Gbi.Posteriors.Autoregressive;
using Gbi.Posteriors.Correction;
using Gbi.Posteriors.Models;
using Gbi.Simulators;
using Gbi.Simulators.Priors;
using static Gbi.Numerics.InvariantText;
using Process = System.Diagnostics.Process;

namespace Gbi.Benchmarks.Posteriors.Resonances;

/// <summary>
/// Posteriors of mass, width and strength of a resonance in samples of 10,000 dijet events, beside the posterior of the exact likelihood
/// and the profile likelihood of the same samples: centres and widths, and how often intervals hold the truth.
/// </summary>
internal static class ResonanceTask
{
    private const int Draws = 10_000;
    private const int Points = 2 * 4096;
    private const double OneSigma = 0.6827;
    private const double TwoSigma = 0.9545;

    // Samples are drawn from the middle of the prior, where its bounds do not cut the likelihood.
    private static readonly Prior Truths = Prior.Independent(
        Prior.Uniform("mass", 3.35, 3.65), Prior.Uniform("width", 0.05, 0.09), Prior.Uniform("strength", 0.12, 0.22));

    /// <summary>Trains one posterior and compares it with fits.</summary>
    /// <param name="simulations">Simulated samples that it is trained with.</param>
    /// <param name="samples">Samples of events that are compared.</param>
    /// <param name="seed">Of everything.</param>
    public static void Run(int simulations, int samples, int seed)
    {
        var origin = new Seed((ulong)seed);
        TreePosterior model = Train(simulations, origin);
        var tested = Simulations.Run(ResonanceSimulation.Simulator, Truths, samples, origin.Child("samples"));
        var learnt = new SampleEstimate[samples][];
        var exact = new SampleEstimate[samples][];
        var fits = new SampleEstimate[samples][];
        double[] efficiencies = new double[samples];
        Time($"{samples} samples", () => EventBlocks.ForEachIndex(samples, sample =>
        {
            var likelihood = new ResonanceLikelihood(
                [.. ResonanceSimulation.LowerEdges.Select((_, bin) => (double)tested.Observations[$"count_{bin}"][sample])]);
            Posterior posterior = model.Given(tested.Observations.Slice(sample, 1));
            CorrectedPosterior corrected = posterior.CorrectedBy(
                ResonanceSimulation.Prior, likelihood.LogLikelihood, origin.Child("correction").Child(sample),
                new CorrectionOptions { EffectiveSize = Points, MaxDraws = Points });
            efficiencies[sample] = corrected.Efficiency;
            learnt[sample] = Estimates(posterior.Summarise(Draws, origin.Child("draws").Child(sample)));
            exact[sample] = corrected.Refusal is null ? Estimates(corrected.Summarise()) : [];
            fits[sample] = Fit(likelihood, tested.Parameters, sample);
        }));
        int refused = exact.Count(estimates => estimates.Length == 0);
        Console.WriteLine(Text(
            $"Correction: mean efficiency {efficiencies.Average():F3}, least {efficiencies.Min():F3}; {refused} samples refused."));
        Console.WriteLine("| parameter | by | centre − fit, widths | scatter | width / fit's | truth in 68 % | in 95 % |");
        Console.WriteLine("|---|---|---|---|---|---|---|");
        for (int k = 0; k < Truths.Parameters.Count; k++)
        {
            string name = Truths.Parameters[k];
            float[] truths = tested.Parameters[name].ToArray();
            Print($"{name} | posterior", learnt, fits, truths, k);
            Print($"{name} | exact posterior", exact, fits, truths, k);
            Print($"{name} | fit", fits, fits, truths, k);
        }
    }

    private static TreePosterior Train(int count, Seed origin)
    {
        Simulations? simulated = null;
        Time($"{count} simulations of {ResonanceSimulation.Events} events", () => simulated =
            Simulations.Run(ResonanceSimulation.Simulator, ResonanceSimulation.Prior, count, origin.Child("simulations")));
        TreePosterior? model = null;
        Time("training", () => model = TreePosterior.Train(
            ResonanceSimulation.Prior, simulated!.Parameters, simulated.Observations, new TreePosteriorOptions(),
            origin.Child("training")));
        return model!;
    }

    private static SampleEstimate[] Fit(ResonanceLikelihood likelihood, EventTable truths, int sample)
    {
        FitParameter[] parameters = [.. ResonanceSimulation.Prior.Parameters.Select((name, k) =>
        {
            (double low, double high) = ResonanceSimulation.Prior.Range(k, [double.NaN, double.NaN, double.NaN]);
            return new FitParameter { Name = name, Initial = truths[name][sample], Lower = low, Upper = high };
        })];
        return [.. parameters.Select((parameter, k) =>
        {
            var fits = new ProfileLikelihood(likelihood, parameters, k);
            var oneSigma = ProfileInterval.Of(fits, parameter.Lower, parameter.Upper, OneSigma);
            return new SampleEstimate(
                fits.MuHat, 0.5 * (oneSigma.Upper - oneSigma.Lower), oneSigma,
                ProfileInterval.Of(fits, parameter.Lower, parameter.Upper, TwoSigma));
        })];
    }

    private static SampleEstimate[] Estimates(PosteriorSummary summary) => [.. summary.Parameters.Select(parameter => new SampleEstimate(
        parameter.Mean, parameter.StandardDeviation, Interval(parameter, OneSigma), Interval(parameter, TwoSigma)))];

    private static ConfidenceInterval Interval(ParameterSummary parameter, double probability)
    {
        CredibleInterval interval = parameter.Central.MinBy(interval => Math.Abs(interval.Probability - probability));
        return new ConfidenceInterval(interval.Low, interval.High, interval.Probability);
    }

    private static void Print(string what, SampleEstimate[][] estimates, SampleEstimate[][] fits, float[] truths, int k)
    {
        int[] samples = [.. Enumerable.Range(0, truths.Length).Where(sample => estimates[sample].Length > 0)];
        (double difference, double scatter) = Moments(
            [.. samples.Select(sample => (estimates[sample][k].Centre - fits[sample][k].Centre) / fits[sample][k].Width)]);
        (double ratio, double ofRatio) = Moments([.. samples.Select(sample => estimates[sample][k].Width / fits[sample][k].Width)]);
        double root = Math.Sqrt(samples.Length);
        int one = samples.Count(sample => estimates[sample][k].OneSigma.Contains(truths[sample]));
        int two = samples.Count(sample => estimates[sample][k].TwoSigma.Contains(truths[sample]));
        Console.WriteLine(Text($"| {what} | {difference:F3} ± {scatter / root:F3} | {scatter:F3} | {ratio:F3} ± {ofRatio / root:F3} "
            + $"| {one} | {two} of {samples.Length} |"));
    }

    private static (double Mean, double Deviation) Moments(double[] values)
    {
        double mean = values.Average();
        return (mean, Math.Sqrt(values.Average(value => (value - mean) * (value - mean))));
    }

    private static void Time(string what, Action action)
    {
        TimeSpan before = Process.GetCurrentProcess().TotalProcessorTime;
        var watch = Stopwatch.StartNew();
        action();
        double processor = (Process.GetCurrentProcess().TotalProcessorTime - before).TotalSeconds;
        Console.WriteLine(Text($"{what}: {watch.Elapsed.TotalSeconds:F1} s, {processor:F1} processor s"));
    }

    /// <summary>What one method says of one parameter of a sample.</summary>
    /// <param name="Centre">Mean of a posterior, or best value of a fit.</param>
    /// <param name="Width">Standard deviation, or half the 68 % interval.</param>
    /// <param name="OneSigma">The interval of 68 %: equal tails, or of the profile likelihood.</param>
    /// <param name="TwoSigma">The interval of 95 %.</param>
    private sealed record SampleEstimate(double Centre, double Width, ConfidenceInterval OneSigma, ConfidenceInterval TwoSigma);
}
