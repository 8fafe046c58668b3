using Gbi.Inference.Fits;
using Gbi.Inference.Toys;
using Gbi.Likelihoods;
using Gbi.Likelihoods.Model;
using Gbi.Numerics;
using Gbi.Numerics.Probability;

namespace Gbi.Inference.Tests;

/// <summary>How well counts in bins agree with the best fit.</summary>
public sealed record SaturatedTestResult
{
    /// <summary>2 Σ [λ − n + n ln(n/λ)] + Σ 2 ln [p(m|m̂)/p(m|θ)] at the best fit.</summary>
    public required double Statistic { get; init; }

    /// <summary>Bins that can hold a count, and auxiliary measurements, less the free parameters.</summary>
    public required int DegreesOfFreedom { get; init; }

    /// <summary>P(χ² ≥ statistic); NaN without degrees of freedom.</summary>
    public double Probability => DegreesOfFreedom > 0 ? TailProbability.OfChiSquared(Statistic, DegreesOfFreedom) : double.NaN;

    /// <summary>The statistic of toys drawn at the best fit, each fitted; NaN where that failed, empty without toys.</summary>
    public required IReadOnlyList<double> Toys { get; init; }

    /// <summary>The toys whose fits failed; they are in no share.</summary>
    public required IReadOnlyList<ToyFailure> Failures { get; init; }

    /// <summary>P(statistic ≥ observed): a share of the toys; NaN without toys.</summary>
    public double ToyProbability =>
        Toys.Where(value => !double.IsNaN(value)).Select(value => value >= Statistic ? 1.0 : 0).DefaultIfEmpty(double.NaN).Average();

    /// <summary>Binomial standard error of <see cref="ToyProbability"/>; NaN without toys.</summary>
    public double ToyProbabilityError => Math.Sqrt(ToyProbability * (1 - ToyProbability) / (Toys.Count - Failures.Count));
}

/// <summary>
/// The goodness of fit of binned channels: −2 ln of the likelihood's ratio to the saturated one, whose expectation is what was observed, in
/// every bin and every auxiliary measurement. For large counts it is χ².
/// </summary>
/// <remarks>Baker and Cousins, NIM 221 (1984) 437. Events without bins have no saturated model.</remarks>
public static class SaturatedTest
{
    /// <summary>Tests the best fit.</summary>
    /// <param name="model">A model of binned channels alone.</param>
    /// <param name="data">The observed data.</param>
    /// <param name="fit">The best fit to them.</param>
    /// <param name="toyCount">Toys for a probability where counts are small; 0 for none.</param>
    /// <param name="seed">Origin of the random numbers.</param>
    /// <param name="progress">Receives the finished fraction of the toys, from 0 to 1.</param>
    /// <param name="cancellation">Stops between toys.</param>
    /// <exception cref="FitException">The model has an unbinned channel, or no toys can be drawn at the fit.</exception>
    public static SaturatedTestResult Of(
        LikelihoodModel model,
        ModelData data,
        FitResult fit,
        int toyCount = 0,
        Seed seed = default,
        IProgress<double>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(fit);
        ArgumentOutOfRangeException.ThrowIfNegative(toyCount);
        if (model.UnbinnedChannels.Count > 0)
        {
            throw new FitException(
                $"Channel '{model.UnbinnedChannels[0].Name}' has events and no bins, for which there is no saturated likelihood; compare "
                    + $"its events with the fitted expectation by a classifier (EventGoodnessOfFit).");
        }

        (double[] toys, ToyFailure[] failures) = toyCount == 0
            ? ([], [])
            : new ToyLoop(model, new ToySource(model, fit.Parameters, seed).Draw, fit.Parameters).Run(
                0, toyCount, (fits, toy) => fits.Best.Value - Saturated(model, toy), double.NaN, progress, cancellation);
        return new SaturatedTestResult
        {
            Statistic = Math.Max(0, fit.TwiceNll - Saturated(model, data)),
            DegreesOfFreedom = model.AsimovData(fit.Parameters).Counts.Count(expected => expected > 0)
                + model.ConstrainedParameters.Where((i, k) => IsMeasured(model.Parameters[i], fit.Parameters[i], data.Auxiliary[k])).Count()
                - model.Parameters.Count(parameter => !parameter.IsFixed),
            Toys = toys,
            Failures = failures,
        };
    }

    /// <summary>Whether an auxiliary measurement tests anything: one of a fixed parameter that is what it expects is a constant.</summary>
    private static bool IsMeasured(FitParameter parameter, double value, double measured) =>
        !parameter.IsFixed || parameter.Constraint!.At(value, measured).Value > 0;

    /// <summary>−2 ln L where every expectation is what was observed: 2 Σ [n − n ln n + ln n!] − 2 Σ ln p(m|m̂).</summary>
    private static double Saturated(LikelihoodModel model, ModelData data)
    {
        double sum = 0;
        foreach (double count in data.Counts)
        {
            sum += PoissonCount.LeastNll(count);
        }

        for (int k = 0; k < data.Auxiliary.Count; k++)
        {
            sum += model.Parameters[model.ConstrainedParameters[k]].Constraint!.LeastNll(data.Auxiliary[k]);
        }

        return 2 * sum;
    }
}
