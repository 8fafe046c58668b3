using System.Collections.Concurrent;
using Gbi.Numerics;

namespace Gbi.Inference;

/// <summary>Fits of many toys, in their order.</summary>
public sealed record ToyFits
{
    private const int MostFailuresTold = 10;

    /// <summary>The tested μ.</summary>
    public required double Mu { get; init; }

    /// <summary>What was computed of each toy.</summary>
    public required TestStatistic Statistic { get; init; }

    /// <summary>The test statistic of each toy; NaN where its fits failed.</summary>
    public required IReadOnlyList<double> Values { get; init; }

    /// <summary>μ̂ of each toy; NaN where its fits failed.</summary>
    public required IReadOnlyList<double> MuHat { get; init; }

    /// <summary>The first toys whose fits failed, with the reason; at most ten.</summary>
    public required IReadOnlyList<ToyFailure> Failures { get; init; }

    /// <summary>Number of toys whose fits failed.</summary>
    public int FailureCount => Values.Count(double.IsNaN);

    /// <summary>Fits toys on all cores. A toy's fits start from the same point whatever came before.</summary>
    /// <param name="model">The model.</param>
    /// <param name="first">Number of the first toy.</param>
    /// <param name="count">Number of toys.</param>
    /// <param name="toy">The toy of a number.</param>
    /// <param name="mu">The tested μ.</param>
    /// <param name="statistic">What is computed of each toy.</param>
    /// <param name="start">Where every fit starts; null for the initial parameters.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <exception cref="FitException">The model has no parameter of interest. Fits that fail are counted.</exception>
    public static ToyFits Of(
        LikelihoodModel model,
        long first,
        int count,
        Func<long, ModelData> toy,
        double mu,
        TestStatistic statistic = TestStatistic.QTildeMu,
        IReadOnlyList<double>? start = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(toy);
        double[] from = start is null ? model.InitialParameters : [.. start];
        double[] values = new double[count];
        double[] muHat = new double[count];
        string?[] reasons = new string?[count];
        var idle = new ConcurrentBag<Fitter>();
        EventBlocks.ForEachIndex(count, at =>
        {
            Fitter fitter = idle.TryTake(out Fitter? found) ? found : new Fitter(model);
            (values[at], muHat[at], reasons[at]) = fitter.Fit(toy(first + at), mu, statistic, from);
            idle.Add(fitter);
        }, cancellation);
        return new ToyFits
        {
            Mu = mu,
            Statistic = statistic,
            Values = values,
            MuHat = muHat,
            Failures = [.. Enumerable.Range(0, count).Where(at => reasons[at] is not null).Take(MostFailuresTold).Select(at => new ToyFailure(first + at, reasons[at]!))],
        };
    }

    /// <summary>The share of toys with a statistic of at least a value, among those whose fits did not fail; NaN where all failed.</summary>
    public double ShareAbove(double value) =>
        Values.Where(found => !double.IsNaN(found)).Select(found => found >= value ? 1.0 : 0).DefaultIfEmpty(double.NaN).Average();

    /// <summary>The buffers of one thread.</summary>
    private sealed class Fitter(LikelihoodModel model)
    {
        private Likelihood? _likelihood;
        private ProfileLikelihood? _fits;

        public (double Value, double MuHat, string? Failure) Fit(ModelData data, double mu, TestStatistic statistic, double[] start)
        {
            try
            {
                _likelihood ??= new Likelihood(model, data);
                _fits ??= ProfileLikelihood.Of(_likelihood);
                _likelihood.SetData(data);
                _fits.Restart(start);
                return (_fits.Statistic(statistic, mu), _fits.MuHat, null);
            }
            catch (FitException failure)
            {
                return (double.NaN, double.NaN, failure.Message);
            }
        }
    }
}

/// <summary>A toy whose fits failed.</summary>
/// <param name="Number">Which one.</param>
/// <param name="Reason">Why.</param>
public sealed record ToyFailure(long Number, string Reason);
