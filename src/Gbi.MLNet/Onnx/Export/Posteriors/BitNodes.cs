using Gbi.Posteriors.Autoregressive.Cells;

namespace Gbi.Onnx.Export.Posteriors;

/// <summary>
/// The density of a residual as nodes: a walk down the tree of bits, one level after the other, by a number that tells the cell. The halves
/// of cell i are 2i + 1 and 2i + 2, so that a table has one entry for each cell of every level.
/// </summary>
internal sealed class BitNodes
{
    // Log odds that are infinite to double precision, of which exp is a number.
    private const double Certain = 700;

    private readonly FeatureMatrix _features;
    private readonly BitTree _bits;
    private readonly ResidualNodes _residuals;
    private readonly CellNodes _cells;

    /// <param name="features">The features f.</param>
    /// <param name="bits">The density.</param>
    /// <param name="residuals">Locations, scales and bounds.</param>
    public BitNodes(FeatureMatrix features, BitTree bits, ResidualNodes residuals)
    {
        _features = features;
        _bits = bits;
        _residuals = residuals;
        _cells = new CellNodes(bits.Marginal, residuals);
    }

    /// <summary>ln of the density of u, double precision.</summary>
    public GraphValue LogDensity(GraphValue residual)
    {
        GraphValue node = residual.Whole(0);
        GraphValue sum = _features.Zeros;
        for (int level = 0; level < _bits.Levels.Length; level++)
        {
            GraphValue logit = Logit(level, node);
            GraphValue isBelow = residual.AtMost(_cells.Split(node));
            sum -= SpecialFunctionNodes.Softplus(GraphValue.Where(isBelow, logit, -logit));
            node = CellNodes.Half(node, isBelow);
        }

        return sum + _cells.LogDensity(node, residual);
    }

    /// <summary>The u, single precision, below which a share of the probability lies.</summary>
    public GraphValue Quantile(GraphValue share)
    {
        GraphValue node = share.Whole(0);
        for (int level = 0; level < _bits.Levels.Length; level++)
        {
            GraphValue odds = Logit(level, node).Exp();
            GraphValue scaled = share * (1.0 + odds);
            GraphValue isBelow = scaled.Less(scaled.Number(1));
            share = GraphValue.Where(isBelow, scaled, (scaled - 1.0) / odds);
            node = CellNodes.Half(node, isBelow);
        }

        return _cells.Quantile(node, share);
    }

    /// <summary>The log odds of the upper half of a cell, double precision; certain where a bound leaves one half alone.</summary>
    private GraphValue Logit(int level, GraphValue node)
    {
        GraphValue logit = AddTrees(level, node, _cells.LogOdds(node)).ToDouble();
        if (_residuals.AreFree)
        {
            return logit;
        }

        GraphValue split = _cells.Split(node);
        return GraphValue.Where(
            split.AtMost(_residuals.Low), logit.Number(Certain),
            GraphValue.Where(_residuals.High.AtMost(split), logit.Number(-Certain), logit));
    }

    /// <summary>The log odds of the marginal distribution and what trees add to them, single precision.</summary>
    private GraphValue AddTrees(int level, GraphValue node, GraphValue logOdds)
    {
        if (_bits.Levels[level].TreeCount == 0)
        {
            return logOdds;
        }

        List<GraphValue> columns = [];
        if (level > 0)
        {
            GraphValue split = _cells.Split(node);
            columns.AddRange(split, _residuals.Location + (_residuals.Scale * split));
        }

        if (_bits.IsBounded)
        {
            (GraphValue below, GraphValue above) = _cells.Room(node);
            columns.AddRange(below, above);
        }

        FeatureMatrix all = _features.With(
            [.. LevelColumns.Names(level, _bits.IsBounded).Zip(columns, (name, column) => (name, column.ToDouble()))]);
        return logOdds + all.Predict(_bits.Levels[level]);
    }
}

/// <summary>Locations, scales and bounds of residuals as nodes, single precision.</summary>
/// <param name="Location">m(f).</param>
/// <param name="Scale">s(f).</param>
/// <param name="Low">Lowest u.</param>
/// <param name="High">Highest u.</param>
/// <param name="AreFree">Whether there are no bounds.</param>
internal sealed record ResidualNodes(GraphValue Location, GraphValue Scale, GraphValue Low, GraphValue High, bool AreFree);
