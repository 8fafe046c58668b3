using Gbi.Events;
using Gbi.Posteriors.Models;

namespace Gbi.Posteriors.Truncation;

/// <summary>Where earlier posteriors of one observation have density: H = ∩ {θ: ln q_l(θ|x_o) ≥ τ_l}.</summary>
/// <param name="Observation">x_o, one row.</param>
/// <param name="Bounds">q_l and τ_l of each round, the first one first; none where H is everything.</param>
internal sealed record HighDensityRegion(EventTable Observation, IReadOnlyList<DensityBound> Bounds)
{
    // Draws of a few values have equal densities, of which the border is one: all of that value stay inside.
    private const double Rounding = 1e-9;

    /// <summary>The region less where a later posterior has its least dense draws.</summary>
    public HighDensityRegion Within(IPosteriorModel model, double logDensity) =>
        this with { Bounds = [.. Bounds, new DensityBound(model, logDensity)] };

    /// <summary>Numbers of the points in the region, ascending.</summary>
    public int[] RowsInside(EventTable points, CancellationToken cancellation)
    {
        int[] rows = [.. Enumerable.Range(0, points.Count)];

        // The last region is the smallest one: it leaves the least to do for the others.
        foreach (DensityBound bound in Bounds.Reverse())
        {
            if (rows.Length > 0)
            {
                double[] densities = bound.Model.LogDensity(points.Select(rows), Observation, cancellation);
                rows = [.. rows.Where((_, i) => densities[i] >= bound.LogDensity - Rounding)];
            }
        }

        return rows;
    }
}

/// <summary>{θ: ln q(θ|x_o) ≥ τ}.</summary>
/// <param name="Model">q.</param>
/// <param name="LogDensity">τ.</param>
internal sealed record DensityBound(IPosteriorModel Model, double LogDensity);
