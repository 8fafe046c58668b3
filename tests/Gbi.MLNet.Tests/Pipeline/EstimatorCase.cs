using Gbi.Calibration;
using Gbi.Events;
using Gbi.Generators.Sidebands;
using Gbi.Onnx.Models;
using Gbi.Onnx.Sessions;
using Gbi.Pipeline;
using Gbi.Pipeline.Estimators;
using Gbi.Pipeline.Estimators.Posteriors;
using Gbi.Posteriors.Autoregressive;
using Gbi.Ratios;
using Gbi.Simulators.Priors;
using Gbi.Systematics;
using Gbi.Tests.Onnx;
using Gbi.Trees;
using Microsoft.ML;

namespace Gbi.Tests.Pipeline;

/// <summary>One estimator: its main output, a column that it needs, what it fits.</summary>
public sealed record EstimatorCase(
    string Name, string Output, string Needed, Type Transformer, Func<MLContext, IEstimator<ITransformer>> Create)
{
    /// <summary>Every estimator of the package, some with several options.</summary>
    public static IEnumerable<EstimatorCase> All =>
    [
        new("LikelihoodRatio", "LogRatio", "Label", typeof(LikelihoodRatioTransformer), mlContext => mlContext.Gbi.LikelihoodRatio(
            mlContext.BinaryClassification.Trainers.LbfgsLogisticRegression(l1Regularization: 0))),
        new(
            "LikelihoodRatio with weights", "LogRatio", "Weight", typeof(LikelihoodRatioTransformer),
            mlContext => mlContext.Gbi.LikelihoodRatio(
                mlContext.BinaryClassification.Trainers.LbfgsLogisticRegression(exampleWeightColumnName: "Weight"),
                new LikelihoodRatioOptions { WeightColumn = "Weight" })),
        new("RatioTrees", "LogRatio", "Features", typeof(RatioTreesTransformer), mlContext => mlContext.Gbi.RatioTrees(
            new RatioTreesOptions { WeightColumn = "Weight", Training = FewTrees(members: 1) })),
        new("RatioTrees with spread", "LogRatio", "Label", typeof(RatioTreesTransformer), mlContext => mlContext.Gbi.RatioTrees(
            new RatioTreesOptions { SpreadColumn = "Spread", Training = FewTrees(members: 2) })),
        new("RatioTrees with uncertainty", "LogRatio", "Features", typeof(RatioTreesTransformer), mlContext => mlContext.Gbi.RatioTrees(
            new RatioTreesOptions { UncertaintyColumn = "Uncertainty", Training = FewTrees(members: 2) with { ConfidenceShift = 1 } })),
        new("RatioTrees as a classifier", "LogRatio", "Features", typeof(RatioTreesTransformer), mlContext => mlContext.Gbi.RatioTrees(
            new RatioTreesOptions { AppendsClassifierColumns = true, Training = FewTrees(members: 1) })),
        new("Calibrate", "LogRatio", "Mass", typeof(CalibrateTransformer), mlContext => mlContext.Gbi.Calibrate(
            new CalibrateOptions { ScoreColumn = "Mass", WeightColumn = "Weight" })),
        new("Calibrate a slot", "LogRatio", "Features", typeof(CalibrateTransformer), mlContext => mlContext.Gbi.Calibrate(
            new CalibrateOptions { ScoreColumn = "Features", Slot = 1, WeightColumn = "Weight" })),
        new(
            "SidebandBackground", "BackgroundWeight", "Mass", typeof(SidebandBackgroundTransformer),
            mlContext => mlContext.Gbi.SidebandBackground(
                new SidebandBackgroundOptions
                {
                    Window = new MassWindow(3.3, 3.7),
                    WeightColumn = "Weight",
                    Training = new SidebandGeneratorOptions { FoldCount = 2, Trees = new TreeOptions { TreeCount = 5, LeafCount = 4 } },
                })),
        new("Systematic", "Delta_Nu", "Nu", typeof(SystematicTransformer), mlContext => mlContext.Gbi.Systematic(
            new SystematicOptions { ParameterColumns = ["Nu"], WeightColumn = "Weight", Training = FewSystematicTrees })),
        new("Systematic of two parameters", "Delta_Nu", "Mu", typeof(SystematicTransformer), mlContext => mlContext.Gbi.Systematic(
            new SystematicOptions { ParameterColumns = ["Mu", "Nu"], Training = FewSystematicTrees })),
        new("ScoreTrees", "First", "Mass", typeof(ScoreTreesTransformer), mlContext => mlContext.Gbi.ScoreTrees(
            new ScoreTreesOptions
            {
                ScoreColumns = ["Mass"], OutputColumns = ["First"], WeightColumn = "Weight", Training = FewTreesAtAll
            })),
        new("ScoreTrees of a vector", "First", "Score", typeof(ScoreTreesTransformer), mlContext => mlContext.Gbi.ScoreTrees(
            new ScoreTreesOptions { ScoreColumns = ["Score"], OutputColumns = ["First", "Second"], Training = FewTreesAtAll })),
        new("OnnxRatio", "LogRatio", "Features", typeof(OnnxRatioTransformer), mlContext => mlContext.Gbi.OnnxRatio(RatioNet(1))),
        new("OnnxRatio of members, calibrated", "LogRatio", "Label", typeof(OnnxRatioTransformer), mlContext => mlContext.Gbi.OnnxRatio(
            RatioNet(3),
            new OnnxRatioColumns
            {
                SpreadColumn = "Spread",
                UncertaintyColumn = "Uncertainty",
                LabelColumn = "Label",
                WeightColumn = "Weight",
                Calibration = new CalibrationOptions { Method = CalibrationMethod.Platt },
            },
            new OnnxRatioOptions { Execution = new OnnxOptions { Device = OnnxDevice.Cpu, BlockSize = 100 } })),
        new("OnnxRatio of columns by name", "LogRatio", "Mass", typeof(OnnxRatioTransformer), mlContext => mlContext.Gbi.OnnxRatio(
            NetworkFile.Linear("Mass,Weight", [[1, -1]], [-3]).ToBytes(),
            new OnnxRatioColumns { FeatureColumn = null, LabelColumn = "Label" })),
        new(
            "OnnxSystematic", "Delta_Nu", "Features", typeof(OnnxSystematicTransformer),
            mlContext => mlContext.Gbi.OnnxSystematic(SystematicNet)),
        new("Posterior", "PosteriorMean", "Mass", typeof(PosteriorTransformer), mlContext => mlContext.Gbi.Posterior(MassPosterior)),
        new("Posterior of columns by name, with draws", "PosteriorDraws", "Mass", typeof(PosteriorTransformer),
            mlContext => mlContext.Gbi.Posterior(MassPosterior with
            {
                FeatureColumns = ["Mass", "Weight"],
                Prior = Prior.Uniform("Nu", -2, 2),
                WeightColumn = "Weight",
                MeanColumn = null,
                DrawColumn = "PosteriorDraws",
            })),
    ];

    public override string ToString() => Name;

    private static PosteriorOptions MassPosterior => new()
    {
        Prior = Prior.Uniform("Mass", 0, 20),
        DrawCount = 50,
        Training = new TreePosteriorOptions { MemberCount = 1 },
    };

    private static byte[] SystematicNet => new NetworkFile
    {
        Metadata =
        {
            ["gbi.kind"] = "systematic", ["gbi.features"] = "mj1,delta_mj,tau21_j1,tau21_j2", ["gbi.parameters"] = "Nu,Mu",
            ["gbi.monomials"] = "Nu,Nu^2,Mu,Mu^2,Mu*Nu",
        },
    }
        .Input("features", -1, 4)
        .Constant("w", [.. Enumerable.Range(0, 20).Select(i => 0.1f * (i - 9))], 4, 5)
        .Node("MatMul", "coefficients", "features", "w")
        .Output("coefficients", -1, 5)
        .ToBytes();

    private static byte[] RatioNet(int members) => NetworkFile.Linear(
        "mj1,delta_mj,tau21_j1,tau21_j2",
        [.. Enumerable.Range(0, members).Select(member => new[] { 1, 2 + (0.1f * member), -1, -2 })],
        new float[members]).ToBytes();

    private static RatioOptions FewTrees(int members) => new()
    {
        FoldCount = 2,
        MemberCount = members,
        Trees = new TreeOptions { TreeCount = 10, LeafCount = 6 },
    };

    private static TreeOptions FewTreesAtAll => new() { TreeCount = 10, LeafCount = 6 };

    private static SystematicTrainingOptions FewSystematicTrees => new() { Ratio = new() { MinLeafEvents = 20, Trees = FewTreesAtAll } };
}
