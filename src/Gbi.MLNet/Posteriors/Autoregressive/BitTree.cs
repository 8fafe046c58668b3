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
/// The density of a residual u given features: cells that are halved level by level, and for each level an ensemble that predicts on which
/// side of its cell's dividing edge u lies. A side that lies outside the bounds has probability 0, so that no density is outside.
/// </summary>
internal sealed class BitTree(CellEdges edges, BitTree.Level[] levels, CellShapes shapes, bool isBounded)
{
    // Share of the events whose bounds must cut off residuals that other events have, for the trees to see the bounds.
    private const double LeastBoundedShare = 0.01;

    /// <summary>Trees of a level, and ln n₁/n₀ of its bits.</summary>
    public sealed record Level(TreeEnsemble Trees, double LogOdds);

    public CellEdges Edges => edges;

    public Level[] Levels => levels;

    public CellShapes Shapes => shapes;

    public bool IsBounded => isBounded;

    /// <summary>Learns the probabilities of the cells.</summary>
    public static BitTree Fit(
        EventTable features, BinnedEvents binned, Residuals residuals, CellEdges edges, TrainingSet set, BitOptions options, Seed seed)
    {
        bool isBounded = !edges.ArePoints && AreBounded(residuals);
        bool[] isHeldOut = new bool[set.Count];
        for (int row = 0; row < set.Count; row++)
        {
            isHeldOut[row] = seed.Below(options.HeldOutOneIn, row) == 0;
        }

        int[] cells = new int[set.Count];
        var levels = new List<Level>();
        while (levels.Count < edges.Depth)
        {
            int level = levels.Count;
            BitSample sample = BitSample.Of(edges, level, cells, residuals, set.Weights, isHeldOut);
            levels.Add(FitLevel(sample, features, binned, LevelColumns.Of(edges, level, isBounded, cells, residuals), set, options));
            for (int row = 0; row < cells.Length; row++)
            {
                cells[row] = (2 * cells[row]) + (sample.Bits[row] ? 1 : 0);
            }

            if (levels.Count >= options.LeastDepth && levels[^1].Trees.TreeCount == 0)
            {
                break;
            }
        }

        CellEdges kept = edges.Take(levels.Count);
        return new BitTree(kept, [.. levels], CellShapes.Of(kept, residuals.Values, set.Weights), isBounded);
    }

    /// <summary>ln of the density of u at each event's features.</summary>
    public double[] LogDensity(EventTable features, Residuals residuals)
    {
        int[] cells = new int[features.Count];
        double[] sums = new double[features.Count];
        for (int level = 0; level < levels.Length; level++)
        {
            float[] logits = Logits(features, residuals, level, cells);
            for (int row = 0; row < cells.Length; row++)
            {
                float split = edges.Split(level, cells[row]);
                bool bit = residuals.Values[row] > split;
                if (residuals.Low[row] < split && split < residuals.High[row])
                {
                    sums[row] -= LogMath.Softplus(bit ? -logits[row] : logits[row]);
                }

                cells[row] = (2 * cells[row]) + (bit ? 1 : 0);
            }
        }

        for (int row = 0; row < cells.Length; row++)
        {
            sums[row] += shapes.LogDensity(cells[row], residuals.Values[row], residuals.Low[row], residuals.High[row]);
        }

        return sums;
    }

    /// <summary>Draws u at each event's features.</summary>
    /// <param name="features">The features.</param>
    /// <param name="residuals">Locations, scales and bounds; the values are filled.</param>
    /// <param name="uniforms">The random number of a level and a row; the last level's is that within the cell.</param>
    public void Draw(EventTable features, Residuals residuals, Func<int, int, double> uniforms)
    {
        int[] cells = new int[features.Count];
        for (int level = 0; level < levels.Length; level++)
        {
            float[] logits = Logits(features, residuals, level, cells);
            for (int row = 0; row < cells.Length; row++)
            {
                float split = edges.Split(level, cells[row]);
                bool isFree = residuals.Low[row] < split && split < residuals.High[row];
                bool bit = isFree ? uniforms(level, row) * (1 + Math.Exp(-logits[row])) < 1 : residuals.Low[row] >= split;
                cells[row] = (2 * cells[row]) + (bit ? 1 : 0);
            }
        }

        for (int row = 0; row < cells.Length; row++)
        {
            residuals.Values[row] = shapes.Draw(cells[row], residuals.Low[row], residuals.High[row], uniforms(levels.Length, row));
        }
    }

