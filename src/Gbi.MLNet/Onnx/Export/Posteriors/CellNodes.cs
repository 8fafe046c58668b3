using Gbi.Posteriors.Autoregressive.Cells;

namespace Gbi.Onnx.Export.Posteriors;

/// <summary>The marginal distribution of a residual as nodes: the formulas of <see cref="MarginalCells"/>.</summary>
internal sealed class CellNodes
{
    private readonly MarginalCells _marginal;
    private readonly ResidualNodes _residuals;
    private readonly float[] _edges;
    private readonly float[] _splits;

    public CellNodes(MarginalCells marginal, ResidualNodes residuals)
    {
        _marginal = marginal;
        _residuals = residuals;
        _edges = marginal.Cells.Values;
        _splits = [.. OfNodes(marginal.Cells.Split)];
        if (IsCut)
        {
            GraphValue belowBounds = CumulativeAt(GraphValue.Join(residuals.Low, residuals.High));
            BelowLow = belowBounds.Columns(0);
            BelowHigh = belowBounds.Columns(1);
        }
    }

    /// <summary>Whether bounds cut the distribution off.</summary>
    public bool IsCut => !_residuals.AreFree && !_marginal.Cells.ArePoints;

    private int Depth => _marginal.Cells.Depth;

    private GraphValue BelowLow { get; }

    private GraphValue BelowHigh { get; }

    private GraphValue Low => _residuals.Low.ToDouble();

    private GraphValue High => _residuals.High.ToDouble();

    /// <summary>Numbers of all cells of all levels but the finest, level after level: those of a binary heap.</summary>
    public IEnumerable<T> OfNodes<T>(Func<int, int, T> of) =>
        Enumerable.Range(0, Depth).SelectMany(level => Enumerable.Range(0, 1 << level).Select(cell => of(level, cell)));

    /// <summary>The edge that divides a cell, single precision.</summary>
    public GraphValue Split(GraphValue node) => node.In(_splits);

    /// <summary>The node of one of the halves of a cell.</summary>
    public static GraphValue Half(GraphValue node, GraphValue isBelow) =>
        node + node + GraphValue.Where(isBelow, node.Whole(1), node.Whole(2));

    /// <summary>ln of the odds of the upper half of a cell, cut off at bounds; single precision.</summary>
    public GraphValue LogOdds(GraphValue node)
    {
        if (!IsCut)
        {
            return node.In([.. OfNodes((level, cell) =>
                (float)_marginal.LogOdds(level, cell, (0, 1)))]);
        }

        double[] cumulative = _marginal.Cumulative;
        GraphValue first = node.In([.. OfNodes((level, cell) => cumulative[cell << (Depth - level)])]);
        GraphValue middle = node.In([.. OfNodes((level, cell) => cumulative[((2 * cell) + 1) << (Depth - level - 1)])]);
        GraphValue last = node.In([.. OfNodes((level, cell) => cumulative[(cell + 1) << (Depth - level)])]);
        GraphValue below = middle - first.Largest(BelowLow);
        GraphValue above = last.Smallest(BelowHigh) - middle;
        return (above.Largest(MarginalCells.LeastMass) / below.Largest(MarginalCells.LeastMass)).Log().ToSingle();
    }

    /// <summary>ln of the density of u within its cell.</summary>
    /// <param name="node">The cell, numbered after all nodes.</param>
    /// <param name="residual">u, single precision.</param>
    public GraphValue LogDensity(GraphValue node, GraphValue residual)
    {
        GraphValue cell = CellOf(node);
        GraphValue nothing = cell.Number(double.NegativeInfinity);
        if (_marginal.Points.Length > 0)
        {
            return GraphValue.Where(residual.IsSame(cell.In(_marginal.Points)), cell.Number(0), nothing);
        }

        GraphValue u = residual.ToDouble();
        (GraphValue mean, GraphValue from, GraphValue room) = End(cell);
        GraphValue distance = GraphValue.Where(IsLowest(cell), from - u, u - from);
        GraphValue ofEnd = -mean.Log() - (distance / mean);
        if (IsCut)
        {
            ofEnd -= (-SpecialFunctionNodes.ExpLessOne(-room / mean)).Log();
        }

        GraphValue zero = cell.Number(0);
        ofEnd = GraphValue.Where(distance.Less(zero).Or(room.Less(distance)), nothing, ofEnd);
        (GraphValue left, GraphValue width, GraphValue slope) = Inside(cell);
        GraphValue at = (u - left) / width;
        GraphValue inside = ((1.0 + (slope * ((2.0 * at) - 1.0))) / width).Log();
        inside = GraphValue.Where(at.Less(zero).Or(cell.Number(1).Less(at)), nothing, inside);
        return GraphValue.Where(IsEnd(cell), ofEnd, inside);
    }

