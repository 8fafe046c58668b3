using System.Runtime.InteropServices;
using Gbi.Events;
using Gbi.Numerics;
using Gbi.Ratios;
using Gbi.Trees.Binning;
using Gbi.Trees.Growing;
using Gbi.Trees.Model;
using Gbi.Trees.Objectives;
using Microsoft.ML;
using Microsoft.ML.Calibrators;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers.FastTree;
using static Gbi.Numerics.InvariantText;
using TreeOptions = Gbi.Trees.TreeOptions;

namespace Gbi.Pipeline.Estimators;

/// <summary>Learns the density ratio of two samples with the boosted trees of ML.NET, FastTree, in place of this package's own.</summary>
/// <remarks>
/// Folds, bootstrap members, calibration and normalisation are those of <see cref="RatioTrainer"/>. FastTree learns from the same bins,
/// so that its trees become trees of this package exactly, and the ratio is saved, exported and scored as any other.
/// </remarks>
public static class FastTreeRatio
{
    private const int LeastEventsOfLeaf = 10;

    /// <summary>
    /// The options to start from. FastTree grows all trees, of which those up to the least loss on the held-out events are kept.
    /// </summary>
    public static RatioOptions Defaults { get; } = new()
    {
        ChoosesLeafCount = false,
        Trees = new TreeOptions { TreeCount = 200, LeafCount = 16, EarlyStoppingRounds = 20 },
    };

    /// <summary>Learns p(numerator)/p(denominator).</summary>
    /// <param name="numerator">Events of p₁.</param>
    /// <param name="denominator">Events of p₀.</param>
    /// <param name="features">Columns of both tables.</param>
    /// <param name="options">
    /// How to train, from <see cref="Defaults"/>. Of the trees' options FastTree has the number of trees and leaves, the learning rate, the
    /// bins and early stopping.
    /// </param>
    /// <param name="seed">For folds and bootstrap samples.</param>
    /// <param name="progress">Told the finished fraction, from 0 to 1.</param>
    /// <param name="cancellation">Stops between models.</param>
    /// <exception cref="DataException">A column is missing, or a weight is not above 0: FastTree would drop such events.</exception>
    /// <exception cref="ArgumentException">An option is set that FastTree does not have.</exception>
    public static CrossFittedRatio CrossFit(
        EventTable numerator,
        EventTable denominator,
        IReadOnlyList<string> features,
        RatioOptions options,
        Seed seed,
        IProgress<double>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(numerator);
        ArgumentNullException.ThrowIfNull(denominator);
        ArgumentNullException.ThrowIfNull(options);
        RequirePositive(numerator, "numerator");
        RequirePositive(denominator, "denominator");
        if (options is not { Trees: { RandomCuts: null, Monotone.Count: 0 }, Balance: 0, SignalFraction: null })
        {
            throw new ArgumentException(
                "FastTree has no random cuts, monotone features, balanced loss or signal fraction; start from FastTreeRatio.Defaults and "
                + "leave these options out, or use this package's own trees.",
                nameof(options));
        }

        bool[] isNumerator = new bool[numerator.Count + denominator.Count];
        isNumerator.AsSpan(0, numerator.Count).Fill(true);
        return RatioTrainer.CrossFit(
            new RatioSamples(numerator.Append(denominator), isNumerator, features),
            options,
            seed,
            (data, weights, heldOut, trees) => UpToLeastLoss(
                Train(data, isNumerator, weights, trees), data, new LogisticSample(isNumerator, heldOut), trees),
            progress,
            cancellation);
    }

    private static void RequirePositive(EventTable events, string sample)
    {
        for (int row = 0; row < events.Count; row++)
        {
            if (!(events.Weight(row) > 0))
            {
                throw new DataException(Text(
                    $"Event {row + 1:N0} of the {sample} has the weight {events.Weight(row):G4}, and FastTree takes weights above 0 only; "
                    + $"use this package's own trees, which take weights of any sign (--classifier trees)."));
            }
        }
    }

