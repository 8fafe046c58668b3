using Gbi.Events;
using Gbi.Numerics;
using Gbi.Numerics.Probability;
using Gbi.Trees;
using Gbi.Trees.Binning;
using Gbi.Trees.Growing;
using Gbi.Trees.Model;
using Gbi.Trees.Objectives;

namespace Gbi.Posteriors.Autoregressive;

/// <summary>
/// The density of a standardised residual u given features: 2^L cells between quantiles of u; a bit of a cell's number after the other
/// is predicted by a boosted ensemble a level, given the cell so far.
/// </summary>
internal sealed class BitTree
{
    /// <summary>Names of the columns that a level adds to the features.</summary>
    public const string Middle = "#u", Candidate = "#candidate", RoomBelow = "#below", RoomAbove = "#above";

    private readonly float[] _edges;     // 2^L − 1 inner edges of the cells, ascending
    private readonly Level[] _levels;
    private readonly CellShapes _shapes;

    public BitTree(float[] edges, Level[] levels, CellShapes shapes)
    {
        _edges = edges;
        _levels = levels;
        _shapes = shapes;
    }

    public int Depth => _levels.Length;

    /// <summary>Trees of each level, and ln n₁/n₀ of its bits.</summary>
    public sealed record Level(TreeEnsemble Trees, double LogOdds);

    /// <summary>The inner edge that divides a cell of a level.</summary>
    private float Split(int level, int cell) => _edges[(((2 * cell) + 1) << (Depth - 1 - level)) - 1];

    private static float SplitOf(float[] edges, int depth, int level, int cell) => edges[(((2 * cell) + 1) << (depth - 1 - level)) - 1];

    /// <summary>Learns the cells and their probabilities.</summary>
    public static BitTree Fit(
        EventTable features, BinnedEvents binned, Residuals residuals, TrainingSet set, BitOptions options, Seed seed)
    {
        float[] edges = Edges(residuals.Values, 1 << options.Depth);
        int depth = options.Depth;
        bool[] isHeldOut = new bool[set.Count];
        for (int row = 0; row < set.Count; row++)
        {
            isHeldOut[row] = seed.Child("held out").Below(options.HeldOutOneIn, row) == 0;
        }

        int[] cells = new int[set.Count];
        var levels = new List<Level>();
        for (int level = 0; level < depth; level++)
        {
            Level fitted = FitLevel(features, binned, residuals, set, new LevelRows(edges, depth, level, cells, isHeldOut), options);
            levels.Add(fitted);
            for (int row = 0; row < set.Count; row++)
            {
                cells[row] = (2 * cells[row]) + (residuals.Values[row] > SplitOf(edges, depth, level, cells[row]) ? 1 : 0);
            }

            if (level + 1 >= options.LeastDepth && fitted.Trees.TreeCount == 0)
            {
                break;
            }
        }

        int step = 1 << (depth - levels.Count);
        float[] kept = [.. Enumerable.Range(1, (1 << levels.Count) - 1).Select(k => edges[(k * step) - 1])];
        return new BitTree(kept, [.. levels], CellShapes.Of(kept, residuals.Values, set.Weights));
    }

