using MathNet.Numerics;

namespace Gbi.Posteriors.Autoregressive.Cells;

/// <summary>
/// The marginal distribution of a residual over cells: a straight line within a cell, an exponential beyond the outermost edges, one value
/// where cells stand for values. A conditional density starts from it, cut off at its bounds.
/// </summary>
internal sealed class MarginalCells
{
    // The density at the ends of a cell over the mean one stays within 1 ± this.
    private const double MostSlope = 0.9;

    // Of a side of a cell that bounds nearly cut away.
    public const double LeastMass = 1e-12;

    // Keeps values finite where a tail has no bound.
    public const double LeastShare = 1.0 / (1L << 53);

    private readonly float[] _edges;

    public MarginalCells(CellEdges cells, double[] masses, double[] slopes, double below, double above, float[] points)
    {
        Cells = cells;
        Masses = masses;
        Slopes = slopes;
        Below = below;
        Above = above;
        Points = points;
        _edges = cells.Values;
        Cumulative = new double[masses.Length + 1];
        for (int cell = 0; cell < masses.Length; cell++)
        {
            Cumulative[cell + 1] = Cumulative[cell] + masses[cell];
        }
    }

    public CellEdges Cells { get; }

    /// <summary>The probability of each cell.</summary>
    public double[] Masses { get; }

    /// <summary>The probability below each cell, and of all.</summary>
    public double[] Cumulative { get; }

    /// <summary>(d₁ − d₀)/(d₁ + d₀) of the densities at the ends of each cell; empty where cells stand for values.</summary>
    public double[] Slopes { get; }

    /// <summary>Mean distance beyond the lowest edge.</summary>
    public double Below { get; }

    /// <summary>Mean distance beyond the highest edge.</summary>
    public double Above { get; }

    /// <summary>The value of each cell; empty where cells are ranges.</summary>
    public float[] Points { get; }

    /// <summary>
    /// The distribution of residuals: where they are cut off, the one that they would have without bounds; else the one that is
    /// seen, whose ends have their masses between the bounds.
    /// </summary>
    public static MarginalCells Of(CellEdges cells, Residuals residuals, double[] weights)
    {
        float[] values = residuals.Values;
        double[] sums = new double[cells.Values.Length + 1];
        float[] points = new float[cells.ArePoints ? sums.Length : 0];
        for (int row = 0; row < values.Length; row++)
        {
            int cell = cells.Of(values[row]);
            sums[cell] += weights[row];
            if (cells.ArePoints)
            {
                points[cell] = values[row];
            }
        }

        double total = sums.Sum();
        double[] shares = Array.ConvertAll(sums, sum => sum / total);
        if (cells.ArePoints)
        {
            return new MarginalCells(cells, shares, [], 0, 0, points);
        }

        double below = TailMean.Below(cells.Values, residuals, weights);
        double above = TailMean.Above(cells.Values, residuals, weights);
        MarginalCells Cut(double[] masses) => new(cells, masses, SlopesOf(cells.Values, masses), below, above, []);
        MarginalCells observed = Cut(shares);
        return Cut(residuals.AreCut
            ? TruncatedMasses.Of(observed, residuals, weights)
            : TruncatedMasses.WithWholeEnds(observed, residuals, weights));
    }

    /// <summary>The same distribution over other cells.</summary>
    public MarginalCells Over(CellEdges cells)
    {
        double[] below = [0, .. cells.Values.Select(CumulativeAt), 1];
        double[] masses = new double[below.Length - 1];
        for (int cell = 0; cell < masses.Length; cell++)
        {
            masses[cell] = Math.Max(below[cell + 1] - below[cell], 0);
        }

        return new MarginalCells(cells, masses, SlopesOf(cells.Values, masses), Below, Above, []);
    }

    /// <summary>The probabilities of values below two bounds; cells of single values are not cut off.</summary>
    public (double Low, double High) BelowBounds(float low, float high) =>
        Points.Length > 0 ? (0, 1) : (CumulativeAt(low), CumulativeAt(high));

