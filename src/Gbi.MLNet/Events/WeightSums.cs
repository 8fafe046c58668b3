using static Gbi.Numerics.InvariantText;

namespace Gbi.Events;

/// <summary>Σ w and Σ w² of some events, which add up over parts.</summary>
/// <param name="Sum">Σ w.</param>
/// <param name="Squares">Σ w².</param>
internal readonly record struct WeightSums(double Sum, double Squares)
{
    /// <summary>Kish's effective number of events (Σ w)² / Σ w²; 0 where Σ w is not above 0.</summary>
    public double EffectiveCount => Sum > 0 ? Sum * Sum / Squares : 0;

    /// <summary>Sums over all events; every event counts 1 where there are no weights.</summary>
    public static WeightSums Of(ReadOnlySpan<double> weights, int count)
    {
        if (weights.IsEmpty)
        {
            return new WeightSums(count, count);
        }

        var sums = default(WeightSums);
        foreach (double weight in weights)
        {
            sums = sums.With(weight);
        }

        return sums;
    }

    public static WeightSums operator +(WeightSums left, WeightSums right) => new(left.Sum + right.Sum, left.Squares + right.Squares);

    /// <summary>The sums with one more event.</summary>
    public WeightSums With(double weight) => new(Sum + weight, Squares + (weight * weight));

    /// <summary>Throws where a sum is not above 0 and finite.</summary>
    public static double RequirePositive(double sum, string what) => sum > 0 && double.IsFinite(sum)
        ? sum
        : throw new DataException(Text($"{what} sum to {sum:G4}, expected more than 0; check the weight column or the selection."));
}
