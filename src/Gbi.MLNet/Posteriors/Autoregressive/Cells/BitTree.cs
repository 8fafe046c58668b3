using System.Numerics.Tensors;
using Gbi.Events;
using Gbi.Numerics;
using Gbi.Numerics.Probability;
using Gbi.Posteriors.Autoregressive.Means;
using Gbi.Trees;
using Gbi.Trees.Binning;
using Gbi.Trees.Growing;
using Gbi.Trees.Model;
using Gbi.Trees.Objectives;

namespace Gbi.Posteriors.Autoregressive.Cells;

/// <summary>
/// The density of a residual u given features: cells that are halved level by level, and for each level an ensemble that predicts on which
/// side of its cell's dividing edge u lies, from the odds of the marginal distribution between the bounds. A side outside the bounds has
/// probability 0.
/// </summary>
internal sealed class BitTree(MarginalCells marginal, TreeEnsemble[] levels, bool isBounded)
{
    private readonly CellEdges _edges = marginal.Cells;

    // The levels below have no trees: there the odds are those of the marginal distribution, and its cumulative one does all at once.
    private readonly int _learntDepth = 1 + Array.FindLastIndex(levels, level => level.TreeCount > 0);

    public MarginalCells Marginal => marginal;

    /// <summary>Trees of each level; those without a tree leave the odds of the marginal distribution as they are.</summary>
    public TreeEnsemble[] Levels => levels;

    public bool IsBounded => isBounded;

    /// <summary>Learns the probabilities of the cells.</summary>
    public static BitTree Fit(
        EventTable features, BinnedEvents binned, Residuals residuals, CellEdges edges, TrainingSet set, BitOptions options, Seed seed)
    {
        bool isBounded = !edges.ArePoints && residuals.AreBounded();
        var marginal = SmoothedCells.Of(edges, residuals, set);
        bool[] isHeldOut = new bool[set.Count];
        for (int row = 0; row < set.Count; row++)
        {
            isHeldOut[row] = seed.Below(options.HeldOutOneIn, row) == 0;
        }

        int[] cells = new int[set.Count];
        var bounded = new BoundedResiduals(marginal, residuals);
        var levels = new TreeEnsemble[edges.Depth];
        bool isDone = false;
        for (int level = 0; level < levels.Length; level++)
        {
            EventTable columns = LevelColumns.Of(edges, level, isBounded, cells, residuals);
            BitSample sample = BitSample.Of(edges, level, cells, bounded, set.Weights, isHeldOut);
            levels[level] = isDone || !sample.CanTrain
                ? new TreeEnsemble([.. features.ColumnNames, .. columns.ColumnNames], [0], [])
                : FitLevel(sample, binned, columns, set, options);
            isDone |= level + 1 >= options.LeastDepth && levels[level].TreeCount == 0;
            for (int row = 0; row < cells.Length; row++)
            {
                cells[row] = (2 * cells[row]) + (sample.Bits[row] ? 1 : 0);
            }
        }

        return new BitTree(marginal, levels, isBounded);
    }

    /// <summary>ln of the density of u at each event's features.</summary>
    /// <param name="features">The features, a row a residual; one row for residuals of the same location, scale and bounds.</param>
    /// <param name="residuals">The residuals.</param>
    public double[] LogDensity(EventTable features, Residuals residuals)
    {
        int[] cells = new int[residuals.Values.Length];
        double[] sums = new double[cells.Length];
        var bounded = new BoundedResiduals(marginal, residuals);
        for (int level = 0; level < _learntDepth; level++)
        {
            float[] logits = Logits(features, bounded, level, cells);
            for (int row = 0; row < cells.Length; row++)
            {
                float split = _edges.Split(level, cells[row]);
                bool bit = residuals.Values[row] > split;
                sums[row] -= residuals.AreOpen(row, split) ? LogMath.Softplus(bit ? -logits[row] : logits[row]) : 0;
                cells[row] = (2 * cells[row]) + (bit ? 1 : 0);
            }
        }

        for (int row = 0; row < cells.Length; row++)
        {
            int cell = _edges.Of(residuals.Values[row]);
            sums[row] += bounded.LogShare(_learntDepth, cells[row], cell, row);
            sums[row] += marginal.LogDensity(cell, residuals.Values[row], residuals.Low[row], residuals.High[row]);
        }

        return sums;
    }

