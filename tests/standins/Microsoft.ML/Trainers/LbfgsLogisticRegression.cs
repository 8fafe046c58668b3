using Microsoft.ML.Calibrators;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;

namespace Microsoft.ML
{
    public static class StandardTrainersCatalog
    {
        public static LbfgsLogisticRegressionBinaryTrainer LbfgsLogisticRegression(
            this BinaryClassificationCatalog.BinaryClassificationTrainers catalog,
            string labelColumnName = "Label",
            string featureColumnName = "Features",
            string exampleWeightColumnName = null,
            float l1Regularization = 1,
            float l2Regularization = 1,
            float optimizationTolerance = 1e-7f,
            int historySize = 20,
            bool enforceNonNegativity = false)
            => new(
                labelColumnName, featureColumnName, exampleWeightColumnName, l1Regularization, l2Regularization, optimizationTolerance, enforceNonNegativity);
    }
}

namespace Microsoft.ML.Trainers
{
    /// <summary>
    /// Weighted logistic regression with L1 and L2 penalties on all weights but the bias. The minimum is the real
    /// trainer's; the way there is not: proximal Newton steps, each by coordinate descent, for few features.
    /// </summary>
    public sealed class LbfgsLogisticRegressionBinaryTrainer : TrainerEstimatorBase<
        BinaryPredictionTransformer<CalibratedModelParametersBase<LinearBinaryModelParameters, PlattCalibrator>>,
        CalibratedModelParametersBase<LinearBinaryModelParameters, PlattCalibrator>>
    {
        private const int MaxSteps = 200;
        private readonly double _l1;
        private readonly double _l2;
        private readonly double _tolerance;
        private readonly bool _nonNegative;

        internal LbfgsLogisticRegressionBinaryTrainer(
            string label, string feature, string weight, double l1, double l2, double tolerance, bool nonNegative)
            : base(label, feature, weight)
        {
            _l1 = l1;
            _l2 = l2;
            _tolerance = tolerance;
            _nonNegative = nonNegative;
        }

        public override TrainerInfo Info { get; } = new(needNormalization: true, wantCaching: true);

        internal static ITransformer Load(LoadContext context)
        {
            string feature = context.Reader.ReadString();
            DataViewType type = TypeMap.Read(context.Reader.ReadString());
            float[] weights = Enumerable.Range(0, context.Reader.ReadInt32()).Select(_ => context.Reader.ReadSingle()).ToArray();
            return Scorer(weights, context.Reader.ReadSingle(), feature, type);
        }

        internal override BinaryPredictionTransformer<CalibratedModelParametersBase<LinearBinaryModelParameters, PlattCalibrator>>
            Train(IDataView input)
        {
            DataViewSchema.Column features = input.Schema[FeatureColumn.Name];
            int size = ((VectorDataViewType)features.Type).Size;
            var rows = new List<(float[] X, double Sign, double Weight)>();
            Read(input, features, rows);
            if (rows.Count == 0)
            {
                throw new InvalidOperationException("No row has finite features and a weight above 0.");
            }

            // The last parameter is the bias.
            double[] parameters = new double[size + 1];
            double loss = Loss(rows, parameters);
            for (int step = 0; step < MaxSteps; step++)
            {
                double[] target = NewtonTarget(rows, parameters);
                double before = loss;
                for (double length = 1; length > 1e-10; length /= 2)
                {
                    double[] tried = parameters.Zip(target, (from, to) => from + (length * (to - from))).ToArray();
                    double triedLoss = Loss(rows, tried);
                    if (triedLoss < loss)
                    {
                        (parameters, loss) = (tried, triedLoss);
                        break;
                    }
                }

                if (before - loss <= _tolerance * Math.Abs(before) * 1e-3)
                {
                    break;
                }
            }

            float[] weights = parameters.Take(size).Select(value => (float)value).ToArray();
            return Scorer(weights, (float)parameters[size], FeatureColumn.Name, features.Type);
        }

        private static BinaryPredictionTransformer<CalibratedModelParametersBase<LinearBinaryModelParameters, PlattCalibrator>>
            Scorer(float[] weights, float bias, string feature, DataViewType type)
            => new(
                new CalibratedModel<LinearBinaryModelParameters, PlattCalibrator>(
                    new LinearBinaryModelParameters(weights, bias), new PlattCalibrator(-1, 0)),
                feature,
                type);

        /// <summary>Rows with a weight that is not above 0, or with a feature that is no number, are dropped without a word.</summary>
        private void Read(IDataView input, DataViewSchema.Column features, List<(float[], double, double)> rows)
        {
            DataViewSchema.Column label = input.Schema[LabelColumn.Name];
            DataViewSchema.Column? weight = WeightColumn.Name == null ? null : input.Schema[WeightColumn.Name];
            using DataViewRowCursor cursor = input.GetRowCursor(weight is { } used ? [features, label, used] : [features, label]);
            ValueGetter<VBuffer<float>> x = cursor.GetGetter<VBuffer<float>>(features);
            ValueGetter<bool> y = cursor.GetGetter<bool>(label);
            ValueGetter<float> w = weight is { } column ? cursor.GetGetter<float>(column) : (ref float one) => one = 1;
            VBuffer<float> vector = default;
            bool isPositive = false;
            float value = 1;
            while (cursor.MoveNext())
            {
                x(ref vector);
                y(ref isPositive);
                w(ref value);
                float[] dense = vector.DenseValues().ToArray();
                if (value > 0 && !dense.Any(float.IsNaN))
                {
                    rows.Add((dense, isPositive ? 1 : -1, value));
                }
            }
        }

        private double Loss(List<(float[] X, double Sign, double Weight)> rows, double[] parameters)
        {
            double sum = 0;
            foreach ((float[] x, double sign, double weight) in rows)
            {
                double margin = sign * Margin(x, parameters);
                sum += weight * (margin > 0 ? Math.Log(1 + Math.Exp(-margin)) : Math.Log(1 + Math.Exp(margin)) - margin);
            }

            return sum + parameters.SkipLast(1).Sum(p => (_l1 * Math.Abs(p)) + (_l2 * p * p / 2));
        }

        /// <summary>The minimum of the second-order expansion of the loss, penalties included exactly.</summary>
        private double[] NewtonTarget(List<(float[] X, double Sign, double Weight)> rows, double[] parameters)
        {
            int n = parameters.Length;
            double[] gradient = new double[n];
            double[,] curvature = new double[n, n];
            foreach ((float[] x, double sign, double weight) in rows)
            {
                double probability = 1 / (1 + Math.Exp(-Margin(x, parameters)));
                double slope = weight * (probability - (sign > 0 ? 1 : 0));
                double bend = weight * probability * (1 - probability);
                for (int i = 0; i < n; i++)
                {
                    double xi = i == n - 1 ? 1 : x[i];
                    gradient[i] += slope * xi;
                    for (int j = 0; j <= i; j++)
                    {
                        curvature[i, j] += bend * xi * (j == n - 1 ? 1 : x[j]);
                    }
                }
            }

            double[] target = [.. parameters];
            for (int sweep = 0; sweep < 1000; sweep++)
            {
                double moved = 0;
                for (int i = 0; i < n; i++)
                {
                    double slope = gradient[i];
                    for (int j = 0; j < n; j++)
                    {
                        slope += curvature[Math.Max(i, j), Math.Min(i, j)] * (target[j] - parameters[j]);
                    }

                    double bend = Math.Max(curvature[i, i], 1e-12);
                    double free = target[i] - (slope / bend);
                    double next = i == n - 1 ? free : Shrink(free, bend);
                    moved = Math.Max(moved, Math.Abs(next - target[i]));
                    target[i] = next;
                }

                if (moved < 1e-12)
                {
                    break;
                }
            }

            return target;
        }

        private double Shrink(double free, double bend)
        {
            double pull = bend * free;
            double soft = Math.Sign(pull) * Math.Max(Math.Abs(pull) - _l1, 0) / (bend + _l2);
            return _nonNegative ? Math.Max(soft, 0) : soft;
        }

        private static double Margin(float[] x, double[] parameters)
        {
            double sum = parameters[^1];
            for (int i = 0; i < x.Length; i++)
            {
                sum += parameters[i] * x[i];
            }

            return sum;
        }
    }
}
