namespace Gbi.Posteriors.Autoregressive.Cells;

/// <summary>Residuals with the probabilities that the marginal distribution has below their bounds.</summary>
internal sealed class BoundedResiduals
{
    private readonly MarginalCells _marginal;
    private readonly (double Low, double High)[] _below;

    public BoundedResiduals(MarginalCells marginal, Residuals residuals)
    {
        (_marginal, Residuals) = (marginal, residuals);
        _below = new (double Low, double High)[residuals.Values.Length];
        for (int row = 0; row < _below.Length; row++)
        {
            // Draws of one observation have the same bounds in a row.
            (float low, float high) = (residuals.Low[row], residuals.High[row]);
            bool isSame = row > 0 && low == residuals.Low[row - 1] && high == residuals.High[row - 1];
            _below[row] = isSame ? _below[row - 1] : marginal.BelowBounds(low, high);
        }
    }

    public Residuals Residuals { get; }

    /// <summary>ln of the odds that a residual in a cell of a level lies above its dividing edge.</summary>
    public double LogOdds(int level, int cell, int row) => _marginal.LogOdds(level, cell, _below[row]);

    /// <summary>ln of the share that a finest cell has of the probability of the cell of a level that it lies in.</summary>
    public double LogShare(int level, int cell, int finest, int row) =>
        level == _marginal.Cells.Depth ? 0 : _marginal.LogShare(level, cell, finest, _below[row]);

    /// <summary>The finest cell that a share of the probability of a cell of a level ends in, and the share within it.</summary>
    public (int Cell, double Share) Within(int level, int cell, int row, double share) =>
        level == _marginal.Cells.Depth ? (cell, share) : _marginal.Within(level, cell, share, _below[row]);

    /// <summary>As many as are asked for with the location, scale and bounds of the first one.</summary>
    public BoundedResiduals OfOne(int count) => new(_marginal, Residuals.OfOne(count));
}
