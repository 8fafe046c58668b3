using Gbi.Trees;
using Gbi.Trees.Model;

namespace Gbi.Posteriors.Autoregressive;

/// <summary>What every fit of a training has in common.</summary>
/// <param name="Weights">One per event, of mean 1.</param>
/// <param name="Folds">Division for cross-fitting.</param>
/// <param name="Cancellation">Stops between trees.</param>
internal sealed record TrainingSet(double[] Weights, Folds Folds, CancellationToken Cancellation)
{
    /// <summary>Number of events.</summary>
    public int Count => Weights.Length;

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

    /// <summary>
    /// Grows trees; where the first few do not lower the loss on the events held out, it keeps none and grows no more.
    /// </summary>
    public static TreeEnsemble Grow(TreeOptions options, Func<TreeOptions, TreeEnsemble> grow)
    {
        TreeEnsemble first = grow(options with { TreeCount = Probe, EarlyStoppingRounds = Probe });
        return first.TreeCount == 0 ? first : grow(options);
    }

    internal static int Probe { get; set; } = 6;
}