    private static Level FitLevel(
        EventTable features, BinnedEvents binned, Residuals residuals, TrainingSet set, LevelRows rows, BitOptions options)
    {
        int count = set.Count;
        bool[] bits = new bool[count];
        double[] train = new double[count];
        double[] heldOut = new double[count];
        double ones = 0;
        double zeros = 0;
        for (int row = 0; row < count; row++)
        {
            float split = rows.Split(row);
            bits[row] = residuals.Values[row] > split;
            if (residuals.Low[row] < split && split < residuals.High[row])
            {
                (rows.IsHeldOut[row] ? heldOut : train)[row] = set.Weights[row];
                ones += bits[row] ? set.Weights[row] : 0;
                zeros += bits[row] ? 0 : set.Weights[row];
            }
        }

        double logOdds = Math.Log((ones + 0.5) / (zeros + 0.5));
        string[] names = [.. features.ColumnNames, .. ColumnsOf(rows.Level, residuals.IsBounded)];
        if (!Has(train, bits, true) || !Has(train, bits, false) || !Has(heldOut, bits, true) || !Has(heldOut, bits, false))
        {
            return new Level(new TreeEnsemble(names, [0], []), logOdds);
        }

        EventTable added = Columns(rows.Level, count, rows.Split, row => rows.Room(row, residuals), residuals);
        BinnedEvents all = added.ColumnNames.Count == 0
            ? binned
            : binned.Join(FeatureBins.Learn(added, added.ColumnNames, options.Trees.MaxBins).Apply(added));
        TreeEnsemble trees = TrainingSet.Grow(options.Trees, grown => LogisticTrees.Train(
            all, new LogisticSample(bits, train), new LogisticSample(bits, heldOut), grown, default, set.Cancellation));
        return new Level(trees, logOdds);
    }

    private static bool Has(double[] weights, bool[] bits, bool bit)
    {
        for (int row = 0; row < weights.Length; row++)
        {
            if (weights[row] > 0 && bits[row] == bit)
            {
                return true;
            }
        }

        return false;
    }

    private static IEnumerable<string> ColumnsOf(int level, bool isBounded)
    {
        if (level > 0)
        {
            yield return Middle;
            yield return Candidate;
        }

        if (isBounded)
        {
            yield return RoomBelow;
            yield return RoomAbove;
        }
    }

    /// <summary>The columns that a level adds: the split in u and in the parameter, and the room that the bounds leave beside it.</summary>
    private static EventTable Columns(
        int level, int count, Func<int, float> split, Func<int, (float, float)> room, Residuals residuals)
    {
        string[] names = [.. ColumnsOf(level, residuals.IsBounded)];
        float[][] columns = [.. names.Select(_ => new float[count])];
        for (int row = 0; row < count; row++)
        {
            int next = 0;
            float at = split(row);
            if (level > 0)
            {
                columns[next++][row] = at;
                columns[next++][row] = residuals.Locations[row] + (residuals.Scales[row] * at);
            }

            if (residuals.IsBounded)
            {
                (float below, float above) = room(row);
                columns[next++][row] = below;
                columns[next][row] = above;
            }
        }

        return new EventTable(names.Select((name, k) => KeyValuePair.Create(name, (ReadOnlyMemory<float>)columns[k])), count);
    }

    /// <summary>ln of the density of u at each event's features.</summary>
    public double[] LogDensity(EventTable features, Residuals residuals)
    {
        int[] cells = new int[features.Count];
        double[] sums = new double[features.Count];
        float[] lastLogit = new float[features.Count];
        for (int level = 0; level < Depth; level++)
        {
            float[] logits = Logits(features, residuals, level, cells);
            for (int row = 0; row < cells.Length; row++)
            {
                float split = Split(level, cells[row]);
                bool bit = residuals.Values[row] > split;
                if (residuals.High[row] <= split || residuals.Low[row] >= split)
                {
                    lastLogit[row] = 0;
                }
                else
                {
                    lastLogit[row] = logits[row];
                    sums[row] -= LogMath.Softplus(bit ? -logits[row] : logits[row]);
                }

                cells[row] = (2 * cells[row]) + (bit ? 1 : 0);
            }
        }

        for (int row = 0; row < cells.Length; row++)
        {
            sums[row] += _shapes.LogDensity(cells[row], residuals.Values[row], residuals.Low[row], residuals.High[row], lastLogit[row]);
        }

        return sums;
    }