    /// <summary>The u below which a share of the probability lies, at each event's features.</summary>
    /// <param name="features">The features, a row a residual; one row for residuals of the same location, scale and bounds.</param>
    /// <param name="residuals">Locations, scales and bounds; the values are filled.</param>
    /// <param name="shares">One an event. Range: (0, 1).</param>
    public void Draw(EventTable features, Residuals residuals, double[] shares)
    {
        int[] cells = new int[shares.Length];
        double[] left = [.. shares];
        var bounded = new BoundedResiduals(marginal, residuals);
        for (int level = 0; level < _learntDepth; level++)
        {
            float[] logits = Logits(features, bounded, level, cells);
            for (int row = 0; row < cells.Length; row++)
            {
                float split = _edges.Split(level, cells[row]);
                bool bit = residuals.Low[row] >= split;
                if (residuals.AreOpen(row, split))
                {
                    // Of the halves of a cell the lower one has the share 1/(1 + odds).
                    double odds = Math.Exp(logits[row]);
                    double scaled = left[row] * (1 + odds);
                    bit = scaled >= 1;
                    left[row] = bit ? (scaled - 1) / odds : scaled;
                }

                cells[row] = (2 * cells[row]) + (bit ? 1 : 0);
            }
        }

        for (int row = 0; row < cells.Length; row++)
        {
            (int cell, double share) = bounded.Within(_learntDepth, cells[row], row, left[row]);
            residuals.Values[row] = marginal.Quantile(cell, residuals.Low[row], residuals.High[row], share);
        }
    }

    /// <summary>ln of the odds of the upper halves of cells.</summary>
    private float[] Logits(EventTable features, BoundedResiduals bounded, int level, int[] cells)
    {
        if (features.Count < cells.Length)
        {
            // The same features for all: there are as many odds as cells.
            int[] all = [.. Enumerable.Range(0, 1 << level)];
            float[] odds = Logits(features.Select(new int[all.Length]), bounded.OfOne(all.Length), level, all);
            return Array.ConvertAll(cells, cell => odds[cell]);
        }

        float[] logits = new float[cells.Length];
        for (int row = 0; row < cells.Length; row++)
        {
            logits[row] = (float)bounded.LogOdds(level, cells[row], row);
        }

        if (levels[level].TreeCount > 0)
        {
            EventTable columns = LevelColumns.Of(_edges, level, isBounded, cells, bounded.Residuals);
            TensorPrimitives.Add(logits, levels[level].PredictInDouble(features.Beside(columns)), logits);
        }

        return logits;
    }

    private static TreeEnsemble FitLevel(BitSample sample, BinnedEvents binned, EventTable columns, TrainingSet set, BitOptions options)
    {
        BinnedEvents all = columns.ColumnNames.Count == 0
            ? binned
            : binned.Join(FeatureBins.Learn(columns, columns.ColumnNames, options.Trees.MaxBins).Apply(columns));
        return LogisticTrees.Train(
            all, new LogisticSample(sample.Bits, sample.Weights, offsets: sample.Offsets),
            new LogisticSample(sample.Bits, sample.HeldOutWeights, offsets: sample.Offsets),
            options.Trees, default, set.Cancellation);
    }

    /// <summary>The bits of a level, the weights of the events whose sides are both open, and the odds that trees start from.</summary>
    private sealed record BitSample(bool[] Bits, double[] Weights, double[] HeldOutWeights, float[] Offsets, bool CanTrain)
    {
        public static BitSample Of(
            CellEdges edges, int level, int[] cells, BoundedResiduals bounded, double[] weights, bool[] isHeldOut)
        {
            Residuals residuals = bounded.Residuals;
            bool[] bits = new bool[cells.Length];
            double[] train = new double[cells.Length];
            double[] heldOut = new double[cells.Length];
            Span<double> sums = stackalloc double[4];
            for (int row = 0; row < cells.Length; row++)
            {
                float split = edges.Split(level, cells[row]);
                bits[row] = residuals.Values[row] > split;
                if (residuals.AreOpen(row, split))
                {
                    (isHeldOut[row] ? heldOut : train)[row] = weights[row];
                    sums[(isHeldOut[row] ? 2 : 0) + (bits[row] ? 1 : 0)] += weights[row];
                }
            }

            if (!(sums[0] > 0 && sums[1] > 0 && sums[2] > 0 && sums[3] > 0))
            {
                return new BitSample(bits, train, heldOut, [], CanTrain: false);
            }

            // Trees learn as if both sides had the same weight.
            double logBalance = Math.Log((sums[1] + sums[3]) / (sums[0] + sums[2]));
            float[] offsets = new float[cells.Length];
            for (int row = 0; row < cells.Length; row++)
            {
                offsets[row] = (float)(bounded.LogOdds(level, cells[row], row) - logBalance);
            }

            return new BitSample(bits, train, heldOut, offsets, CanTrain: true);
        }
    }
}

/// <summary>How the bits of a residual are learnt.</summary>
/// <param name="LeastDepth">Fewest levels.</param>
/// <param name="HeldOutOneIn">One in so many events decides how many trees are kept.</param>
/// <param name="Trees">How the trees are grown.</param>
internal sealed record BitOptions(int LeastDepth, int HeldOutOneIn, TreeOptions Trees);