    /// <summary>The u, single precision, below which a share of the cell's mass lies.</summary>
    /// <param name="node">The cell, numbered after all nodes.</param>
    /// <param name="share">Double precision.</param>
    public GraphValue Quantile(GraphValue node, GraphValue share)
    {
        GraphValue cell = CellOf(node);
        if (_marginal.Points.Length > 0)
        {
            return cell.In(_marginal.Points);
        }

        share = share.Largest(MarginalCells.LeastShare).Smallest(1 - MarginalCells.LeastShare);
        (GraphValue mean, GraphValue from, GraphValue room) = End(cell);
        GraphValue nearer = GraphValue.Where(IsLowest(cell), 1.0 - share, share);
        GraphValue part = IsCut ? nearer * SpecialFunctionNodes.ExpLessOne(-room / mean) : -nearer;
        GraphValue distance = -mean * SpecialFunctionNodes.LogOnePlus(part);
        GraphValue ofEnd = GraphValue.Where(IsLowest(cell), from - distance, from + distance);
        (GraphValue left, GraphValue width, GraphValue slope) = Inside(cell);
        GraphValue linear = 1.0 - slope;
        GraphValue at = 2.0 * share / (linear + ((linear * linear) + (4.0 * slope * share)).Sqrt());
        GraphValue u = GraphValue.Where(IsEnd(cell), ofEnd, left + (width * at)).ToSingle();
        return IsCut ? u.Largest(_residuals.Low).Smallest(_residuals.High) : u;
    }

    /// <summary>The shares of the halves of a cell that bounds leave, single precision.</summary>
    public (GraphValue Below, GraphValue Above) Room(GraphValue node)
    {
        float span = _edges[^1] - _edges[0];
        float LeftOf(int level, int cell) => cell == 0 ? _edges[0] - span : _edges[(cell << (Depth - level)) - 1];
        float RightOf(int level, int cell) => cell + 1 == 1 << level ? _edges[^1] + span : _edges[((cell + 1) << (Depth - level)) - 1];
        GraphValue split = Split(node);
        GraphValue below = node.In([.. OfNodes((level, cell) => _marginal.Cells.Split(level, cell) - LeftOf(level, cell))]);
        GraphValue above = node.In([.. OfNodes((level, cell) => RightOf(level, cell) - _marginal.Cells.Split(level, cell))]);
        return (Part((split - _residuals.Low) / below), Part((_residuals.High - split) / above));
    }

    private static GraphValue Part(GraphValue value) => value.Of("Clip", value.Single(0), value.Single(1));

    private static GraphValue IsLowest(GraphValue cell) => cell.IsSame(cell.Whole(0));

    private GraphValue IsEnd(GraphValue cell) => IsLowest(cell).Or(cell.IsSame(cell.Whole(_edges.Length)));

    private GraphValue CellOf(GraphValue node) => node - node.Whole(_edges.Length);

    private (GraphValue Mean, GraphValue From, GraphValue Room) End(GraphValue cell)
    {
        GraphValue isLowest = IsLowest(cell);
        GraphValue first = cell.Number(_edges[0]);
        GraphValue last = cell.Number(_edges[^1]);
        GraphValue mean = GraphValue.Where(isLowest, cell.Number(_marginal.Below), cell.Number(_marginal.Above));
        if (!IsCut)
        {
            return (mean, GraphValue.Where(isLowest, first, last), cell.Number(double.PositiveInfinity));
        }

        GraphValue from = GraphValue.Where(isLowest, first.Smallest(High), last.Largest(Low));
        return (mean, from, GraphValue.Where(isLowest, from - Low, High - from).Largest(float.Epsilon));
    }

    private (GraphValue Left, GraphValue Width, GraphValue Slope) Inside(GraphValue cell)
    {
        GraphValue left = cell.In(Lefts);
        GraphValue right = cell.In([.. Lefts.Skip(1), _edges[^1]]);
        GraphValue slope = cell.In(_marginal.Slopes);
        GraphValue width = right - left;
        if (!IsCut)
        {
            return (left, width, slope);
        }

        GraphValue from = left.Largest(Low);
        GraphValue to = right.Smallest(High);
        GraphValue isWhole = from.AtMost(left).And(right.AtMost(to));
        GraphValue middle = ((from + to) / 2.0) - left;
        GraphValue density = 1.0 + (slope * ((2.0 * middle / width) - 1.0));
        GraphValue part = (to - from).Largest(float.Epsilon);
        return (
            GraphValue.Where(isWhole, left, from),
            GraphValue.Where(isWhole, width, part),
            GraphValue.Where(isWhole, slope, slope * part / width / density));
    }

    /// <summary>Lower edges of the cells; the lowest cell has none, and gets that of the next one.</summary>
    private double[] Lefts => [_edges[0], .. _edges.Select(edge => (double)edge)];

    /// <summary>The probability of values below u, single precision.</summary>
    private GraphValue CumulativeAt(GraphValue residual)
    {
        GraphValue node = residual.Whole(0);
        for (int level = 0; level < Depth; level++)
        {
            node = Half(node, residual.AtMost(Split(node)));
        }

        GraphValue cell = CellOf(node);
        GraphValue u = residual.ToDouble();
        GraphValue lowest = ((u - _edges[0]) / _marginal.Below).Exp();
        GraphValue highest = 1.0 - ((_edges[^1] - u) / _marginal.Above).Exp();
        double[] widths = [.. Lefts.Skip(1).Append(_edges[^1]).Zip(Lefts, (right, left) => Math.Max(right - left, float.Epsilon))];
        GraphValue at = (u - cell.In(Lefts)) / cell.In(widths);
        GraphValue inside = at * (1.0 - (cell.In(_marginal.Slopes) * (1.0 - at)));
        GraphValue share = GraphValue.Where(
            IsLowest(cell), lowest, GraphValue.Where(cell.IsSame(cell.Whole(_edges.Length)), highest, inside));
        return cell.In(_marginal.Cumulative) + (cell.In(_marginal.Masses) * share);
    }
}
