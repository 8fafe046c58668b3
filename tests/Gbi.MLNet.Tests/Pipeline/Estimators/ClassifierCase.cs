using Microsoft.ML;
using Microsoft.ML.Trainers;
using Microsoft.ML.Trainers.FastTree;
using Microsoft.ML.Trainers.LightGbm;

namespace Gbi.Tests.Pipeline.Estimators;

/// <summary>One of ML.NET's binary trainers with a probability, and who is told of the weights.</summary>
/// <param name="Name">Trainer, calibrator, class weights, and who is told of the column "Weight".</param>
/// <param name="OptionsNameWeight">Whether <c>LikelihoodRatioOptions.WeightColumn</c> names it.</param>
/// <param name="Create">The trainer.</param>
internal sealed record ClassifierCase(string Name, bool OptionsNameWeight, Func<MLContext, IEstimator<ITransformer>> Create)
{
    private const string Weight = "Weight";
    private const int Trees = 30;
    private const int Leaves = 8;
    private const float Positive = 5;

    /// <summary>
    /// Every trainer with every calibrator, class weights where it has them, and the weights told to both, to one, to neither.
    /// </summary>
    public static IEnumerable<ClassifierCase> All =>
    [
        .. Weights("L-BFGS", (ml, weight) => Trainers(ml).LbfgsLogisticRegression(exampleWeightColumnName: weight)),
        .. Weights("SDCA", (ml, weight) => Sdca(ml, weight)),
        .. Weights("SGD", (ml, weight) => Trainers(ml).SgdCalibrated(exampleWeightColumnName: weight)),
        .. Weights("FastTree", (ml, weight) => FastTree(ml, weight)),
        .. Weights("GAM", (ml, weight) => Gam(ml, weight)),
        .. Weights("LightGBM", (ml, weight) => LightGbm(ml, weight, _ => { })),
        .. Unweighted("FFM", ml => Trainers(ml).FieldAwareFactorizationMachine()), // it takes a weight column for features, and throws
        .. Weights("prior", (ml, weight) => Trainers(ml).Prior(exampleWeightColumnName: weight)),
        new("SDCA, positive events × 5", false, ml => Sdca(ml, null, Positive)),
        new("SGD, positive events × 5", false, ml => Trainers(ml).SgdCalibrated(
            new SgdCalibratedTrainer.Options { PositiveInstanceWeight = Positive })),
        new("FastTree, unbalanced sets", false, ml => FastTree(ml, null, isUnbalanced: true)),
        new("GAM, unbalanced sets", false, ml => Gam(ml, null, isUnbalanced: true)),
        new("LightGBM, unbalanced sets", false, ml => LightGbm(ml, null, options => options.UnbalancedSets = true)),
        new("LightGBM, positive events × 5", false, ml => LightGbm(ml, null, options => options.WeightOfPositiveExamples = Positive)),
        .. Calibrated("perceptron", ml => Trainers(ml).AveragedPerceptron()),
        .. Calibrated("linear SVM", ml => Trainers(ml).LinearSvm()),
        .. Calibrated("local deep SVM", ml => Trainers(ml).LdSvm()),
        .. Calibrated("FastForest", ml => Trainers(ml).FastForest(numberOfTrees: Trees, numberOfLeaves: Leaves)),
        .. Calibrated("SDCA, hinge loss", ml => Trainers(ml).SdcaNonCalibrated(
            new SdcaNonCalibratedBinaryTrainer.Options
            {
                LossFunction = new HingeLoss(), MaximumNumberOfIterations = 20, NumberOfThreads = 1,
            })),
        .. Calibrated("SGD, hinge loss", ml => Trainers(ml).SgdNonCalibrated(
            new SgdNonCalibratedTrainer.Options { LossFunction = new HingeLoss(), NumberOfThreads = 1 })),
        new("FastForest, Platt, weights told to both", true, ml => Trainers(ml)
            .FastForest(exampleWeightColumnName: Weight, numberOfTrees: Trees, numberOfLeaves: Leaves)
            .Append(ml.BinaryClassification.Calibrators.Platt(exampleWeightColumnName: Weight))),
    ];

    /// <summary>Those that train within a second on few events.</summary>
    public static IEnumerable<ClassifierCase> Quick => All.Where(one => !Slow.Any(one.Name.StartsWith));

    private static readonly string[] Slow = ["SDCA,", "SGD,", "local deep SVM, n", "local deep SVM, i", "local deep SVM, f"];

    /// <summary>Shown by the tests.</summary>
    public override string ToString() => Name;

    private static ClassifierCase[] Weights(string name, Func<MLContext, string?, IEstimator<ITransformer>> create) =>
    [
        new(name, false, ml => create(ml, null)),
        new($"{name}, weights told to both", true, ml => create(ml, Weight)),
        new($"{name}, weights told to the trainer alone", false, ml => create(ml, Weight)),
        new($"{name}, weights told to the ratio alone", true, ml => create(ml, null)),
    ];

    private static ClassifierCase[] Unweighted(string name, Func<MLContext, IEstimator<ITransformer>> create) =>
    [
        new(name, false, create),
        new($"{name}, weights told to the ratio alone", true, create),
    ];

    private static ClassifierCase[] Calibrated(string name, Func<MLContext, IEstimator<ITransformer>> create) =>
    [
        new($"{name}, Platt", false, ml => create(ml).Append(ml.BinaryClassification.Calibrators.Platt())),
        new($"{name}, naive", false, ml => create(ml).Append(ml.BinaryClassification.Calibrators.Naive())),
        new($"{name}, isotonic", false, ml => create(ml).Append(ml.BinaryClassification.Calibrators.Isotonic())),
        new($"{name}, fixed Platt", false, ml => create(ml).Append(ml.BinaryClassification.Calibrators.Platt(slope: -1, offset: 0))),
    ];

    private static BinaryClassificationCatalog.BinaryClassificationTrainers Trainers(MLContext ml) => ml.BinaryClassification.Trainers;

    private static SdcaLogisticRegressionBinaryTrainer Sdca(MLContext ml, string? weight, float positive = 1) =>
        Trainers(ml).SdcaLogisticRegression(new SdcaLogisticRegressionBinaryTrainer.Options
        {
            ExampleWeightColumnName = weight,
            PositiveInstanceWeight = positive,
            MaximumNumberOfIterations = 20,
            NumberOfThreads = 1,
        });

    private static FastTreeBinaryTrainer FastTree(MLContext ml, string? weight, bool isUnbalanced = false) =>
        Trainers(ml).FastTree(new FastTreeBinaryTrainer.Options
        {
            ExampleWeightColumnName = weight,
            UnbalancedSets = isUnbalanced,
            NumberOfTrees = Trees,
            NumberOfLeaves = Leaves,
        });

    private static GamBinaryTrainer Gam(MLContext ml, string? weight, bool isUnbalanced = false) =>
        Trainers(ml).Gam(new GamBinaryTrainer.Options
        {
            ExampleWeightColumnName = weight,
            UnbalancedSets = isUnbalanced,
            NumberOfIterations = 100,
            LearningRate = 0.05,
        });

    private static LightGbmBinaryTrainer LightGbm(MLContext ml, string? weight, Action<LightGbmBinaryTrainer.Options> set)
    {
        var options = new LightGbmBinaryTrainer.Options
        {
            ExampleWeightColumnName = weight,
            NumberOfIterations = Trees,
            NumberOfLeaves = Leaves,
            NumberOfThreads = 2,
        };
        set(options);
        return Trainers(ml).LightGbm(options);
    }
}
