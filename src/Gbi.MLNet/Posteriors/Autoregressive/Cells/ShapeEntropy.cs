using Gbi.Posteriors.Autoregressive.Means;

namespace Gbi.Posteriors.Autoregressive.Cells;

/// <summary>
/// What one distribution of all residuals costs, in nats: their entropy, or that of one shape f cut off at the bounds of each,
/// −E ln f(u)/F(bounds).
/// </summary>
internal static class ShapeEntropy
{
    private const int MostDepth = 7;
    private const double EventsOfACell = 20;

    /// <summary>The entropy with the shape of the largest likelihood.</summary>
    public static double Of(Residuals residuals, TrainingSet set)
    {
        if (!residuals.AreCut)
        {
            return ResidualEntropy.Of(residuals.Values);
        }

        int depth = Math.Clamp((int)Math.Log2(set.Count / EventsOfACell), 1, MostDepth);
        CellEdges edges = CellEdges.Quantiles(residuals.Values, depth);
        var marginal = MarginalCells.Of(edges, residuals, set.Weights);
        return -set.Mean(row => marginal.LogDensity(residuals.Values[row], residuals.Low[row], residuals.High[row]));
    }
}