    private float[] Logits(EventTable features, Residuals residuals, int level, int[] cells)
    {
        float[] logits;
        if (levels[level].Trees.TreeCount == 0)
        {
            logits = new float[features.Count];
        }
        else
        {
            EventTable columns = LevelColumns.Of(edges, level, isBounded, cells, residuals);
            logits = levels[level].Trees.Predict(
                columns.ColumnNames.Aggregate(features, (all, name) => all.WithColumn(name, columns.Memory(name))));
        }

        System.Numerics.Tensors.TensorPrimitives.Add(logits, (float)levels[level].LogOdds, logits);
        return logits;
    }

    private static Level FitLevel(
        BitSample sample, EventTable features, BinnedEvents binned, EventTable columns, TrainingSet set, BitOptions options)
    {
        string[] names = [.. features.ColumnNames, .. columns.ColumnNames];
        if (!sample.CanTrain)
        {
            return new Level(new TreeEnsemble(names, [0], []), sample.LogOdds);
        }

        BinnedEvents all = columns.ColumnNames.Count == 0
            ? binned
            : binned.Join(FeatureBins.Learn(columns, columns.ColumnNames, options.Trees.MaxBins).Apply(columns));
        TreeEnsemble trees = LogisticTrees.Train(
            all, new LogisticSample(sample.Bits, sample.Weights), new LogisticSample(sample.Bits, sample.HeldOutWeights),
            options.Trees, default, set.Cancellation);
        return new Level(trees, sample.LogOdds);
    }

    private static bool AreBounded(Residuals residuals)
    {
        float least = residuals.Values.Min();
        float most = residuals.Values.Max();
        int cut = 0;
        for (int row = 0; row < residuals.Values.Length; row++)
        {
            cut += residuals.Low[row] > least || residuals.High[row] < most ? 1 : 0;
        }

        return cut >= LeastBoundedShare * residuals.Values.Length;
    }

    /// <summary>The bits of a level, and the weights of the events whose bit is free.</summary>
    private sealed record BitSample(bool[] Bits, double[] Weights, double[] HeldOutWeights, double LogOdds, bool CanTrain)
    {
        public static BitSample Of(CellEdges edges, int level, int[] cells, Residuals residuals, double[] weights, bool[] isHeldOut)
        {
            bool[] bits = new bool[cells.Length];
            double[] train = new double[cells.Length];
            double[] heldOut = new double[cells.Length];
            Span<double> sums = stackalloc double[4];
            for (int row = 0; row < cells.Length; row++)
            {
                float split = edges.Split(level, cells[row]);
                bits[row] = residuals.Values[row] > split;
                if (residuals.Low[row] < split && split < residuals.High[row])
                {
                    (isHeldOut[row] ? heldOut : train)[row] = weights[row];
                    sums[(isHeldOut[row] ? 2 : 0) + (bits[row] ? 1 : 0)] += weights[row];
                }
            }

            double logOdds = Math.Log((sums[1] + sums[3] + 0.5) / (sums[0] + sums[2] + 0.5));
            return new BitSample(bits, train, heldOut, logOdds, sums[0] > 0 && sums[1] > 0 && sums[2] > 0 && sums[3] > 0);
        }
    }
}

/// <summary>How the bits of a residual are learnt.</summary>
/// <param name="LeastDepth">Fewest levels.</param>
/// <param name="HeldOutOneIn">One in so many events decides how many trees are kept.</param>
/// <param name="Trees">How the trees are grown.</param>
internal sealed record BitOptions(int LeastDepth, int HeldOutOneIn, TreeOptions Trees);