    private static TreeEnsemble UpToLeastLoss(TreeEnsemble grown, BinnedEvents data, LogisticSample heldOut, TreeOptions options)
    {
        if (heldOut.IsEmpty)
        {
            return grown;
        }

        (BinnedEvents events, LogisticObjective objective) = heldOut.Select(data, options, default);
        var loss = new HeldOutLoss(events, objective, grown.BaseValues);
        Array.ForEach(grown.Trees, loss.Add);
        return new TreeEnsemble(grown.Features, grown.BaseValues, grown.Trees[..loss.BestCount]);
    }

    private static TreeEnsemble Train(BinnedEvents data, bool[] isNumerator, double[] weights, TreeOptions options)
    {
        var mlContext = new MLContext(seed: 1);
        int[] rows = EventWeights.RowsWithWeight(weights);
        double scale = rows.Length / rows.Sum(row => weights[row]);
        var schema = SchemaDefinition.Create(typeof(CodedEvent));
        schema[nameof(CodedEvent.Codes)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, data.Width);
        IDataView events = mlContext.Data.LoadFromEnumerable(
            rows.Select(row => CodedEvent.Of(data, row, isNumerator[row], (float)(weights[row] * scale))), schema);
        var trainer = mlContext.BinaryClassification.Trainers.FastTree(new FastTreeBinaryTrainer.Options
        {
            LabelColumnName = nameof(CodedEvent.Label),
            FeatureColumnName = nameof(CodedEvent.Codes),
            ExampleWeightColumnName = nameof(CodedEvent.Weight),
            NumberOfTrees = options.TreeCount,
            NumberOfLeaves = options.LeafCount,
            LearningRate = options.LearningRate,
            MaximumBinCountPerFeature = FeatureBins.CodeCount,
            MinimumExampleCountPerLeaf = LeastEventsOfLeaf,
            // Models are trained side by side, and the sums of one thread are the same in every run.
            NumberOfThreads = 1,
        });
        try
        {
            return Converted(trainer.Fit(events).Model, data.Bins);
        }
        catch (Exception failure) when (failure.GetBaseException() is DllNotFoundException)
        {
            throw new DataException(
                $"The native library of FastTree is missing on this machine ({RuntimeInformation.RuntimeIdentifier}); use this package's "
                + "own trees (--classifier trees).",
                failure);
        }
    }

    /// <summary>The log odds of a classifier of codes, as trees over the values behind the codes.</summary>
    private static TreeEnsemble Converted(
        CalibratedModelParametersBase<FastTreeBinaryModelParameters, PlattCalibrator> model, FeatureBins bins)
    {
        // p = 1 / (1 + exp(slope × score + offset)).
        PlattCalibrator calibrator = model.Calibrator;
        RegressionTreeEnsemble ensemble = model.SubModel.TrainedTreeEnsemble;
        float start = (float)(-(calibrator.Slope * ensemble.Bias) - calibrator.Offset);
        DecisionTree[] trees = [.. ensemble.Trees.Select((tree, i) => Converted(tree, -calibrator.Slope * ensemble.TreeWeights[i], bins))];
        return new TreeEnsemble(bins.Features, [start], trees);
    }

    private static DecisionTree Converted(RegressionTree tree, double factor, FeatureBins bins)
    {
        var nodes = new TreeNode[tree.NumberOfNodes];
        for (int at = 0; at < nodes.Length; at++)
        {
            int feature = tree.NumericalSplitFeatureIndexes[at];
            int code = (int)tree.NumericalSplitThresholds[at];
            ReadOnlySpan<float> edges = bins.Edges(feature);

            // A missing value has the highest code; what lies between it and the last bin parts it from all others.
            float threshold = code < edges.Length ? edges[code] : float.PositiveInfinity;
            nodes[at] = new TreeNode(
                feature, threshold, (byte)code, MissingLeft: false, tree.LeftChild[at], tree.RightChild[at], (float)tree.SplitGains[at]);
        }

        return new DecisionTree(nodes, [.. tree.LeafValues.Select(value => (float)(factor * value))], 1);
    }

    private sealed class CodedEvent
    {
        public bool Label { get; set; }

        public float[] Codes { get; set; } = [];

        public float Weight { get; set; }

        public static CodedEvent Of(BinnedEvents data, int row, bool label, float weight) => new()
        {
            Label = label,
            Codes = Array.ConvertAll(data.Rows[(row * data.Width)..((row + 1) * data.Width)], code => (float)code),
            Weight = weight,
        };
    }
}
