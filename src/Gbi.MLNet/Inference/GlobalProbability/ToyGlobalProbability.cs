using Gbi.Events;
using Gbi.Inference.Fits;
using Gbi.Inference.Tests;
using static Gbi.Numerics.InvariantText;

namespace Gbi.Inference.GlobalProbability;

/// <summary>
/// A global p-value from toys without signal that went through the whole scan: how often their smallest local p-value is as small as the
/// observed one, or smaller.
/// </summary>
/// <param name="Observed">The smallest local p-value of the observed scan.</param>
/// <param name="ToyCount">n, the toys with a result.</param>
/// <param name="AtLeastAsExtreme">k of them with a smallest p-value at or below the observed one.</param>
/// <param name="FailureCount">Toys that failed, excluded from the p-value; a share of them that matters makes the p-value mean
/// little.</param>
/// <remarks>The toys must not be those by which anything in the search was chosen.</remarks>
public sealed record ToyGlobalProbability(double Observed, int ToyCount, int AtLeastAsExtreme, int FailureCount)
{
    /// <summary>(1 + k)/(1 + n): never 0, and at or below α with a probability of at most α whatever n.</summary>
    /// <remarks>Davison and Hinkley, Bootstrap Methods and their Application (1997), equation 4.11.</remarks>
    public double Value => (1.0 + AtLeastAsExtreme) / (1.0 + ToyCount);

    /// <summary>Clopper and Pearson's interval of the probability that a toy is as extreme; its upper end is what n toys can
    /// exclude.</summary>
    public ConfidenceInterval Interval(double confidenceLevel = ConfidenceLevel.OneSigma) =>
        BinomialInterval.ClopperPearson(AtLeastAsExtreme, ToyCount, confidenceLevel);

    /// <summary>Counts toys.</summary>
    /// <param name="observed">The smallest local p-value of the observed scan. Range: [0, 1].</param>
    /// <param name="toys">The smallest local p-value of each toy; NaN where the toy failed.</param>
    /// <exception cref="DataException">There is no toy with a result.</exception>
    public static ToyGlobalProbability Of(double observed, IReadOnlyList<double> toys)
    {
        ArgumentNullException.ThrowIfNull(toys);
        if (!(observed is >= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(observed), observed, "The observed p-value must be in [0, 1].");
        }

        int failed = toys.Count(double.IsNaN);
        return failed < toys.Count
            ? new ToyGlobalProbability(observed, toys.Count - failed, toys.Count(toy => toy <= observed), failed)
            : throw new DataException(
                $"None of {toys.Count:N0} toys has a p-value, so that there is no global one; see the toys' failures.");
    }

    /// <summary>The counts of several shards of toys as one.</summary>
    /// <exception cref="DataException">The shards are of different observed p-values.</exception>
    public static ToyGlobalProbability Joined(IReadOnlyList<ToyGlobalProbability> shards)
    {
        ArgumentNullException.ThrowIfNull(shards);
        ArgumentOutOfRangeException.ThrowIfZero(shards.Count, nameof(shards));
        double observed = shards[0].Observed;
        return shards.FirstOrDefault(shard => shard.Observed != observed) is { } other
            ? throw new DataException(Text(
                $"One shard compares with the p-value {observed:R} and another with {other.Observed:R}; only shards of one observed scan "
                    + $"can be joined."))
            : new ToyGlobalProbability(
                observed, shards.Sum(shard => shard.ToyCount), shards.Sum(shard => shard.AtLeastAsExtreme),
                shards.Sum(shard => shard.FailureCount));
    }
}
