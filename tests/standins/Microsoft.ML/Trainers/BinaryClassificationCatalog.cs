using Microsoft.ML.Data;

namespace Microsoft.ML;

public abstract class TrainCatalogBase
{
    private protected TrainCatalogBase()
    {
    }

    public sealed class CrossValidationResult<T>
        where T : class
    {
        public readonly T Metrics;
        public readonly ITransformer Model;
        public readonly IDataView ScoredHoldOutSet;
        public readonly int Fold;

        internal CrossValidationResult(ITransformer model, T metrics, IDataView scores, int fold)
        {
            Model = model;
            Metrics = metrics;
            ScoredHoldOutSet = scores;
            Fold = fold;
        }
    }

    public abstract class CatalogInstantiatorBase
    {
        private protected CatalogInstantiatorBase()
        {
        }
    }
}

public sealed class BinaryClassificationCatalog : TrainCatalogBase
{
    private readonly LocalHost _host;

    internal BinaryClassificationCatalog(LocalHost host)
    {
        _host = host;
        Trainers = new BinaryClassificationTrainers();
    }

    public BinaryClassificationTrainers Trainers { get; }

    public CalibratedBinaryClassificationMetrics Evaluate(
        IDataView data,
        string labelColumnName = "Label",
        string scoreColumnName = "Score",
        string probabilityColumnName = "Probability",
        string predictedLabelColumnName = "PredictedLabel")
        => new(Read(data, labelColumnName, scoreColumnName, predictedLabelColumnName, probabilityColumnName));

    public BinaryClassificationMetrics EvaluateNonCalibrated(
        IDataView data,
        string labelColumnName = "Label",
        string scoreColumnName = "Score",
        string predictedLabelColumnName = "PredictedLabel")
        => new(Read(data, labelColumnName, scoreColumnName, predictedLabelColumnName, null));

    public IReadOnlyList<CrossValidationResult<CalibratedBinaryClassificationMetrics>> CrossValidate(
        IDataView data,
        IEstimator<ITransformer> estimator,
        int numberOfFolds = 5,
        string labelColumnName = "Label",
        string samplingKeyColumnName = null,
        int? seed = null)
        => new DataOperationsCatalog(_host).CrossValidationSplit(data, numberOfFolds, samplingKeyColumnName, seed)
            .Select((split, fold) =>
            {
                ITransformer model = estimator.Fit(split.TrainSet);
                IDataView scored = model.Transform(split.TestSet);
                return new CrossValidationResult<CalibratedBinaryClassificationMetrics>(
                    model, Evaluate(scored, labelColumnName), scored, fold);
            })
            .ToArray();

    private static Scored[] Read(IDataView data, string label, string score, string predicted, string probability)
    {
        float[] scores = data.GetColumn<float>(score).ToArray();
        bool[] predictions = data.GetColumn<bool>(predicted).ToArray();
        float[] probabilities = probability == null ? scores : data.GetColumn<float>(probability).ToArray();
        return data.GetColumn<bool>(label)
            .Select((isPositive, i) => new Scored(isPositive, scores[i], predictions[i], probabilities[i]))
            .ToArray();
    }

    public sealed class BinaryClassificationTrainers : CatalogInstantiatorBase
    {
        internal BinaryClassificationTrainers()
        {
        }
    }
}

internal readonly record struct Scored(bool IsPositive, float Score, bool Predicted, float Probability);
