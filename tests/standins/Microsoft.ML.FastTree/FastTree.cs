using Microsoft.ML.Calibrators;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;
using Microsoft.ML.Trainers.FastTree;

namespace Microsoft.ML
{
    public static class TreeExtensions
    {
        public static FastTreeBinaryTrainer FastTree(
            this BinaryClassificationCatalog.BinaryClassificationTrainers catalog,
            string labelColumnName = "Label",
            string featureColumnName = "Features",
            string exampleWeightColumnName = null,
            int numberOfLeaves = 20,
            int numberOfTrees = 100,
            int minimumExampleCountPerLeaf = 10,
            double learningRate = 0.2)
            => new(labelColumnName, featureColumnName, exampleWeightColumnName);
    }
}

namespace Microsoft.ML.Trainers.FastTree
{
    public sealed class FastTreeBinaryModelParameters
    {
        internal FastTreeBinaryModelParameters()
        {
        }
    }

    /// <summary>Checks schemas as the real trainer does; it cannot train.</summary>
    public sealed class FastTreeBinaryTrainer : TrainerEstimatorBase<
        BinaryPredictionTransformer<CalibratedModelParametersBase<FastTreeBinaryModelParameters, PlattCalibrator>>,
        CalibratedModelParametersBase<FastTreeBinaryModelParameters, PlattCalibrator>>
    {
        internal FastTreeBinaryTrainer(string label, string feature, string weight)
            : base(label, feature, weight)
        {
        }

        public override TrainerInfo Info { get; } = new(needNormalization: false, wantCaching: false);

        internal override BinaryPredictionTransformer<CalibratedModelParametersBase<FastTreeBinaryModelParameters, PlattCalibrator>>
            Train(IDataView input)
            => throw new PlatformNotSupportedException(
                "This is a stand-in of Microsoft.ML.FastTree that cannot train; install the package Microsoft.ML.FastTree from a feed that has it.");
    }
}
