using Gbi.Inference.Fits;
using Gbi.Likelihoods;
using Gbi.Likelihoods.Model;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Inference.Toys;

/// <summary>Fits of many toys, in their order.</summary>
public sealed record ToyFits
{
    /// <summary>The tested μ.</summary>
    public required double Mu { get; init; }

    /// <summary>What was computed of each toy.</summary>
    public required TestStatistic Statistic { get; init; }

    /// <summary>Number of the first toy.</summary>
    public required long First { get; init; }

    /// <summary>The test statistic of each toy; NaN where its fits failed.</summary>
    public required IReadOnlyList<double> Values { get; init; }

    /// <summary>μ̂ of each toy; NaN where its fits failed.</summary>
    public required IReadOnlyList<double> MuHat { get; init; }

    /// <summary>The toys whose fits failed, with the reason.</summary>
    public required IReadOnlyList<ToyFailure> Failures { get; init; }

    /// <summary>Number of toys whose fits failed.</summary>
    public int FailureCount => Failures.Count;

    /// <summary>Number of toys whose fits did not fail.</summary>
    public int FittedCount => Values.Count - FailureCount;

    /// <summary>Fits toys on all cores. All fits of a toy start from the same point.</summary>
    /// <param name="model">The model.</param>
    /// <param name="first">Number of the first toy.</param>
    /// <param name="count">Number of toys.</param>
    /// <param name="toy">The toy of a number.</param>
    /// <param name="mu">The tested μ.</param>
    /// <param name="statistic">What is computed of each toy.</param>
    /// <param name="start">Where every fit starts; null for the initial parameters.</param>
    /// <exception cref="FitException">The model has no parameter of interest. Fits that fail are counted.</exception>
    public static ToyFits Of(
        LikelihoodModel model,
        long first,
        int count,
        Func<long, ModelData> toy,
        double mu,
        TestStatistic statistic = TestStatistic.QTildeMu,
        IReadOnlyList<double>? start = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(toy);
        ProfileLikelihood.RequireParameterOfInterest(model);
        return Of(new ToyLoop(model, toy, start), (first, count), mu, statistic, null, default);
    }

    internal static ToyFits Of(
        ToyLoop loop, (long First, int Count) toys, double mu, TestStatistic statistic, IProgress<double>? progress,
        CancellationToken cancellation)
    {
        ((double Value, double MuHat)[] results, ToyFailure[] failures) = loop.Run(
            toys.First, toys.Count, (fits, _) => (fits.Statistic(statistic, mu), fits.MuHat), (double.NaN, double.NaN), progress,
            cancellation);
        return new ToyFits
        {
            Mu = mu,
            Statistic = statistic,
            First = toys.First,
            Values = [.. results.Select(result => result.Value)],
            MuHat = [.. results.Select(result => result.MuHat)],
            Failures = failures,
        };
    }

    /// <summary>The fits of consecutive ranges of toys as one.</summary>
    /// <exception cref="ArgumentException">A range does not begin where the one before ends, or μ or the statistic differs.</exception>
    public static ToyFits Joined(IReadOnlyList<ToyFits> parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        ToyFits whole = parts[0];
        long next = whole.First;
        foreach (ToyFits part in parts)
        {
            if (part.First != next || !part.Mu.Equals(whole.Mu) || part.Statistic != whole.Statistic)
            {
                throw new ArgumentException(Text(
                    $"Toys from number {part.First} with {part.Statistic} at μ = {part.Mu} cannot follow; expected number {next} with "
                        + $"{whole.Statistic} at μ = {whole.Mu}."), nameof(parts));
            }

            next += part.Values.Count;
        }

        return whole with
        {
            Values = [.. parts.SelectMany(part => part.Values)],
            MuHat = [.. parts.SelectMany(part => part.MuHat)],
            Failures = [.. parts.SelectMany(part => part.Failures)],
        };
    }

    /// <summary>The share of toys with a statistic of at least a value, among those whose fits did not fail; NaN where all
    /// failed.</summary>
    public double ShareAbove(double value) =>
        Values.Where(found => !double.IsNaN(found)).Select(found => found >= value ? 1.0 : 0).DefaultIfEmpty(double.NaN).Average();

    /// <summary>The quantile of the statistic at a level, with its error from the number of toys.</summary>
    public ToyQuantile Quantile(double level) => ToyQuantile.Of(Values, level);
}