    /// <summary>ln of the odds that a value in a cell of a level lies above its dividing edge, cut off at bounds.</summary>
    /// <param name="level">The level.</param>
    /// <param name="cell">The cell.</param>
    /// <param name="bounds">The probabilities below the bounds.</param>
    public double LogOdds(int level, int cell, (double Low, double High) bounds)
    {
        int width = 1 << (Cells.Depth - level);
        int first = cell * width;
        int middle = first + (width / 2);
        double below = Cumulative[middle] - Math.Max(Cumulative[first], bounds.Low);
        double above = Math.Min(Cumulative[first + width], bounds.High) - Cumulative[middle];
        return Math.Log(Math.Max(above, LeastMass) / Math.Max(below, LeastMass));
    }

    /// <summary>ln of the share that a finest cell has of the probability of a level's cell that it lies in, cut off at bounds.</summary>
    public double LogShare(int level, int cell, int finest, (double Low, double High) bounds)
    {
        int width = 1 << (Cells.Depth - level);
        double all = Between(cell * width, (cell + 1) * width, bounds);
        return Math.Log(Math.Max(Between(finest, finest + 1, bounds), LeastMass) / Math.Max(all, LeastMass));
    }

    /// <summary>The finest cell in which a share of the probability of a cell ends, cut off at bounds, and the share of it.</summary>
    public (int Cell, double Share) Within(int level, int cell, double share, (double Low, double High) bounds)
    {
        int width = 1 << (Cells.Depth - level);
        int first = cell * width;
        double from = Math.Max(Cumulative[first], bounds.Low);
        double at = from + (share * Math.Max(Math.Min(Cumulative[first + width], bounds.High) - from, 0));
        int found = Array.BinarySearch(Cumulative, first, width, at);
        int finest = Math.Max(found < 0 ? ~found - 1 : found, first);
        double mass = Between(finest, finest + 1, bounds);
        while (!(mass > 0) && finest > first)
        {
            // Rounding can end at a cell that no value has.
            finest--;
            mass = Between(finest, finest + 1, bounds);
        }

        double start = Math.Max(Cumulative[finest], bounds.Low);
        return (finest, mass > 0 ? Math.Min((at - start) / mass, 1) : share);
    }

    /// <summary>ln of the density of u, which has mass 1 between the bounds.</summary>
    public double LogDensity(float u, float low, float high)
    {
        int cell = Cells.Of(u);
        (double below, double above) = (CumulativeAt(low), CumulativeAt(high));
        double part = Math.Min(Cumulative[cell + 1], above) - Math.Max(Cumulative[cell], below);
        return Math.Log(Math.Max(part, LeastMass) / Math.Max(above - below, LeastMass)) + LogDensity(cell, u, low, high);
    }

    /// <summary>ln of the density of u within its cell, which has mass 1 between the bounds.</summary>
    public double LogDensity(int cell, float u, float low, float high)
    {
        if (Points.Length > 0)
        {
            return u == Points[cell] ? 0 : double.NegativeInfinity;
        }

        if (cell == 0 || cell == _edges.Length)
        {
            (double mean, double from, double room) = End(cell, low, high);
            double distance = cell == 0 ? from - u : u - from;
            return distance < 0 || distance > room
                ? double.NegativeInfinity
                : -Math.Log(mean) - (distance / mean) - Math.Log(-SpecialFunctions.Expm1(-room / mean));
        }

        (double left, double width, double slope) = Inside(cell, low, high);
        double at = (u - left) / width;
        return at < 0 || at > 1 ? double.NegativeInfinity : Math.Log((1 + (slope * ((2 * at) - 1))) / width);
    }

