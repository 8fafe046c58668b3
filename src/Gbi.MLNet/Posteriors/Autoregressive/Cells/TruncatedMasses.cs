namespace Gbi.Posteriors.Autoregressive.Cells;

/// <summary>
/// Masses f of cells from values that were each seen only because they lie between bounds of their own: the largest likelihood
/// Π f(uᵢ)/F(boundsᵢ), by f = n/Σᵢ (share of the cell between boundsᵢ)/F(boundsᵢ), repeated.
/// </summary>
/// <remarks>Efron and Petrosian, J. Am. Stat. Assoc. 94 (1999) 824.</remarks>
internal static class TruncatedMasses
{
    private const int MostSteps = 200;

    // The steps end where no mass changes by more than this part.
    private const double Tolerance = 1e-4;

    // Of what bounds leave.
    private const double LeastMass = 1e-6;

    // Of an exponential that bounds leave.
    private const double LeastShare = 1e-3;

    /// <summary>The masses, of sum 1.</summary>
    /// <param name="observed">The distribution of the values as they are seen.</param>
    /// <param name="residuals">The values and their bounds.</param>
    /// <param name="weights">One per value.</param>
    public static double[] Of(MarginalCells observed, Residuals residuals, double[] weights)
    {
        double[] seen = observed.Masses;
        double total = weights.Sum();
        Bound[] low = [.. residuals.Low.Select(observed.BoundAt)];
        Bound[] high = [.. residuals.High.Select(observed.BoundAt)];
        double[] masses = [.. seen];
        double[] cumulative = new double[masses.Length + 1];
        for (int step = 0; step < MostSteps; step++)
        {
            for (int cell = 0; cell < masses.Length; cell++)
            {
                cumulative[cell + 1] = cumulative[cell] + masses[cell];
            }

            double[] chances = Chances(low, high, masses, cumulative, weights);
            double change = 0;
            double sum = 0;
            for (int cell = 0; cell < masses.Length; cell++)
            {
                double next = chances[cell] > 0 ? seen[cell] * total / chances[cell] : 0;
                change = Math.Max(change, Math.Abs(next - masses[cell]) / Math.Max(masses[cell], double.Epsilon));
                masses[cell] = next;
                sum += next;
            }

            System.Numerics.Tensors.TensorPrimitives.Divide(masses, sum, masses);
            if (change < Tolerance)
            {
                break;
            }
        }

        return masses;
    }

    /// <summary>
    /// The masses that are seen, with those of the two ends made as much larger as the bounds of the values there leave, on average, only a
    /// part of the exponential.
    /// </summary>
    /// <param name="observed">The distribution of the values as they are seen.</param>
    /// <param name="residuals">The values and their bounds.</param>
    /// <param name="weights">One per value.</param>
    public static double[] WithWholeEnds(MarginalCells observed, Residuals residuals, double[] weights)
    {
        double[] masses = [.. observed.Masses];
        int last = masses.Length - 1;
        (double Weight, double Left)[] ends = new (double, double)[2];
        for (int row = 0; row < weights.Length; row++)
        {
            int cell = observed.Cells.Of(residuals.Values[row]);
            if (cell == 0 || cell == last)
            {
                Bound low = observed.BoundAt(residuals.Low[row]);
                Bound high = observed.BoundAt(residuals.High[row]);
                double left = (high.Cell == cell ? high.Share : 1) - (low.Cell == cell ? low.Share : 0);
                ref (double Weight, double Left) end = ref ends[cell == 0 ? 0 : 1];
                end = (end.Weight + weights[row], end.Left + (weights[row] * left));
            }
        }

        masses[0] *= Missing(ends[0].Weight, ends[0].Left);
        masses[last] *= Missing(ends[1].Weight, ends[1].Left);
        System.Numerics.Tensors.TensorPrimitives.Divide(masses, masses.Sum(), masses);
        return masses;

        static double Missing(double weight, double left) => weight > 0 ? weight / Math.Max(left, LeastShare * weight) : 1;
    }

    /// <summary>Σᵢ wᵢ (share of each cell between boundsᵢ)/F(boundsᵢ).</summary>
    private static double[] Chances(Bound[] low, Bound[] high, double[] masses, double[] cumulative, double[] weights)
    {
        double[] rises = new double[masses.Length + 1];
        double[] parts = new double[masses.Length];
        for (int row = 0; row < low.Length; row++)
        {
            (Bound from, Bound to) = (low[row], high[row]);
            double inside = cumulative[to.Cell] + (to.Share * masses[to.Cell]) - cumulative[from.Cell] - (from.Share * masses[from.Cell]);
            double chance = weights[row] / Math.Max(inside, LeastMass);
            rises[from.Cell] += chance;
            rises[to.Cell + 1] -= chance;
            parts[from.Cell] -= chance * from.Share;
            parts[to.Cell] -= chance * (1 - to.Share);
        }

        double running = 0;
        for (int cell = 0; cell < masses.Length; cell++)
        {
            running += rises[cell];
            parts[cell] += running;
        }

        return parts;
    }
}

/// <summary>Where a bound lies: a cell, and the share of the cell's mass below it.</summary>
internal readonly record struct Bound(int Cell, double Share);
