namespace Gbi.Posteriors.Autoregressive.Cells;

/// <summary>Residuals u = (θ − location)/scale with their bounds.</summary>
internal sealed record Residuals(float[] Values, float[] Locations, float[] Scales, float[] Low, float[] High)
{
    /// <summary>True where the bounds leave something on both sides of a value.</summary>
    public bool AreOpen(int row, float split) => Low[row] < split && split < High[row];
}