    /// <summary>The u below which a share of the cell's mass lies.</summary>
    public float Quantile(int cell, float low, float high, double share)
    {
        share = Math.Clamp(share, LeastShare, 1 - LeastShare);
        if (Points.Length > 0)
        {
            return Points[cell];
        }

        if (cell == 0 || cell == _edges.Length)
        {
            (double mean, double from, double room) = End(cell, low, high);
            double nearer = cell == 0 ? 1 - share : share;
            double distance = -mean * SpecialFunctions.Log1p(nearer * SpecialFunctions.Expm1(-room / mean));
            return Math.Clamp((float)(cell == 0 ? from - distance : from + distance), low, high);
        }

        // The root of slope t² + (1 − slope) t = share, without a difference of close numbers.
        (double left, double width, double slope) = Inside(cell, low, high);
        double linear = 1 - slope;
        double at = 2 * share / (linear + Math.Sqrt((linear * linear) + (4 * slope * share)));
        return Math.Clamp((float)(left + (width * at)), low, high);
    }

    /// <summary>The cell that a bound lies in, and the share of the cell's mass below it.</summary>
    public Bound BoundAt(float u)
    {
        int cell = Cells.Of(u);
        if (cell == 0)
        {
            return new Bound(cell, Math.Exp(-((double)_edges[0] - u) / Below));
        }

        if (cell == _edges.Length)
        {
            return new Bound(cell, 1 - Math.Exp(-((double)u - _edges[^1]) / Above));
        }

        double at = ((double)u - _edges[cell - 1]) / Math.Max((double)_edges[cell] - _edges[cell - 1], float.Epsilon);
        return new Bound(cell, at * (1 - (Slopes[cell] * (1 - at))));
    }

    /// <summary>The probability of the cells from one to before another, cut off at bounds.</summary>
    private double Between(int first, int end, (double Low, double High) bounds) =>
        Math.Min(Cumulative[end], bounds.High) - Math.Max(Cumulative[first], bounds.Low);

    /// <summary>The probability of values below u.</summary>
    private double CumulativeAt(float u)
    {
        Bound bound = BoundAt(u);
        return Cumulative[bound.Cell] + (Masses[bound.Cell] * bound.Share);
    }

    /// <summary>The smaller of the slopes towards both neighbours, 0 at a maximum or minimum, so that a density stays positive.</summary>
    private static double[] SlopesOf(float[] edges, double[] masses)
    {
        double[] slopes = new double[masses.Length];
        double Width(int cell) => Math.Max(edges[cell] - (double)edges[cell - 1], float.Epsilon);
        double Density(int cell) => masses[cell] / Width(cell);
        for (int cell = 2; cell + 2 < slopes.Length; cell++)
        {
            double left = 2 * (Density(cell) - Density(cell - 1)) / (Width(cell) + Width(cell - 1));
            double right = 2 * (Density(cell + 1) - Density(cell)) / (Width(cell + 1) + Width(cell));
            double slope = left * right <= 0 ? 0 : Math.Abs(left) < Math.Abs(right) ? left : right;
            slopes[cell] = Density(cell) > 0 ? Math.Clamp(slope * Width(cell) / (2 * Density(cell)), -MostSlope, MostSlope) : 0;
        }

        return slopes;
    }

    private (double Mean, double From, double Room) End(int cell, float low, float high)
    {
        double from = cell == 0 ? Math.Min(_edges[0], high) : Math.Max(_edges[^1], low);
        return (cell == 0 ? Below : Above, from, Math.Max(cell == 0 ? from - low : high - from, float.Epsilon));
    }

    /// <summary>A cell's part between the bounds, with the line's slope there.</summary>
    private (double Left, double Width, double Slope) Inside(int cell, float low, float high)
    {
        double left = _edges[cell - 1];
        double width = _edges[cell] - left;
        double from = Math.Max(left, low);
        double to = Math.Min(_edges[cell], high);
        if (from <= left && to >= _edges[cell])
        {
            return (left, width, Slopes[cell]);
        }

        double middle = ((from + to) / 2) - left;
        double density = 1 + (Slopes[cell] * ((2 * middle / width) - 1));
        double part = Math.Max(to - from, float.Epsilon);
        return (from, part, Slopes[cell] * part / width / density);
    }
}
