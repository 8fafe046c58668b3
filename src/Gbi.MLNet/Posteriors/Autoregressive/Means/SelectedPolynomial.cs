using System.Numerics.Tensors;
using Gbi.Events;
using Gbi.Numerics;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Factorization;

namespace Gbi.Posteriors.Autoregressive.Means;

/// <summary>
/// A polynomial of degree 0, 1 or 2 in some features: its degree and its terms are those of the least cross-validated squared error.
/// It is fitted once without each fold; a prediction is the mean over these fits.
/// </summary>
/// <remarks>
/// k dense coefficients cost an error of √(k/n) standard deviations in the prediction; terms are dropped where their |t| is below a
/// threshold, which is chosen by cross-validation too.
/// </remarks>
internal sealed class SelectedPolynomial(PolynomialTerms terms, double[][] coefficients)
{
    /// <summary>The most columns of which all products are terms.</summary>
    public const int MostColumnsOfProducts = 14;

    // The most products of learnt means with features, where the latter are too many for all their products.
    private const int MostProductsOfMeans = 256;

    // Terms of a polynomial are few; more rows than these change no coefficient by much.
    private const int MostRows = 40_000;

    // A ridge of a thousandth of an event: it only keeps equal columns from making the matrix singular.
    private const double Ridge = 1e-3;

    // Share of the error that a larger polynomial must save.
    private const double LeastGain = 1e-4;

    private static readonly double[] Thresholds = [0, 1, 2, 3, 4];

    /// <summary>The terms, each a column or a product of two.</summary>
    public PolynomialTerms Terms => terms;

    /// <summary>Constant and coefficients of the terms of each fold's fit, shape [folds][1 + terms].</summary>
    public double[][] Coefficients => coefficients;

    /// <summary>True where the polynomial is a constant.</summary>
    public bool IsConstant => Terms.Count == 0;

    /// <summary>Fits the polynomial and gives its predictions for the events of each fold by the fit without that fold.</summary>
    public static (SelectedPolynomial Polynomial, float[] OutOfFold) Fit(EventTable features, float[] target, double[] weights, Folds folds)
    {
        int[] rows = folds.InOrder(EventTable.EvenRows(target.Length, MostRows), out int[] ends);
        var products = GramMatrices.Of(PolynomialTerms.Linear(features, weights), features, target, weights, rows, ends);
        var linear = new Fits(products);
        (double threshold, double error) = linear.Best();
        PolynomialTerms squares = PolynomialTerms.Quadratic(features, weights, linear.Pairs(features));
        var quadratic = new Fits(GramMatrices.Of(squares, features, target, weights, rows, ends));
        (double ofSquares, double errorOfSquares) = quadratic.Best();
        (Fits chosen, PolynomialTerms terms, threshold) = errorOfSquares < error * (1 - LeastGain)
            ? (quadratic, squares, ofSquares)
            : (linear, products.Terms, threshold);
        double[][] coefficients = [.. Enumerable.Range(0, ends.Length).Select(fold => chosen.Solve(fold, threshold))];
        SelectedPolynomial polynomial = Used(terms, coefficients);
        return (polynomial, polynomial.OutOfFold(features, folds));
    }

    /// <summary>Constant and coefficients of the mean over the fits.</summary>
    public double[] MeanCoefficients()
    {
        double[] mean = new double[Coefficients[0].Length];
        foreach (double[] ofFold in Coefficients)
        {
            TensorPrimitives.MultiplyAdd<double>(ofFold, 1.0 / Coefficients.Length, mean, mean);
        }

        return mean;
    }

    /// <summary>Adds the mean prediction to each event's value, in double precision.</summary>
    public void AddTo(EventTable features, Span<double> values) => AddTo(features, MeanCoefficients(), values);

    /// <summary>The predictions for the events of each fold by the fit without that fold.</summary>
    public float[] OutOfFold(EventTable features, Folds folds)
    {
        float[] values = new float[features.Count];
        float[] ofFold = new float[features.Count];
        for (int fold = 0; fold < Coefficients.Length; fold++)
        {
            Array.Clear(ofFold);
            AddTo<float>(features, Coefficients[fold], ofFold);
            for (int row = 0; row < values.Length; row++)
            {
                values[row] = folds.Of(row) == fold ? ofFold[row] : values[row];
            }
        }

        return values;
    }

    private void AddTo<T>(EventTable features, double[] coefficients, Span<T> values)
        where T : struct, System.Numerics.IFloatingPointIeee754<T>
    {
        T[] term = new T[values.Length];
        TensorPrimitives.Add(values, T.CreateTruncating(coefficients[0]), values);
        for (int k = 0; k < Terms.Count; k++)
        {
            if (coefficients[k + 1] != 0)
            {
                Terms.Fill<T>(k, features, term);
                TensorPrimitives.MultiplyAdd(term, T.CreateTruncating(coefficients[k + 1]), values, values);
            }
        }
    }

    /// <summary>The polynomial without the terms that no fold's fit keeps.</summary>
    private static SelectedPolynomial Used(PolynomialTerms terms, double[][] coefficients)
    {
        int[] used = [.. Enumerable.Range(0, terms.Count).Where(k => coefficients.Any(ofFold => ofFold[k + 1] != 0))];
        return new SelectedPolynomial(
            terms.Take(used),
            [.. coefficients.Select(ofFold => (double[])[ofFold[0], .. used.Select(k => ofFold[k + 1])])]);
    }

