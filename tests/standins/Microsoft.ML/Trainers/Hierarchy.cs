using Microsoft.ML.Calibrators;
using Microsoft.ML.Data;

namespace Microsoft.ML
{
    public sealed class TrainerInfo
    {
        internal TrainerInfo(bool needNormalization, bool wantCaching)
        {
            NeedNormalization = needNormalization;
            WantCaching = wantCaching;
        }

        public bool NeedNormalization { get; }

        public bool WantCaching { get; }
    }
}

namespace Microsoft.ML.Trainers
{
    public interface ITrainerEstimator<out TTransformer, out TModel> : IEstimator<TTransformer>
        where TTransformer : ISingleFeaturePredictionTransformer<TModel>
        where TModel : class
    {
        TrainerInfo Info { get; }
    }

    public abstract class TrainerEstimatorBase<TTransformer, TModel> : ITrainerEstimator<TTransformer, TModel>
        where TTransformer : ISingleFeaturePredictionTransformer<TModel>
        where TModel : class
    {
        public readonly SchemaShape.Column FeatureColumn;
        public readonly SchemaShape.Column LabelColumn;
        public readonly SchemaShape.Column WeightColumn;

        internal TrainerEstimatorBase(string label, string feature, string weight)
        {
            FeatureColumn = new SchemaShape.Column(
                feature, SchemaShape.Column.VectorKind.Vector, NumberDataViewType.Single, isKey: false);
            LabelColumn = SchemaShape.Column.Of(label, BooleanDataViewType.Instance);
            WeightColumn = weight == null ? default : SchemaShape.Column.Of(weight, NumberDataViewType.Single);
        }

        public abstract TrainerInfo Info { get; }

        public TTransformer Fit(IDataView input)
        {
            ArgumentNullException.ThrowIfNull(input);
            Check(SchemaShape.Create(input.Schema));
            return Train(input);
        }

        public SchemaShape GetOutputSchema(SchemaShape inputSchema)
        {
            Check(inputSchema);
            return inputSchema.With(BinaryScores.Columns(0)
                .Select(column => SchemaShape.Column.Of(column.Name, column.Type, SchemaShape.Create(column.Annotations.Schema)))
                .ToArray());
        }

        internal abstract TTransformer Train(IDataView input);

        private void Check(SchemaShape shape)
        {
            foreach ((string role, SchemaShape.Column wanted) in new[]
                { ("feature", FeatureColumn), ("weight", WeightColumn), ("label", LabelColumn) })
            {
                if (wanted.Name != null && shape.Find(role, wanted.Name) is var found && !wanted.Accepts(found))
                {
                    throw Mismatch.Type(role, wanted.Name, wanted.TypeText(), found.TypeText());
                }
            }
        }
    }

    public abstract class LinearModelParameters
    {
        private readonly float[] _weights;

        private protected LinearModelParameters(float[] weights, float bias)
        {
            _weights = weights;
            Bias = bias;
        }

        public float Bias { get; }

        public IReadOnlyList<float> Weights => _weights;

        internal float Score(in VBuffer<float> features)
        {
            float sum = Bias;
            ReadOnlySpan<float> values = features.GetValues();
            ReadOnlySpan<int> indices = features.GetIndices();
            for (int i = 0; i < values.Length; i++)
            {
                sum += values[i] * _weights[features.IsDense ? i : indices[i]];
            }

            return sum;
        }
    }

    public sealed class LinearBinaryModelParameters : LinearModelParameters
    {
        internal LinearBinaryModelParameters(float[] weights, float bias)
            : base(weights, bias)
        {
        }
    }
}

namespace Microsoft.ML.Calibrators
{
    public interface ICalibrator
    {
    }

    public sealed class PlattCalibrator : ICalibrator
    {
        internal PlattCalibrator(double slope, double offset)
        {
            Slope = slope;
            Offset = offset;
        }

        public double Slope { get; }

        public double Offset { get; }

        internal float Probability(float score) => (float)(1 / (1 + Math.Exp((Slope * score) + Offset)));
    }

    public abstract class CalibratedModelParametersBase<TSubModel, TCalibrator>
        where TSubModel : class
        where TCalibrator : class, ICalibrator
    {
        private protected CalibratedModelParametersBase(TSubModel subModel, TCalibrator calibrator)
        {
            SubModel = subModel;
            Calibrator = calibrator;
        }

        public TSubModel SubModel { get; }

        public TCalibrator Calibrator { get; }
    }

    internal sealed class CalibratedModel<TSubModel, TCalibrator>(TSubModel subModel, TCalibrator calibrator)
        : CalibratedModelParametersBase<TSubModel, TCalibrator>(subModel, calibrator)
        where TSubModel : class
        where TCalibrator : class, ICalibrator;
}

namespace Microsoft.ML.Data
{
    internal static class BinaryScores
    {
        public static DataViewSchema.DetachedColumn[] Columns(uint setId) =>
        [
            new("PredictedLabel", BooleanDataViewType.Instance, Notes.Score("PredictedLabel", false, setId)),
            new("Score", NumberDataViewType.Single, Notes.Score("Score", false, setId)),
            new("Probability", NumberDataViewType.Single, Notes.Score("Probability", true, setId)),
        ];
    }

    public sealed class BinaryPredictionTransformer<TModel> : RowToRowTransformerBase, ISingleFeaturePredictionTransformer<TModel>
        where TModel : class
    {
        internal BinaryPredictionTransformer(TModel model, string featureColumnName, DataViewType featureColumnType)
        {
            Model = model;
            FeatureColumnName = featureColumnName;
            FeatureColumnType = featureColumnType;
        }

        public TModel Model { get; }

        public string FeatureColumnName { get; }

        public DataViewType FeatureColumnType { get; }

        private CalibratedModelParametersBase<Trainers.LinearBinaryModelParameters, PlattCalibrator> Linear
            => (CalibratedModelParametersBase<Trainers.LinearBinaryModelParameters, PlattCalibrator>)(object)Model;

        private protected override RowMap Bind(DataViewSchema input)
        {
            DataViewSchema.Column features = Find(input, FeatureColumnName);
            if (!features.Type.Equals(FeatureColumnType))
            {
                throw Mismatch.Type("feature", FeatureColumnName, FeatureColumnType.ToString(), features.Type.ToString());
            }

            return RowMap.Appending(
                input,
                BinaryScores.Columns(Notes.NextScoreSet(input)),
                _ => [features.Index],
                (row, active) => Getters(row, features, active));
        }

        private protected override void Write(ModelSaveContext context)
        {
            context.Sign("Linear");
            context.Writer.Write(FeatureColumnName);
            context.Writer.Write(TypeMap.Write(FeatureColumnType));
            context.Writer.Write(Linear.SubModel.Weights.Count);
            foreach (float weight in Linear.SubModel.Weights)
            {
                context.Writer.Write(weight);
            }

            context.Writer.Write(Linear.SubModel.Bias);
        }

        private Delegate[] Getters(DataViewRow row, DataViewSchema.Column features, Func<int, bool> active)
        {
            if (!active(0) && !active(1) && !active(2))
            {
                return new Delegate[3];
            }

            ValueGetter<VBuffer<float>> getter = row.GetGetter<VBuffer<float>>(features);
            VBuffer<float> vector = default;
            float Score()
            {
                getter(ref vector);
                return Linear.SubModel.Score(vector);
            }

            return
            [
                (ValueGetter<bool>)((ref bool value) => value = Score() > 0),
                (ValueGetter<float>)((ref float value) => value = Score()),
                (ValueGetter<float>)((ref float value) => value = Linear.Calibrator.Probability(Score())),
            ];
        }
    }
}