    /// <summary>Draws u at each event's features: a uniform number a level and one within the cell.</summary>
    /// <param name="features">The features.</param>
    /// <param name="residuals">Locations, scales and bounds; the values are filled.</param>
    /// <param name="uniforms">The number of a level and a row.</param>
    public void Draw(EventTable features, Residuals residuals, Func<int, int, double> uniforms)
    {
        int[] cells = new int[features.Count];
        float[] lastLogit = new float[features.Count];
        for (int level = 0; level < Depth; level++)
        {
            float[] logits = Logits(features, residuals, level, cells);
            for (int row = 0; row < cells.Length; row++)
            {
                float split = Split(level, cells[row]);
                bool bit;
                if (residuals.High[row] <= split || residuals.Low[row] >= split)
                {
                    bit = residuals.Low[row] >= split;
                    lastLogit[row] = 0;
                }
                else
                {
                    lastLogit[row] = logits[row];
                    bit = uniforms(level, row) * (1 + Math.Exp(-logits[row])) < 1;
                }

                cells[row] = (2 * cells[row]) + (bit ? 1 : 0);
            }
        }

        for (int row = 0; row < cells.Length; row++)
        {
            residuals.Values[row] = _shapes.Draw(
                cells[row], residuals.Low[row], residuals.High[row], lastLogit[row], uniforms(Depth, row));
        }
    }

    private float[] Logits(EventTable features, Residuals residuals, int level, int[] cells)
    {
        Level of = _levels[level];
        float[] logits;
        if (of.Trees.TreeCount == 0)
        {
            logits = new float[features.Count];
        }
        else
        {
            EventTable columns = Columns(
                level, features.Count, row => Split(level, cells[row]),
                row => LevelRows.Room(_edges, Depth, level, cells[row], residuals.Low[row], residuals.High[row]), residuals);
            EventTable all = features;
            foreach (string name in columns.ColumnNames)
            {
                all = all.WithColumn(name, columns.Memory(name));
            }

            logits = of.Trees.Predict(all);
        }

        foreach (ref float logit in logits.AsSpan())
        {
            logit += (float)of.LogOdds;
        }

        return logits;
    }

    private static float[] Edges(float[] values, int cells)
    {
        float[] sorted = [.. values];
        Array.Sort(sorted);
        float[] edges = new float[cells - 1];
        for (int k = 1; k < cells; k++)
        {
            double position = ((double)k * sorted.Length / cells) - 0.5;
            int below = (int)Math.Clamp(position, 0, sorted.Length - 2);
            edges[k - 1] = (sorted[below] + sorted[below + 1]) / 2;
            if (k > 1 && !(edges[k - 1] > edges[k - 2]))
            {
                edges[k - 1] = MathF.BitIncrement(edges[k - 2]);
            }
        }

        return edges;
    }

    private sealed record LevelRows(float[] Edges, int Depth, int Level, int[] Cells, bool[] IsHeldOut)
    {
        public float Split(int row) => SplitOf(Edges, Depth, Level, Cells[row]);

        public (float Below, float Above) Room(int row, Residuals residuals) =>
            Room(Edges, Depth, Level, Cells[row], residuals.Low[row], residuals.High[row]);

        /// <summary>The shares of the halves of a cell that the bounds leave.</summary>
        public static (float Below, float Above) Room(float[] edges, int depth, int level, int cell, float low, float high)
        {
            int width = 1 << (depth - level);
            float split = SplitOf(edges, depth, level, cell);
            float left = cell == 0 ? edges[0] - (edges[^1] - edges[0]) : edges[(cell * width) - 1];
            float right = (cell + 1) * width > edges.Length ? edges[^1] + (edges[^1] - edges[0]) : edges[((cell + 1) * width) - 1];
            return (Math.Clamp((split - low) / (split - left), 0, 1), Math.Clamp((high - split) / (right - split), 0, 1));
        }
    }
}

/// <summary>How the bits of a residual are learnt.</summary>
/// <param name="Depth">Most levels.</param>
/// <param name="LeastDepth">Fewest levels.</param>
/// <param name="HeldOutOneIn">One in so many events decides how many trees are kept.</param>
/// <param name="Trees">How the trees are grown.</param>
internal sealed record BitOptions(int Depth, int LeastDepth, int HeldOutOneIn, TreeOptions Trees);

/// <summary>Residuals u = (θ − location)/scale with the bounds that the prior sets.</summary>
internal sealed record Residuals(float[] Values, float[] Locations, float[] Scales, float[] Low, float[] High, bool IsBounded);