    /// <summary>The fits of all terms, one without each fold and the last of all events, from which those of fewer terms follow.</summary>
    private sealed class Fits
    {
        private readonly GramMatrices _products;
        private readonly double[][] _significances;

        public Fits(GramMatrices products)
        {
            _products = products;
            _significances = new double[products.FoldCount + 1][];
            EventBlocks.ForEachIndex(_significances.Length, fold =>
                _significances[fold] = Significances(fold == products.FoldCount ? -1 : fold));
        }

        /// <summary>The threshold of the least cross-validated error, infinite for the constant alone.</summary>
        public (double Threshold, double Error) Best()
        {
            (double Threshold, double Error) best = (double.PositiveInfinity, ErrorOf(double.PositiveInfinity));
            foreach (double threshold in Thresholds)
            {
                double error = ErrorOf(threshold);
                best = error < best.Error * (1 - LeastGain) ? (threshold, error) : best;
            }

            return best;
        }

        /// <summary>Constant and coefficients fitted without a fold, 0 for terms that are dropped.</summary>
        public double[] Solve(int fold, double threshold)
        {
            int[] kept = [0, .. Enumerable.Range(1, _products.Terms.Count).Where(k => Math.Abs(_significances[fold][k]) > threshold)];
            (double[,] matrix, double[] right, _, _) = _products.Without(fold);
            double[] solution = Factor(matrix, kept).Solve(Vector<double>.Build.Dense([.. kept.Select(k => right[k])])).ToArray();
            double[] coefficients = new double[right.Length];
            for (int k = 0; k < kept.Length; k++)
            {
                coefficients[kept[k]] = solution[k];
            }

            return coefficients;
        }

        /// <summary>
        /// The columns whose products are terms: all pairs of a few; where the features are more, also those of learnt means with features,
        /// as the coefficients of features that count events change with the parameters.
        /// </summary>
        public IEnumerable<(int First, int Second)> Pairs(EventTable features)
        {
            int[] columns = MostSignificant(MostColumnsOfProducts);
            IEnumerable<(int First, int Second)> pairs =
                columns.SelectMany((column, k) => columns.Take(k + 1).Select(other => (column, other)));
            string[] names = [.. features.ColumnNames];
            int[] means = [.. Enumerable.Range(0, names.Length).Where(k => Summaries.IsMean(names[k]))];
            return means.Length == 0 || names.Count(name => !Summaries.IsLearnt(name)) <= MostColumnsOfProducts
                ? pairs
                : pairs.Union(MostSignificant(MostProductsOfMeans / means.Length)
                    .SelectMany(column => means.Select(mean => (Math.Max(column, mean), Math.Min(column, mean)))));
        }

        private int[] MostSignificant(int count) =>
        [
            .. Enumerable.Range(0, _products.Terms.Count)
                .OrderByDescending(k => Math.Abs(_significances[^1][k + 1]))
                .Take(count)
                .Select(k => _products.Terms.First(k))
                .Order(),
        ];

        private double ErrorOf(double threshold)
        {
            double error = 0;
            for (int fold = 0; fold < _products.FoldCount; fold++)
            {
                error += _products.SquaredError(fold, Solve(fold, threshold));
            }

            return error;
        }

        /// <summary>Coefficients over their standard errors.</summary>
        private double[] Significances(int fold)
        {
            (double[,] matrix, double[] right, double square, double weight) = _products.Without(fold);
            Cholesky<double> factor = Factor(matrix, [.. Enumerable.Range(0, right.Length)]);
            double[] solution = factor.Solve(Vector<double>.Build.Dense(right)).ToArray();
            double[] variances = DiagonalOfInverse(factor.Factor.ToArray());
            double residual = Math.Max(square - TensorPrimitives.Dot<double>(solution, right), 1e-12 * square) / weight;
            return [.. solution.Select((value, k) => value / Math.Sqrt(Math.Max(variances[k] * residual, double.Epsilon)))];
        }

        /// <summary>The diagonal of (L Lᵀ)⁻¹ from the lower triangle L: the squared lengths of the columns of L⁻¹.</summary>
        private static double[] DiagonalOfInverse(double[,] lower)
        {
            int size = lower.GetLength(0);
            double[] diagonal = new double[size];
            EventBlocks.ForEachIndex(size, column =>
            {
                double[] inverse = new double[size];
                for (int i = column; i < size; i++)
                {
                    double sum = i == column ? 1 : 0;
                    for (int j = column; j < i; j++)
                    {
                        sum -= lower[i, j] * inverse[j];
                    }

                    inverse[i] = sum / lower[i, i];
                }

                diagonal[column] = TensorPrimitives.SumOfSquares<double>(inverse);
            });
            return diagonal;
        }

        private static Cholesky<double> Factor(double[,] matrix, int[] kept) => Matrix<double>.Build.Dense(
            kept.Length, kept.Length, (i, j) => matrix[kept[i], kept[j]] + (i == j && i > 0 ? Ridge : 0)).Cholesky();
    }
}
