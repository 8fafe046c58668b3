using Gbi.Posteriors.Autoregressive.Means;

namespace Gbi.Posteriors.Autoregressive.Cells;

/// <summary>
/// The marginal distribution of a residual over many cells, smoothed: their masses are those that a distribution over fewer, wider cells
/// has there. The density of a cell of n events scatters by 1/√n, and a region of high density prefers the cells that came out too dense,
/// so that it holds less than it says. How many wide cells there are is decided by the loss of events that they do not see.
/// </summary>
internal static class SmoothedCells
{
    // The search ends after as many depths in a row without a smaller loss.
    private const int Patience = 2;

    /// <summary>The smoothed distribution of residuals over cells; as it is where cells stand for values.</summary>
    public static MarginalCells Of(CellEdges cells, Residuals residuals, TrainingSet set)
    {
        int depth = cells.ArePoints ? cells.Depth : BestDepth(cells.Depth, residuals, set);
        return depth == cells.Depth
            ? MarginalCells.Of(cells, residuals, set.Weights)
            : MarginalCells.Of(CellEdges.Quantiles(residuals.Values, depth), residuals, set.Weights).Over(cells);
    }

    private static int BestDepth(int most, Residuals residuals, TrainingSet set)
    {
        Fold[] folds = [.. Enumerable.Range(0, set.Folds.Count).Select(fold => Fold.Of(fold, residuals, set))];
        int best = 1;
        double least = double.PositiveInfinity;
        for (int depth = 1; depth <= most && depth <= best + Patience; depth++)
        {
            double loss = folds.Sum(fold => fold.Loss(depth));
            (best, least) = loss < least ? (depth, loss) : (best, least);
        }

        return best;
    }

    /// <summary>The events of a fold and those of all others.</summary>
    private sealed record Fold(Residuals Inside, double[] InsideWeights, Residuals Others, double[] OtherWeights)
    {
        public static Fold Of(int fold, Residuals residuals, TrainingSet set)
        {
            ILookup<bool, int> rows = Enumerable.Range(0, set.Count).ToLookup(row => set.Folds.Of(row) == fold);
            int[] inside = [.. rows[true]];
            int[] others = [.. rows[false]];
            return new Fold(
                residuals.Select(inside), Array.ConvertAll(inside, row => set.Weights[row]),
                residuals.Select(others), Array.ConvertAll(others, row => set.Weights[row]));
        }

        /// <summary>−Σ w ln f of the fold's events for a distribution f over 2^depth cells of the others.</summary>
        public double Loss(int depth)
        {
            var marginal = MarginalCells.Of(CellEdges.Quantiles(Others.Values, depth), Others, OtherWeights);
            double loss = 0;
            for (int i = 0; i < InsideWeights.Length; i++)
            {
                loss -= InsideWeights[i] * marginal.LogDensity(Inside.Values[i], Inside.Low[i], Inside.High[i]);
            }

            return loss;
        }
    }
}
