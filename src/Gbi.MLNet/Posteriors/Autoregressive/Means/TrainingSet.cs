namespace Gbi.Posteriors.Autoregressive.Means;

/// <summary>What every fit of a training has in common.</summary>
/// <param name="Weights">One per event; their sum is the number of events without weights that they are worth.</param>
/// <param name="Folds">Division for cross-fitting.</param>
/// <param name="Cancellation">Stops between trees.</param>
internal sealed record TrainingSet(double[] Weights, Folds Folds, CancellationToken Cancellation)
{
    /// <summary>Called when a conditional density is learnt, from several threads.</summary>
    public Action? Learnt { get; init; }

    /// <summary>Number of events.</summary>
    public int Count => Weights.Length;

    /// <summary>Number of events without weights that these are worth.</summary>
    public double EffectiveCount => Weights.Sum();

    /// <summary>Weighted mean of a number of each event.</summary>
    public double Mean(Func<int, double> of)
    {
        double sum = 0;
        double total = 0;
        for (int row = 0; row < Weights.Length; row++)
        {
            sum += Weights[row] * of(row);
            total += Weights[row];
        }

        return sum / total;
    }
}
