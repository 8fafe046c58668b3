using Gbi.Posteriors.Autoregressive.Means;

namespace Gbi.Posteriors.Autoregressive.Cells;

/// <summary>What one distribution of all residuals costs, in nats.</summary>
internal static class ShapeEntropy
{
    private const int MostDepth = 7;
    private const double EventsOfACell = 20;

    /// <summary>The entropy of the residuals; where bounds cut off one shape of all, what that shape costs.</summary>
    public static double Of(Residuals residuals, TrainingSet set) =>
        residuals.AreCut ? BetweenBounds(residuals, set) : ResidualEntropy.Of(residuals.Values);

    /// <summary>−E ln f(u)/F(bounds) of a distribution f that is cut off at the bounds of each residual.</summary>
    public static double BetweenBounds(Residuals residuals, TrainingSet set)
    {
        int depth = Math.Clamp((int)Math.Log2(set.EffectiveCount / EventsOfACell), 1, MostDepth);
        CellEdges edges = CellEdges.Quantiles(residuals.Values, depth);
        var marginal = MarginalCells.Of(edges, residuals, set.Weights);
        return -set.Mean(row => marginal.LogDensity(residuals.Values[row], residuals.Low[row], residuals.High[row]));
    }
}
